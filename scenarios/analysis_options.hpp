// The [analysis] section: options of the correlation chain, the same for scenarios, analyze and estimate.
#pragma once

#include "analysis/correlation/correlation_chain.hpp"
#include "scenarios/section.hpp"

namespace vitrum::scenarios {

// min_lag, max_lag (frames, or a time as text), weights (scatter, pairs, errors, equal), baseline, beta (fixed values),
// normalisation (symmetric, global, pearson, asymmetric), diagonal (raw, factorial, neighbour_mean, excluded),
// errors (automatic, pixels, formula, bootstrap, frames, independent), block_length of the bootstrap.
// `fallback` supplies what the section leaves out.
[[nodiscard]] analysis::ChainOptions read_chain(Section& section, const analysis::ChainOptions& fallback = {});

// normalisation, diagonal and errors alone.
void read_map_options(Section& section, analysis::ChainOptions& options);

}  // namespace vitrum::scenarios
