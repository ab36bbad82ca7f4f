// Contrast from photon statistics, Siegert inversion and the wavevector exponent.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/analysis/test_fields.hpp"
#include "tests/analysis/test_series.hpp"
#include "tests/message_of.hpp"
#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/analysis/relaxation/siegert.hpp"
#include "vitrum/analysis/relaxation/wavevector_exponent.hpp"
#include "vitrum/analysis/speckle/photon_statistics.hpp"

namespace vitrum::analysis {
namespace {

TEST(Contrast, EqualsTheNaiveSums) {
    const auto s = test::white_noise(5, 6, 10, 0.8, 2);
    double p[3] = {0, 0, 0};
    double pairs = 0;
    double others = 0;
    for (std::size_t f = 0; f < 5; ++f)
        for (std::size_t a = 0; a < 60; ++a) {
            const double k = test::count(s, f, a);
            if (k < 3) p[static_cast<int>(k)] += 1;
            pairs += k * (k - 1) / 60;
            for (std::size_t b = 0; b < 60; ++b)
                if (b != a) others += k * test::count(s, f, b) / (60.0 * 59.0);
        }
    for (const auto& rows : {contrast_from_photons(s), contrast_from_photons(test::sparse_twin(s))}) {
        EXPECT_NEAR(rows[0].value, 2 * p[0] * p[2] / (p[1] * p[1]) - 1, 1e-12);
        EXPECT_NEAR(rows[1].value, pairs / others - 1, 1e-12);
        EXPECT_GT(rows[0].standard_error, 0);
    }
    EXPECT_EQ(contrast_from_photons(s)[1].standard_error,
              contrast_from_photons(test::sparse_twin(s))[1].standard_error);
    EXPECT_NEAR(photon_statistics(s, active_pixels(s, 0)).contrast, pairs / others - 1, 1e-12);
}

// 100 runs of 50 frames x 400 pixels, M = 4, tau = 20 frames: frames share their speckle, so the multinomial error
// would be too small. Mean within 4.5 standard errors of 1/M plus 1/(number of groups) of the error for the ratio's
// bias; coverage of the 95 % intervals at least 86 of 100 (a right one falls below with probability 1e-4).
TEST(Contrast, IsOneOverModesWithItsError) {
    double sum[2] = {0, 0};
    double quoted[2] = {0, 0};
    int covered[2] = {0, 0};
    const std::vector<double> step(49, 0.05);
    for (std::uint64_t r = 0; r < 100; ++r) {
        const auto rows = contrast_from_photons(test::ou_series(step, 20, 20, 4, 0.3, {71, cell_id("contrast"), r}));
        for (std::size_t k = 0; k < 2; ++k) {
            ASSERT_EQ(rows[k].status, Status::ok);
            sum[k] += rows[k].value / 100;
            quoted[k] += rows[k].standard_error * rows[k].standard_error / 100;
            covered[k] += rows[k].lower <= 0.25 && 0.25 <= rows[k].upper ? 1 : 0;
        }
    }
    for (int k = 0; k < 2; ++k) {
        EXPECT_NEAR(sum[k], 0.25, 4.5 * std::sqrt(quoted[k] / 100) + std::sqrt(quoted[k]) / 64) << k;
        EXPECT_GE(covered[k], 86) << k;
        RecordProperty("covered_" + std::to_string(k), covered[k]);
    }
}

// A beam that fades to a fifth: <k(k-1)>/<k>^2 - 1 over all frames would be off by the variance of the beam (0.2 here).
TEST(Contrast, FactorialMomentIsFreeOfDrift) {
    constexpr std::size_t frames = 40;
    std::vector<double> beam(frames);
    for (std::size_t t = 0; t < frames; ++t) beam[t] = 1 - 0.8 * static_cast<double>(t) / (frames - 1);
    double sum = 0;
    double quoted = 0;
    for (std::uint64_t r = 0; r < 30; ++r) {
        const auto rows = contrast_from_photons(
            test::ou_series(std::vector<double>(frames - 1, 0.3), 30, 30, 4, 0.5, {72, cell_id("drift"), r}, beam));
        sum += rows[1].value / 30;
        quoted += rows[1].standard_error * rows[1].standard_error / 30;
    }
    EXPECT_NEAR(sum, 0.25, 4.5 * std::sqrt(quoted / 30));
    EXPECT_LT(std::sqrt(quoted / 30), 0.02);  // and the test can tell
}

TEST(Contrast, NoNumberWhereTheDataCarryNone) {
    auto s = test::white_noise(3, 10, 10, 1e-3, 1);
    std::fill(s.counts.begin(), s.counts.end(), 0.0F);
    s.counts[5] = s.counts[70] = 1;
    for (const auto& row : contrast_from_photons(s)) {
        EXPECT_EQ(row.status, Status::no_data);
        EXPECT_TRUE(std::isnan(row.value));
    }
    s.counts[90] = 2;
    EXPECT_EQ(contrast_from_photons(s)[0].status, Status::not_resolved);
    s.used.assign(100, 0);
    s.used[4] = s.used[5] = 1;
    EXPECT_EQ(contrast_from_photons(s)[0].status, Status::no_data);
    s.used.clear();
    s.counts[3] = 0.5F;
    EXPECT_MESSAGE(contrast_from_photons(s), "photon statistics need counts; frame 0 holds the intensity 0.5");
}

TEST(Siegert, InvertsWithItsError) {
    Curve g2;
    for (int i = 1; i <= 40; ++i) {
        g2.x.push_back(i);
        g2.y.push_back(1.01 + 0.2 * std::exp(-2 * std::pow(i / 10.0, 1.5)));
        g2.y_error.push_back(0.002);
    }
    const SiegertOptions options{.baseline = 1.01, .baseline_error = 0.001, .contrast = 0.2, .contrast_error = 0.004};
    const auto f = siegert_inversion(g2, options);
    for (std::size_t i = 0; i < 12; ++i) {
        const double expected = std::exp(-std::pow(static_cast<double>(i + 1) / 10.0, 1.5));
        EXPECT_NEAR(f.y[i], expected, 1e-12);
        // The error by finite differences of the inversion itself.
        const auto moved = [&](double dg, double db, double dc) {
            return std::sqrt((g2.y[i] + dg - 1.01 - db) / (0.2 + dc)) - f.y[i];
        };
        constexpr double h = 1e-4;
        const double error = std::sqrt(std::pow(moved(h * 0.002, 0, 0), 2) + std::pow(moved(0, h * 0.001, 0), 2) +
                                       std::pow(moved(0, 0, h * 0.004), 2)) /
                             h;
        EXPECT_NEAR(f.y_error[i] / error, 1, 1e-3) << i;
    }
    EXPECT_TRUE(std::isnan(f.y.back()));
    EXPECT_TRUE(std::isnan(f.y_error.back()));
    EXPECT_MESSAGE(siegert_inversion(g2, {}), "a contrast is positive");
}

// A number only where there is one to give.
TEST(Siegert, StatusInPlaceOfANumber) {
    Curve g2;
    g2.x = {1, 2, 3, 4};
    g2.x_name = "lag";
    g2.y = {1.09, 1.004, 0.999, not_a_number};
    g2.y_error = {0.004, 0.004, 0.004, 0.004};
    const SiegertOptions good{.baseline = 1, .contrast = 0.1, .contrast_error = 0.01};
    const auto rows = siegert_rows(g2, good);
    ASSERT_EQ(rows.size(), 5U);
    EXPECT_GT(rows[4].value, 0.05);  // siegert_p
    EXPECT_EQ(rows[0].status, Status::ok);
    EXPECT_DOUBLE_EQ(rows[0].value, std::sqrt((1.09 - 1) / 0.1));
    EXPECT_EQ(rows[0].standard_error, siegert_inversion(g2, good).y_error[0]);
    EXPECT_EQ(rows[1].status, Status::not_resolved);  // F^2 = 0.04 with the error 0.04
    EXPECT_EQ(rows[2].status, Status::not_resolved);  // below the baseline
    EXPECT_EQ(rows[3].status, Status::no_data);
    for (std::size_t i = 1; i < 4; ++i) EXPECT_TRUE(std::isnan(rows[i].value)) << i;
    EXPECT_EQ(rows[1].abscissa.at(0).index, 2);
    for (const double contrast : {0.1, -0.1, not_a_number})
        for (const auto& row : siegert_rows(g2, {.contrast = contrast, .contrast_error = 0.11})) {
            if (row.quantity == "siegert_p") continue;
            EXPECT_NE(row.status, Status::ok) << contrast;
            if (std::isfinite(g2.y[static_cast<std::size_t>(row.abscissa.at(0).index) - 1])) {
                EXPECT_NE(row.note.find("is not above its error"), std::string::npos) << row.note;
            }
            EXPECT_TRUE(std::isnan(row.value)) << contrast;
        }
}

Curve power_law(double alpha) {
    Curve tau;
    tau.y_unit = "s";
    for (int i = 0; i < 6; ++i) {
        tau.x.push_back(2.6 + 0.1 * i);
        tau.y.push_back(1 / (0.02 * std::pow(tau.x.back(), alpha)));
        tau.y_error.push_back((0.01 + 0.01 * i) * tau.y.back());
    }
    return tau;
}

TEST(WavevectorExponent, ExactForAPowerLaw) {
    const auto rows = wavevector_exponent(power_law(0.36));
    EXPECT_NEAR(rows[0].value, 0.36, 1e-9);
    EXPECT_NEAR(rows[1].value, 0.02, 1e-9);
    EXPECT_EQ(rows[1].unit, "angstrom^alpha/s");
    Curve one = power_law(1);
    for (double& q : one.x) q = 2.6;
    EXPECT_EQ(wavevector_exponent(one)[0].status, Status::no_data);
    EXPECT_TRUE(std::isnan(wavevector_exponent(one)[0].value));
}

// Pulls over 2000 draws with the errors given: mean square within 4.5 sqrt(2/2000) = 0.14 of 1 (false alarm 7e-6), and
// the weights matter: equal weights would give another alpha.
TEST(WavevectorExponent, ErrorIsThatOfRepeatedDraws) {
    Stream stream({8, 0, 0}, Purpose::test, 0);
    boost::random::normal_distribution<double> normal;
    double squares = 0;
    for (int r = 0; r < 2000; ++r) {
        Curve tau = power_law(0.36);
        for (std::size_t i = 0; i < tau.size(); ++i) tau.y[i] += tau.y_error[i] * normal(stream);
        const auto alpha = wavevector_exponent(tau)[0];
        squares += std::pow((alpha.value - 0.36) / alpha.standard_error, 2) / 2000;
    }
    EXPECT_NEAR(squares, 1, 0.14 + 0.01);
    Curve outlier = power_law(0.36);
    outlier.y.back() *= 1.5;
    outlier.y_error.back() *= 100;
    EXPECT_NEAR(wavevector_exponent(outlier)[0].value, 0.36, 0.01);
    outlier.y_error.clear();
    EXPECT_GT(std::abs(wavevector_exponent(outlier)[0].value - 0.36), 1);
}

}  // namespace
}  // namespace vitrum::analysis
