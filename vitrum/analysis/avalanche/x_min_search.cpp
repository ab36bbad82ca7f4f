#include "vitrum/analysis/avalanche/x_min_search.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "vitrum/analysis/avalanche/discrete_power_law.hpp"
#include "vitrum/core/error.hpp"

namespace vitrum::analysis {

namespace {

// Sizes in rising order, each distinct one with what lies below it. Of discrete sizes the multiples of the step.
struct Sorted {
    std::vector<double> value;       // distinct
    std::vector<double> logarithm;   // of value
    std::vector<std::size_t> below;  // sizes below value[i]; one more entry: all
    std::vector<double> log_sum;     // of the logarithms of all sizes from value[i] on

    [[nodiscard]] std::size_t tail(std::size_t i) const { return below.back() - below[i]; }
};

Sorted sorted(std::span<const double> sizes, double step) {
    std::vector<double> x(sizes.begin(), sizes.end());
    for (std::size_t i = 0; i < x.size(); ++i) {
        expect_size(x[i], i);
        if (!(step > 0)) continue;
        const double k = std::nearbyint(x[i] / step);
        if (k < 1 || std::abs(x[i] / step - k) > 1e-6)
            throw InputError(fmt::format("size {} of event {} is no whole multiple of the step {}", x[i], i + 1, step));
        x[i] = k;
    }
    std::sort(x.begin(), x.end());
    Sorted s;
    std::vector<std::size_t> count;
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (i > 0 && x[i] == x[i - 1]) {
            ++count.back();
            continue;
        }
        s.value.push_back(x[i]);
        s.logarithm.push_back(std::log(x[i]));
        s.below.push_back(i);
        count.push_back(1);
    }
    s.below.push_back(x.size());
    s.log_sum.resize(s.value.size());
    double sum = 0;
    for (std::size_t i = s.value.size(); i-- > 0;) s.log_sum[i] = sum += static_cast<double>(count[i]) * s.logarithm[i];
    return s;
}

// The law of the sizes from candidate i on, and how far they are from it at a size.
class Candidate {
public:
    Candidate(const Sorted& s, std::size_t i, const XMinOptions& options)
        : s_(s), i_(i), n_(static_cast<double>(s.tail(i))), discrete_(options.step > 0), ties_(options.ties) {
        const double sum = s.log_sum[i] - n_ * s.logarithm[i];
        if (!(sum > 0)) return;
        if (!discrete_) {
            alpha_ = 1 + n_ / sum;
            return;
        }
        alpha_ = discrete_alpha(sum / n_, s.value[i]);
    }
    [[nodiscard]] bool usable() const { return std::isfinite(alpha_); }
    [[nodiscard]] double alpha() const { return alpha_; }
    // At distinct size j >= i.
    [[nodiscard]] double distance(std::size_t j) const {
        const double under = share(j);
        const double up_to = share(j + 1);
        double law_under = 0;
        double law_up_to = 0;
        if (discrete_) {
            if (ties_ != Ties::up_to) law_under = 1 - discrete_survival(alpha_, s_.value[i_], s_.value[j]);
            if (ties_ != Ties::below) law_up_to = 1 - discrete_survival(alpha_, s_.value[i_], s_.value[j] + 1);
        } else {
            law_under = law_up_to = -std::expm1((1 - alpha_) * (s_.logarithm[j] - s_.logarithm[i_]));
        }
        double largest = 0;
        if (ties_ != Ties::up_to) largest = std::abs(law_under - under);
        if (ties_ != Ties::below) largest = std::max(largest, std::abs(law_up_to - up_to));
        return largest;
    }

private:
    [[nodiscard]] double share(std::size_t j) const { return static_cast<double>(s_.below[j] - s_.below[i_]) / n_; }

    const Sorted& s_;
    std::size_t i_;
    double n_;
    bool discrete_;
    Ties ties_;
    double alpha_ = not_a_number;
};

// Far apart first: a size that shows a large distance is found soon.
std::vector<std::size_t> scattered(std::size_t n) {
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::uint64_t state = 0x9e3779b97f4a7c15ULL;
    for (std::size_t i = n; i > 1; --i) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        std::swap(order[i - 1], order[static_cast<std::size_t>((state >> 33) % i)]);
    }
    return order;
}

// Sizes at which candidates failed last.
class Witnesses {
public:
    void add(std::size_t j) {
        if (const auto at = std::find(places_.begin(), places_.end(), j); at != places_.end())
            places_.erase(at);
        else if (places_.size() == most)
            places_.pop_back();
        places_.insert(places_.begin(), j);
    }
    [[nodiscard]] const std::vector<std::size_t>& all() const { return places_; }

private:
    static constexpr std::size_t most = 24;
    std::vector<std::size_t> places_;
};

}  // namespace

XMin find_x_min(std::span<const double> sizes, const XMinOptions& options) {
    const Sorted s = sorted(sizes, options.step);
    const std::size_t fewest = std::max<std::size_t>(3, options.fewest);
    std::size_t candidates = 0;
    while (candidates < s.value.size() && s.tail(candidates) >= fewest) ++candidates;
    XMin best;
    std::size_t best_at = candidates;
    const std::vector<std::size_t> order = scattered(s.value.size());
    Witnesses witnesses;
    // Worse, or as good and not the first.
    const auto beaten = [&](double distance, std::size_t i) {
        return distance > best.distance || (distance == best.distance && i > best_at);
    };
    for (const std::size_t i : order) {
        if (i >= candidates) continue;
        const Candidate candidate(s, i, options);
        if (!candidate.usable()) continue;
        ++best.candidates;
        bool fails = false;
        for (const std::size_t j : witnesses.all())
            if (j >= i && beaten(candidate.distance(j), i)) {
                fails = true;
                witnesses.add(j);
                break;
            }
        if (fails) continue;
        double largest = 0;
        std::size_t where = i;
        for (const std::size_t j : order) {
            if (j < i) continue;
            const double d = candidate.distance(j);
            if (d > largest) {
                largest = d;
                where = j;
            }
            if (best_at < candidates && beaten(largest, i)) break;
        }
        witnesses.add(where);
        if (best_at < candidates && beaten(largest, i)) continue;
        best_at = i;
        best.distance = largest;
        best.alpha = candidate.alpha();
        best.tail = s.tail(i);
        best.x_min = s.value[i] * (options.step > 0 ? options.step : 1);
    }
    return best;
}

XMin distance_at(std::span<const double> sizes, double x_min, const XMinOptions& options) {
    const Sorted s = sorted(sizes, options.step);
    const double from = options.step > 0 ? std::ceil(x_min / options.step - 1e-6) : x_min;
    const auto at = std::lower_bound(s.value.begin(), s.value.end(), from);
    XMin out;
    if (at == s.value.end() || *at != from) return out;
    const auto i = static_cast<std::size_t>(at - s.value.begin());
    const Candidate candidate(s, i, options);
    if (!candidate.usable()) return out;
    out.x_min = x_min;
    out.alpha = candidate.alpha();
    out.tail = s.tail(i);
    out.candidates = 1;
    out.distance = 0;
    for (std::size_t j = i; j < s.value.size(); ++j) out.distance = std::max(out.distance, candidate.distance(j));
    return out;
}

}  // namespace vitrum::analysis
