// Independent sizes of a continuous power law,
//   p(x) = C x^-alpha exp(-x/cutoff),   x_min <= x <= x_max,   alpha > 1
// cutoff = infinity: no exponential cut; x_max = infinity: no upper end. Without a cut by inverse transform,
//   x = x_min [1 - u (1 - r^(1-alpha))]^(-1/(alpha-1)),   r = x_max/x_min
// (r infinite: Pareto's law). With a cut by rejection, which is exact: from the law without it, accepted with
// exp(-(x - x_min)/cutoff), or from the exponential law, accepted with (x/x_min)^-alpha, whichever is accepted more
// often. Counts, whole multiples x = k step with a probability of that form: from the continuous law of x/step up to
// x_max/step + 1, cut to whole numbers and accepted by their true share; exact from k = 1 on.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string>

#include "vitrum/core/data/event_catalogue.hpp"
#include "vitrum/core/stream.hpp"
#include "vitrum/core/truth/labelled.hpp"

namespace vitrum::model {

struct PowerLaw {
    double alpha = 2;                                         // exponent of the density
    double x_min = 1;                                         // smallest size, in the unit of the sizes
    double x_max = std::numeric_limits<double>::infinity();   // largest size
    double cutoff = std::numeric_limits<double>::infinity();  // size at which the density has lost a factor e
    // Not 0: sizes from here to x_min too, with the density exp(-alpha (x/x_min - 1)) against (x/x_min)^-alpha beyond,
    // one curve with one slope at x_min (Clauset, Shalizi, Newman 2009, eq. 3.10). Without cutoff and x_max.
    double body_from = 0;
    double step = 0;  // not 0: counts, whole multiples of it; so are x_min, x_max and body_from
};

// Throws InputError: alpha > 1 (at least 1.06 without x_max and cutoff: sizes beyond 1e308 otherwise), 0 < x_min <
// x_max, positive cutoff, 0 < body_from < x_min where there is a body, and then no cut; step not negative, ends of
// counts its whole multiples (to 1e-6 of a step).
void check(const PowerLaw& law);

// Fills `sizes`, without allocating. Blocks of 4096 sizes have a stream each: the first n sizes are the same however
// many are drawn.
void draw_sizes(const PowerLaw& law, const StreamKey& key, std::span<double> sizes);

// A catalogue of `events` sizes with its truth: power_law_exponent; of a cut size_cutoff, of a body power_law_x_min.
[[nodiscard]] Labelled<EventCatalogue> generate_power_law(const PowerLaw& law, std::size_t events, std::string unit,
                                                          const StreamKey& key);

}  // namespace vitrum::model
