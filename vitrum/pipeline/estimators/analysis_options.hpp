// The [analysis] section: options of the correlation chain, the same for scenarios, analyze and estimate.
#pragma once

#include <optional>
#include <string>

#include "vitrum/analysis/chain/correlation_chain.hpp"
#include "vitrum/pipeline/config/section.hpp"

namespace vitrum::pipeline {

// min_lag, max_lag (frames, or a time as text), weights (model, scatter, pairs, errors, equal, covariance), baseline,
// beta (fixed values), intervals (linear, profile), normalisation (symmetric, global, pearson, asymmetric; where the
// data have a `static_map` of regions, or static_regions or qmap name one, also static_map, static_map_time,
// boost_corr), diagonal (raw, factorial, neighbour_mean, excluded), errors (automatic, pixels, formula, bootstrap,
// frames, independent), block_length of the bootstrap, shift_window (frames; adds the rows of pattern_shift over the
// run), heterogeneity (true, false), ages (windows of age; 0 = none) and their cut (centred, forward), rejection_level.
// `fallback` supplies what the section leaves out.
[[nodiscard]] analysis::ChainOptions read_chain(Section& section, const analysis::ChainOptions& fallback = {},
                                                bool static_map = false);

// rejection_level: a law whose p lies below it is rejected.
[[nodiscard]] double read_rejection_level(Section& section, double fallback = rejection_level);

// A lag: a number of frames, or a time as text; nullopt if absent.
[[nodiscard]] std::optional<analysis::Lag> read_lag(Section& section, const std::string& key);

// normalisation, diagonal and errors alone.
void read_map_options(Section& section, analysis::ChainOptions& options, bool static_map = false);

}  // namespace vitrum::pipeline
