#include "vitrum/analysis/correlation/g2.hpp"

#include <algorithm>
#include <cmath>

#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

Curve g2_values(const TwoTimeMap& map) {
    Curve g2;
    g2.name = "g2";
    g2.x_name = "lag";
    g2.x_unit = map.time_unit;
    g2.y_name = "g2";
    const std::size_t n = map.frames;
    for (std::size_t lag = 1; lag < n; ++lag) {
        double sum = 0;
        double squares = 0;  // about 1, where C is near
        std::size_t pairs = 0;
        for (std::size_t t = 0; t + lag < n; ++t) {
            const double c = map(t, t + lag);
            if (std::isnan(c)) continue;
            sum += c;
            squares += (c - 1) * (c - 1);
            ++pairs;
        }
        g2.x.push_back(static_cast<double>(lag) * map.frame_time);
        g2.y.push_back(pairs > 0 ? sum / static_cast<double>(pairs) : not_a_number);
        g2.weight.push_back(static_cast<double>(pairs));
        const double shift = g2.y.back() - 1;
        g2.scatter.push_back(std::sqrt(std::max(0.0, squares / static_cast<double>(pairs) - shift * shift)));
    }
    return g2;
}

}  // namespace vitrum::analysis
