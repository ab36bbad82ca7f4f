// The search for x_min against comparing every candidate with every size, in the same run.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <vector>

#include "vitrum/analysis/avalanche/x_min_search.hpp"
#include "vitrum/core/stream.hpp"
#include "vitrum/core/uniform.hpp"

namespace {

using vitrum::analysis::XMin;
using vitrum::analysis::XMinOptions;

double seconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::vector<double> pareto(std::size_t n) {
    vitrum::Stream stream({1, vitrum::cell_id("x_min benchmark"), n}, vitrum::Purpose::test, 0);
    std::vector<double> x(n);
    for (double& v : x) v = std::pow(vitrum::uniform(stream), -1 / 1.5);
    return x;
}

// Distance of sorted distinct sizes from the i-th on, as one would write it.
double naive_distance(const std::vector<double>& logarithm, const std::vector<double>& sum, std::size_t i) {
    const auto n = static_cast<double>(logarithm.size() - i);
    const double slope = n / (sum[i] - n * logarithm[i]);
    double largest = 0;
    for (std::size_t j = i; j < logarithm.size(); ++j) {
        const double law = 1 - std::exp(-slope * (logarithm[j] - logarithm[i]));
        largest = std::max(largest, std::abs(law - static_cast<double>(j - i) / n));
    }
    return largest;
}

}  // namespace

int main() {
    const XMinOptions options;
    for (const std::size_t n : {2000U, 20000U, 200000U}) {
        const std::vector<double> x = pareto(n);
        auto begin = std::chrono::steady_clock::now();
        const XMin fast = vitrum::analysis::find_x_min(x, options);
        const double search = seconds_since(begin);
        // One candidate in so many of the naive search, and the whole from them.
        const std::size_t every = n / 200;
        std::size_t done = 0;
        double least = 2;
        std::vector<double> logarithm;
        for (const double v : x) logarithm.push_back(std::log(v));
        std::sort(logarithm.begin(), logarithm.end());
        std::vector<double> sum(n + 1, 0.0);
        for (std::size_t i = n; i-- > 0;) sum[i] = sum[i + 1] + logarithm[i];
        begin = std::chrono::steady_clock::now();
        for (std::size_t i = 0; i + options.fewest <= n; i += every, ++done)
            least = std::min(least, naive_distance(logarithm, sum, i));
        const double naive = seconds_since(begin) / static_cast<double>(done) * static_cast<double>(fast.candidates);
        if (!(least >= fast.distance * (1 - 1e-9))) {
            std::fprintf(stderr, "x_min_search: a candidate is nearer than the one found\n");
            return 1;
        }
        std::printf("%zu sizes: %.4f s, x_min %.4g, D %.4g; all pairs %.3g s (from %zu candidates), ratio %.3g\n", n,
                    search, fast.x_min, fast.distance, naive, done, naive / search);
    }
    std::vector<double> x = pareto(20000);
    for (std::size_t i = 0; i < x.size(); i += 2)
        x[i] = 1 + 2 * (static_cast<double>(i) + 1) / static_cast<double>(x.size());
    vitrum::analysis::SearchedOptions goodness;
    goodness.replicates = 2500;
    const auto begin = std::chrono::steady_clock::now();
    const auto fit = vitrum::analysis::searched_power_law(x, goodness);
    std::printf("p of 20000 sizes from 2500 replicates: %.3g in %.1f s\n", fit.quality.p, seconds_since(begin));
    return 0;
}
