// Synthetic XPCS series: M equal modes of a stationary complex Gaussian field per pixel, partially coherent
// (contrast 1/M), counted as Poisson photons. Pixels are independent; exposures are instantaneous.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/ground_truth.hpp"
#include "core/labelled.hpp"
#include "core/speckle_series.hpp"
#include "core/stream.hpp"
#include "model/relaxation/kww.hpp"

namespace vitrum::model {

struct SpeckleOptions {
    std::size_t frames = 1000;
    std::size_t rows = 64;
    std::size_t columns = 64;
    double frame_time = 1;        // [s]
    int modes = 5;                // M
    double mean_count = 0.5;      // photons per pixel and frame
    Kww relaxation;
    Origin origin = Origin::closed_form;  // of tau: `imposed` where another model put it on the clock
};

// Throws InputError, one line.
void check(const SpeckleOptions& options);

// Same bits for any number of threads. `key` names study, data set and replicate.
[[nodiscard]] Labelled<SpeckleSeries> generate(const SpeckleOptions& options, const StreamKey& key);

// The truth alone: tau, beta, contrast, baseline, noise floor of Delta C, and g2(dt) for every lag.
[[nodiscard]] GroundTruth truth_of(const SpeckleOptions& options);

}  // namespace vitrum::model
