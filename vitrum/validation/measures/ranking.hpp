// Ranks of methods by a loss on the same data sets, with the noise of a finite number of data sets: ranks that this
// noise leaves open are tied.
#pragma once

#include <cstddef>
#include <vector>

#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::validation {

// Score of an interval at `level` = 1 - a: (upper - lower) + (2/a) (lower - truth) if the truth lies below it,
// + (2/a) (truth - upper) if above. Small is good; its mean is smallest for the true central interval, so that neither
// wide nor overconfident intervals pay. Gneiting and Raftery 2007, J. Am. Stat. Assoc. 102, 359, equation 43.
[[nodiscard]] double interval_score(double lower, double upper, double truth, double level);

// Mean of loss[b] - loss[a] over the data sets where both are numbers.
struct PairedLoss {
    std::size_t a = 0, b = 0;
    std::size_t common = 0;
    double difference = not_a_number;
    double mcse = not_a_number;  // standard deviation of the differences / sqrt(common)
    double p = 1;                // two-sided, Student's t with common - 1 degrees of freedom
    bool decided = false;        // with Holm's correction over all pairs
};

struct RankedMethod {
    std::size_t method = 0;
    // 1 + the number of methods that are better for certain, and the number of all less those that are worse for
    // certain. Equal if the rank is settled. Together they hold all true ranks with probability 1 - false_alarms.
    std::size_t best = 1, worst = 1;
    std::size_t data_sets = 0;
    double mean = not_a_number;  // of its loss
    double mcse = not_a_number;
};

struct Ranking {
    std::vector<RankedMethod> order;  // by best rank, then by worst, then by mean loss
    std::vector<PairedLoss> pairs;    // of the methods in `order`
};

// loss[method][data set], NaN = none. Methods with fewer than two losses are left out. A pair with fewer than
// `least_common` data sets in common is never decided. Throws std::logic_error if the lengths differ.
inline constexpr std::size_t least_common = 10;
[[nodiscard]] Ranking rank_by_loss(const std::vector<std::vector<double>>& loss, double false_alarms = 0.05);

}  // namespace vitrum::validation
