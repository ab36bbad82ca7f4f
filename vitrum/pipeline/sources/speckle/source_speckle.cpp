#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/pipeline/sources/sources.hpp"
#include "vitrum/pipeline/sources/speckle/beam_trace.hpp"
#include "vitrum/pipeline/sources/speckle/speckle_keys.hpp"

namespace vitrum::pipeline {

namespace {

std::string describe_dynamics(const model::SpeckleOptions& o) {
    const model::Kernel& k = o.dynamics;
    const auto& clock = k.clock;
    const auto beta = fmt::format("beta = {}", o.relaxation.beta);
    if (k.stored) return "a user's correlation";
    if (!k.sum.empty() || !k.product.empty())
        return fmt::format("{} of {} processes", k.sum.empty() ? "product" : "sum", k.sum.size() + k.product.size());
    switch (k.random.kind) {
        case model::RandomClockKind::gamma:
            return fmt::format("gamma clock of mean tau = {} s, {}", k.random.tau, beta);
        case model::RandomClockKind::two_state:
            return fmt::format("tau jumping between {} and {} s, {}", k.random.tau_fast, k.random.tau_slow, beta);
        case model::RandomClockKind::avalanche: return fmt::format("avalanches at {} 1/s, {}", k.random.rate, beta);
        case model::RandomClockKind::none: break;
    }
    if (!k.path.empty()) return fmt::format("{} avalanches of a catalogue, {}", k.path.times.size(), beta);
    switch (clock.kind) {
        case model::ClockKind::stationary: return fmt::format("tau = {} s, {}", o.relaxation.tau, beta);
        case model::ClockKind::ageing:
        case model::ClockKind::accelerating:
            return fmt::format("{}, tau = {} s exp({}t/{} s), {}", name(clock.kind), clock.tau0,
                               clock.kind == model::ClockKind::ageing ? "" : "-", clock.tau_star, beta);
        case model::ClockKind::beam_damage:
            return fmt::format("beam damage, tau = {} s/(1 + t/{} s), {}", clock.tau0, clock.damage_time, beta);
        case model::ClockKind::piecewise:
        case model::ClockKind::table: break;
    }
    return fmt::format("{} clock, {}", name(clock.kind), beta);
}

std::string title_of(const model::SpeckleOptions& o) {
    const std::string contrast = o.detector.mode_weights.empty() ? fmt::format("contrast 1/{}", o.modes)
                                                                 : fmt::format("{} unequal modes", o.modes);
    return fmt::format("Synthetic speckle, {}, {}", describe_dynamics(o), contrast);
}

Unit make_unit(const model::SpeckleOptions& o, const std::string& name, const std::string& title, Abscissa at) {
    Unit unit;
    unit.name = name;
    unit.title = title;
    unit.abscissa = std::move(at);
    const auto dress = [o, title, name, place = unit.abscissa](Labelled<SpeckleSeries> made, const StreamKey& key) {
        Labelled<DataSet> set;
        set.data.name = name;
        set.data.source = "speckle";
        set.data.title = title;
        set.data.abscissa = place;
        set.data.data = std::move(made.data);
        set.data.traces = beam_trace(o, key);
        set.data.notes = speckle_notes(o);
        set.truth = std::move(made.truth);
        return set;
    };
    make_speckle(unit, o, dress);
    if (model::plain(o))
        unit.law = PlainSpeckle{o.relaxation.tau,   o.relaxation.beta, o.frame_time, o.frames,
                                o.rows * o.columns, o.modes,           o.mean_count};
    return unit;
}

model::SpeckleOptions read_series(Section& section) {
    model::SpeckleOptions o = read_detector_and_field(section);
    read_dynamics(section, o);
    read_geometry(section, o);
    section.guard([&] { model::check(o); });
    return o;
}

// A scan that names its clock takes nothing of another clock from the keys that all scans share.
bool shared_with_scan(const Section& scan, const std::string& key) {
    constexpr std::array not_of_a_series{"kind", "analysis", "temperature"};
    constexpr std::array of_a_clock{
        "clock",     "tau",           "tau0",           "tau_star",          "plateau_time",
        "tau_times", "tau_values",    "clock_step",     "tau_fast",          "tau_slow",
        "time_fast", "time_slow",     "avalanche_rate", "avalanche_advance", "avalanche_catalogue",
        "offspring", "offspring_mean"};
    const auto among = [&](const auto& keys) { return std::find(keys.begin(), keys.end(), key) != keys.end(); };
    return !among(not_of_a_series) && !(scan.has("clock") && among(of_a_clock));
}

Abscissa read_place(Section& scan, std::size_t index) {
    Abscissa at = at_pressure(index, scan.quantity("pressure", Dimension::pressure));
    if (!scan.has("branch")) return at;
    const auto name = scan.choice("branch", {branches.begin(), branches.end()}, "");
    at.push_back(branch_coordinate(name != branches.front()));
    return at;
}

// tau of a stationary scan, and of a scan that ages slowly that in its middle.
struct TauAtPressure {
    double pressure, tau;
    bool stationary;
};

TauAtPressure tau_of(const model::SpeckleOptions& o, double pressure) {
    if (o.dynamics.clock.kind == model::ClockKind::stationary) return {pressure, o.relaxation.tau, true};
    const double middle = o.scan_start + static_cast<double>(o.frames - 1) * o.frame_time / 2;
    return {pressure, o.dynamics.clock.tau(middle), false};
}

// Apparent activation volumes between neighbouring pressures.
void add_volumes(std::vector<TauAtPressure> tau, double temperature, SourcePlan& plan) {
    std::sort(tau.begin(), tau.end(), [](const auto& a, const auto& b) { return a.pressure < b.pressure; });
    for (std::size_t i = 0; i + 1 < tau.size(); ++i) {
        const double step = tau[i + 1].pressure - tau[i].pressure;
        const double volume = boltzmann_gpa_a3 * temperature * std::log(tau[i + 1].tau / tau[i].tau) / step;
        const bool stationary = tau[i].stationary && tau[i + 1].stationary;
        plan.combined_truth.add("activation_volume", at_pressure(i, tau[i].pressure + step / 2), volume,
                                Origin::imposed,
                                stationary ? "" : "with tau in the middle of the scan where it is not stationary");
    }
}

// Where the imposed tau is longest. Between the pressures ln tau is taken as straight, as its volumes are: the maximum
// then stands at a pressure of the list. None at an end, or of two that are equally long.
void add_crossover(std::vector<TauAtPressure> tau, SourcePlan& plan) {
    std::sort(tau.begin(), tau.end(), [](const auto& a, const auto& b) { return a.pressure < b.pressure; });
    const auto shorter = [](const auto& a, const auto& b) { return a.tau < b.tau; };
    const auto top = std::max_element(tau.begin(), tau.end(), shorter);
    if (top == tau.begin() || top + 1 == tau.end()) return;
    if (std::count_if(tau.begin(), tau.end(), [&](const auto& t) { return t.tau == top->tau; }) > 1) return;
    for (const char* quantity : {"crossover_pressure", "crossover_pressure_parabola"})
        plan.combined_truth.add(quantity, {}, top->pressure, Origin::imposed,
                                "the longest tau; ln tau is straight between the pressures");
}

// Of scans of one pressure on both branches, numbered as the scan on compression.
struct BranchScan {
    Abscissa at;  // pressure, branch
    TauAtPressure tau;
};

void add_branch_truth(const std::vector<BranchScan>& scans, SourcePlan& plan) {
    for (const auto& up : scans)
        for (const auto& down : scans)
            if (up.at.size() > 1 && down.at.size() > 1 && up.at.back().index == 0 && down.at.back().index == 1 &&
                up.at.front().value == down.at.front().value)
                plan.combined_truth.add("branch_log_ratio", {up.at.front()}, std::log(down.tau.tau / up.tau.tau),
                                        Origin::imposed,
                                        up.tau.stationary && down.tau.stationary
                                            ? ""
                                            : "with tau in the middle of the scan where it is not stationary");
}

// Of stationary scans of one place: the mean of what was imposed, at the place of the first.
void add_mean_tau_truth(const std::vector<BranchScan>& scans, SourcePlan& plan) {
    std::vector<bool> seen(scans.size(), false);
    for (std::size_t i = 0; i < scans.size(); ++i) {
        if (seen[i]) continue;
        double sum = 0;
        double count = 0;
        bool stationary = true;
        for (std::size_t j = i; j < scans.size(); ++j) {
            if (!same_values(scans[i].at, scans[j].at)) continue;
            seen[j] = true;
            sum += scans[j].tau.tau;
            count += 1;
            stationary = stationary && scans[j].tau.stationary;
        }
        if (count > 1 && stationary)
            plan.combined_truth.add("tau_over_scans", scans[i].at, sum / count, Origin::imposed);
    }
}

void read_scans(Section& section, const std::string& name, SourcePlan& plan) {
    std::vector<std::string> texts;
    std::vector<TauAtPressure> taus;
    std::vector<BranchScan> on_branches;
    bool one_branch = true;
    bool steady = true;
    auto scans = section.completed_tables("scans", shared_with_scan);
    for (std::size_t i = 0; i < scans.size(); ++i) {
        Section& scan = scans[i];
        const Abscissa at = read_place(scan, i);
        one_branch = one_branch && at.size() == 1;
        const model::SpeckleOptions o = read_series(scan);
        steady = steady && o.dynamics.single() && !o.dynamics.random_dynamics() && o.dynamics.event_times.empty() &&
                 o.dynamics.static_fraction == 0;
        scan.finish();
        texts.push_back(scan.resolved_inline());
        taus.push_back(tau_of(o, at.front().value));
        on_branches.push_back({at, taus.back()});
        const std::string place = at.size() > 1 ? " on " + at.back().text : "";
        plan.units.push_back(make_unit(o, fmt::format("{}_{}", name, i + 1),
                                       fmt::format("{} GPa{}: {}", at.front().value, place, title_of(o)), at));
    }
    if (steady) {
        add_branch_truth(on_branches, plan);
        add_mean_tau_truth(on_branches, plan);
    }
    section.record("scans", fmt::format("[\n    {},\n]", fmt::join(texts, ",\n    ")));
    if (!section.has("temperature")) return;
    const double temperature = section.quantity("temperature", Dimension::temperature);
    if (!(temperature > 0)) section.fail("temperature", "is not positive");
    if (!one_branch || !steady)
        section.fail("temperature",
                     "asks for apparent activation volumes: of one branch, without rearrangements and "
                     "without a static part only");
    for (std::size_t i = 0; i < taus.size(); ++i)
        for (std::size_t j = i + 1; j < taus.size(); ++j)
            if (taus[i].pressure == taus[j].pressure)
                section.fail("scans", fmt::format("has two scans at {} GPa: no activation volume lies between them",
                                                  taus[i].pressure));
    if (taus.size() > 1)
        plan.across.emplace_back("tau_of_pressure", toml::table{{"temperature", fmt::format("{} K", temperature)}});
    add_volumes(taus, temperature, plan);
    if (taus.size() > 2) add_crossover(taus, plan);
}

}  // namespace

SourcePlan read_speckle(Section& section, const std::string& name) {
    SourcePlan plan;
    if (section.has("scans")) {
        read_scans(section, name, plan);
        return plan;
    }
    const model::SpeckleOptions o = read_series(section);
    plan.units.push_back(make_unit(o, name, title_of(o), {}));
    return plan;
}

}  // namespace vitrum::pipeline
