// Delta C with the noise taken out, and what noise alone would show.
//
// The values C(t, t + tau) are those of the dynamics, spread by Gaussian noise of known variance: the corrected width
// is the shortest interval of the deconvolved distribution (deconvolution.hpp), the corrected standard deviation is the
// root of the variance less that of the noise. Taking widths apart in quadrature is right for Gaussian shapes only.
// Noise of neighbouring t is correlated over about tau: that does not shift the histogram, but makes it less certain
// than its number of values says; errors come from blocks of time. A run's own mean takes part of the correlated noise
// with it, so that the variance of the noise is always that within the run.
//
// Noise by `split`: from groups of pixels of the same data, right for any detector. By `formula`: from N, mu and the
// contrast, for M equal modes and independent pixels without background or exposure; the only one for a floor at other
// sizes.
#pragma once

#include <optional>
#include <vector>

#include "vitrum/analysis/correlation/errors/correlated_noise.hpp"
#include "vitrum/analysis/correlation/errors/group_traces.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

// Values C(t, t + lag) with the noise of one of them.
struct NoisyTrace {
    std::vector<double> value;  // known ones only
    std::vector<double> share;  // [value * groups + g], where noise comes from groups; else empty
    std::size_t groups = 0;
    double noise = 0;     // variance within the run
    std::size_t lag = 1;  // [frames]
};

// Noise from the groups.
[[nodiscard]] NoisyTrace noisy_trace(const GroupTraces& traces, std::size_t which_lag);

struct CorrectedOptions {
    double contrast = not_a_number;  // for the relative width
    double contrast_error = not_a_number;
};

// heterogeneity_width_corrected, relative_heterogeneity_width_corrected, heterogeneity_sd. A sample without
// heterogeneity gives 0 about half of the time (at_bound) and small values else; the interval begins at 0 unless the
// variance less the noise is above 0 at 97.5 %. Intervals: moving blocks of 2 lags, 100 resamples; none, with a note,
// for fewer than 8 blocks. no_data: fewer than 20 values, or no noise.
[[nodiscard]] std::vector<Estimate> corrected_heterogeneity(const NoisyTrace& trace, const CorrectedOptions& options);

// The width that `fraction` of the values C(t, t + lag) of one run would have by noise alone: mean over 200 Gaussian
// runs of this length with the exact covariance along the diagonal, their standard deviation, and the middle 95 % of
// them. With `noise`, the variance within a run, the covariance is scaled to it.
struct HomogeneousWidth {
    double mean = not_a_number;
    double sd = not_a_number;
    double low = not_a_number;
    double high = not_a_number;
    double noise = not_a_number;  // variance within the run
};
[[nodiscard]] HomogeneousWidth homogeneous_width(const EntryNoise& entry, std::size_t lag, std::size_t values,
                                                 double fraction, std::optional<double> noise = std::nullopt);

// Row heterogeneity_floor; its interval is the middle 95 % of homogeneous runs, its standard error their spread.
[[nodiscard]] Estimate floor_row(const HomogeneousWidth& width, std::string note);

}  // namespace vitrum::analysis
