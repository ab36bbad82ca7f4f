#include "vitrum/sim/protocol/cuzr.hpp"

#include <cmath>
#include <utility>

#include "vitrum/core/atoms/form_factors.hpp"
#include "vitrum/sim/protocol/health.hpp"
#include "vitrum/sim/protocol/stages.hpp"

namespace vitrum::sim {

namespace {

Trajectory trajectory_of(std::vector<Frame> frames, const std::vector<int>& species, const std::vector<double>& masses,
                         double frame_time) {
    Trajectory t;
    t.elements = {"Cu", "Zr"};
    for (std::size_t i = 0; i < species.size(); ++i) {
        t.species.push_back(species[i] - 1);
        t.id.push_back(static_cast<std::int64_t>(i) + 1);
    }
    t.mass = masses;
    t.frames = std::move(frames);
    for (std::size_t f = 0; f < t.frames.size(); ++f) t.frames[f].time = static_cast<double>(f) * frame_time;
    return t;
}

std::vector<double> masses_of(const std::vector<int>& species) {
    std::vector<double> masses;
    for (const int s : species) masses.push_back(s == 1 ? copper.mass : zirconium.mass);
    return masses;
}

}  // namespace

double steps(const CuZrOptions& options) { return steps(protocol_of(options)); }

CuZrRun run(const CuZrOptions& options, const WorkerPlace& place) {
    check(options);
    FinishedStages stages = run_stages(options, place);
    CuZrRun result;
    result.warnings = health_warnings(options, stages);
    if (!stages.lammps_versions.empty()) result.lammps_version = stages.lammps_versions.back();
    result.frame_time = std::round(options.sampling_interval / options.time_step) * options.time_step;
    result.trajectory =
        trajectory_of(std::move(stages.sample.frames), stages.species, masses_of(stages.species), result.frame_time);
    const auto half = static_cast<std::ptrdiff_t>(stages.hold.rows.size() / 2);
    result.hold.assign(stages.hold.rows.begin() + half, stages.hold.rows.end());
    result.sample = std::move(stages.sample.rows);
    return result;
}

}  // namespace vitrum::sim
