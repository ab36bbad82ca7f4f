#include "vitrum/validation/measures/ranking.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <tuple>

#include <boost/math/distributions/students_t.hpp>

#include "vitrum/core/numerics/statistics.hpp"

namespace vitrum::validation {

namespace {

struct MeanOf {
    std::size_t n = 0;
    double mean = not_a_number;
    double error = not_a_number;
};

MeanOf mean_of(const std::vector<double>& values) { return {values.size(), mean(values), spread_of(values).error()}; }

PairedLoss compare(const std::vector<std::vector<double>>& loss, std::size_t a, std::size_t b) {
    std::vector<double> differences;
    for (std::size_t i = 0; i < loss[a].size(); ++i)
        if (std::isfinite(loss[a][i]) && std::isfinite(loss[b][i])) differences.push_back(loss[b][i] - loss[a][i]);
    const MeanOf m = mean_of(differences);
    PairedLoss pair{a, b, m.n, m.mean, m.error, 1, false};
    if (m.n < least_common || m.mean == 0) return pair;
    if (m.error == 0) {
        pair.p = 0;  // every difference is the same
        return pair;
    }
    const boost::math::students_t student(static_cast<double>(m.n - 1));
    pair.p = 2 * boost::math::cdf(boost::math::complement(student, std::abs(m.mean) / m.error));
    return pair;
}

// Holm 1979: the k-th smallest of m p-values is held against false_alarms/(m - k + 1), up to the first that fails.
void decide(std::vector<PairedLoss>& pairs, double false_alarms) {
    std::vector<PairedLoss*> order;
    for (auto& pair : pairs) order.push_back(&pair);
    std::stable_sort(order.begin(), order.end(), [](const auto* x, const auto* y) { return x->p < y->p; });
    for (std::size_t k = 0; k < order.size(); ++k) {
        if (!(order[k]->p <= false_alarms / static_cast<double>(order.size() - k))) return;
        order[k]->decided = true;
    }
}

}  // namespace

double interval_score(double lower, double upper, double truth, double level) {
    const double per_miss = 2 / (1 - level);
    return (upper - lower) + per_miss * (std::max(lower - truth, 0.0) + std::max(truth - upper, 0.0));
}

Ranking rank_by_loss(const std::vector<std::vector<double>>& loss, double false_alarms) {
    Ranking ranking;
    for (std::size_t m = 0; m < loss.size(); ++m) {
        if (loss[m].size() != loss.front().size()) throw std::logic_error("losses of different lengths");
        std::vector<double> own;
        std::copy_if(loss[m].begin(), loss[m].end(), std::back_inserter(own),
                     [](double v) { return std::isfinite(v); });
        const MeanOf mean = mean_of(own);
        if (mean.n >= 2) ranking.order.push_back({m, 1, 1, mean.n, mean.mean, mean.error});
    }
    auto& order = ranking.order;
    for (std::size_t i = 0; i < order.size(); ++i)
        for (std::size_t k = i + 1; k < order.size(); ++k)
            ranking.pairs.push_back(compare(loss, order[i].method, order[k].method));
    decide(ranking.pairs, false_alarms);
    for (auto& own : order) {
        own.worst = order.size();
        for (const auto& pair : ranking.pairs) {
            if (!pair.decided || (pair.a != own.method && pair.b != own.method)) continue;
            const bool is_better = (pair.a == own.method) == (pair.difference > 0);
            if (is_better)
                --own.worst;
            else
                ++own.best;
        }
    }
    std::stable_sort(order.begin(), order.end(), [](const RankedMethod& x, const RankedMethod& y) {
        return std::tie(x.best, x.worst, x.mean) < std::tie(y.best, y.worst, y.mean);
    });
    return ranking;
}

}  // namespace vitrum::validation
