#include <boost/random/uniform_int_distribution.hpp>
#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/pipeline/sources/atoms/speckle_of_atoms.hpp"
#include "vitrum/pipeline/sources/sources.hpp"
#include "vitrum/sim/protocol/cuzr.hpp"

namespace vitrum::pipeline {

namespace {

Estimate mean_of(const char* what, double value, double error) {
    return make_estimate(what, {}, value, error, std::numeric_limits<double>::infinity(), Status::ok,
                         "time average, blocked error");
}

Labelled<DataSet> make(sim::CuZrOptions options, double mean_count, const Unit& unit, const UnitContext& context) {
    Stream seeds(context.key, Purpose::molecular_dynamics, 0);
    options.seed = boost::random::uniform_int_distribution<std::uint64_t>(1, 900000000)(seeds);
    sim::WorkerPlace place;
    place.scratch = context.scratch;
    place.progress = context.progress;
    place.cancelled = [] { return interrupt_requested(); };
    const sim::CuZrRun run = sim::run(options, place);

    Labelled<DataSet> set = speckle_of_atoms(run, fmt::format("{} atoms at {} K", options.atoms, options.temperature),
                                             options.wavevector_half_width, mean_count, context.key);
    set.data.name = unit.name;
    set.data.source = "cuzr";
    set.data.title = unit.title;
    set.data.abscissa = unit.abscissa;
    set.data.traces = run.traces;
    std::vector<Estimate> recorded{mean_of("pressure", run.mean_pressure, run.mean_pressure_error),
                                   mean_of("temperature", run.mean_temperature, run.mean_temperature_error),
                                   mean_of("density", run.density, run.density_error),
                                   mean_of("potential_energy", run.potential_energy, run.potential_energy_error)};
    set.data.recorded.insert(set.data.recorded.begin(), recorded.begin(), recorded.end());
    return set;
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
        unit.generate = [o, mean_count, unit](const UnitContext& context) {
            return make(o, mean_count, unit, context);
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
