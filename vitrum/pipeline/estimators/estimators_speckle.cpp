#include <cmath>

#include <fmt/format.h>

#include "vitrum/analysis/heterogeneity/chi4.hpp"
#include "vitrum/analysis/chain/correlation_chain.hpp"
#include "vitrum/analysis/speckle/photon_statistics.hpp"
#include "vitrum/analysis/speckle/speckle_visibility.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/pipeline/estimators/analysis_options.hpp"
#include "vitrum/pipeline/estimators/estimator_input.hpp"
#include "vitrum/pipeline/estimators/estimator_rows.hpp"

namespace vitrum::pipeline {

namespace {

namespace fs = std::filesystem;

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

EstimatorOutput estimate_contrast(const fs::path& path, Section& options) {
    expect_hdf5(path, "contrast needs frames or a two-time map");
    const auto chain = read_chain(options);
    EstimatorOutput out;
    const auto sets = read_sets(path, options, out);
    options.finish();
    for (const auto& set : sets)
        for (const auto& result : analysis::correlate(set.data, chain)) {
            const Abscissa place = place_of(set.data, result.region);
            for (const auto& row : result.estimates)
                if (row.quantity == "contrast") append(out, {row}, place);
            if (const auto* series = std::get_if<SpeckleSeries>(&set.data.data)) {
                append(out, analysis::contrast_from_photons(*series, result.region), place);
                append(out, analysis::speckle_visibility(*series, result.g2, result.region), place);
            }
        }
    return out;
}

EstimatorOutput estimate_chi4(const fs::path& path, Section& options) {
    expect_hdf5(path, "chi4 needs frames or a two-time map");
    const auto chain = read_chain(options);
    const auto wanted = read_lag(options, "lag");
    EstimatorOutput out;
    const auto sets = read_sets(path, options, out);
    options.finish();
    for (const auto& set : sets)
        for (const auto& result : analysis::correlate(set.data, chain)) {
            const Abscissa place = place_of(set.data, result.region);
            analysis::Chi4Options o;
            o.region = result.region;
            o.lag = lag_of(wanted, result);
            const auto* series = std::get_if<SpeckleSeries>(&set.data.data);
            if (o.lag == 0)
                append(out,
                       {make_estimate("chi4", {}, not_a_number, not_a_number, 1, Status::no_data,
                                      "no clean tau to take as the lag; give --set lag=FRAMES")},
                       place);
            else if (series)
                append(out, analysis::chi4(*series, o), place);
            else
                append(out, {analysis::chi4(result.map, o)}, place);
        }
    return out;
}

}  // namespace vitrum::pipeline
