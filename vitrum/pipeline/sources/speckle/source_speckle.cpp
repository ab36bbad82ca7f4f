#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

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

// A series, and the pressure that still settles while it is taken.
struct Series {
    model::SpeckleOptions speckle;
    std::optional<model::SettlingPressure> settling;
};

std::string note_of(const model::SettlingPressure& p) {
    return fmt::format(
        "The pressure still settles, {} GPa to go at age 0, with {} s: strain alone makes fixed pixels forget, with "
        "beta = 2 "
        "and tau = {:.4g} s exp(t/{} s), imposed on the clock. No ageing of the glass is in that.",
        p.step, p.time, p.clock().tau0, p.time);
}

Unit make_unit(const Series& series, const std::string& name, const std::string& title, Abscissa at) {
    const model::SpeckleOptions& o = series.speckle;
    Unit unit;
    unit.name = name;
    unit.title = title;
    unit.abscissa = std::move(at);
    const auto dress = [o, settling = series.settling, title, name, place = unit.abscissa](Labelled<SpeckleSeries> made,
                                                                                           const StreamKey& key) {
        Labelled<DataSet> set;
        set.data.name = name;
        set.data.source = "speckle";
        set.data.title = title;
        set.data.abscissa = place;
        set.data.data = std::move(made.data);
        set.data.traces = beam_trace(o, key);
        set.data.notes = speckle_notes(o);
        if (settling) {
            const Coordinate* pressure = place.find("pressure");
            set.data.traces.push_back(pressure_trace(*settling, o, pressure ? pressure->value : 0));
            set.data.notes.push_back(note_of(*settling));
        }
        set.truth = std::move(made.truth);
        return set;
    };
    make_speckle(unit, o, dress);
    if (model::plain(o))
        unit.law = PlainSpeckle{o.relaxation.tau,   o.relaxation.beta, o.frame_time, o.frames,
                                o.rows * o.columns, o.modes,           o.mean_count};
    return unit;
}

Series read_series(Section& section) {
    Series series{read_detector_and_field(section), {}};
    model::SpeckleOptions& o = series.speckle;
    read_dynamics(section, o);
    series.settling = read_settling(section, o);
    read_geometry(section, o);
    section.guard([&] { model::check(o); });
    return series;
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

// Of scans of one pressure on both branches, numbered as the first scan on compression.
struct BranchScan {
    Abscissa at;  // pressure, branch
    TauAtPressure tau;
    model::Kernel dynamics;
    bool settles = false;  // what moves is the pressure
};

// Dynamics that know nothing of pressure or branch: one law, looked at from other ages on.
bool one_law(const model::Kernel& a, const model::Kernel& b) {
    return a.clock.kind == model::ClockKind::ageing && b.clock.kind == a.clock.kind && a.clock.tau0 == b.clock.tau0 &&
           a.clock.tau_star == b.clock.tau_star && a.clock.plateau_time == b.clock.plateau_time && a.beta == b.beta;
}

// Mean ln tau of all scans of a branch against that of the other.
void add_branch_truth(const std::vector<BranchScan>& scans, SourcePlan& plan) {
    const auto on = [](const BranchScan& s, std::int64_t branch) {
        return s.at.size() > 1 && s.at.back().index == branch;
    };
    std::vector<double> done;
    for (const auto& first : scans) {
        const double pressure = first.at.front().value;
        if (!on(first, 0) || std::find(done.begin(), done.end(), pressure) != done.end()) continue;
        done.push_back(pressure);
        std::array<double, 2> sum{};
        std::array<double, 2> count{};
        bool stationary = true;
        bool same = true;
        bool settles = false;
        for (const auto& s : scans) {
            if (s.at.front().value != pressure || s.at.size() < 2) continue;
            const std::size_t branch = on(s, 0) ? 0 : 1;
            sum.at(branch) += std::log(s.tau.tau);
            count.at(branch) += 1;
            stationary = stationary && s.tau.stationary;
            same = same && one_law(first.dynamics, s.dynamics);
            settles = settles || s.settles;
        }
        if (count[1] == 0) continue;
        std::string note = stationary ? "" : "with tau in the middle of the scan where it is not stationary";
        if (settles)
            note += "; the pressure settles, the glass stands still: no hysteresis, whatever the ratio";
        else if (same)
            note += "; one law of ageing on both branches: no hysteresis, whatever the ratio";
        plan.combined_truth.add("branch_log_ratio", {first.at.front()}, sum[1] / count[1] - sum[0] / count[0],
                                Origin::imposed, note);
    }
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
        const Series series = read_series(scan);
        const model::SpeckleOptions& o = series.speckle;
        steady = steady && o.dynamics.single() && !o.dynamics.random_dynamics() && o.dynamics.event_times.empty() &&
                 o.dynamics.static_fraction == 0;
        scan.finish();
        texts.push_back(scan.resolved_inline());
        taus.push_back(tau_of(o, at.front().value));
        on_branches.push_back({at, taus.back(), o.dynamics, series.settling.has_value()});
        const std::string place = at.size() > 1 ? " on " + at.back().text : "";
        plan.units.push_back(make_unit(series, fmt::format("{}_{}", name, i + 1),
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
    const Series series = read_series(section);
    plan.units.push_back(make_unit(series, name, title_of(series.speckle), {}));
    return plan;
}

}  // namespace vitrum::pipeline
