// Statistical checks: differences over standard errors below 5 for every point tested, a false-alarm rate below 1e-6 a
// point and 1e-3 a test.
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "vitrum/analysis/structure/pair_counts.hpp"
#include "vitrum/analysis/structure/pair_distribution.hpp"
#include "vitrum/core/atoms/cell.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/model/atoms/configurations.hpp"

namespace vitrum::analysis {
namespace {

constexpr CellMatrix tilted{30, 6, -5, 0, 28, 7, 0, 0, 26};

Trajectory two_elements(Trajectory t, std::size_t every) {
    t.elements = {"Cu", "Zr"};
    for (std::size_t i = 0; i < t.atoms(); ++i) t.species[i] = i % every == 0 ? 1 : 0;
    return t;
}

TEST(PairDistribution, CountsEqualAllPairsOfAllImages) {
    const Trajectory t = two_elements(model::ideal_gas({9, 3, -2, 0, 8, 3, 0, 0, 7}, 40, 1, {3}), 3);
    const AtomFrame& frame = t.frames[0];
    const double r_max = 9.9;  // above the cell
    const std::size_t bins = 50;
    std::vector<std::uint64_t> naive(3 * bins, 0);  // CuCu, CuZr, ZrZr, each pair twice
    for (std::size_t i = 0; i < t.atoms(); ++i)
        for (std::size_t j = 0; j < t.atoms(); ++j)
            for (int x = -4; x <= 4; ++x)
                for (int y = -4; y <= 4; ++y)
                    for (int z = -4; z <= 4; ++z) {
                        if (i == j && x == 0 && y == 0 && z == 0) continue;
                        Vector3 s{};
                        for (std::size_t k = 0; k < 3; ++k)
                            s[k] = frame.fractional[3 * j + k] - frame.fractional[3 * i + k];
                        const Vector3 r = product(frame.box, {s[0] + x, s[1] + y, s[2] + z});
                        const auto bin = static_cast<std::size_t>(std::hypot(r[0], r[1], r[2]) / r_max * bins);
                        if (bin < bins) ++naive[static_cast<std::size_t>(t.species[i] + t.species[j]) * bins + bin];
                    }
    const auto counts = pair_counts(frame, t.species, 2, r_max, bins);
    for (std::size_t k = 0; k < bins; ++k) {
        EXPECT_EQ(2 * counts[k], naive[k]) << k;
        EXPECT_EQ(2 * (counts[bins + k] + counts[2 * bins + k]), naive[bins + k]) << k;
        EXPECT_EQ(2 * counts[3 * bins + k], naive[2 * bins + k]) << k;
    }
}

TEST(PairDistribution, IdealGasIsOneInATiltedCellAndErrorsHold) {
    const Trajectory t = two_elements(model::ideal_gas(tilted, 400, 60, {5}), 4);
    PairDistributionOptions options;
    options.bin = 0.5;
    options.r_max = 20;  // beyond half the cell: images
    const PairDistribution g = pair_distribution(t, options);
    for (const char* name : {"pair_distribution", "pair_distribution_CuCu", "pair_distribution_CuZr",
                             "pair_distribution_ZrZr", "pair_distribution_xray"}) {
        const Curve& c = curve_named(g.curves, name);
        ASSERT_EQ(c.size(), 40U);
        EXPECT_NE(c.error_method.find("10 blocks of 60 frames"), std::string::npos);
        double chi2 = 0;
        for (std::size_t k = 8; k < c.size(); ++k) chi2 += std::pow((c.y[k] - 1) / c.y_error[k], 2);
        // Squared Student t with 9 degrees of freedom: mean 9/7, variance 2 9^2 8/(7^2 5) = 5.29; 32 points, nearly
        // independent: 41 +- 13; limits at 5 standard deviations above and 2.2 below (the sum is positive and skew).
        EXPECT_LT(chi2, 107) << name;
        EXPECT_GT(chi2, 12) << name;
    }
    EXPECT_NEAR(g.density, 400 / (30.0 * 28 * 26), 1e-12);
    EXPECT_EQ(name(g.like_pairs), "N-1");
    options.like_pairs = LikePairs::n;
    const PairDistribution whole = pair_distribution(t, options);
    EXPECT_NEAR(whole.curves[0].y[30] / g.curves[0].y[30], 399.0 / 400, 1e-12);
}

TEST(PairDistribution, OneFrameHasNoErrors) {
    const PairDistribution g = pair_distribution(model::ideal_gas(tilted, 400, 1, {5}));
    EXPECT_TRUE(g.curves[0].y_error.empty());
    EXPECT_EQ(g.curves[0].error_method, "none: one frame");
}

TEST(PairDistribution, ThomasClustersFollowTheirClosedForm) {
    const double sigma = 1.2;
    const CellMatrix box{32, 6, 0, 0, 32, 5, 0, 0, 32};
    const Trajectory t = model::thomas_clusters(box, 100, 1000, sigma, 100, {8});
    PairDistributionOptions options;
    options.bin = 0.25;
    options.r_max = 12;
    const Curve g = pair_distribution(t, options).curves[0];
    using std::numbers::pi;
    const double parents = 100 / (32.0 * 32 * 32);
    double worst = 0;
    for (std::size_t k = 3; k < g.size(); ++k) {
        // The mean over a bin of 0.25 differs from its middle by less than a thousandth of the peak.
        const double r2 = g.x[k] * g.x[k];
        const double exact =
            1 - 0.01 + std::exp(-r2 / (4 * sigma * sigma)) / (parents * std::pow(4 * pi * sigma * sigma, 1.5));
        worst = std::max(worst, std::abs(g.y[k] - exact) / (g.y_error[k] + 1e-3 * exact));
    }
    EXPECT_LT(worst, 9);  // Student with 9 degrees of freedom: beyond 9 once in 1e5; 45 points
}

TEST(PairDistribution, CrystalShellsHoldTheirNeighbours) {
    const Trajectory fcc = model::lattice(model::Lattice::fcc, 3.6, {4, 4, 4});
    const PairDistribution g = pair_distribution(fcc);
    const Curve& c = g.curves[0];
    const auto neighbours = [&](double low, double high) {
        double sum = 0;
        for (std::size_t k = 0; k < c.size(); ++k)
            if (c.x[k] > low && c.x[k] < high) sum += c.weight[k];
        return 2 * sum / static_cast<double>(fcc.atoms());
    };
    EXPECT_NEAR(neighbours(2, 3), 12, 1e-9);
    EXPECT_NEAR(neighbours(3, 4), 6, 1e-9);
    EXPECT_NEAR(neighbours(4, 4.8), 24, 1e-9);
    EXPECT_NEAR(g.estimates[1].value, 3.6 / std::sqrt(2.0), 0.02);
    // Weighted by x-rays a crystal of one element is itself; "A" is no element.
    EXPECT_THROW((void)curve_named(g.curves, "pair_distribution_xray"), std::out_of_range);
}

TEST(PairDistribution, ThreadsDoNotMatter) {
    const Trajectory t = two_elements(model::thomas_clusters(tilted, 60, 900, 1.5, 12, {8}), 2);
    const auto with = [&](std::size_t threads) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
        return pair_distribution(t);
    };
    const PairDistribution one = with(1);
    const PairDistribution two = with(2);
    for (std::size_t c = 0; c < one.curves.size(); ++c) {
        EXPECT_EQ(one.curves[c].y, two.curves[c].y);
        EXPECT_EQ(one.curves[c].y_error, two.curves[c].y_error);
    }
}

TEST(PairDistribution, BadOptionsAreRefused) {
    const Trajectory t = model::ideal_gas(tilted, 10, 2, {1});
    PairDistributionOptions options;
    options.bin = 0;
    EXPECT_THROW((void)pair_distribution(t, options), InputError);
    options = {};
    options.frames.stride = 0;
    EXPECT_THROW((void)pair_distribution(t, options), InputError);
    options.frames = {2, 1, 0};
    EXPECT_THROW((void)pair_distribution(t, options), InputError);
}

}  // namespace
}  // namespace vitrum::analysis
