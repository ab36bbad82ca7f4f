// What estimators of speckle share: the correlation chain of each q region, and g2 from columns.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vitrum/analysis/chain/correlation_chain.hpp"
#include "vitrum/pipeline/estimators/analysis_options.hpp"
#include "vitrum/pipeline/estimators/column_choice.hpp"
#include "vitrum/pipeline/estimators/estimator.hpp"

namespace vitrum::pipeline {

// Frames and maps, which are correlated first; else there are lags already.
[[nodiscard]] inline bool has_no_lags(DataKind kind) { return kind == DataKind::frames || kind == DataKind::map; }

// The whole chain with these options: estimates, curves g2, fit and trace, the map, what viewers want.
[[nodiscard]] Estimator correlation(const analysis::ChainOptions& chain);

// The chain's result of each region, handed to `work`; the findings' part, frames and pixels are set.
using RegionWork = std::function<void(const Data&, const analysis::ChainResult&, Findings&)>;
[[nodiscard]] Estimator each_region(const analysis::ChainOptions& chain, RegionWork work);

// Of the chain's estimates those of some quantities.
[[nodiscard]] Estimator selected(const analysis::ChainOptions& chain, std::vector<std::string_view> quantities);

// Where a region stands in its data set: the mean q of its pixels in use [1/angstrom], where q is known, else its
// number; empty for region 0.
[[nodiscard]] Abscissa part_of(const Data& data, std::int32_t region);

// Lags that were given for a curve are plain numbers in its unit.
struct GivenLags {
    analysis::ChainOptions chain;
    bool min_lag = false;
};
[[nodiscard]] GivenLags given_lags(const Section& options, const analysis::ChainOptions& chain);
[[nodiscard]] analysis::KwwOptions kww_of_curve(const GivenLags& given, const Curve& g2);

// Of a curve g2, or of columns lag, g2, error (optional), pairs (optional) by option, name or place.
[[nodiscard]] Estimator on_g2(Section& options, DataKind kind, std::function<Findings(const Curve&)> work);

void append(Findings& out, std::vector<Estimate> rows);

// tau of the whole run, clean or not: those of windows of age have a place of their own.
[[nodiscard]] inline bool is_tau_of_run(const Estimate& e) { return e.quantity == "tau" && e.abscissa.empty(); }
[[nodiscard]] inline bool is_clean_tau(const Estimate& e) { return is_tau_of_run(e) && e.status == Status::ok; }

// `wanted`, else the fitted tau, in frames of the map, also of a law that is rejected: as a lag it serves; 0 if there
// is none.
[[nodiscard]] double tau_in_frames(const std::optional<analysis::Lag>& wanted, const analysis::ChainResult& result);

}  // namespace vitrum::pipeline
