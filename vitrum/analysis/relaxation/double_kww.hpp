// Fit of g2 with two decays, the factor 2 and |F|^2 as in kww.hpp:
//   field       baseline + contrast [w exp(-(dt/tau1)^beta1) + (1 - w) exp(-(dt/tau2)^beta2)]^2
//               one field with two independent processes: |F|^2 of F = w F1 + (1 - w) F2
//   intensity   baseline + contrast [w exp(-2 (dt/tau1)^beta1) + (1 - w) exp(-2 (dt/tau2)^beta2)]
//               two populations of speckle whose intensities add (different coherence volumes)
// tau1 < tau2. The two forms give different w of one curve: the form is part of the estimate.
#pragma once

#include <string>
#include <vector>

#include "vitrum/analysis/relaxation/kww.hpp"

namespace vitrum::analysis {

enum class TwoDecays { field, intensity };

struct DoubleKwwOptions {
    KwwOptions kww{};  // range, weights, baseline, contrast; beta is of both decays
    TwoDecays form = TwoDecays::field;
};

struct DoubleKwwFit {
    // fast_share w, tau and beta of either decay, contrast, baseline
    double contrast = not_a_number, share = not_a_number, baseline = not_a_number;
    double tau1 = not_a_number, beta1 = not_a_number, tau2 = not_a_number, beta2 = not_a_number;
    ParameterErrors errors;  // of (contrast, ln tau1, beta1, baseline, w, ln(tau2/tau1), beta2)
    Status status = Status::no_data;
    FitQuality quality;
    double first_lag = 0, last_lag = 0;
    std::size_t points = 0;
    std::string note;
};

// Status rather than numbers where two decays are not told apart:
//   not_resolved       w within two standard errors of 0 or 1 (one decay is enough), ln(tau2/tau1) within two of
//   ln 1.5,
//                      ln of either tau uncertain by more than 1, or the fast decay over before the second lag
//   decay_not_reached  more than 5 % of the slow decay left at the last lag, for tau2 two errors longer
//   at_bound           a parameter at the edge of what can be meant (beta at 0.1 or 3, w at 0 or 1)
//   law_rejected       none of these, and p of the misfit (fit_test.hpp) lies below the level
[[nodiscard]] DoubleKwwFit fit_double_kww(const Curve& g2, const DoubleKwwOptions& options = {});

// tau_fast, tau_slow, beta_fast, beta_slow, fast_share, contrast, baseline, double_kww_p.
[[nodiscard]] std::vector<Estimate> estimates_of(const DoubleKwwFit& fit, const std::string& time_unit);

}  // namespace vitrum::analysis
