#include "vitrum/analysis/diffraction/structure_factor.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "vitrum/analysis/structure/pair_distribution.hpp"
#include "vitrum/core/atoms/cell.hpp"
#include "vitrum/core/atoms/density_modes.hpp"
#include "vitrum/core/atoms/form_factors.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/model/atoms/configurations.hpp"

namespace vitrum::analysis {
namespace {

constexpr CellMatrix tilted{30, 6, -5, 0, 28, 7, 0, 0, 26};

// Largest distance from the truth in standard errors, and their mean square.
template <class Truth>
std::pair<double, double> pulls(const Curve& c, Truth&& truth) {
    double worst = 0;
    double sum = 0;
    for (std::size_t k = 0; k < c.size(); ++k) {
        const double z = (c.y[k] - truth(c.x[k])) / c.y_error[k];
        worst = std::max(worst, std::abs(z));
        sum += z * z;
    }
    return {worst, sum / static_cast<double>(c.size())};
}

StructureFactorOptions to(double q_high, double bin = 0.2) {
    StructureFactorOptions options;
    options.q_high = q_high;
    options.q_bin = bin;
    return options;
}

TEST(StructureFactor, IdealGasIsOneAndItsIntensitiesAreExponential) {
    const Trajectory t = model::ideal_gas(tilted, 300, 40, {21});
    const Curve s = structure_factor(t, to(5)).curves[0];
    const auto [worst, mean] = pulls(s, [](double) { return 1.0; });
    // Some 25 bins of up to 100 wavevectors, the lowest of few: a Student variable with n - 1 degrees of freedom.
    EXPECT_LT(worst, 12);
    EXPECT_LT(mean, 4);
    // |rho|^2/N is exponential: mean 1, mean square 2 (less 1/N). 40 frames of some 400 independent wavevectors:
    // standard errors 1/sqrt(16000) = 0.008 and sqrt(20/16000) = 0.035; limits at 5 of them.
    const auto vectors = wavevectors(tilted, 0.3, 2.0);
    const auto modes = density_modes(t.frames, t.species, 1, vectors);
    double first = 0;
    double second = 0;
    for (const auto& m : modes) {
        const double i = std::norm(m) / 300;
        first += i / static_cast<double>(modes.size());
        second += i * i / static_cast<double>(modes.size());
    }
    EXPECT_GT(modes.size(), 10000U);
    EXPECT_NEAR(first, 1, 0.04);
    EXPECT_NEAR(second, 2 - 1.0 / 300, 0.18);
}

TEST(StructureFactor, ThomasClustersFollowTheirClosedForm) {
    const double sigma = 1.2;
    const Trajectory t = model::thomas_clusters(tilted, 100, 600, sigma, 60, {4});
    const Curve s = structure_factor(t, to(4)).curves[0];
    const auto [worst, mean] = pulls(s, [&](double q) { return 1 + 5.99 * std::exp(-q * q * sigma * sigma); });
    EXPECT_LT(worst, 12);
    EXPECT_LT(mean, 4);
    EXPECT_GT(s.y[0], 4);
}

TEST(StructureFactor, PerturbedLatticeFollowsItsClosedForm) {
    const double sigma = 0.35;
    const Trajectory crystal = model::lattice(model::Lattice::fcc, 4, {5, 5, 5});
    const Trajectory t = model::perturbed(crystal, sigma, 40, {4});
    // Away from Bragg peaks S = 1 - exp(-q^2 sigma^2), at (111) exp(-q^2 sigma^2) N is added.
    const auto vectors = wavevectors(t.frames[0].box, 0.2, 4);
    const auto modes = density_modes(t.frames, t.species, 1, vectors);
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t v = 0; v < vectors.size(); ++v) {
        double s = 0;
        for (std::size_t f = 0; f < 40; ++f) s += std::norm(modes[f * vectors.size() + v]) / 500 / 40;
        const double w = std::exp(-std::pow(vectors[v].q * sigma, 2));
        const auto& n = vectors[v].n;
        const bool bragg = n[0] % 5 == 0 && n[1] % 5 == 0 && n[2] % 5 == 0 && (n[0] / 5 + n[1] / 5) % 2 == 0 &&
                           (n[0] / 5 + n[2] / 5) % 2 == 0;
        if (bragg) {
            // Amplitude N sqrt(w) with relative error of order sqrt((1 - w)/(w N 40)).
            EXPECT_NEAR(s, 1 - w + 500 * w, 500 * w * 12 * std::sqrt((1 - w) / (w * 500 * 40))) << vectors[v].q;
            ++count;
        } else {
            sum += s / (1 - w);
        }
    }
    EXPECT_GT(count, 4U);
    const auto rest = static_cast<double>(vectors.size() - count);
    EXPECT_NEAR(sum / rest, 1, 5 / std::sqrt(rest * 40));  // exponential: standard error 1/sqrt(number)
}

TEST(StructureFactor, PartialsObeyTheirSumRules) {
    Trajectory t = model::thomas_clusters(tilted, 60, 400, 1.5, 10, {8});
    t.elements = {"Cu", "Zr"};
    for (std::size_t i = 0; i < 400; ++i) t.species[i] = i % 4 == 0 ? 1 : 0;
    const StructureFactor s = structure_factor(t, to(3));
    const auto at = [&](const char* name) -> const Curve& { return curve_named(s.curves, name); };
    const double c = 0.75;
    const double d = 0.25;
    for (std::size_t k = 0; k < s.curves[0].size(); ++k) {
        const double total = c * at("structure_factor_AL_CuCu").y[k] + d * at("structure_factor_AL_ZrZr").y[k] +
                             2 * std::sqrt(c * d) * at("structure_factor_AL_CuZr").y[k];
        EXPECT_NEAR(total, s.curves[0].y[k], 1e-10);
        const double faber = 1 + c * c * (at("structure_factor_FZ_CuCu").y[k] - 1) +
                             d * d * (at("structure_factor_FZ_ZrZr").y[k] - 1) +
                             2 * c * d * (at("structure_factor_FZ_CuZr").y[k] - 1);
        EXPECT_NEAR(faber, s.curves[0].y[k], 1e-10);
    }
    // The x-ray total from the Faber-Ziman partials; their weights change little within a bin.
    for (std::size_t k = 0; k < s.curves[0].size(); ++k) {
        const double q = s.curves[0].x[k];
        const double fc = c * copper(q);
        const double fz = d * zirconium(q);
        const double sum = fc + fz;
        const double xray =
            (fc * fc * at("structure_factor_FZ_CuCu").y[k] + fz * fz * at("structure_factor_FZ_ZrZr").y[k] +
             2 * fc * fz * at("structure_factor_FZ_CuZr").y[k]) /
            (sum * sum);
        EXPECT_NEAR(at("structure_factor_xray").y[k], xray, 2e-3);
    }
}

// Random sequential addition of spheres of diameter d: a liquid-like configuration with a hole and a shell in g(r).
Trajectory hard_core(const CellMatrix& box, std::size_t tried, double d, std::uint64_t seed) {
    Trajectory gas = model::ideal_gas(box, tried, 1, {seed});
    std::vector<bool> dead(tried, false);
    for (std::size_t i = 0; i < tried; ++i)
        for (std::size_t j = 0; j < i; ++j) {
            Vector3 s{};
            for (std::size_t k = 0; k < 3; ++k)
                s[k] = gas.frames[0].fractional[3 * i + k] - gas.frames[0].fractional[3 * j + k];
            const Vector3 r = shortest_image(box, s);
            if (!dead[j] && std::hypot(r[0], r[1], r[2]) < d) dead[i] = true;
        }
    Trajectory kept =
        model::ideal_gas(box, static_cast<std::size_t>(std::count(dead.begin(), dead.end(), false)), 1, {1});
    std::size_t place = 0;
    for (std::size_t i = 0; i < tried; ++i)
        if (!dead[i])
            for (std::size_t k = 0; k < 3; ++k)
                kept.frames[0].fractional[place++] = gas.frames[0].fractional[3 * i + k];
    return kept;
}

TEST(StructureFactor, DirectAndTransformAgreeOnALiquidLikeConfiguration) {
    // Random sequential packing of spheres of diameter 3 at about a third of space, in a tilted cell.
    const Trajectory t = hard_core(tilted, 6000, 3.0, 17);
    EXPECT_GT(t.atoms(), 420U);
    StructureFactorOptions options = to(8, 0.4);
    options.q_low = 0.8;
    options.most_per_bin = 0;
    const Curve direct = structure_factor(t, options).curves[0];
    TransformedStructureFactorOptions transform;
    transform.transform.window = Window::none;
    const Curve other = transformed_structure_factor(t, transform).curves[0];
    double sum = 0;
    for (std::size_t k = 0; k < direct.size(); ++k) {
        const auto next =
            static_cast<std::size_t>(std::lower_bound(other.x.begin(), other.x.end(), direct.x[k]) - other.x.begin());
        const double u = (direct.x[k] - other.x[next - 1]) / (other.x[next] - other.x[next - 1]);
        const double s = (1 - u) * other.y[next - 1] + u * other.y[next];
        sum += std::pow(s - direct.y[k], 2);
        // One configuration: the same pairs, but cut at half the cell. Noise of the cut is of the size of the error.
        EXPECT_NEAR(s, direct.y[k], 0.12) << direct.x[k];
    }
    EXPECT_LT(std::sqrt(sum / static_cast<double>(direct.size())), 0.05);
    const auto top = std::max_element(direct.y.begin(), direct.y.end()) - direct.y.begin();
    EXPECT_NEAR(direct.x[static_cast<std::size_t>(top)], 2.3, 0.4);
    EXPECT_GT(direct.y[static_cast<std::size_t>(top)], 1.2);
}

TEST(StructureFactor, FewVectorsPerBinAgreeWithAll) {
    const Trajectory t = model::thomas_clusters(tilted, 60, 300, 1.5, 20, {8});
    StructureFactorOptions options = to(3);
    options.most_per_bin = 0;
    const Curve all = structure_factor(t, options).curves[0];
    options.most_per_bin = 40;
    const Curve few = structure_factor(t, options).curves[0];
    ASSERT_EQ(all.size(), few.size());
    EXPECT_GT(all.weight.back(), 200);
    for (std::size_t k = 0; k < all.size(); ++k) {
        EXPECT_LE(few.weight[k], 41);
        EXPECT_GE(all.weight[k], 3);
        EXPECT_NEAR(few.y[k], all.y[k], 6 * few.y_error[k] + 1e-12);
    }
}

TEST(StructureFactor, ChangingCellsKeepTheirWholeNumbers) {
    // A crystal that is compressed: S at (111) stays N, at the mean q.
    Trajectory t = model::lattice(model::Lattice::fcc, 4, {4, 4, 4});
    t.frames.push_back(t.frames[0]);
    for (double& h : t.frames[1].box) h *= 0.98;
    StructureFactorOptions options = to(3, 0.02);
    options.most_per_bin = 0;
    const Curve s = structure_factor(t, options).curves[0];
    const auto top = static_cast<std::size_t>(std::max_element(s.y.begin(), s.y.end()) - s.y.begin());
    const double q111 = 2 * std::numbers::pi / 4 * std::sqrt(3.0);
    EXPECT_NEAR(s.x[top], q111 * (1 + 1 / 0.98) / 2, 0.02);
}

TEST(StructureFactor, ThreadsDoNotMatter) {
    for (const std::size_t frames : {std::size_t{1}, std::size_t{20}}) {
        const Trajectory t = model::thomas_clusters(tilted, 60, 300, 1.5, frames, {8});
        const auto with = [&](std::size_t threads) {
            const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
            return structure_factor(t, to(5)).curves[0];
        };
        const Curve one = with(1);
        const Curve two = with(2);
        EXPECT_EQ(one.y, two.y);
        EXPECT_EQ(one.y_error, two.y_error);
    }
}

TEST(StructureFactor, BadOptionsAreRefused) {
    const Trajectory t = model::ideal_gas(tilted, 10, 2, {1});
    EXPECT_THROW((void)structure_factor(t, to(0.01)), InputError);
    EXPECT_THROW((void)structure_factor(t, to(-1)), InputError);
    EXPECT_THROW((void)structure_factor(t, to(3, 0)), InputError);
}

}  // namespace
}  // namespace vitrum::analysis
