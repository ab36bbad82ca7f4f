// Two-time correlation with the symmetric normalisation,
//   C(t1,t2) = N sum_p I_p(t1) I_p(t2) / (sum_p I_p(t1) sum_p I_p(t2)),
// over the N pixels of one region that take part, whether they saw a photon or not. Photon counts give exact sums, so
// dense and sparse series of the same data give the same bits. Entries with an empty frame are NaN: C is undefined
// there. The diagonal holds the raw value with its shot noise and is not used by any estimator.
#pragma once

#include <cstdint>

#include "core/speckle_series.hpp"
#include "core/two_time_map.hpp"

namespace vitrum::analysis {

struct TwoTimeOptions {
    std::int32_t region = 0;  // 0 = all pixels in use; else a 1-based region
};

// Throws InputError if no pixel takes part or every frame is empty.
[[nodiscard]] TwoTimeMap two_time(const SpeckleSeries& series, const TwoTimeOptions& options = {});

}  // namespace vitrum::analysis
