#include "vitrum/sim/protocol/protocol_tasks.hpp"

#include <algorithm>
#include <cmath>

#include <boost/random/uniform_int_distribution.hpp>
#include <fmt/format.h>

#include "vitrum/core/numerics/statistics.hpp"
#include "vitrum/core/stream.hpp"
#include "vitrum/sim/protocol/initial_state.hpp"

namespace vitrum::sim {

namespace {

// Rough force evaluations of one minimisation.
constexpr double minimisation_work = 500;
constexpr double strain_step_work = 100;  // from the minimum before

std::int64_t steps_of(double time, const Protocol& protocol) { return std::llround(time / protocol.time_step); }

int velocity_seed(std::uint64_t seed) {
    Stream stream({seed, cell_id("sim/velocities"), 0}, Purpose::molecular_dynamics, 0);
    return boost::random::uniform_int_distribution<int>(1, 900'000'000)(stream);
}

std::int64_t row_every(const Protocol& protocol, const Stage& stage, std::int64_t steps) {
    constexpr double usual = 50e-15;
    constexpr std::int64_t fewest = 40;
    if (stage.row_interval > 0) return std::clamp<std::int64_t>(steps_of(stage.row_interval, protocol), 1, steps);
    return std::clamp<std::int64_t>(steps_of(usual, protocol), 1, std::max<std::int64_t>(1, steps / fewest));
}

std::vector<double> second_half(const StageOutput& output, double Row::*member) {
    std::vector<double> values;
    for (std::size_t i = output.rows.size() / 2; i < output.rows.size(); ++i) values.push_back(output.rows[i].*member);
    return values;
}

// The constant-pressure stage whose mean volume a sample takes.
const FinishedStage& hold_before(const ProtocolRun& done, std::size_t stage) {
    while (!moves(done.stages[--stage].stage.kind)) {
    }
    return done.stages[stage];
}

// Length of a ramp [K or GPa].
double length(const StageSpan& span) {
    return std::max(std::abs(span.end_temperature - span.begin_temperature),
                    std::abs(span.end_pressure - span.begin_pressure));
}

// Steps between the inherent structures of a ramp: whole rows.
std::int64_t inherent_steps(const Protocol& protocol, const Stage& stage, std::int64_t steps) {
    const std::int64_t row = row_every(protocol, stage, steps);
    return std::max<std::int64_t>(1, steps_of(stage.inherent_every / stage.rate, protocol) / row) * row;
}

std::string inherent_start(const Task& task, std::size_t k) { return fmt::format("{}_{}.data", task.name, k + 1); }

void set_dynamics(const Protocol& protocol, const Task& task, const FinishedStage& at, Job& job) {
    job.temperature = {at.span.begin_temperature, at.span.end_temperature};
    job.pressure = {at.span.begin_pressure, at.span.end_pressure};
    job.row_every = row_every(protocol, at.stage, task.steps);
    if (at.stage.inherent_every > 0) job.frame_every = inherent_steps(protocol, at.stage, task.steps);
    if (at.stage.kind != StageKind::melt) return;
    job.fresh = true;
    // Half of it turns into potential energy at once.
    job.start_temperature = 2 * at.span.end_temperature;
    job.velocity_seed = velocity_seed(protocol.seed);
    // Two frames tell whether the atoms flow: half way and at the end.
    const std::int64_t half = task.steps / 2;
    job.row_every = std::max<std::int64_t>(1, half / std::max<std::int64_t>(1, half / job.row_every));
    job.frame_every = std::max<std::int64_t>(1, half / job.row_every) * job.row_every;
}

}  // namespace

std::vector<Task> tasks(const Protocol& protocol) {
    std::vector<Task> all;
    const std::vector<StageSpan> span = spans(protocol);
    for (std::size_t s = 0; s < protocol.stages.size(); ++s) {
        const Stage& stage = protocol.stages[s];
        const auto add = [&](const std::string& ending, Task::Kind kind, std::int64_t steps) {
            if (steps > 0) all.push_back({stage.name + ending, s, kind, static_cast<double>(steps), steps});
        };
        if (stage.kind == StageKind::minimise) {
            all.push_back({stage.name, s, Task::Kind::minimise, minimisation_work, 0});
        } else if (stage.kind == StageKind::quasistatic) {
            all.push_back({stage.name, s, Task::Kind::quasistatic,
                           minimisation_work + strain_step_work * static_cast<double>(minima_of(stage)), 0});
        } else if (stage.kind == StageKind::sample) {
            add("_equilibrate", Task::Kind::equilibrate, steps_of(stage.equilibration_time, protocol));
            // Whole intervals, so that the last row has its frame.
            add("", Task::Kind::sample, stage.frames * std::max<std::int64_t>(1, steps_of(stage.interval, protocol)));
        } else {
            const std::int64_t steps = steps_of(span[s].time, protocol);
            add("", Task::Kind::dynamics, steps);
            if (stage.inherent_every > 0 && steps > 0 && steps >= inherent_steps(protocol, stage, steps))
                all.push_back({stage.name + "_inherent", s, Task::Kind::inherent,
                               minimisation_work * length(span[s]) / stage.inherent_every, 0});
        }
    }
    return all;
}

double steps(const Protocol& protocol) {
    double sum = 0;
    for (const Task& task : tasks(protocol)) sum += task.work;
    return sum;
}

std::vector<std::string> inherent_starts(const Task& task, const FinishedStage& ramp) {
    std::vector<std::string> names;
    for (std::size_t k = 0; k < ramp.output.frames.size(); ++k) names.push_back(inherent_start(task, k));
    return names;
}

void write_inherent_starts(const std::filesystem::path& folder, const Task& task, const ProtocolRun& done) {
    const FinishedStage& ramp = done.stages[task.stage];
    for (std::size_t k = 0; k < ramp.output.frames.size(); ++k)
        write_data_file(folder / inherent_start(task, k), ramp.output.frames[k], done.species, done.masses);
}

Job make_job(const Protocol& protocol, const Task& task, const std::string& start, const ProtocolRun& done) {
    const FinishedStage& at = done.stages[task.stage];
    Job job;
    job.stage = task.name;
    job.start = start;
    job.potential = potential_file;
    job.elements = protocol.elements;
    job.suffix = protocol.suffix;
    job.ranks = protocol.ranks;
    if (job.ranks > 1) job.channel = task.name + ".fifo";
    job.time_step = protocol.time_step;
    job.thermostat_time = protocol.thermostat_time;
    job.barostat_time = protocol.barostat_time;
    job.steps = task.steps;
    job.log = task.name + ".log";
    job.temperature = {at.span.end_temperature, at.span.end_temperature};
    job.pressure = {at.span.end_pressure, at.span.end_pressure};
    if (task.kind == Task::Kind::quasistatic) {
        job.deformation = at.stage.deformation;
        job.strain_step = at.stage.strain_step;
        job.strain_steps = at.stage.strain_steps;
        job.back = at.stage.back;
        job.row_every = 1000;
        job.frame_every = at.stage.configurations ? 1 : 0;
        return job;
    }
    if (task.kind == Task::Kind::minimise || task.kind == Task::Kind::inherent) {
        job.fresh = task.kind == Task::Kind::inherent;
        job.minimise = job.fresh ? inherent_starts(task, at) : std::vector<std::string>{start};
        job.row_every = 1000;
        job.frame_every = 1;
        return job;
    }
    job.restart = task.name + ".restart";
    if (task.kind == Task::Kind::dynamics) {
        set_dynamics(protocol, task, at, job);
    } else if (task.kind == Task::Kind::equilibrate) {
        job.ensemble = Ensemble::nvt;
        job.row_every = row_every(protocol, at.stage, task.steps);
        job.box_length = std::cbrt(blocked_mean(second_half(hold_before(done, task.stage).output, &Row::volume)).mean);
    } else {
        job.ensemble = Ensemble::nve;
        // The thermostat left the energy at one draw of its distribution; its mean is what the temperature asks for.
        job.set_energy = true;
        job.total_energy = blocked_mean(second_half(at.equilibrate, &Row::total_energy)).mean;
        job.row_every = job.frame_every = std::max<std::int64_t>(1, steps_of(at.stage.interval, protocol));
    }
    return job;
}

}  // namespace vitrum::sim
