// Grain, optics and the law of a pattern that moves, against sums written out.
#include "vitrum/model/spatial/spatial_law.hpp"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/core/data/map_entry_variance.hpp"
#include "vitrum/model/speckle/spatial_field.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum::model {
namespace {

constexpr StreamKey key{9, cell_id("pattern"), 0};

// Pt glass of Cornet et al. 2023: 20.95 keV, 8 um beam, 5 m, bandwidth 1.4e-4.
const PatternOptics platinum{};
constexpr double platinum_dq_dp = 4.91e-3;  // [1/angstrom/GPa]

TEST(PlaneWaves, AreTheGaussianGrain) {
    for (const double grain : {0.5, 1.7, 4.0})
        for (const double extent : {0.0, 10.0, 60.0}) {
            const PlaneWaves waves(grain, extent);
            const GrainTable table(waves, grain, extent);
            EXPECT_NEAR(waves.mu(0), 1, 1e-12);
            EXPECT_EQ(static_cast<double>(waves.size()), waves_for(grain, extent));
            for (double y = 0; y <= extent; y += 0.137) {
                const double gauss = std::exp(-std::numbers::pi * y * y / (2 * grain * grain));
                EXPECT_NEAR(waves.mu(y), gauss, 1e-4) << grain << " " << y;
                EXPECT_NEAR(table(y), waves.mu(y) * waves.mu(y), 1e-9) << grain << " " << y;
                EXPECT_EQ(table(-y), table(y));
            }
        }
    // The integral width of |mu|^2 is the grain.
    const PlaneWaves waves(3, 60);
    double sum = 0;
    for (double y = -60; y < 60; y += 0.01) sum += std::pow(waves.mu(y + 0.005), 2) * 0.01;
    EXPECT_NEAR(sum, 3, 3e-4);
}

// mu from the waves that the field is made of.
TEST(PlaneWaves, RowsHaveTheCorrelation) {
    const PlaneWaves waves(2.5, 20);
    std::vector<std::complex<float>> a(waves.size());
    std::vector<std::complex<float>> b(waves.size());
    for (const double y : {0.0, 0.4, 3.1, 17.0}) {
        waves.row(1.3, 1, a.data());
        waves.row(1.3 + y, 1, b.data());
        std::complex<double> sum = 0;
        for (std::size_t j = 0; j < a.size(); ++j)
            sum += std::complex<double>(a[j]) * std::conj(std::complex<double>(b[j]));
        EXPECT_NEAR(sum.real(), waves.mu(y), 1e-6);
        EXPECT_NEAR(sum.imag(), 0, 1e-6);
    }
}

PatternOptions moving() {
    PatternOptions p;
    p.rows = {
        .grain = 2.5, .velocity = 0.2, .walk = 0.3, .strain_rate = 0.004, .centre = -30, .step_sizes = {0.7, -0.2}};
    p.columns = {.grain = 1.6, .velocity = -0.1, .strain_rate = 0.003, .centre = 4};
    p.step_times = {3.5, 6};
    p.subpixels = 2;
    return p;
}

// Every pair of instants, pixel by pixel and point by point, with gains that differ.
TEST(PatternLaw, IsTheMeanOverPixels) {
    const SampleTimes times{.frames = 6, .substeps = 2, .frame_time = 1.5, .exposure = 1, .start = 2};
    const PatternOptions p = moving();
    constexpr std::size_t rows = 7;
    constexpr std::size_t columns = 5;
    const PatternView view = view_of(p, times, key);
    const PlaneWaves along_rows(2.5, extent_of(view.rows, rows, 2));
    const PlaneWaves along_columns(1.6, extent_of(view.columns, columns, 2));
    std::vector<double> gain(rows * columns, 1.0);
    for (int uneven = 0; uneven < 2; ++uneven) {
        if (uneven)
            for (std::size_t i = 0; i < gain.size(); ++i)
                gain[i] = i % 5 == 0 ? 0 : 1 + 0.1 * static_cast<double>(i % 7);
        const PatternLaw law(p, {rows, columns}, times, key, gain);
        for (std::size_t a = 0; a < times.size(); ++a)
            for (std::size_t b = 0; b < times.size(); b += 3) {
                double sum = 0;
                double weight = 0;
                for (std::size_t r = 0; r < rows; ++r)
                    for (std::size_t c = 0; c < columns; ++c) {
                        const double w = gain[r * columns + c] * gain[r * columns + c];
                        weight += w;
                        for (const double u : {-0.25, 0.25})
                            for (const double v : {-0.25, 0.25})
                                for (const double s : {-0.25, 0.25})
                                    for (const double t : {-0.25, 0.25}) {
                                        const auto x = static_cast<double>(r);
                                        const auto y = static_cast<double>(c);
                                        const double mu =
                                            along_rows.mu(view.rows.at(a, x + u) - view.rows.at(b, x + v)) *
                                            along_columns.mu(view.columns.at(a, y + s) - view.columns.at(b, y + t));
                                        sum += w * mu * mu / 16;
                                    }
                    }
                EXPECT_NEAR(law.decay(a, b), sum / weight, 5e-9) << a << " " << b;
            }
    }
}

// x' = x - d - e (x - c), written out: steady shift, steps at their times, strain about c; the walk has the recorded
// law.
TEST(PatternLaw, ViewIsTheMotion) {
    PatternOptions p = moving();
    p.rows.walk = 0;
    const SampleTimes times{.frames = 9, .frame_time = 1, .start = 2};
    const PatternView view = view_of(p, times, key);
    for (std::size_t i = 0; i < 9; ++i) {
        const auto since = static_cast<double>(i);
        const double steps = (2 + since >= 3.5 ? 0.7 : 0) + (2 + since >= 6 ? -0.2 : 0);
        for (const double x : {0.0, 5.5})
            EXPECT_NEAR(view.rows.at(i, x), x - 0.2 * since - steps - 0.004 * since * (x + 30), 1e-12);
    }
    // A walk of 0.3 pixels after one second: 4000 steps of 2 s have a variance of 0.18, |z| < 4.5 (7e-6).
    p = {};
    p.rows = {.grain = 1, .walk = 0.3};
    p.columns = {.grain = 1};
    const AxisView path = view_of(p, {.frames = 4001, .frame_time = 2}, key).rows;
    double squares = 0;
    for (std::size_t i = 1; i < path.offset.size(); ++i) squares += std::pow(path.offset[i] - path.offset[i - 1], 2);
    EXPECT_EQ(path.offset[0], 0);
    EXPECT_NEAR(squares / 4000, 0.18, 4.5 * 0.18 * std::sqrt(2.0 / 4000));
}

TEST(PatternLaw, SteadyDecayIsTheDecay) {
    PatternOptions p;
    p.rows = {.grain = 2, .velocity = 0.1, .strain_rate = 0.001, .centre = -200};
    p.columns = {.grain = 3, .strain_rate = 0.001, .centre = 5};
    const SampleTimes times{.frames = 20, .frame_time = 0.5};
    const PatternLaw law(p, {9, 11}, times, key, std::vector<double>(99, 1.0));
    for (const std::size_t lag : {0U, 1U, 7U, 19U}) {
        EXPECT_NEAR(law.steady_decay(0.5 * static_cast<double>(lag)), law.decay(0, lag), 1e-10);
        EXPECT_NEAR(law.decay(19 - lag, 19), law.decay(0, lag), 1e-10) << "of the lag alone";
    }
}

TEST(PatternLaw, EffectivePixels) {
    PatternOptions p;
    p.rows.grain = 2.5;
    p.columns.grain = 1.2;
    std::vector<std::uint8_t> used(9 * 11, 1);
    for (const std::size_t masked : {0U, 17U, 18U, 55U, 56U}) used[masked] = 0;
    for (const std::size_t subpixels : {1U, 3U}) {
        p.subpixels = subpixels;
        const PatternLaw law(p, {9, 11}, {.frames = 3}, key, std::vector<double>(99, 1.0));
        for (const auto& mask : {std::vector<std::uint8_t>{}, used}) {
            double all = 0;
            double first = 0;
            double second = 0;
            for (int a = 0; a < 99; ++a)
                for (int b = 0; b < 99; ++b) {
                    if (!mask.empty() && !(mask[static_cast<std::size_t>(a)] && mask[static_cast<std::size_t>(b)]))
                        continue;
                    const double k = law.shared(a / 11 - b / 11, a % 11 - b % 11);
                    first += k;
                    second += k * k;
                    all += a == b ? 1 : 0;
                }
            EXPECT_NEAR(effective_pixels(law, {9, 11}, mask), all * all / second, 1e-8 * all);
            EXPECT_NEAR(independent_speckles(law, {9, 11}, mask), all * all / first, 1e-6 * all);
        }
    }
    // Far larger than a grain of 4 x 4 pixels, the sum over |mu|^4 is the area (4/sqrt(2))^2 of one.
    p = {};
    p.rows.grain = p.columns.grain = 4;
    const PatternLaw law(p, {400, 400}, {.frames = 3}, key, std::vector<double>(160000, 1.0));
    EXPECT_NEAR(160000 / effective_pixels(law, {400, 400}, {}), 8, 0.1);
    EXPECT_NEAR(160000 / independent_speckles(law, {400, 400}, {}), 16, 0.3);
}

TEST(PatternLaw, EntryVarianceOfIndependentPixels) {
    const auto alone = [](double pixels, double mean, double rho) { return MapEntry{pixels, 3, mean}.variance(rho); };
    for (const double rho : {0.0, 0.3, 1.0})
        EXPECT_NEAR(grain_entry_variance(500, 500, 500, 3, 0.7, rho) / alone(500, 0.7, rho), 1, 1e-12);
    // Without photons to spare, grains do not matter; with many, only they do.
    EXPECT_NEAR(grain_entry_variance(500, 50, 25, 3, 1e-4, 0.3) / alone(500, 1e-4, 0.3), 1, 1e-5);
    EXPECT_NEAR(grain_entry_variance(500, 50, 25, 3, 1e6, 0) / alone(50, 1e6, 0), 1, 1e-4);
}

// exp(-(dx)^2/(2 (2 var + mono))) written out in angles: lambda L/D = 37 um, 2 theta = 15.5 degrees.
TEST(PatternOptics, GlassUnderPressure) {
    const double theta = std::asin(2.87 * 0.5918 / (4 * std::numbers::pi));
    EXPECT_NEAR(2 * theta * 180 / std::numbers::pi, 15.5, 0.05);
    EXPECT_NEAR(transverse_grain(platinum) * 75, 37, 0.05);
    EXPECT_NEAR(radial_shift(platinum), 2 * std::tan(theta) * 5 / 75e-6, 1e-9);
    EXPECT_NEAR(radial_grain(platinum), 3.87, 0.01);
    // Without bandwidth the grain is round.
    PatternOptics sharp = platinum;
    sharp.bandwidth = 0;
    EXPECT_DOUBLE_EQ(radial_grain(sharp), transverse_grain(sharp));

    // Correlation of fixed pixels after a drift of the pressure: exp(-1) and exp(-2) where dq/q is sqrt(2) and 2
    // standard deviations of the difference of two spectra, widened by the grain of one wavelength.
    const auto correlation = [](const PatternOptics& optics, double gigapascal) {
        PatternOptions p;
        set_optics(p, optics, platinum_dq_dp / optics.wavevector, false, 15.5, 15.5);
        const PatternLaw law(p, {32, 32}, {.frames = 3, .frame_time = gigapascal}, key, std::vector<double>(1024, 1.0));
        return law.decay(0, 1);
    };
    EXPECT_NEAR(correlation(platinum, 0.068), 0.390, 0.003);
    EXPECT_NEAR(correlation(platinum, 0.096), 0.153, 0.003);
    // With the 2.79 1/angstrom that the paper's methods give for the peak: exp(-1) and exp(-2) within 1 %.
    PatternOptics methods = platinum;
    methods.wavevector = 2.79;
    EXPECT_NEAR(correlation(methods, 0.068), std::exp(-1.0), 0.005);
    EXPECT_NEAR(correlation(methods, 0.096), std::exp(-2.0), 0.003);
    // A Ce glass with a bulk modulus of 27 GPa (dq/q = dP/3K), 10 um beam, 21 keV, first peak at 2.15 1/angstrom.
    PatternOptics cerium = platinum;
    cerium.wavelength = 12.39842 / 21;
    cerium.wavevector = 2.15;
    cerium.beam_size = 10;
    PatternOptions p;
    set_optics(p, cerium, 1 / (3 * 27.0), false, 15.5, 15.5);
    const PatternLaw law(p, {32, 32}, {.frames = 3, .frame_time = 0.015}, key, std::vector<double>(1024, 1.0));
    EXPECT_NEAR(std::log(law.decay(0, 1)), -2, 0.5);
}

// Steady drift of the pressure: |mu|^2 = exp(-2 (t/tau)^2), and tau falls with q, as 1/q for a sharp spectrum and not
// at all for a broad one.
TEST(PatternOptics, StrainMimicsDynamics) {
    const auto tau = [](double bandwidth, double q) {
        PatternOptics optics = platinum;
        optics.bandwidth = bandwidth;
        optics.wavevector = q;
        PatternOptions p;
        set_optics(p, optics, 1e-6, false, 0, 0);
        const PatternLaw law(p, {1, 1}, {.frames = 3, .frame_time = 1}, key, {1.0});
        const auto of_lag = [&](double t) {
            p.columns.strain_rate =
                t * 1e-6 / std::pow(std::cos(std::asin(q * optics.wavelength / 4 / std::numbers::pi)), 2);
            return PatternLaw(p, {1, 1}, {.frames = 3, .frame_time = 1}, key, {1.0}).decay(0, 1);
        };
        const double early = std::sqrt(-2 / std::log(of_lag(10))) * 10;
        const double late = std::sqrt(-2 / std::log(of_lag(40))) * 40;
        EXPECT_NEAR(late / early, 1, 2e-3) << "beta = 2";
        return late;
    };
    const auto exponent = [&](double bandwidth) {
        return -std::log(tau(bandwidth, 3.0) / tau(bandwidth, 2.7)) / std::log(3.0 / 2.7);
    };
    EXPECT_NEAR(exponent(0), 1, 0.05);
    EXPECT_NEAR(exponent(1e-2), 0, 0.05);
    const double between = exponent(2e-5);
    EXPECT_GT(between, 0.1);
    EXPECT_LT(between, 0.95);
}

TEST(PatternOptions, BadInputIsNamed) {
    const auto with = [](auto&& change) {
        PatternOptions p;
        p.rows.grain = p.columns.grain = 2;
        change(p);
        return message_of([&] { check(p); });
    };
    EXPECT_EQ(with([](auto&) {}), "no error");
    EXPECT_TRUE(contains(with([](auto& p) { p.rows.grain = 0; }), "grain of rows = 0 pixels"));
    EXPECT_TRUE(contains(with([](auto& p) { p.columns.grain = -1; }), "grain of columns = -1"));
    EXPECT_TRUE(contains(with([](auto& p) { p.rows.grain = p.columns.grain = 0, p.rows.velocity = 1; }), "no pattern"));
    EXPECT_TRUE(contains(with([](auto& p) { p.rows.grain = p.columns.grain = 0, p.subpixels = 2; }), "subpixels = 2"));
    EXPECT_TRUE(contains(with([](auto& p) { p.subpixels = 0; }), "subpixels = 0"));
    EXPECT_TRUE(contains(with([](auto& p) { p.rows.walk = -1; }), "walk of rows = -1"));
    EXPECT_TRUE(contains(with([](auto& p) { p.rows.velocity = INFINITY; }), "velocity of rows"));
    EXPECT_TRUE(contains(with([](auto& p) { p.step_times = {2, 1}, p.rows.step_sizes = {1, 1}; }), "step_times: 1 s"));
    EXPECT_TRUE(contains(with([](auto& p) { p.step_times = {2}, p.rows.step_sizes = {1, 1}; }), "2 sizes for 1 times"));
    PatternOptics optics;
    optics.beam_size = 0;
    EXPECT_MESSAGE(check(optics), "beam_size = 0 um");
    optics = {};
    optics.wavevector = 20;
    EXPECT_MESSAGE(check(optics), "beyond 90 degrees");
    SpeckleOptions o;
    o.pattern.rows = {.grain = 1, .velocity = 5};
    o.pattern.columns.grain = 1;
    EXPECT_MESSAGE(check(o), "GiB, at most 2; take a larger grain");
}

}  // namespace
}  // namespace vitrum::model
