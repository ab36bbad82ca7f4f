// Every normalisation and diagonal against a twin that reads its formula one entry at a time.
#include <array>
#include <cmath>
#include <functional>

#include <gtest/gtest.h>

#include "tests/analysis/test_series.hpp"
#include "tests/message_of.hpp"
#include "vitrum/analysis/correlation/errors/leave_out.hpp"
#include "vitrum/analysis/correlation/g2.hpp"
#include "vitrum/analysis/correlation/two_time.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {
namespace {

using test::count;
using test::sparse_twin;
using test::white_noise;

constexpr std::size_t frames = 12;

// 40 pixels; the region is pixels 6 .. 39 without 11; static regions 1, 2, 3 of which 1 reaches out of the region,
// and pixel 20 lies in none.
SpeckleSeries sample() {
    SpeckleSeries s = white_noise(frames, 5, 8, 1.5, 3);
    s.used.assign(40, 1);
    s.used[11] = 0;
    s.region.assign(40, 1);
    for (std::size_t p = 0; p < 6; ++p) s.region[p] = 2;
    return s;
}
std::vector<std::int32_t> static_regions() {
    std::vector<std::int32_t> regions(40);
    for (std::size_t p = 0; p < 40; ++p) regions[p] = static_cast<std::int32_t>(1 + p / 14);
    regions[20] = 0;
    return regions;
}
bool in(const SpeckleSeries& s, std::size_t p) { return s.used[p] && s.region[p] == 1; }

double mean(const SpeckleSeries& s, const std::function<bool(std::size_t)>& wanted,
            const std::function<double(std::size_t)>& value) {
    double sum = 0;
    double n = 0;
    for (std::size_t p = 0; p < s.pixels(); ++p)
        if (wanted(p)) {
            sum += value(p);
            n += 1;
        }
    return sum / n;
}

double twin(const SpeckleSeries& s, Normalisation form, std::size_t i, std::size_t j) {
    const auto regions = static_regions();
    const auto region = [&](std::size_t p) { return in(s, p); };
    const auto level = [&](std::size_t p, std::size_t f) {
        return mean(
            s, [&](std::size_t o) { return s.used[o] && regions[o] == regions[p]; },
            [&](std::size_t o) { return count(s, f, o); });
    };
    const auto region_static = [&](std::size_t p) { return in(s, p) && regions[p] > 0; };
    const auto a = mean(s, region, [&](std::size_t p) { return count(s, i, p); });
    const auto b = mean(s, region, [&](std::size_t p) { return count(s, j, p); });
    const auto ab = mean(s, region, [&](std::size_t p) { return count(s, i, p) * count(s, j, p); });
    const auto over_time = [&](const std::function<double(std::size_t)>& value) {
        double sum = 0;
        for (std::size_t f = 0; f < s.frames; ++f) sum += value(f);
        return sum / static_cast<double>(s.frames);
    };
    switch (form) {
        case Normalisation::symmetric: return ab / (a * b);
        case Normalisation::static_map:
            return mean(s, region_static,
                        [&](std::size_t p) { return count(s, i, p) * count(s, j, p) / (level(p, i) * level(p, j)); });
        case Normalisation::static_map_time:
            return mean(s, region_static, [&](std::size_t p) {
                return count(s, i, p) * count(s, j, p) /
                       std::pow(over_time([&](std::size_t f) { return level(p, f); }), 2);
            });
        case Normalisation::boost_corr: {
            const auto x = [&](std::size_t p, std::size_t f) { return count(s, f, p) / level(p, f); };
            return mean(s, region_static, [&](std::size_t p) { return x(p, i) * x(p, j); }) /
                   (mean(s, region_static, [&](std::size_t p) { return x(p, i); }) *
                    mean(s, region_static, [&](std::size_t p) { return x(p, j); }));
        }
        case Normalisation::global:
            return ab / std::pow(over_time([&](std::size_t f) {
                                     return mean(s, region, [&](std::size_t p) { return count(s, f, p); });
                                 }),
                                 2);
        case Normalisation::pearson: {
            const auto aa = mean(s, region, [&](std::size_t p) { return std::pow(count(s, i, p) - a, 2); });
            const auto bb = mean(s, region, [&](std::size_t p) { return std::pow(count(s, j, p) - b, 2); });
            return mean(s, region, [&](std::size_t p) { return (count(s, i, p) - a) * (count(s, j, p) - b); }) /
                   std::sqrt(aa * bb);
        }
        case Normalisation::asymmetric: return ab / std::pow(i < j ? a : b, 2);
    }
    return not_a_number;
}

constexpr std::array all_forms{Normalisation::symmetric,  Normalisation::static_map, Normalisation::static_map_time,
                               Normalisation::boost_corr, Normalisation::global,     Normalisation::pearson,
                               Normalisation::asymmetric};

TEST(Normalisation, EachEqualsItsFormulaDenseAndSparse) {
    const SpeckleSeries s = sample();
    for (const auto form : all_forms) {
        TwoTimeOptions options;
        options.region = 1;
        options.normalisation = form;
        options.static_region = static_regions();
        const auto map = two_time(s, options);
        for (std::size_t i = 0; i < frames; ++i)
            for (std::size_t j = 0; j < frames; ++j)
                EXPECT_NEAR(map(i, j), twin(s, form, i, j), 1e-12) << name(form) << " " << i << " " << j;
        EXPECT_EQ(map.values, two_time(sparse_twin(s), options).values) << name(form);
    }
}

TEST(Normalisation, TheDefaultIsSymmetricWithARawDiagonal) {
    EXPECT_EQ(TwoTimeOptions{}.normalisation, Normalisation::symmetric);
    EXPECT_EQ(TwoTimeOptions{}.diagonal, Diagonal::raw);
}

// A gradient of the mean intensity: 1 + CV^2 = 1.083 is the symmetric baseline, a static map brings it back to 1. White
// noise of 400 pixels x mean 20: one entry has a standard error 1/(20 sqrt(400)) = 0.0025, the mean over 45 pairs of
// 10 frames 4e-4; limits at 5 of it (false alarm 6e-7 each) plus 1/N.
TEST(Normalisation, AStaticMapTakesOutAGradient) {
    SpeckleSeries s = white_noise(10, 20, 20, 20, 8);
    std::vector<std::int32_t> regions(400);
    for (std::size_t p = 0; p < 400; ++p) {
        const double level = 0.5 + static_cast<double>(p / 20) / 19.0;
        regions[p] = static_cast<std::int32_t>(1 + p / 20);
        for (std::size_t f = 0; f < 10; ++f) s.counts[f * 400 + p] *= static_cast<float>(level);
    }
    const auto average = [&](Normalisation form) {
        TwoTimeOptions options;
        options.normalisation = form;
        options.static_region = regions;
        const auto map = two_time(s, options);
        double sum = 0;
        for (std::size_t i = 0; i < 10; ++i)
            for (std::size_t j = i + 1; j < 10; ++j) sum += map(i, j) / 45;
        return sum;
    };
    const double cv2 = (19.0 * 20.0 * 39.0 / 6.0 / 20.0 / 361.0 - 0.25);  // of 0.5 + k/19, k = 0 .. 19
    EXPECT_NEAR(average(Normalisation::symmetric), 1 + cv2, 0.005);
    EXPECT_NEAR(average(Normalisation::static_map), 1, 0.005);
    EXPECT_NEAR(average(Normalisation::boost_corr), 1, 0.005);
}

TEST(Normalisation, BeamDriftStaysInGlobalOnly) {
    SpeckleSeries s = white_noise(6, 30, 30, 5, 4);
    const auto at = [&](Normalisation form) {
        TwoTimeOptions options;
        options.normalisation = form;
        return two_time(s, options)(0, 5);
    };
    const double symmetric = at(Normalisation::symmetric);
    for (std::size_t p = 0; p < s.pixels(); ++p) s.counts[5 * s.pixels() + p] *= 3;
    EXPECT_NEAR(at(Normalisation::symmetric), symmetric, 1e-12);
    // One frame of six is three times brighter: 1 * 3 / (8/6)^2 = 1.6875; the noise of S is 1/sqrt(4500) = 1.5 %.
    EXPECT_NEAR(at(Normalisation::global) / symmetric, 1.6875, 5 * 0.015 * 1.6875);
    EXPECT_NEAR(at(Normalisation::asymmetric) / symmetric, 3, 5 * 0.015 * 3 * std::sqrt(2.0));
}

TEST(Diagonal, EachPolicy) {
    const SpeckleSeries s = sample();
    const auto with = [&](Diagonal policy, Normalisation form = Normalisation::symmetric) {
        TwoTimeOptions options;
        options.region = 1;
        options.diagonal = policy;
        options.normalisation = form;
        options.static_region = static_regions();
        return two_time(s, options);
    };
    const auto region = [&](std::size_t p) { return in(s, p); };
    const auto raw = with(Diagonal::raw);
    const auto factorial = with(Diagonal::factorial);
    const auto neighbours = with(Diagonal::neighbour_mean);
    const auto excluded = with(Diagonal::excluded);
    EXPECT_TRUE(factorial.diagonal_valid);
    EXPECT_FALSE(raw.diagonal_valid || neighbours.diagonal_valid || excluded.diagonal_valid);
    for (std::size_t i = 0; i < frames; ++i) {
        const double a = mean(s, region, [&](std::size_t p) { return count(s, i, p); });
        const double pairs = mean(s, region, [&](std::size_t p) { return count(s, i, p) * (count(s, i, p) - 1); });
        EXPECT_NEAR(factorial(i, i), pairs / (a * a), 1e-12);
        EXPECT_TRUE(std::isnan(excluded(i, i)));
        const double twin_mean = i == 0            ? raw(0, 1)
                                 : i + 1 == frames ? raw(i - 1, i)
                                                   : (raw(i - 1, i) + raw(i, i + 1)) / 2;
        EXPECT_DOUBLE_EQ(neighbours(i, i), twin_mean);
        for (std::size_t j = 0; j < frames; ++j)
            if (i != j) {
                EXPECT_EQ(factorial(i, j), raw(i, j));
            }
    }
    // The shot noise <k>/<k>^2 is what the factorial form takes off, whatever stands in the denominator.
    const auto regions = static_regions();
    const auto fixed = with(Diagonal::factorial, Normalisation::static_map_time);
    double expected = 0;
    double n = 0;
    for (std::size_t p = 0; p < 40; ++p) {
        if (!in(s, p) || regions[p] == 0) continue;
        double level = 0;
        double members = 0;
        for (std::size_t o = 0; o < 40; ++o)
            if (s.used[o] && regions[o] == regions[p]) {
                members += 1;
                for (std::size_t f = 0; f < frames; ++f) level += count(s, f, o) / frames;
            }
        expected += count(s, 4, p) * (count(s, 4, p) - 1) * members * members / (level * level);
        n += 1;
    }
    EXPECT_NEAR(fixed(4, 4), expected / n, 1e-12);
}

TEST(Normalisation, BadOptionsAreNamed) {
    SpeckleSeries s = sample();
    TwoTimeOptions options;
    options.normalisation = Normalisation::static_map;
    EXPECT_MESSAGE(two_time(s, options), "normalisation = static_map needs a static region of each of the 40 pixels");
    options.static_region.assign(40, 0);
    EXPECT_MESSAGE(two_time(s, options), "no pixel of region 0 lies in a static region");
    s.counts[3] = 0.5F;
    options = {};
    options.diagonal = Diagonal::factorial;
    EXPECT_MESSAGE(two_time(s, options), "diagonal = factorial needs photon counts");
}

// Of white noise the generic jackknife and the linear one of the default agree: 20 and 64 groups have relative errors
// 1/sqrt(2 (20-1)) = 0.16 and 0.09 per lag; the mean square over 59 lags (at least 30 of them independent) of the ratio
// is within 5 * 2 * 0.19/sqrt(30) = 0.35 of 1.
TEST(LeaveOut, AgreesWithTheLinearJackknife) {
    const SpeckleSeries s = white_noise(60, 20, 30, 1, 12);
    const auto map = two_time(s);
    Curve linear = g2_values(map);
    add_pixel_jackknife(linear, s, map, 0);
    Curve again = g2_values(map);
    add_leave_out_jackknife(again, s, {});
    double ratio = 0;
    for (std::size_t i = 0; i < 59; ++i) ratio += std::pow(again.y_error[i] / linear.y_error[i], 2) / 59;
    EXPECT_NEAR(ratio, 1, 0.35);
    EXPECT_EQ(again.degrees_of_freedom, 19);
}

}  // namespace
}  // namespace vitrum::analysis
