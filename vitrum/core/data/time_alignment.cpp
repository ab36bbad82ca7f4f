#include "vitrum/core/data/time_alignment.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace vitrum {

std::vector<double> aligned(const TimeSeries& trace, const FrameClock& clock) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    constexpr double longest_gap = 3;  // median sampling times
    std::vector<std::pair<double, double>> samples;
    for (std::size_t i = 0; i < std::min(trace.time.size(), trace.value.size()); ++i)
        if (std::isfinite(trace.time[i]) && std::isfinite(trace.value[i]))
            samples.emplace_back(trace.time[i], trace.value[i]);
    std::stable_sort(samples.begin(), samples.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<double> steps;
    for (std::size_t i = 1; i < samples.size(); ++i) steps.push_back(samples[i].first - samples[i - 1].first);
    double gap = 0;
    if (!steps.empty()) {
        const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
        std::nth_element(steps.begin(), middle, steps.end());
        gap = longest_gap * *middle;
    }
    std::vector<double> values(clock.frames, nan);
    const auto earlier = [](const std::pair<double, double>& sample, double t) { return sample.first < t; };
    for (std::size_t f = 0; f < clock.frames; ++f) {
        const double begin = clock.first + static_cast<double>(f) * clock.frame_time;
        const double end = begin + clock.exposure;
        auto at = std::lower_bound(samples.begin(), samples.end(), begin, earlier);
        double sum = 0;
        double count = 0;
        for (auto inside = at; inside != samples.end() && inside->first <= end; ++inside) {
            sum += inside->second;
            count += 1;
        }
        if (count > 0) {
            values[f] = sum / count;
            continue;
        }
        const double middle = (begin + end) / 2;
        if (at == samples.begin() || at == samples.end()) continue;
        const auto& [t1, v1] = *at;
        const auto& [t0, v0] = *std::prev(at);
        if (t1 - t0 > gap) continue;
        values[f] = v0 + (v1 - v0) * (middle - t0) / (t1 - t0);
    }
    return values;
}

}  // namespace vitrum
