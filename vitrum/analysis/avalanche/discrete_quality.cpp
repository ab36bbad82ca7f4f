#include "vitrum/analysis/avalanche/discrete_quality.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

#include "vitrum/analysis/avalanche/discrete_power_law.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/core/stream.hpp"

namespace vitrum::analysis {

namespace {

constexpr double cell_growth = 1.05;
constexpr double last_cell = 0.1;      // sizes expected in it
constexpr double largest_edge = 1e15;  // whole numbers are exact

// Chance of a size from k on, times what the law's normalisation is: sum over i >= k of (i/k_min)^-alpha. Euler and
// Maclaurin's formula alone: k lies well above alpha.
double tail(double alpha, double k, double logarithm) {
    const double a = alpha * (alpha + 1) * (alpha + 2);
    return std::exp(-alpha * logarithm) * (k / (alpha - 1) + 0.5 + alpha / (12 * k) - a / (720 * k * k * k) +
                                           a * (alpha + 3) * (alpha + 4) / (30240 * std::pow(k, 5)));
}

class Cells {
public:
    Cells(double alpha, double k_min, double n) : k_min_(k_min) {
        for (double k = k_min; edges_.size() < 2 || n * survival_at(alpha, k) > last_cell;
             k = std::max(k + 1, std::ceil(k * cell_growth))) {
            edges_.push_back(k);
            logarithms_.push_back(std::log(k / k_min));
            if (k > largest_edge) break;
        }
    }

    // Chance of a size from each edge on.
    void survival(double alpha, std::vector<double>& out) const {
        const double enough = alpha + 10;
        out.resize(edges_.size());
        for (std::size_t j = edges_.size(); j-- > 0;) {
            const double k = edges_[j];
            if (k >= enough) {
                out[j] = tail(alpha, k, logarithms_[j]);
            } else if (j + 1 == edges_.size()) {
                out[j] = discrete_moments(alpha, k).zeta * std::exp(-alpha * logarithms_[j]);
            } else {
                out[j] = out[j + 1] + std::exp(-alpha * logarithms_[j]);
                for (double i = k + 1; i < edges_[j + 1]; ++i) out[j] += std::exp(-alpha * std::log(i / k_min_));
            }
        }
        for (std::size_t j = out.size(); j-- > 0;) out[j] /= out[0];
    }

    [[nodiscard]] std::size_t of(double k) const {
        return static_cast<std::size_t>(std::upper_bound(edges_.begin(), edges_.end(), k) - edges_.begin()) - 1;
    }

    // One size of the law; its cell is counted, the logarithm of k/k_min comes back.
    double draw(double alpha, const std::vector<double>& survival, Stream& stream, std::vector<double>& counts) const {
        const double u = uniform(stream);
        const auto beyond = std::partition_point(survival.begin(), survival.end(), [u](double s) { return s >= u; });
        const auto j = static_cast<std::size_t>(beyond - survival.begin()) - 1;
        counts[j] += 1;
        const double k = edges_[j];
        if (j + 1 == edges_.size()) {
            const double x = (k - 0.5) * std::pow(u / survival[j], -1 / (alpha - 1));
            return std::log(std::max(k, std::min(std::floor(x + 0.5), 1e300)) / k_min_);
        }
        const double width = edges_[j + 1] - k;
        if (width == 1) return logarithms_[j];
        for (;;) {
            const double i = k + std::floor(width * uniform(stream));
            const double logarithm = std::log(i / k);
            if (uniform(stream) <= std::exp(-alpha * logarithm)) return logarithms_[j] + logarithm;
        }
    }

    [[nodiscard]] std::size_t size() const { return edges_.size(); }

private:
    [[nodiscard]] double survival_at(double alpha, double k) const {
        return k > k_min_ ? discrete_survival(alpha, k_min_, k) : 1;
    }
    static double uniform(Stream& stream) { return (static_cast<double>(stream() >> 11U) + 0.5) * 0x1p-53; }

    double k_min_;
    std::vector<double> edges_;
    std::vector<double> logarithms_;  // of edge/k_min
};

double statistic(const std::vector<double>& counts, const std::vector<double>& survival, double n) {
    double sum = 0;
    double seen = 0;
    for (std::size_t j = 0; j + 1 < counts.size(); ++j) {
        seen += counts[j];
        if (survival[j + 1] < 1e-200) break;  // nothing is left beyond
        const double below = 1 - survival[j + 1];
        const double z = seen - n * below;
        sum += z * z * (survival[j] - survival[j + 1]) / (below * survival[j + 1]);
    }
    return sum / n;
}

// alpha at which the mean of ln(k/k_min) is this one; it falls with alpha and its slope is the variance.
double refitted(double alpha, double k_min, double mean) {
    for (int i = 0; i < 60; ++i) {
        const DiscreteMoments m = discrete_moments(alpha, k_min);
        const double next = std::min(alpha + (m.mean - mean) / m.variance, 2 * alpha);
        const double moved = next > 1 ? next : (1 + alpha) / 2;
        if (std::abs(moved - alpha) <= 1e-9 * alpha) return moved;
        alpha = moved;
    }
    return alpha;
}

}  // namespace

FitQuality discrete_quality(std::span<const double> sizes, double k_min, double alpha, double level) {
    constexpr std::size_t fewest_sizes = 5;
    constexpr std::size_t enough = 10;
    constexpr std::size_t first = 100;
    constexpr double far = 4;
    FitQuality q;
    q.errors = "fewer than 5 sizes";
    if (sizes.size() < fewest_sizes) return q;
    const auto n = static_cast<double>(sizes.size());
    const Cells cells(alpha, k_min, n);
    std::vector<double> law;
    cells.survival(alpha, law);
    std::vector<double> counts(cells.size(), 0.0);
    double sum = 0;
    for (const double k : sizes) {
        counts[cells.of(k)] += 1;
        sum += std::log(k / k_min);
    }
    q.chi2 = statistic(counts, law, n);
    q.degrees_of_freedom = n;
    q.errors = "Anderson and Darling, drawn";
    const auto most = level > 0 ? static_cast<std::size_t>(std::clamp(std::ceil(2 / level), 2000.0, 100000.0)) : 2000;
    const double reaches = q.chi2 * (1 - 1e-9);  // the same counts are the same statistic
    std::size_t drawn = 0;
    std::size_t above = 0;
    double largest = 0;
    std::vector<double> own;
    for (std::size_t attempt = 0; drawn < most && attempt < 2 * most; ++attempt) {
        check_interrupt();
        Stream stream({std::bit_cast<std::uint64_t>(sum), cell_id("discrete_power_law"), sizes.size()},
                      Purpose::bootstrap, attempt);
        std::fill(counts.begin(), counts.end(), 0.0);
        double logarithms = 0;
        for (std::size_t i = 0; i < sizes.size(); ++i) logarithms += cells.draw(alpha, law, stream, counts);
        if (!(logarithms > 0)) continue;  // no fit
        cells.survival(refitted(alpha, k_min, logarithms / n), own);
        const double found = statistic(counts, own, n);
        largest = std::max(largest, found);
        ++drawn;
        if (found >= reaches && ++above == enough) {
            q.p = static_cast<double>(enough) / static_cast<double>(drawn);
            return q;
        }
        if (drawn == first && q.chi2 > far * largest) {
            q.p = std::pow(1.0 / (first + 1), q.chi2 / largest);
            return q;
        }
    }
    if (drawn > 0) q.p = static_cast<double>(above + 1) / static_cast<double>(drawn + 1);
    return q;
}

}  // namespace vitrum::analysis
