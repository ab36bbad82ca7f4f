#include "vitrum/analysis/structure/shells.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace vitrum::analysis {

Shells shells(const Curve& g, double smoothing) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    Shells found{nan, nan, nan};
    if (g.size() < 5) return found;
    std::vector<double> smooth(g.size());
    for (std::size_t i = 0; i < g.size(); ++i) {
        double sum = 0;
        double count = 0;
        for (std::size_t j = i; j < g.size() && g.x[j] - g.x[i] <= smoothing; ++j) sum += g.y[j], count += 1;
        for (std::size_t j = i; j > 0 && g.x[i] - g.x[j - 1] <= smoothing; --j) sum += g.y[j - 1], count += 1;
        smooth[i] = sum / count;
    }
    // The first peak that reaches half the height of the highest: in crystals a later shell may be higher.
    const double half = *std::max_element(smooth.begin(), smooth.end()) / 2;
    std::size_t top = 0;
    while (smooth[top] < half) ++top;
    const double end_of_peak = 1.15 * g.x[top];
    for (std::size_t i = top; i < g.size() && g.x[i] < end_of_peak; ++i)
        if (smooth[i] > smooth[top]) top = i;
    found.first_peak = g.x[top];
    const auto minimum = [&](double low, double high) {
        std::size_t best = g.size();
        for (std::size_t i = 0; i < g.size(); ++i)
            if (g.x[i] >= low && g.x[i] <= high && (best == g.size() || smooth[i] < smooth[best])) best = i;
        if (best == g.size() || best == 0) return nan;
        // The middle of a flat floor, as between the shells of a crystal; outside the range g must not go on falling.
        std::size_t begin = best;
        std::size_t end = best;
        while (begin > 0 && smooth[begin - 1] == smooth[best]) --begin;
        while (end + 1 < g.size() && smooth[end + 1] == smooth[best]) ++end;
        if (begin == 0 || end + 1 == g.size()) return nan;
        if (smooth[begin - 1] < smooth[best] || smooth[end + 1] < smooth[best]) return nan;
        return (g.x[begin] + g.x[end]) / 2;
    };
    found.first_minimum = minimum(1.15 * found.first_peak, 1.75 * found.first_peak);
    found.second_minimum = minimum(1.75 * found.first_peak, 2.5 * found.first_peak);
    return found;
}

}  // namespace vitrum::analysis
