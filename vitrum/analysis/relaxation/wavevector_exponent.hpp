// tau(q) = 1/(c q^alpha): weighted straight line through ln tau against ln q; alpha is minus its slope. A detector
// spans a few per cent in q, over which alpha = 0.36 moves tau by 4 %: the error is part of the answer, and errors of
// tau that the points share (a baseline) are not in it unless their covariance is given.
#pragma once

#include <vector>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/core/estimate/fit_quality.hpp"

namespace vitrum::analysis {

// tau: x = q [1/angstrom] > 0, y = tau [y_unit] > 0 (others are left out), y_error, covariance_factor if known.
// Rows: wavevector_exponent = alpha, wavevector_prefactor = c [angstrom^alpha per unit of tau], interval symmetric in
// ln c, wavevector_p: chi^2 of ln tau about the line; law_rejected below the level. Fewer than 2 different q with
// errors, 3 without: no_data.
[[nodiscard]] std::vector<Estimate> wavevector_exponent(const Curve& tau, double level = rejection_level);

}  // namespace vitrum::analysis
