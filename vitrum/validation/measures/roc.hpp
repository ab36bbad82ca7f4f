// Receiver-operating characteristic of a detector: how often it finds what is there against how often it finds what is
// not, at every threshold.
#pragma once

#include <cstddef>
#include <vector>

#include "vitrum/validation/measures/performance.hpp"

namespace vitrum::validation {

// Something is reported where the statistic is at least `threshold`.
struct RocPoint {
    double threshold = 0;
    double false_alarms = 0;  // share of the runs without that are at or above it
    double power = 0;         // share of the runs with
};

struct RocCurve {
    // From nothing reported (threshold infinite, 0, 0) to everything reported (1, 1), one point for each value seen.
    std::vector<RocPoint> points;
    // Area under it by trapezoids = probability that a run with has the larger statistic, ties counting half (Mann and
    // Whitney 1947); 0.5 = guessing. Its standard error after DeLong, DeLong, Clarke-Pearson 1988, Biometrics 44, 837.
    Measure area;

    // Power at exactly this rate of false alarms, along the straight line between points.
    [[nodiscard]] double power_at(double false_alarms) const;
};

// Statistics of runs without and with an event, larger = more like an event (for a p-value: its negative). Infinite
// values are values. Throws InputError: fewer than 2 runs of either kind, or a NaN.
[[nodiscard]] RocCurve roc(const std::vector<double>& without, const std::vector<double>& with);

}  // namespace vitrum::validation
