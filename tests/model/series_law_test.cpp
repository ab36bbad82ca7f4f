// The truth of the counts against the textbook formulas, each written out here once more.
#include "vitrum/model/speckle/series_law.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum::model {
namespace {

constexpr StreamKey key{7, cell_id("law"), 0};

SpeckleOptions series() {
    SpeckleOptions o;
    o.frames = 12;
    o.rows = 100;
    o.columns = 100;
    o.modes = 4;
    o.mean_count = 0.6;
    o.relaxation = {5, 1.8};
    return o;
}

SeriesLaw law_of(const SpeckleOptions& o) {
    return {kernel_of(o, key), sample_times(o), o.detector, draw(o.detector, o.frames, o.rows * o.columns, key),
            o.mean_count,      mode_shares(o)};
}

double value(const GroundTruth& truth, const char* quantity) {
    const auto* row = truth.find(quantity, {});
    return row ? row->value : not_a_number;
}

// Every pair of frames, and contrast and baseline of the truth, against `expected` of |g1|.
template <class Expected>
void expect_law(const SpeckleOptions& o, Expected&& expected) {
    const SeriesLaw law = law_of(o);
    for (std::size_t i = 0; i < o.frames; ++i)
        for (std::size_t j = 0; j < o.frames; ++j) {
            const double g1 = o.relaxation.g1((static_cast<double>(j) - static_cast<double>(i)) * o.frame_time);
            EXPECT_NEAR(law.correlation(i, j), expected(g1), 1e-12) << i << " " << j;
        }
    const GroundTruth truth = truth_of(o, key);
    const Curve& g2 = *truth.curve("g2");
    for (std::size_t k = 1; k < o.frames; ++k)
        EXPECT_NEAR(g2.y[k - 1], expected(o.relaxation.g1(static_cast<double>(k) * o.frame_time)), 1e-12);
    if (kernel_of(o, key).static_fraction > 0) return;  // not a KWW curve
    EXPECT_NEAR(value(truth, "baseline"), expected(0.0), 1e-12);
    EXPECT_NEAR(value(truth, "contrast"), expected(1.0) - expected(0.0), 1e-12);
    EXPECT_EQ(value(truth, "tau"), 5);
    EXPECT_EQ(value(truth, "beta"), 1.8);
}

TEST(SeriesLaw, PerfectDetector) {
    expect_law(series(), [](double g1) { return 1 + g1 * g1 / 4; });
}

TEST(SeriesLaw, IncoherentBackground) {
    SpeckleOptions o = series();
    o.detector.background = 0.3;
    expect_law(o, [](double g1) { return 1 + 0.49 * g1 * g1 / 4; });
}

TEST(SeriesLaw, HeterodyneAndStaticPartOfTheSample) {
    SpeckleOptions o = series();
    o.detector.heterodyne_fraction = 0.2;
    expect_law(o, [](double g1) { return 1 + std::pow(0.8 * g1 + 0.2, 2) / 4; });
    o.detector.heterodyne_fraction = 0;
    o.dynamics.static_fraction = 0.2;
    expect_law(o, [](double g1) { return 1 + std::pow(0.8 * g1 + 0.2, 2) / 4; });
    o.detector.heterodyne_fraction = 0.5;
    expect_law(o, [](double g1) { return 1 + std::pow(0.4 * g1 + 0.6, 2) / 4; });
}

TEST(SeriesLaw, StaticSpeckleInIntensity) {
    SpeckleOptions o = series();
    o.detector.static_speckle = 0.25;
    expect_law(o, [](double g1) { return 1 + (0.75 * 0.75 * g1 * g1 + 0.25 * 0.25) / 4; });
}

TEST(SeriesLaw, DarkCounts) {
    SpeckleOptions o = series();
    o.detector.dark_counts = 0.2;
    expect_law(o, [](double g1) { return 1 + std::pow(0.6 / 0.8, 2) * g1 * g1 / 4; });
}

TEST(SeriesLaw, TheBeamCancels) {
    SpeckleOptions o = series();
    o.detector.intensity_noise = 0.4;
    o.detector.intensity_drift = 0.5;
    expect_law(o, [](double g1) { return 1 + g1 * g1 / 4; });
    const SeriesLaw law = law_of(o);
    EXPECT_GT(std::abs(law.mean(0) - law.mean(1)), 0.01);
    const GroundTruth seen = truth_of(o, key);
    for (std::size_t f = 0; f < o.frames; ++f) EXPECT_NEAR(seen.curve("beam")->y[f] * 0.6, law.mean(f), 1e-12);
    // With dark counts it does not, and contrast and baseline have no value.
    o.detector.dark_counts = 0.2;
    const GroundTruth truth = truth_of(o, key);
    EXPECT_EQ(truth.find("contrast", {}), nullptr);
    EXPECT_EQ(truth.find("tau", {}), nullptr);
    EXPECT_NE(truth.curve("g2"), nullptr);
}

// 10000 log-normal gains of CV 0.3: the standard error of the realised CV^2 = 0.09 is 0.0022 (fourth moment of the
// log-normal); 4.5 of them.
TEST(SeriesLaw, FlatField) {
    SpeckleOptions o = series();
    o.detector.flat_field_cv = 0.3;
    const auto drawn = draw(o.detector, o.frames, 10000, key);
    double sum = 0;
    double squares = 0;
    for (const double g : drawn.gain) {
        sum += g;
        squares += g * g;
    }
    const double realised = squares / 10000 / std::pow(sum / 10000, 2);
    EXPECT_NEAR(realised, 1.09, 0.010);
    expect_law(o, [&](double g1) { return realised * (1 + g1 * g1 / 4); });
}

TEST(SeriesLaw, ZeroAndDeadPixels) {
    SpeckleOptions o = series();
    o.detector.zero_pixels = 0.2;
    expect_law(o, [](double g1) { return (1 + g1 * g1 / 4) / (1 - 0.2); });
    o.detector.dark_counts = 0.2;
    expect_law(o, [](double g1) { return (1 + std::pow(0.75, 2) * g1 * g1 / 4) / (1 - 0.2); });
    o = series();
    o.detector.dead_pixels = 0.2;
    expect_law(o, [](double g1) { return 1 + g1 * g1 / 4; });
    o.detector.zero_pixels = 0.2;
    expect_law(o, [](double g1) { return (1 + g1 * g1 / 4) / (1 - 0.25); });
}

TEST(SeriesLaw, UnequalModes) {
    SpeckleOptions o = series();
    o.detector.mode_weights = {7, 3};
    expect_law(o, [](double g1) { return 1 + 0.58 * g1 * g1; });
}

// beta = 1, u = 2 T_e/tau: contrast of a frame 2 (exp(-u) - 1 + u)/u^2 (the integral 2 int (1-x) |g1(x T_e)|^2 dx) and
// correlation of frames at lag k exp(-2 k T/tau) (sinh(u/2)/(u/2))^2. The truth is the sum over n instants that is
// simulated: off by at most u/(3 n^2) for one frame (its kink at lag 0), u^2/(12 n^2) for two, to leading order.
TEST(SeriesLaw, FiniteExposure) {
    SpeckleOptions o = series();
    o.relaxation = {3, 1};
    o.frame_time = 2;
    o.detector.exposure = 1.5;
    const double u = 2 * 1.5 / 3;
    const double frame = 2 * (std::exp(-u) - 1 + u) / (u * u);
    const double smear = std::pow(std::sinh(u / 2) / (u / 2), 2);
    for (const std::size_t n : {2U, 4U, 40U}) {
        o.detector.substeps = n;
        const SeriesLaw law = law_of(o);
        const double off = u / (3.0 * static_cast<double>(n * n));
        const double off_pair = u * u / (12.0 * static_cast<double>(n * n));
        EXPECT_NEAR(law.correlation(3, 3), 1 + frame / 4, off / 4);
        for (std::size_t k = 1; k < 8; ++k)
            EXPECT_NEAR(law.correlation(2, 2 + k), 1 + std::exp(-2.0 * static_cast<double>(k) * 2 / 3) * smear / 4,
                        off_pair / 4);
        const GroundTruth truth = truth_of(o, key);
        EXPECT_NEAR(value(truth, "frame_contrast"), frame / 4, off / 4);
        EXPECT_EQ(truth.find("contrast", {}), nullptr) << "no extrapolation to dt = 0 has it";
        EXPECT_EQ(value(truth, "tau"), 3);
    }
}

// g2 of an ageing scan is the mean over t of C(t, t+dt), and nothing that a KWW curve would have is given.
TEST(SpeckleTruth, AgeingScan) {
    SpeckleOptions o = series();
    o.dynamics.clock = {.kind = ClockKind::ageing, .tau0 = 2, .tau_star = 8, .plateau_time = 25};
    o.scan_start = 10;
    const GroundTruth truth = truth_of(o, key);
    for (const char* absent : {"tau", "rate", "beta", "contrast", "baseline", "heterogeneity_width"})
        EXPECT_EQ(truth.find(absent, {}), nullptr) << absent;
    EXPECT_NEAR(value(truth, "ageing_tau0"), 2 * std::exp(10.0 / 8), 1e-12) << "at the first frame";
    EXPECT_EQ(value(truth, "ageing_tau_star"), 8);
    EXPECT_EQ(value(truth, "ageing_rate"), 0.125);
    EXPECT_EQ(value(truth, "ageing_plateau_time"), 15);
    EXPECT_NEAR(value(truth, "ageing_plateau"), 2 * std::exp(25.0 / 8), 1e-12);
    EXPECT_EQ(value(truth, "clock_beta"), 1.8);
    EXPECT_EQ(value(truth, "frame_contrast"), 0.25);
    EXPECT_NEAR(value(truth, "tau_mid_scan"), 2 * std::exp(15.5 / 8), 1e-12);
    const Curve& g2 = *truth.curve("g2");
    const auto clock = [](double t) { return 4 * (1 - std::exp(-t / 8)); };
    for (std::size_t k = 1; k < o.frames; ++k) {
        double sum = 0;
        for (std::size_t i = 0; i + k < o.frames; ++i) {
            const double t = 10 + static_cast<double>(i);
            sum += 1 + std::exp(-2 * std::pow(clock(t + static_cast<double>(k)) - clock(t), 1.8)) / 4;
        }
        EXPECT_NEAR(g2.y[k - 1], sum / static_cast<double>(o.frames - k), 1e-12);
    }
    EXPECT_EQ(truth.curve("clock")->x.front(), 10);
    // After the plateau has begun no ageing law is left.
    SpeckleOptions late = o;
    late.scan_start = 25;
    EXPECT_EQ(truth_of(late, key).find("ageing_tau0", {}), nullptr);
    // tau of the midpoint is no clock: the exponent of a clock is not given either.
    o.dynamics.form = KernelForm::midpoint;
    const GroundTruth midpoint = truth_of(o, key);
    EXPECT_EQ(midpoint.find("clock_beta", {}), nullptr);
    EXPECT_EQ(midpoint.curve("clock"), nullptr);
    EXPECT_EQ(midpoint.find("tau", {}), nullptr);
}

// Delta C of dynamics that change within the run, without noise: of two tau in turn, written out from the clock; of
// steady ones it is 0 or, with a floor that is not theirs, not there.
TEST(SpeckleTruth, HeterogeneityOfTheRun) {
    SpeckleOptions o = series();
    o.frames = 400;
    o.dynamics.clock = {.kind = ClockKind::piecewise, .times = {0, 100, 200, 300}, .taus = {4, 16, 4, 16}};
    const GroundTruth truth = truth_of(o, key);
    const Curve& g2 = *truth.curve("g2");
    std::size_t lag = 1;
    while (g2.y[lag - 1] > 1 + std::exp(-2.0) / 4) ++lag;
    if (g2.y[lag - 2] - 1 - std::exp(-2.0) / 4 < 1 + std::exp(-2.0) / 4 - g2.y[lag - 1]) --lag;
    const auto clock = [](double t) {
        double sum = 0;
        for (int i = 0; i < 4; ++i) sum += std::clamp(t - 100 * i, 0.0, i < 3 ? 100.0 : 1e9) / (i % 2 == 0 ? 4 : 16);
        return sum;
    };
    std::vector<double> c;
    for (std::size_t t = 0; t + lag < o.frames; ++t) {
        const auto from = static_cast<double>(t);
        c.push_back(1 + std::exp(-2 * std::pow(clock(from + static_cast<double>(lag)) - clock(from), 1.8)) / 4);
    }
    double mean = 0;
    double square = 0;
    for (const double v : c) mean += v / static_cast<double>(c.size());
    for (const double v : c) square += (v - mean) * (v - mean) / static_cast<double>(c.size() - 1);
    EXPECT_NEAR(value(truth, "heterogeneity_sd"), std::sqrt(square), 1e-12);
    // Some half of the values at each of two levels: 90 % of them hold both.
    const double fast = std::exp(-2 * std::pow(static_cast<double>(lag) / 4, 1.8)) / 4;
    const double slow = std::exp(-2 * std::pow(static_cast<double>(lag) / 16, 1.8)) / 4;
    EXPECT_NEAR(value(truth, "heterogeneity_width_corrected"), slow - fast, 1e-3);
    EXPECT_NEAR(value(truth, "relative_heterogeneity_width_corrected"), 4 * (slow - fast), 4e-3);
    // The same of every run that has this clock, whatever its detector's counts; contrast scales it.
    o.detector.background = 0.2;
    EXPECT_NEAR(value(truth_of(o, key), "heterogeneity_sd"), 0.64 * std::sqrt(square), 1e-12);
    // Too short for g2 to come down: no lag, no truth.
    o.frames = 8;
    o.dynamics.clock.taus = {40, 41, 40, 41};
    EXPECT_EQ(truth_of(o, key).find("heterogeneity_sd", {}), nullptr);
}

// The noise floor is of one beam for all frames; what was drawn of the frames is recorded.
TEST(SpeckleTruth, FloorOnlyOfASteadyBeam) {
    const SpeckleOptions even = series();
    EXPECT_GT(value(truth_of(even, key), "heterogeneity_width"), 0);
    SpeckleOptions o = even;
    o.detector.background = 0.2;  // the law in numbers, not the closed form of a perfect detector
    EXPECT_GT(value(truth_of(o, key), "heterogeneity_width"), 0);
    const auto refused = [&](auto&& change, bool drawn) {
        SpeckleOptions with = o;
        change(with.detector);
        for (std::uint64_t replicate = 0; replicate < 8; ++replicate) {  // the first frame is among those that are lost
            const GroundTruth truth = truth_of(with, {7, cell_id("law"), replicate});
            for (const char* absent : {"heterogeneity_width", "heterogeneity_width_corrected", "heterogeneity_sd"})
                EXPECT_EQ(truth.find(absent, {}), nullptr) << absent;
            EXPECT_EQ(value(truth, "tau"), 5);
            const Origin origin = drawn ? Origin::recorded : Origin::closed_form;
            for (std::size_t c = 0; c < truth.curves.size(); ++c) {
                const std::string& name = truth.curves[c].name;
                if (name == "g2" || name == "beam") {
                    EXPECT_EQ(truth.curve_origins[c], origin) << name;
                }
            }
            EXPECT_EQ(truth.find("contrast", {})->origin, origin);
        }
    };
    refused([](Detector& d) { d.empty_frames = 0.5; }, true);
    refused([](Detector& d) { d.lost_frames = 0.5; }, true);
    refused([](Detector& d) { d.refill_depth = 0.3, d.refill_frames = 5; }, false);
}

// A run that happens to see no event of its random ones still has no tau: its population is not a KWW curve.
TEST(SpeckleTruth, RandomEventsThatDoNotHappen) {
    SpeckleOptions o = series();
    o.dynamics.event_rate = 1e-9;
    const GroundTruth truth = truth_of(o, key);
    EXPECT_EQ(truth.find("tau", {}), nullptr);
    EXPECT_EQ(truth.find("contrast", {}), nullptr);
    EXPECT_EQ(value(truth, "tau_mid_scan"), 5);
    EXPECT_EQ(value(truth, "event_rate"), 1e-9);
}

// event_fraction is what C shows: with next to no other motion, g1 of the stored map across the instant is 1 - a, and
// the drop of (C - 1) M beside it 1 - (1 - a)^2. Static part, heterodyne share, a sum, alone and together.
TEST(SpeckleTruth, EventFractionIsTheDropOfG1) {
    const KernelPart still{.name = "still", .weight = 0.25, .kernel = {.clock = {.tau0 = 1e12}}};
    const auto events = [](double static_fraction) {
        return Kernel{
            .clock = {.tau0 = 1e12}, .event_times = {5.5}, .event_fraction = 0.6, .static_fraction = static_fraction};
    };
    SpeckleOptions o = series();
    o.relaxation = {1e12, 1};
    const auto expect_drop = [&](double expected, const Abscissa& at) {
        const GroundTruth truth = truth_of(o, key);
        Abscissa place = at;
        place.push_back({"event", 0, 5.5, "s"});
        ASSERT_NE(truth.find("event_fraction", place), nullptr);
        const double a = truth.find("event_fraction", place)->value;
        EXPECT_NEAR(a, expected, 1e-12);
        EXPECT_NEAR(truth.find("event_fraction", at)->value, a, 1e-15);
        const Curve* g1 = truth.curve("g1");  // upper triangle, row by row
        ASSERT_NE(g1, nullptr);
        const auto of = [&](std::size_t i, std::size_t j) { return g1->y[i * (2 * o.frames - i - 1) / 2 + j - i - 1]; };
        EXPECT_NEAR(of(5, 6), 1 - a, 1e-10);
        EXPECT_NEAR(of(4, 5), 1, 1e-10);
        EXPECT_NEAR(4 * (law_of(o).correlation(5, 6) - 1), (1 - a) * (1 - a), 1e-9);
    };
    o.dynamics = events(0);
    expect_drop(0.6, {});
    o.dynamics = events(0.5);
    expect_drop(0.3, {});
    o.detector.heterodyne_fraction = 0.2;
    expect_drop(0.5 * 0.8 * 0.6, {});
    o.dynamics = Kernel{.static_fraction = 0.2};
    o.dynamics.sum = {still, {.name = "hops", .weight = 0.75, .kernel = events(0.1)}};
    o.detector.heterodyne_fraction = 0;
    expect_drop(0.8 * 0.75 * 0.9 * 0.6, {{"part", 1, 1.0, ""}});
}

// Random rearrangements are recorded; g2 of the runs averages to g2 of the population, exp(-rate dt (1-(1-a)^2)) on top
// of |g1|^2. 4000 runs of 11 lags, |z| < 4.9: false alarm 1e-5.
TEST(SpeckleTruth, RunsAverageToThePopulation) {
    SpeckleOptions o = series();
    o.rows = o.columns = 1;
    o.relaxation.beta = 1;
    o.dynamics.event_rate = 0.3;
    o.dynamics.event_fraction = 0.4;
    constexpr int runs = 4000;
    std::vector<double> sum(o.frames - 1);
    std::vector<double> squares(o.frames - 1);
    double events = 0;
    for (std::uint64_t r = 0; r < runs; ++r) {
        const GroundTruth truth = truth_of(o, {7, cell_id("population"), r});
        for (const auto& row : truth.rows)
            if (row.quantity == "event_time") {
                EXPECT_EQ(row.origin, Origin::recorded);
                EXPECT_GT(row.value, 0);
                EXPECT_LT(row.value, 12);
                ++events;
            }
        const auto& y = truth.curve("g2")->y;
        for (std::size_t k = 0; k < y.size(); ++k) {
            sum[k] += y[k];
            squares[k] += y[k] * y[k];
        }
    }
    EXPECT_NEAR(events / runs, 3.6, 4.9 * std::sqrt(3.6 / runs));
    const Curve population = *truth_of(o, key).curve("g2_population");
    for (std::size_t k = 0; k < sum.size(); ++k) {
        const double mean = sum[k] / runs;
        const double error = std::sqrt((squares[k] / runs - mean * mean) / runs);
        const double lag = static_cast<double>(k + 1);
        EXPECT_NEAR(population.y[k], 1 + std::exp(-2 * lag / 5 - 0.3 * lag * (1 - 0.36)) / 4, 1e-12);
        EXPECT_NEAR(mean, population.y[k], 4.9 * error) << k;
    }
}

}  // namespace
}  // namespace vitrum::model
