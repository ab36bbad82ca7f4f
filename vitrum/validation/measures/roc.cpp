#include "vitrum/validation/measures/roc.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/numerics/statistics.hpp"

namespace vitrum::validation {

namespace {

// For each value of `mine` the share of `others` below it, ties half.
std::vector<double> shares_below(const std::vector<double>& mine, const std::vector<double>& others) {
    std::vector<double> out;
    out.reserve(mine.size());
    for (const double v : mine) {
        const auto [first, last] = std::equal_range(others.begin(), others.end(), v);
        const auto below = static_cast<double>(first - others.begin());
        const auto ties = static_cast<double>(last - first);
        out.push_back((below + ties / 2) / static_cast<double>(others.size()));
    }
    return out;
}

double variance_of_mean(const std::vector<double>& x) { return sample_variance(x) / static_cast<double>(x.size()); }

std::vector<double> sorted(const std::vector<double>& x, const char* which) {
    if (x.size() < 2) throw InputError(fmt::format("{} runs {} an event; at least 2", x.size(), which));
    if (std::any_of(x.begin(), x.end(), [](double v) { return std::isnan(v); }))
        throw InputError(fmt::format("a run {} an event has no statistic (NaN)", which));
    auto out = x;
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace

double RocCurve::power_at(double false_alarms) const {
    // The highest point at this rate or below, then the line to the next.
    std::size_t i = 0;
    while (i + 1 < points.size() && points[i + 1].false_alarms <= false_alarms) ++i;
    if (i + 1 == points.size()) return points[i].power;
    const RocPoint& a = points[i];
    const RocPoint& b = points[i + 1];
    return a.power + (b.power - a.power) * (false_alarms - a.false_alarms) / (b.false_alarms - a.false_alarms);
}

RocCurve roc(const std::vector<double>& without, const std::vector<double>& with) {
    const auto absent = sorted(without, "without");
    const auto present = sorted(with, "with");
    RocCurve out;
    out.points.push_back({std::numeric_limits<double>::infinity(), 0, 0});
    auto a = absent.rbegin();
    auto p = present.rbegin();
    while (a != absent.rend() || p != present.rend()) {
        const double threshold = a == absent.rend() ? *p : p == present.rend() ? *a : std::max(*a, *p);
        while (a != absent.rend() && *a >= threshold) ++a;
        while (p != present.rend() && *p >= threshold) ++p;
        out.points.push_back({threshold, static_cast<double>(a - absent.rbegin()) / static_cast<double>(absent.size()),
                              static_cast<double>(p - present.rbegin()) / static_cast<double>(present.size())});
    }
    const auto of_present = shares_below(present, absent);
    const auto of_absent = shares_below(absent, present);
    const double area = mean(of_present);
    const double error = std::sqrt(variance_of_mean(of_present) + variance_of_mean(of_absent));
    constexpr double z = 1.959964;
    out.area = {"roc_area", area, error, area - z * error, area + z * error, absent.size() + present.size()};
    return out;
}

}  // namespace vitrum::validation
