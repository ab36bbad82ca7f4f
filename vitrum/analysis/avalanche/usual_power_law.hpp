// Exponents of a power law as they are often taken, to see in a study what they are worth beside maximum likelihood:
//   binned       sizes from x_min on counted in bins of equal width in ln x, a straight line through ln(count/width)
//                against the ln of the bins' geometric middles, all bins that are not empty alike; alpha is minus its
//                slope, the error the scatter about the line, Student's interval. Empty bins are left out and bins of
//                one size weigh as much as full ones: both pull the slope (Goldstein, Morris, Yen 2004, Eur. Phys. J. B
//                41, 255; Clauset, Shalizi, Newman 2009, SIAM Rev. 51, 661, appendix A)
//   half_step    counts by the continuous formula from x_min less half a step on, alpha = 1 + n/sum ln(x/(x_min -
//                step/2)) (eq. 3.7 of the latter), error (alpha - 1)/sqrt(n): good from some six steps on; at one step
//                2.02 where 2.5 is true
// Neither tests its law.
#pragma once

#include <vector>

#include "vitrum/core/data/event_catalogue.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

enum class UsualFit { binned, half_step };

struct UsualOptions {
    UsualFit fit = UsualFit::binned;
    double x_min = 1;             // in the unit of the sizes
    double bins_per_decade = 10;  // of binned
    double step = 1;              // of half_step
};

// Rows power_law_exponent (no_data: fewer than three bins or sizes, or all equal to x_min) and power_law_p (no test).
// Throws InputError: a size, x_min, bins_per_decade or step that is not positive and finite; x_min below a step.
[[nodiscard]] std::vector<Estimate> usual_power_law(const EventCatalogue& events, const UsualOptions& options);

}  // namespace vitrum::analysis
