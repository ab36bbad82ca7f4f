// Sudden events, stationarity and trend, on Ornstein-Uhlenbeck speckle: a step of -ln(1-a) between two frames is an
// event that takes the fraction a of g1.
#include "vitrum/analysis/heterogeneity/events.hpp"

#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/analysis/test_fields.hpp"
#include "tests/message_of.hpp"
#include "vitrum/analysis/correlation/errors/gaussian_paths.hpp"
#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/analysis/correlation/two_time.hpp"
#include "vitrum/analysis/heterogeneity/scan_average.hpp"
#include "vitrum/analysis/heterogeneity/short_lags.hpp"
#include "vitrum/analysis/heterogeneity/stationarity.hpp"
#include "vitrum/core/data/map_entry_variance.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum::analysis {
namespace {

SpeckleSeries run_of(const std::vector<double>& step, std::uint64_t replicate, int modes = 3, double mean = 1) {
    return test::ou_series(step, 15, 16, modes, mean, {81, cell_id("events"), replicate});
}

GroupTraces traces_of(const SpeckleSeries& s, double tau) {
    return group_traces(s, active_pixels(s, 0), short_lags(tau, s.frames));
}

// 80 homogeneous runs of 200 frames x 240 pixels, tau = 6: at a rate of 5 % more than 12 alarms have probability 2e-4,
// for each of the three tests. The p-values are not all large either: fewer than 20 of 80 below one half, at a rate of
// one half, have 2e-6.
TEST(Events, FalseAlarmsKeepTheirRate) {
    int events = 0;
    int not_stationary = 0;
    int trend = 0;
    int low = 0;
    for (std::uint64_t r = 0; r < 80; ++r) {
        const auto traces = traces_of(run_of(std::vector<double>(199, 1.0 / 6), r), 6);
        const auto search = find_events(traces);
        ASSERT_TRUE(search.searched);
        events += !search.events.empty();
        EXPECT_EQ(search.events.empty(), search.smallest_p > 0.05);
        const auto rows = stationarity(traces);
        not_stationary += rows[0].value < 0.05;
        low += rows[0].value < 0.5;
        trend += rows[1].value < 0.05;
    }
    EXPECT_LE(events, 12);
    EXPECT_LE(not_stationary, 12);
    EXPECT_LE(trend, 12);
    EXPECT_GE(low, 20);
    RecordProperty("events", events);
    RecordProperty("not_stationary", not_stationary);
    RecordProperty("trend", trend);
}

// A full event and one of 0.5, 400 frames apart from the rest: both found in every one of 10 runs, within 4.5 errors
// (one frame at least); of 20 intervals of 95 % for the size at least 14 hold (1e-4 to fail at 95 %... and the choice
// of the instant leans to larger sizes); nothing else is found in more than 4 runs.
TEST(Events, TimesAndSizesAreFound) {
    int covered = 0;
    int extra = 0;
    for (std::uint64_t r = 0; r < 10; ++r) {
        std::vector<double> step(499, 1.0 / 20);
        step[149] += 30;
        step[329] += std::log(2.0);
        const auto s = run_of(step, 100 + r, 2, 4);
        const auto search = find_events(traces_of(s, 20));
        for (const auto& [frame, fraction] : {std::pair{150.0, 1.0}, std::pair{330.0, 0.5}}) {
            bool found = false;
            for (const auto& e : search.events) {
                if (std::abs(static_cast<double>(e.frame) - frame) > std::max(1.0, 4.5 * e.frame_error)) continue;
                found = true;
                covered += e.fraction_low <= fraction && fraction <= e.fraction_high;
                EXPECT_LT(e.p_value, 0.05);
                EXPECT_LT(e.frame_error, 8);
            }
            EXPECT_TRUE(found) << r << " " << frame;
        }
        extra += search.events.size() > 2;
    }
    EXPECT_GE(covered, 14);
    EXPECT_LE(extra, 4);
    RecordProperty("covered", covered);
}

// With half of g1 static an event of 0.6 of the rest takes 0.3 of g1: the size is that, not the smaller drop at the
// lags where the rest has decayed. 12 runs; the mean size within 4.5 standard errors, 0.02 for the choice of the
// instant, and 8 of 12 intervals of 95 % hold (fails with 2e-4). Without the static part it reads less than 0.26.
TEST(Events, SizeBesideAStaticPart) {
    model::SpeckleOptions o;
    o.frames = 400;
    o.rows = o.columns = 32;
    o.modes = 1;
    o.mean_count = 4;
    o.relaxation = {20, 1};
    o.dynamics.static_fraction = 0.5;
    o.dynamics.event_times = {200.5};
    o.dynamics.event_fraction = 0.6;
    std::vector<double> sizes;
    std::vector<double> ignorant;
    int covered = 0;
    for (std::uint64_t r = 0; r < 12; ++r) {
        const auto s = model::generate(o, {5, cell_id("static"), r}).data;
        const auto traces = traces_of(s, 20);
        const auto options = with_static_part({}, 0.75, 1.25, 0.01);
        EXPECT_NEAR(options.static_fraction, 0.5, 1e-12);
        for (const auto& e : find_events(traces, options).events) {
            if (e.frame < 198 || e.frame > 204) continue;
            sizes.push_back(e.fraction);
            covered += e.fraction_low <= 0.3 && 0.3 <= e.fraction_high;
        }
        for (const auto& e : find_events(traces).events)
            if (e.frame >= 198 && e.frame <= 204) ignorant.push_back(e.fraction);
    }
    ASSERT_GE(sizes.size(), 10U);
    double mean = 0;
    double square = 0;
    const auto n = static_cast<double>(sizes.size());
    for (const double a : sizes) mean += a / n;
    for (const double a : sizes) square += (a - mean) * (a - mean) / (n - 1);
    EXPECT_NEAR(mean, 0.3, 4.5 * std::sqrt(square / n) + 0.02);
    EXPECT_LT(std::sqrt(square / n), 0.03);
    EXPECT_GE(covered, 8);
    ASSERT_GE(ignorant.size(), 10U);
    EXPECT_LT(std::accumulate(ignorant.begin(), ignorant.end(), 0.0) / static_cast<double>(ignorant.size()), 0.26);
    EXPECT_EQ(with_static_part({}, 0.75, 1.02, 0.01).static_fraction, 0);
}

// Slow change is no event, but it is seen: rate falling four-fold over the run.
TEST(Events, AgeingIsATrendAndNoEvent) {
    int events = 0;
    for (std::uint64_t r = 0; r < 6; ++r) {
        std::vector<double> step;
        for (int t = 0; t < 599; ++t) step.push_back(0.2 * std::pow(4.0, -t / 600.0));
        const auto traces = traces_of(run_of(step, 200 + r, 2, 3), 8);
        const auto rows = stationarity(traces);
        EXPECT_LT(rows[0].value, 1e-4);
        EXPECT_LT(rows[1].value, 1e-2);
        events += static_cast<int>(find_events(traces).events.size());
    }
    EXPECT_LE(events, 2);
}

TEST(Events, OfAMapAlone) {
    std::vector<double> step(799, 1.0 / 8);
    step[399] += 30;
    const auto s = run_of(step, 300, 2, 4);
    const auto map = two_time(s);
    const auto search = find_events(map_traces(map, short_lags(8, 800)));
    ASSERT_EQ(search.events.size(), 1U);
    EXPECT_NEAR(static_cast<double>(search.events[0].frame), 400, 1);
    const auto rows = event_rows(search, {}, 2.0, "s");
    EXPECT_NEAR(rows[2].value, 2.0 * (static_cast<double>(search.events[0].frame) - 0.5), 1e-12);
    EXPECT_EQ(rows[2].abscissa.at(0).name, "event");
    // The same traces whether from the map or from the frames.
    const auto traces = traces_of(s, 8);
    for (std::size_t d = 0; d < traces.lags.size(); ++d)
        for (std::size_t t = 0; t + traces.lags[d] < 800; ++t)
            EXPECT_DOUBLE_EQ(traces.whole[d][t], map(t, t + traces.lags[d]));
}

TEST(Events, NoNumberWhereThereIsNone) {
    const auto s = run_of(std::vector<double>(39, 0.1), 400);
    const auto traces = traces_of(s, 10);
    EXPECT_FALSE(find_events(traces).searched);
    EXPECT_EQ(event_rows(find_events(traces), {}, 1, "s")[0].status, Status::no_data);
    EXPECT_EQ(stationarity(traces)[1].status, Status::no_data);
    EXPECT_MESSAGE(static_cast<void>(find_events(traces, {.false_alarm = 0})),
                   "false_alarm = 0; a rate per map between 0 and 0.5");
}

// Covariance of 4000 paths within 4.5 standard errors at every lag: false alarm 3e-5 over the four.
TEST(GaussianPaths, HaveTheirCovariance) {
    const std::vector<double> wanted{2, 1, 0.5, 0.1};
    std::vector<double> sum(4, 0.0);
    for_each_gaussian_path(wanted, 50, 4000, {5, 0, 0}, [&](std::vector<double>& path) {
        for (std::size_t k = 0; k < 4; ++k) sum[k] += path[20] * path[20 + k] / 4000;
    });
    for (std::size_t k = 0; k < 4; ++k)
        EXPECT_NEAR(sum[k], wanted[k], 4.5 * std::sqrt((4 + wanted[k] * wanted[k]) / 4000)) << k;
}

// Two scans with their own levels: the mean of their histograms, not the histogram of one.
TEST(ScanAverage, IsTheWidthOfTheMeanHistogram) {
    Curve low;
    Curve high;
    for (int t = 0; t < 1000; ++t) {
        low.x.push_back(t);
        low.y.push_back(1 + 0.001 * ((t * 37) % 100));
    }
    low.y_error.assign(1000, 0.0);
    high = low;
    for (double& v : high.y) v += 0.3;
    high.x.resize(500);
    high.y.resize(500);
    high.y_error.resize(500);
    const auto one = scan_averaged_width({{&low, 5, 0.2}});
    EXPECT_NEAR(one[0].value, 0.089, 1e-9);
    EXPECT_NEAR(one[1].value, 0.089 / 0.2, 1e-9);
    // Each scan weighs the same, long or short: 10 % are lost at one end or both, never the gap between.
    const auto both = scan_averaged_width({{&low, 5, 0.2}, {&high, 5, 0.4}});
    EXPECT_NEAR(both[0].value, 0.379, 0.002);
    EXPECT_NEAR(both[1].value, both[0].value / 0.3, 1e-9);
    EXPECT_NEAR(both[2].value, both[0].value, 0.01);  // no noise to take out
    EXPECT_GT(both[0].standard_error, 0);
    const auto same = scan_averaged_width({{&low, 5, 0.2}, {&low, 5, 0.2}});
    EXPECT_NEAR(same[0].value, one[0].value, 1e-9);
}

}  // namespace
}  // namespace vitrum::analysis
