// Ageing law tau(tw) = tau0 exp(tw/tau*), optionally up to a plateau: tau0 exp(min(tw, tp)/tau*) (Cornet et al. 2023:
// tau0 = 34 s, tau* = 2300 s, plateau after 8000 s). Weighted least squares of ln tau; tp by profiling over the range
// of ages. Errors follow from those of tau, with their covariance where it is known, else from the scatter about the
// law.
#pragma once

#include <vector>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/core/estimate/fit_quality.hpp"

namespace vitrum::analysis {

struct AgeingLawOptions {
    bool plateau = false;
    double rejection_level = vitrum::rejection_level;  // of the law's p
};

// tau: x = age, y = tau > 0 (others are left out), y_error and covariance_factor if known; x_unit and y_unit are kept.
// Rows: ageing_tau0, ageing_rate = 1/tau*, ageing_tau_star = tau* (not_resolved unless the rate's 95 % interval
// excludes 0; its interval is the inverse of the rate's), and with a plateau ageing_plateau_time = tp and
// ageing_plateau = tau there (at_bound if tp runs to either end of the ages: no plateau is seen). Fewer than 2 ages
// with errors, 3 without (plateau: 5): no_data. ageing_p: chi^2 of ln tau about the law, or Hotelling's T^2 under the
// covariance of the points; law_rejected below the level.
[[nodiscard]] std::vector<Estimate> ageing_law(const Curve& tau, const AgeingLawOptions& options = {});

}  // namespace vitrum::analysis
