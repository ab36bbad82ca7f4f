// What the chain says about heterogeneity beyond the raw Delta C, where the data are frames.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vitrum/analysis/heterogeneity/heterogeneity_corrected.hpp"
#include "vitrum/analysis/relaxation/kww.hpp"
#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/data/speckle_series.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

enum class NoiseSource { split, formula };

struct HeterogeneityRows {
    std::vector<Estimate> estimates;
    Curve trace;  // C(t, t + lag) against the time of the earlier frame; y_error = noise of one value; empty if none
};

// Clean, or a best fit whose law is rejected: its tau is still a lag to look at.
[[nodiscard]] bool gives_a_lag(const KwwFit& fit);

// A row measured at that lag: law_rejected if it needs the law itself (Delta C over contrast, the floor), else it says
// where the lag comes from.
[[nodiscard]] Estimate at_lag_of(const KwwFit& fit, Estimate row);

// Stationarity, trend and events: stationarity.hpp, events.hpp; the static part of g1 from the fit.
[[nodiscard]] std::vector<Estimate> changes_along_run(const GroupTraces& traces, const KwwFit& fit, double frame_time,
                                                      const std::string& time_unit);

// At the lag nearest to the fitted tau: the trace, the corrected rows, the floor and the changes along the run. Nothing
// if the fit gives none or the lag leaves fewer than 20 values.
[[nodiscard]] HeterogeneityRows heterogeneity_of_frames(const SpeckleSeries& series,
                                                        const std::vector<std::uint32_t>& pixels, const KwwFit& fit,
                                                        NoiseSource source = NoiseSource::split);

}  // namespace vitrum::analysis
