// Contrast and chi4 of frames and maps.
#include <cmath>

#include <fmt/format.h>

#include "vitrum/analysis/heterogeneity/chi4.hpp"
#include "vitrum/analysis/speckle/photon_statistics.hpp"
#include "vitrum/analysis/speckle/speckle_visibility.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/pipeline/estimators/correlation_rows.hpp"
#include "vitrum/pipeline/estimators/rows.hpp"

namespace vitrum::pipeline {

namespace {

// The lag asked for, or the fitted tau; 0 if there is no clean tau.
std::size_t lag_of(const std::optional<analysis::Lag>& wanted, const analysis::ChainResult& result) {
    const double lag = std::round(tau_in_frames(wanted, result));
    const bool inside = lag >= 1 && lag < static_cast<double>(result.frames);
    if (wanted && !inside)
        throw InputError(
            fmt::format("lag: is {} frames; between 1 and {} for {} frames", lag, result.frames - 1, result.frames));
    return inside ? static_cast<std::size_t>(lag) : 0;
}

}  // namespace

Estimator read_contrast(Section& options, DataKind) {
    return each_region(read_chain(options), [](const Data& data, const analysis::ChainResult& result, Findings& out) {
        for (const auto& row : result.estimates)
            if (row.quantity == "contrast") out.estimates.push_back(row);
        if (const auto* series = std::get_if<SpeckleSeries>(&data)) {
            append(out, analysis::contrast_from_photons(*series, result.region));
            append(out, analysis::speckle_visibility(*series, result.g2, result.region));
        }
    });
}

Estimator read_chi4(Section& options, DataKind) {
    const auto chain = read_chain(options);
    const auto wanted = read_lag(options, "lag");
    return each_region(chain, [wanted](const Data& data, const analysis::ChainResult& result, Findings& out) {
        analysis::Chi4Options o;
        o.region = result.region;
        o.lag = lag_of(wanted, result);
        if (o.lag == 0)
            append(out, {make_estimate("chi4", {}, not_a_number, not_a_number, 1, Status::no_data,
                                       "no clean tau to take as the lag; give --set lag=FRAMES")});
        else if (const auto* series = std::get_if<SpeckleSeries>(&data))
            append(out, analysis::chi4(*series, o));
        else
            append(out, {analysis::chi4(result.map, o)});
    });
}

}  // namespace vitrum::pipeline
