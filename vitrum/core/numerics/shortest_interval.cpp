#include "vitrum/core/numerics/shortest_interval.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace vitrum {

double shortest_interval(std::vector<double>& values, double share) {
    if (!std::is_sorted(values.begin(), values.end())) std::sort(values.begin(), values.end());
    const auto held = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size()) - 1e-9));
    double width = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; held > 0 && i + held <= values.size(); ++i)
        width = std::min(width, values[i + held - 1] - values[i]);
    return width;
}

}  // namespace vitrum
