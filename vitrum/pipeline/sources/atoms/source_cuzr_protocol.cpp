#include <algorithm>
#include <cmath>

#include <boost/random/uniform_int_distribution.hpp>
#include <fmt/format.h>

#include "vitrum/core/atoms/form_factors.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/io/text/output_path.hpp"
#include "vitrum/io/trajectory/trajectory_file.hpp"
#include "vitrum/pipeline/config/provenance.hpp"
#include "vitrum/pipeline/sources/atoms/protocol_results.hpp"
#include "vitrum/pipeline/sources/atoms/protocol_stages.hpp"
#include "vitrum/pipeline/sources/atoms/speckle_of_atoms.hpp"
#include "vitrum/pipeline/sources/sources.hpp"
#include "vitrum/sim/protocol/protocol.hpp"

namespace vitrum::pipeline {

namespace {

// [angstrom] of radical Voronoi cells.
constexpr const char* radical_radii = "Cu:1.28,Zr:1.6";

struct Options {
    std::vector<StageKeys> stages;
    double mean_count = 5;  // of the speckle
    double wavevector_half_width = 0.06;
};

void keep_trajectory(const Trajectory& trajectory, const std::string& protocol, const UnitContext& context) {
    if (context.trajectories.empty()) return;
    std::filesystem::create_directories(context.trajectories);
    const auto file = context.trajectories / (trajectory.name + ".h5");
    io::H5mdAuthor author;
    author.name = "vitrum run";
    author.creator_version = version();
    std::vector<std::pair<std::string, std::string>> parameters{{"protocol", protocol}};
    for (const auto& [key, value] : provenance()) parameters.emplace_back("provenance/" + key, value);
    io::remove_left_behind(file);
    io::write_and_rename(
        file, [&](const std::filesystem::path& part) { io::write_h5md(part, trajectory, author, parameters); });
}

// Data of one run on their way to its series: all have the run's place, and each its own name.
class RunData {
public:
    explicit RunData(const Unit& unit) : unit_(unit) {}
    DataSet& add(const std::string& part, const std::string& ending, Data data, Abscissa at) {
        Labelled<DataSet> set;
        set.data.name = unit_.name + "_" + ending;
        set.data.run = unit_.name;
        set.data.part = part;
        set.data.at = std::move(at);
        set.data.data = std::move(data);
        return dressed(std::move(set)).data;
    }
    Labelled<DataSet>& dressed(Labelled<DataSet> set) {
        set.data.source = "cuzr_protocol";
        set.data.title = unit_.title;
        set.data.abscissa = unit_.abscissa;
        sets_.push_back(std::move(set));
        return sets_.back();
    }
    std::vector<Labelled<DataSet>> take() { return std::move(sets_); }

private:
    const Unit& unit_;
    std::vector<Labelled<DataSet>> sets_;
};

// The speckle of a sample: a series of its own.
void add_speckle(const sim::ProtocolRun& run, std::size_t stage, const Options& options, const std::string& name,
                 const UnitContext& context, RunData& all) {
    const sim::FinishedStage& at = run.stages[stage];
    auto& set =
        all.dressed(speckle_of_atoms(trajectory_of(run, stage, name),
                                     {fmt::format("{} atoms at {:g} K", run.species.size(), at.span.end_temperature),
                                      options.wavevector_half_width,
                                      options.mean_count,
                                      run.lammps_versions.back(),
                                      run.ranks,
                                      {}},
                                     context.key));
    set.data.name = name;
    set.data.part = "speckle";
    set.data.title += ", speckle of the stage " + at.stage.name;
}

void add_logs(const sim::Protocol& protocol, const sim::ProtocolRun& run, RunData& all) {
    for (std::size_t s = 0; s < run.stages.size(); ++s) {
        const std::string& stage = run.stages[s].stage.name;
        if (Columns log = log_of_stage(protocol, run, s); log.rows() > 0)
            all.add("log", stage, std::move(log), place_of_stage(run, s));
        if (Columns minima = minima_of_ramp(run, s); minima.rows() > 0)
            all.add("log", stage + "_minima", std::move(minima), place_of_stage(run, s));
    }
}

void add_inherent_structures(const sim::ProtocolRun& run, RunData& all) {
    constexpr std::size_t fewest = 8;  // steps that tell a drop from the others
    for (std::size_t s = 0; s < run.stages.size(); ++s) {
        const std::string& stage = run.stages[s].stage.name;
        if (Trajectory t = inherent_trajectory(run, s, stage); t.frames.size() > 1 && run.stages[s].span.ramp())
            all.add("inherent", stage + "_inherent", std::move(t), place_of_stage(run, s));
    }
    Columns minima = minima_under_pressure(run);
    const std::size_t rows = minima.rows();
    if (rows < fewest) return;
    all.add("drops", "drops", std::move(minima), {})
        .notes.push_back(fmt::format("Energy drops are between inherent structures of {} snapshots along the ramps of "
                                     "pressure: at a temperature the atoms also change basins without strain.",
                                     rows));
}

// Drops from minimum to minimum of an athermal path, and the atoms that rearrange in them.
void add_quasistatic(const sim::ProtocolRun& run, RunData& all) {
    for (std::size_t s = 0; s < run.stages.size(); ++s) {
        const sim::Stage& stage = run.stages[s].stage;
        if (stage.kind != sim::StageKind::quasistatic) continue;
        all.add("quasistatic", stage.name, path_of_quasistatic(run, s), place_of_stage(run, s));
        if (Trajectory t = quasistatic_trajectory(run, s, stage.name); !t.frames.empty())
            all.add("quasistatic_atoms", stage.name + "_atoms", std::move(t), place_of_stage(run, s));
    }
}

// Frames of the samples. Names carry the stage where several are measured.
void add_samples(const sim::ProtocolRun& run, const Options& options, const std::string& name,
                 const std::string& resolved, const UnitContext& context, RunData& all) {
    std::size_t samples = 0;
    for (const auto& at : run.stages) samples += at.stage.kind == sim::StageKind::sample ? 1 : 0;
    for (std::size_t s = 0; s < run.stages.size(); ++s) {
        const sim::FinishedStage& at = run.stages[s];
        if (at.stage.kind != sim::StageKind::sample || at.output.frames.empty()) continue;
        check_interrupt();
        const std::string ending = samples > 1 ? "_" + at.stage.name : "";
        Trajectory trajectory = trajectory_of(run, s, name + ending);
        if (options.stages[s].trajectory) keep_trajectory(trajectory, resolved, context);
        if (options.stages[s].measure)
            all.add("sample", at.stage.name + "_frames", std::move(trajectory), place_of_stage(run, s));
        if (options.stages[s].speckle) add_speckle(run, s, options, name + ending + "_speckle", context, all);
    }
}

std::vector<Labelled<DataSet>> data_of(sim::Protocol protocol, const Options& options, const std::string& resolved,
                                       const Unit& unit, const UnitContext& context) {
    Stream seeds(context.key, Purpose::molecular_dynamics, 0);
    protocol.seed = boost::random::uniform_int_distribution<std::uint64_t>(1, 900000000)(seeds);
    sim::WorkerPlace place;
    place.scratch = context.scratch;
    place.progress = context.progress;
    place.cancelled = [] { return interrupt_requested(); };
    const sim::ProtocolRun run = sim::run(protocol, place);

    RunData all(unit);
    add_logs(protocol, run, all);
    add_inherent_structures(run, all);
    add_quasistatic(run, all);
    add_samples(run, options, unit.name, resolved, context, all);
    auto sets = all.take();
    if (sets.empty()) throw RunError("the protocol has no stage that gives data");
    sets.front().data.traces = traces_of(protocol, run);
    auto notes = notes_of(protocol, run);
    auto& first = sets.front().data.notes;
    first.insert(first.begin(), notes.begin(), notes.end());
    return sets;
}

// The commonest indices of one sample are not those of the next: their rows would not meet.
toml::table voronoi_of(const std::vector<std::string>& elements) {
    toml::table cells{{"most_indices", 0}};
    if (elements == std::vector<std::string>{"Cu", "Zr"}) cells["radii"] = radical_radii;
    return cells;
}

// What is estimated of a sample: structure over 20 frames, which hardly move, and dynamics over all.
std::vector<DefaultEstimate> estimates_of_samples(const std::vector<std::string>& elements) {
    const toml::table few{{"most_frames", 20}};
    const auto with = [](toml::table table, const toml::table& more) {
        for (const auto& [key, value] : more) table[key] = value;
        return table;
    };
    const toml::table followed{{"remove_drift", true}};
    std::vector<DefaultEstimate> all{
        {"pair_distribution", few},
        {"structure_factor", few},
        // The top of S(q) of some thousand atoms is too noisy for a parabola.
        {"fsdp",
         toml::table{{"method", "centre_of_mass"}, {"search_low", "2.0 1/angstrom"}, {"search_high", "3.6 1/angstrom"}},
         "structure_factor", "structure_factor_xray"},
        {"voronoi", with(few, voronoi_of(elements))},
        {"coordination", few},
        {"bond_order", few},
        {"connections", few},
        {"msd", followed},
        {"scattering_functions", with(followed, {{"peak_half_width", "0.06 1/angstrom"}})},
        {"overlap", followed}};
    for (DefaultEstimate& one : all) one.optional = true;
    return all;
}

std::vector<DataPart> parts(const sim::Protocol& protocol, const std::vector<StageKeys>& stages) {
    std::vector<DataPart> all{
        {"log", DataKind::columns, {{"thermo_log"}}, false},
        {"inherent", DataKind::trajectory, {{"voronoi", voronoi_of(protocol.elements), "", "", true}}, false},
        {"drops", DataKind::columns, {{"energy_drops", toml::table{}, "", "", true}}, false},
        {"sample", DataKind::trajectory, estimates_of_samples(protocol.elements), true}};
    if (std::any_of(stages.begin(), stages.end(),
                    [](const StageKeys& keys) { return keys.stage.kind == sim::StageKind::quasistatic; })) {
        all.push_back({"quasistatic", DataKind::columns, {{"energy_drops", toml::table{}, "", "", true}}, false});
        all.push_back({"quasistatic_atoms",
                       DataKind::trajectory,
                       {{"nonaffine", toml::table{{"every_step", true}}, "", "", true}},
                       false});
    }
    if (std::any_of(stages.begin(), stages.end(), [](const StageKeys& keys) { return keys.speckle; }))
        all.push_back({"speckle", DataKind::frames, {{"correlation"}}, true});
    return all;
}

sim::Protocol read_protocol(Section& section) {
    sim::Protocol p;
    if (section.has("elements"))
        p.elements = section.texts("elements");
    else
        section.record("elements", "[\"Cu\", \"Zr\"]");
    p.fractions = section.numbers("fractions",
                                  std::vector<double>(p.elements.size(), 1.0 / static_cast<double>(p.elements.size())));
    p.atoms = section.integer("atoms", p.atoms);
    p.potential = section.text("potential", p.potential);
    p.time_step = section.quantity("time_step", Dimension::time, p.time_step);
    p.thermostat_time = section.quantity("thermostat_time", Dimension::time, p.thermostat_time);
    p.barostat_time = section.quantity("barostat_time", Dimension::time, p.barostat_time);
    p.suffix = section.text("suffix", p.suffix);
    p.ranks = static_cast<int>(std::clamp<std::int64_t>(section.integer("ranks", p.ranks), -1, 100000));
    p.time_limit = section.quantity("time_limit", Dimension::time, p.time_limit);
    return p;
}

// Pressures and temperatures side by side; a list of one goes with each of the other.
std::vector<SweepPoint> read_sweep(Section& section) {
    const auto pressures = section.quantities("pressures", Dimension::pressure, std::vector<double>{0});
    std::vector<double> temperatures;
    if (section.has("temperatures")) temperatures = section.quantities("temperatures", Dimension::temperature);
    const std::size_t points = std::max(pressures.size(), temperatures.size());
    for (const auto& [key, size] : {std::pair{"pressures", pressures.size()}, {"temperatures", temperatures.size()}})
        if (size > 1 && size != points)
            section.fail(
                key, fmt::format("has {} values, the other list {}; give one for each, or a single one", size, points));
    std::vector<SweepPoint> sweep;
    for (std::size_t i = 0; i < points; ++i)
        sweep.push_back({pressures[pressures.size() == 1 ? 0 : i],
                         temperatures.empty() ? 0 : temperatures[temperatures.size() == 1 ? 0 : i]});
    for (std::size_t i = 1; i < points; ++i)
        if (sweep[i].pressure == sweep[i - 1].pressure && sweep[i].temperature == sweep[i - 1].temperature)
            section.fail("pressures", "holds a point twice");
    return sweep;
}

std::string composition(const sim::Protocol& p) {
    std::string text;
    for (std::size_t k = 0; k < p.elements.size(); ++k)
        text += p.elements[k] + (p.elements.size() == 1 ? "" : fmt::format("{:.3g}", 100 * p.fractions[k]));
    return text;
}

Unit make_unit(const sim::Protocol& protocol, const Options& options, const std::string& name,
               const std::string& resolved, const std::vector<SweepPoint>& sweep, std::size_t point,
               std::size_t quench) {
    Unit unit;
    const SweepPoint& at = sweep[point];
    const bool several_temperatures = at.temperature > 0;
    unit.name = fmt::format("{}_{}_{}", name, point + 1, quench + 1);
    unit.title = fmt::format("{}, '{}' at {:g} GPa{}, quench {}", composition(protocol), name, at.pressure,
                             several_temperatures ? fmt::format(" and {:g} K", at.temperature) : "", quench + 1);
    unit.abscissa = at_pressure(point, at.pressure);
    if (several_temperatures)
        unit.abscissa.push_back({"temperature", static_cast<std::int64_t>(point), at.temperature, "K"});
    unit.abscissa.push_back({"quench", static_cast<std::int64_t>(quench), static_cast<double>(quench + 1), ""});
    constexpr double seconds_per_atom_step = 2.8e-6;
    unit.cost = sim::steps(protocol) * static_cast<double>(protocol.atoms) * seconds_per_atom_step;
    unit.cores = static_cast<std::size_t>(protocol.ranks);
    unit.generate_all = [protocol, options, resolved, unit](const UnitContext& context) {
        return data_of(protocol, options, resolved, unit, context);
    };
    return unit;
}

}  // namespace

SourcePlan read_cuzr_protocol(Section& section, const std::string& name) {
    SourcePlan plan;
    const auto sweep = read_sweep(section);
    const std::size_t quenches = section.count("quenches", 1);
    if (quenches > 1000) section.fail("quenches", fmt::format("is {}; at most 1000", quenches));
    const sim::Protocol common = read_protocol(section);
    if (section.has("isotherms")) {
        toml::array isotherms;
        for (const double t : section.quantities("isotherms", Dimension::temperature))
            isotherms.emplace_back(fmt::format("{} K", t));
        plan.across.emplace_back("energy_minima", toml::table{{"isotherms", std::move(isotherms)}});
    }
    if (section.has("compare_with"))
        plan.across.emplace_back("differences", toml::table{{"compare_with", section.text("compare_with")}});
    Options options;
    options.mean_count = section.number("mean_count", options.mean_count);
    if (!(options.mean_count > 0))
        section.fail("mean_count", fmt::format("is {}; a mean count is positive", options.mean_count));
    options.wavevector_half_width =
        section.quantity("wavevector_half_width", Dimension::wavevector, options.wavevector_half_width);
    options.stages = read_stages(section);
    if (std::any_of(options.stages.begin(), options.stages.end(), [](const StageKeys& keys) { return keys.speckle; }))
        for (const std::string& element : common.elements)
            section.guard([&] { static_cast<void>(find_form_factor(element)); });
    plan.parts = parts(common, options.stages);
    const std::string resolved = section.resolved();
    for (std::size_t point = 0; point < sweep.size(); ++point) {
        sim::Protocol protocol = common;
        section.guard([&] {
            protocol.stages = stages_at(options.stages, sweep[point]);
            sim::check(protocol);
        });
        for (std::size_t quench = 0; quench < quenches; ++quench)
            plan.units.push_back(make_unit(protocol, options, name, resolved, sweep, point, quench));
    }
    plan.statements.push_back(fmt::format(
        "Source '{}': molecular dynamics over picoseconds, cooled some ten decades faster than a real glass: trends "
        "with "
        "pressure are those of such glasses. Quenches differ in the arrangement of the atoms and in their velocities. "
        "Relaxation times near 1200 K are picoseconds, with beta below 1: thirteen decades from the experiments' hours "
        "at room temperature, whose compressed exponents they say nothing about.",
        name));
    return plan;
}

}  // namespace vitrum::pipeline
