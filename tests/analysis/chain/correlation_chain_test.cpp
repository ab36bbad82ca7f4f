// The chain against generated truth. Only the test sees both sides.
#include "vitrum/analysis/chain/correlation_chain.hpp"

#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/core/data/data_set.hpp"
#include "vitrum/core/parallel.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum {
namespace {

DataSet as_data(SpeckleSeries series) {
    DataSet data;
    data.name = "x";
    data.data = std::move(series);
    return data;
}

// 100 replicates of 200 frames x 1000 pixels. Pulls of tau, beta, contrast and baseline: mean within 4.5/sqrt(100) of
// 0 plus a bias of order 1/N in units of sigma (0.15), width within 1 +- 4.5/sqrt(200); coverage of the 95 % interval
// at least 86 of 100 (a right interval falls below that with probability 1e-4).
TEST(CorrelationChain, PullsAndCoverage) {
    model::SpeckleOptions o;
    o.frames = 200;
    o.rows = 25;
    o.columns = 40;
    o.modes = 5;
    o.mean_count = 0.5;
    o.relaxation = {10, 1.8};
    struct Tally {
        double sum = 0, squares = 0;
        int covered = 0, n = 0;
    };
    std::map<std::string, Tally> tallies;
    constexpr int replicates = 100;
    for (std::uint64_t r = 0; r < replicates; ++r) {
        auto made = model::generate(o, {17, cell_id("pulls"), r});
        const auto result = analysis::correlate(as_data(std::move(made.data)).data, {}).at(0);
        for (const auto& e : result.estimates) {
            if (e.quantity != "tau" && e.quantity != "beta" && e.quantity != "contrast" && e.quantity != "baseline")
                continue;
            ASSERT_EQ(e.status, Status::ok);
            const double truth = made.truth.find(e.quantity, {})->value;
            const double pull = (e.value - truth) / e.standard_error;
            auto& t = tallies[e.quantity];
            t.sum += pull;
            t.squares += pull * pull;
            t.covered += e.lower <= truth && truth <= e.upper;
            ++t.n;
        }
    }
    ASSERT_EQ(tallies.size(), 4U);
    for (const auto& [quantity, t] : tallies) {
        ASSERT_EQ(t.n, replicates);
        const double mean = t.sum / t.n;
        const double width = std::sqrt((t.squares - t.sum * mean) / (t.n - 1));
        EXPECT_LT(std::abs(mean), 0.45 + 0.15) << quantity;
        EXPECT_GT(width, 1 - 0.32) << quantity;
        EXPECT_LT(width, 1 + 0.32) << quantity;
        EXPECT_GE(t.covered, 86) << quantity;
        RecordProperty(quantity, std::to_string(t.covered));
    }
}

// Data sets are made and analysed side by side. With a planner lock of its own in each module this crashes within a
// few hundred series.
// tau grows fourfold within the run: the fit of the mean over it says so. A steady run says nothing (level 1e-3 of
// either test, fixed seed).
TEST(CorrelationChain, AFitOverAnAgeingRunCarriesTheWord) {
    model::SpeckleOptions o;
    o.frames = 400;
    o.rows = o.columns = 32;
    o.modes = 5;
    o.mean_count = 0.5;
    o.relaxation = {10, 1.8};
    const auto notes_of = [&] {
        auto made = model::generate(o, {5, cell_id("word"), 0});
        std::string notes;
        for (const auto& e : analysis::correlate(as_data(std::move(made.data)).data, {}).at(0).estimates)
            if (e.quantity == "tau" || e.quantity == "beta") notes += e.note;
        return notes;
    };
    EXPECT_EQ(notes_of().find("not stationary"), std::string::npos);
    o.dynamics.clock.kind = model::ClockKind::ageing;
    o.dynamics.clock.tau0 = 10;
    o.dynamics.clock.tau_star = 400 / std::log(4.0);
    EXPECT_NE(notes_of().find("not stationary"), std::string::npos);
}

TEST(CorrelationChain, ManySeriesAtOnce) {
    model::SpeckleOptions o;
    o.frames = 24;
    o.rows = 8;
    o.columns = 16;
    o.relaxation = {3, 1.5};
    constexpr std::size_t count = 1500;
    std::vector<double> first(count);
    for_each_block(count, 1, [&](std::size_t r, std::size_t, std::size_t) {
        auto made = model::generate(o, {1, cell_id("many"), r % 10});
        first[r] = analysis::correlate(as_data(std::move(made.data)).data, {}).at(0).g2.y_error.at(3);
    });
    for (std::size_t r = 10; r < count; ++r) ASSERT_EQ(first[r], first[r % 10]);
}

TEST(CorrelationChain, OneResultPerRegion) {
    model::SpeckleOptions o;
    o.frames = 60;
    o.rows = 10;
    o.columns = 20;
    auto made = model::generate(o, {1, 2, 0});
    made.data.region.assign(200, 1);
    for (std::size_t p = 100; p < 200; ++p) made.data.region[p] = 3;
    made.data.region[0] = 0;
    const auto results = analysis::correlate(as_data(std::move(made.data)).data, {});
    ASSERT_EQ(results.size(), 2U);
    EXPECT_EQ(results[0].pixels, 99U);
    EXPECT_EQ(results[1].region, 3);
}

TEST(CorrelationChain, ATimeLagNeedsAFrameTime) {
    model::SpeckleOptions o;
    o.frames = 60;
    auto made = model::generate(o, {1, 2, 0});
    made.data.time_unit = "frames";
    analysis::ChainOptions options;
    options.min_lag = {2.0, false};
    EXPECT_MESSAGE(analysis::correlate(as_data(std::move(made.data)).data, options), "give --frame-time");
}

}  // namespace
}  // namespace vitrum
