// The slow part of a scattering function: F(t) = f exp(-(t/tau)^beta), Kohlrausch-Williams-Watts, by least squares with
// the errors of the curve and its full jackknife covariance carried through, and the time at which F is 1/e.
//
// This tau is that of F itself; the tau of g2 is the same time where g2 - 1 = contrast |F|^2 and F =
// exp(-(t/tau)^beta).
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/core/estimate/fit_quality.hpp"

namespace vitrum::analysis {

struct RelaxationOptions {
    double min_lag = 0.5e-12;                                  // [s] the fast decay in the cage lies below
    double max_lag = std::numeric_limits<double>::infinity();  // [s]
    double floor = 0.02;  // points from the first at or below it on are not used: noise about 0
    double rejection_level = vitrum::rejection_level;  // of the law's p
};

// tau_SUFFIX [s], stretching_SUFFIX, plateau_SUFFIX (f), efold_time_SUFFIX [s] for suffix self or collective.
// Status: no_data with fewer than 4 points; decay_not_reached where F at the last point used is above f/e, or F never
// reaches 1/e; at_bound for beta at 0.1 or 3 and f at 2; not_resolved where ln tau has a standard error above 1;
// law_rejected where the misfit has p below the level, relaxation_p at abscissa function SUFFIX.
[[nodiscard]] std::vector<Estimate> relaxation(const Curve& curve, const std::string& suffix,
                                               const RelaxationOptions& options = {});

}  // namespace vitrum::analysis
