#include "vitrum/validation/study/cell_bounds.hpp"

#include "vitrum/core/error.hpp"
#include "vitrum/validation/bounds/simple_bounds.hpp"
#include "vitrum/validation/bounds/speckle_bounds.hpp"

namespace vitrum::validation {

namespace {

constexpr std::size_t most_frames = 1000;
constexpr double few_photons = 0.05;

std::vector<Bound> bounds_of(const pipeline::PlainSpeckle& s) {
    if (s.frames > most_frames) return {};
    SpeckleRun run;
    run.tau = s.tau;
    run.beta = s.beta;
    run.frame_time = s.frame_time;
    run.frames = s.frames;
    run.pixels = static_cast<double>(s.pixels);
    run.modes = s.modes;
    try {
        if (photons_per_correlation(run, s.mean_count) <= few_photons)
            return bounds_from(low_count_information(run, s.mean_count), {"tau", "beta", "contrast"}, BoundKind::limit,
                               "pairs of photons");
        return photon_bounds(run, s.mean_count);
    } catch (const InputError&) {
        return {};  // a field too smooth against the frame time: beyond double precision
    }
}

}  // namespace

std::vector<Bound> bounds_of(const Cell& cell, const std::string& series) {
    for (const auto& source : cell.scenario.sources)
        for (const auto& unit : source.units) {
            if (unit.name != series) continue;
            if (const auto* speckle = std::get_if<pipeline::PlainSpeckle>(&unit.law)) return bounds_of(*speckle);
            if (const auto* power = std::get_if<pipeline::PlainPowerLaw>(&unit.law))
                return {power_law_bound(power->alpha, power->events)};
        }
    return {};
}

}  // namespace vitrum::validation
