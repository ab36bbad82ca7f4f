// The smallest value of a function of one variable that may have several minima: on a grid first, then by Brent's
// method in the cells beside the best point.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include <boost/math/tools/minima.hpp>

namespace vitrum {

// Where f is smallest between low and high. f may be infinite where it makes no sense, but not NaN.
template <class F>
[[nodiscard]] double minimise(F&& f, double low, double high, int cells) {
    const double step = (high - low) / cells;
    double best = low;
    double value = std::numeric_limits<double>::infinity();
    for (int i = 0; i <= cells; ++i)
        if (const double v = f(low + i * step); v < value) {
            value = v;
            best = low + i * step;
        }
    constexpr int bits = 26;  // half of a double's: what a minimum can be told to
    std::uintmax_t most = 100;
    const auto [at, least] =
        boost::math::tools::brent_find_minima(f, std::max(low, best - step), std::min(high, best + step), bits, most);
    return least <= value ? at : best;
}

}  // namespace vitrum
