// A planned measurement in a size that can be simulated many times, and how its errors follow from the smaller one's.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "vitrum/validation/plan/plan.hpp"

namespace vitrum::validation {

struct PlanLimits {
    std::size_t frames = 600;        // frames are added up to about so many, as far as tau allows
    std::size_t most_frames = 1200;  // a longer run is cut
    std::size_t pixels = 2304;
    double work = 3e6;          // frames x pixels x modes; at least 256 pixels whatever it costs
    double frames_in_tau = 40;  // that adding frames leaves
};

struct PlanSize {
    std::size_t bin = 1;     // frames added up to one
    std::size_t frames = 0;  // simulated
    double frame_time = 0;   // [s] of them
    std::size_t rows = 0, columns = 0;
    double mean_count = 0;    // photons per pixel and frame, simulated
    double pixels = 0;        // of the experiment
    double binned_count = 0;  // its photons per pixel and added frame
    double cut = 1;           // simulated part of the run
    // Standard errors of the experiment over those simulated: of fits to g2, and of one entry of a map.
    double fit_factor = 1;
    double entry_factor = 1;
    std::vector<std::string> notes;  // one sentence for each change

    [[nodiscard]] bool changed() const { return !notes.empty(); }
};

// Frames are added up while tau keeps `frames_in_tau` of them: the photons of all pairs stay. A run that is still too
// long is cut, and errors of fits fall as 1/sqrt(length). Of fewer pixels, each gets more photons so that the error of
// g2 is the experiment's (speckles larger than a pixel are simulated as independent pixels, too); counting noise falls
// with counts, the noise of a finite number of speckles does not, so that what is left is scaled by 1/sqrt(pixels). The
// error of g2 at one lag is taken as
//   sqrt( (A(mu) - A(infinity))/(N frames) + A(infinity) s min(1, tau/T)/N )
// A/N the variance of one map entry (vitrum/core/data/map_entry_variance) halfway down the decay, s the area of a
// speckle in pixels, 1 in the simulation.
[[nodiscard]] PlanSize plan_size(const Experiment& experiment, const PlanLimits& limits = {});

}  // namespace vitrum::validation
