#include <numeric>
#include <utility>
#include <vector>

#include <boost/random/uniform_int_distribution.hpp>
#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/pipeline/sources/atoms/speckle_of_atoms.hpp"
#include "vitrum/pipeline/sources/sources.hpp"
#include "vitrum/sim/protocol/cuzr.hpp"

namespace vitrum::pipeline {

namespace {

std::vector<double> values_of(const std::vector<sim::Row>& rows, double sim::Row::*member, double factor) {
    std::vector<double> values;
    for (const sim::Row& row : rows) values.push_back(row.*member * factor);
    return values;
}

std::vector<TimeSeries> traces_of(const sim::CuZrRun& run, double time_step) {
    const double per_atom = 1 / static_cast<double>(run.trajectory.atoms());
    const std::vector<double> time = values_of(run.sample, &sim::Row::step, time_step);
    return {{"temperature", "K", time, values_of(run.sample, &sim::Row::temperature, 1)},
            {"pressure", "GPa", time, values_of(run.sample, &sim::Row::pressure, 1)},
            {"potential energy", "eV/atom", time, values_of(run.sample, &sim::Row::potential_energy, per_atom)}};
}

// State while sampling, and the volume that was sampled, in the columns of thermo_log.
std::vector<Columns> logs_of(const sim::CuZrRun& run) {
    const auto atoms = static_cast<double>(run.trajectory.atoms());
    const double mass = std::accumulate(run.trajectory.mass.begin(), run.trajectory.mass.end(), 0.0) / atoms;
    Columns sample;
    sample.file = "sample";
    sample.columns = {{"temperature", "K", values_of(run.sample, &sim::Row::temperature, 1)},
                      {"pressure", "GPa", values_of(run.sample, &sim::Row::pressure, 1)},
                      {"potential_energy", "eV", values_of(run.sample, &sim::Row::potential_energy, 1 / atoms)}};
    Columns hold;
    hold.file = "hold";
    hold.columns = {{"volume", "angstrom^3", values_of(run.hold, &sim::Row::volume, 1 / atoms)},
                    {"mass", "", std::vector<double>(run.hold.size(), mass)}};
    return {std::move(sample), std::move(hold)};
}

// The speckle, then the logs: one series of the run.
std::vector<Labelled<DataSet>> make(sim::CuZrOptions options, double mean_count, const Unit& unit,
                                    const UnitContext& context) {
    Stream seeds(context.key, Purpose::molecular_dynamics, 0);
    options.seed = boost::random::uniform_int_distribution<std::uint64_t>(1, 900000000)(seeds);
    sim::WorkerPlace place;
    place.scratch = context.scratch;
    place.progress = context.progress;
    place.cancelled = [] { return interrupt_requested(); };
    sim::CuZrRun run = sim::run(options, place);
    auto traces = traces_of(run, options.time_step);
    auto logs = logs_of(run);
    if (context.progress) context.progress(1.0, "scattering");

    std::vector<Labelled<DataSet>> sets;
    sets.push_back(
        speckle_of_atoms(std::move(run.trajectory),
                         {fmt::format("{} atoms at {} K", options.atoms, options.temperature),
                          options.wavevector_half_width, mean_count, run.lammps_version, run.ranks, run.warnings},
                         context.key));
    sets.front().data.traces = std::move(traces);
    for (Columns& log : logs) {
        Labelled<DataSet> set;
        set.data.name = unit.name + "_" + log.file.string();
        set.data.part = "log";
        set.data.data = std::move(log);
        sets.push_back(std::move(set));
    }
    for (auto& set : sets) {
        set.data.source = "cuzr";
        set.data.title = unit.title;
        set.data.abscissa = unit.abscissa;
        set.data.run = unit.name;
    }
    sets.front().data.name = unit.name;
    sets.front().data.part = "speckle";
    return sets;
}

sim::CuZrOptions read_options(Section& section) {
    sim::CuZrOptions o;
    o.copper_fraction = section.number("copper_fraction", o.copper_fraction);
    o.atoms = section.integer("atoms", o.atoms);
    o.potential = section.text("potential", o.potential);
    o.melt_temperature = section.quantity("melt_temperature", Dimension::temperature, o.melt_temperature);
    o.temperature = section.quantity("temperature", Dimension::temperature, o.temperature);
    o.melt_time = section.quantity("melt_time", Dimension::time, o.melt_time);
    o.cooling_rate = section.quantity("cooling_rate", Dimension::temperature_rate, o.cooling_rate);
    o.compression_rate = section.quantity("compression_rate", Dimension::pressure_rate, o.compression_rate);
    o.hold_time = section.quantity("hold_time", Dimension::time, o.hold_time);
    o.equilibration_time = section.quantity("equilibration_time", Dimension::time, o.equilibration_time);
    o.sampling_time = section.quantity("sampling_time", Dimension::time, o.sampling_time);
    o.sampling_interval = section.quantity("sampling_interval", Dimension::time, o.sampling_interval);
    o.time_step = section.quantity("time_step", Dimension::time, o.time_step);
    o.wavevector_half_width = section.quantity("wavevector_half_width", Dimension::wavevector, o.wavevector_half_width);
    o.time_limit = section.quantity("time_limit", Dimension::time, o.time_limit);
    return o;
}

}  // namespace

SourcePlan read_cuzr(Section& section, const std::string& name) {
    SourcePlan plan;
    const auto pressures = section.quantities("pressures", Dimension::pressure);
    const double mean_count = section.number("mean_count", 5);
    if (!(mean_count > 0)) section.fail("mean_count", fmt::format("is {}; a mean count is positive", mean_count));
    const sim::CuZrOptions options = read_options(section);
    plan.parts = {{"speckle", DataKind::frames, {{"correlation"}}, true},
                  {"log", DataKind::columns, {{"thermo_log"}}, false}};
    for (std::size_t i = 0; i < pressures.size(); ++i) {
        if (i > 0 && !(pressures[i] > pressures[i - 1])) section.fail("pressures", "must increase");
        sim::CuZrOptions o = options;
        o.pressure = pressures[i];
        section.guard([&] { sim::check(o); });
        Unit unit;
        unit.name = fmt::format("{}_{}", name, i + 1);
        unit.title = fmt::format("Cu{:.0f}Zr{:.0f} at {} K and {} GPa", 100 * o.copper_fraction,
                                 100 * (1 - o.copper_fraction), o.temperature, pressures[i]);
        unit.abscissa = at_pressure(i, pressures[i]);
        constexpr double seconds_per_atom_step = 2.8e-6;
        unit.cost = sim::steps(o) * static_cast<double>(o.atoms) * seconds_per_atom_step;
        unit.generate_all = [o, mean_count, unit](const UnitContext& context) {
            return make(o, mean_count, unit, context);
        };
        unit.generate = [o, mean_count, unit](const UnitContext& context) {
            return std::move(make(o, mean_count, unit, context).front());
        };
        plan.units.push_back(std::move(unit));
    }
    plan.statements.push_back(fmt::format(
        "Source '{}': its reference truth is the mean over wavevectors of |F_q(t)|^2 computed directly from the same "
        "atoms. Both share the atoms' noise, so differences are paired and no pull is given. Picoseconds of a liquid "
        "are some thirteen decades from the hours of a glass: this tests the estimators on real atoms, not the glass.",
        name));
    return plan;
}

}  // namespace vitrum::pipeline
