// chi4 on homogeneous and on intermittent speckle.
#include "vitrum/analysis/heterogeneity/chi4.hpp"

#include <cmath>

#include <Eigen/Dense>
#include <boost/random/uniform_01.hpp>
#include <gtest/gtest.h>

#include "tests/analysis/test_fields.hpp"
#include "tests/analysis/test_series.hpp"
#include "tests/message_of.hpp"
#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/analysis/correlation/two_time.hpp"
#include "vitrum/core/data/map_entry_variance.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum::analysis {
namespace {

TEST(Chi4, TraceIsTheDiagonalOfTheMap) {
    auto s = test::white_noise(40, 6, 7, 0.1, 3);
    std::fill_n(s.counts.begin() + 42 * 9, 42, 0.0F);
    s.used.assign(42, 1);
    s.used[8] = 0;
    const auto map = two_time(s);
    const auto pixels = active_pixels(s, 0);
    for (const std::size_t lag : {1UL, 7UL, 39UL}) {
        const auto dense = correlation_trace(s, pixels, lag);
        const auto sparse = correlation_trace(test::sparse_twin(s), pixels, lag);
        ASSERT_EQ(dense.size(), 40 - lag);
        for (std::size_t t = 0; t < dense.size(); ++t) {
            if (std::isnan(map(t, t + lag))) {
                EXPECT_TRUE(std::isnan(dense[t]) && std::isnan(sparse[t]));
            } else {
                EXPECT_DOUBLE_EQ(dense[t], map(t, t + lag));
                EXPECT_EQ(dense[t], sparse[t]);
            }
        }
    }
}

TEST(Chi4, RawAndSplitEqualTheNaiveSums) {
    const auto s = test::white_noise(60, 5, 8, 1, 4);
    const auto rows = chi4(s, {.region = 0, .lag = 3});
    const auto c = [&](std::size_t t, std::size_t begin, std::size_t end) {
        double a = 0;
        double b = 0;
        double ab = 0;
        for (std::size_t p = begin; p < end; ++p) {
            a += test::count(s, t, p);
            b += test::count(s, t + 3, p);
            ab += test::count(s, t, p) * test::count(s, t + 3, p);
        }
        return static_cast<double>(end - begin) * ab / (a * b);
    };
    const auto covariance = [&](auto&& x, auto&& y) {
        double sx = 0;
        double sy = 0;
        for (std::size_t t = 0; t < 57; ++t) {
            sx += x(t) / 57;
            sy += y(t) / 57;
        }
        double sum = 0;
        for (std::size_t t = 0; t < 57; ++t) sum += (x(t) - sx) * (y(t) - sy) / 56;
        return sum;
    };
    const auto all = [&](std::size_t t) { return c(t, 0, 40); };
    const auto low = [&](std::size_t t) { return c(t, 0, 20); };
    const auto high = [&](std::size_t t) { return c(t, 20, 40); };
    EXPECT_NEAR(rows[0].value, covariance(all, all), 1e-12);
    EXPECT_NEAR(rows[2].value, covariance(low, high), 1e-12);
    EXPECT_EQ(rows[0].abscissa.at(0).index, 3);
    EXPECT_TRUE(std::isnan(rows[0].standard_error));  // 57 values are fewer than ten blocks of 16
    EXPECT_NEAR(chi4(two_time(s), {.region = 0, .lag = 3}).value, rows[0].value, 1e-12);
    EXPECT_MESSAGE(chi4(s, {.region = 0, .lag = 60}), "lag = 60 frames; between 1 and 59 for 60 frames");
    EXPECT_EQ(chi4(s, {.region = 0, .lag = 45})[0].status, Status::no_data);
}

struct Average {
    double sum = 0, squares = 0, quoted = 0;
    int n = 0, covered = 0;
    void add(const Estimate& e, double truth) {
        sum += e.value;
        squares += e.value * e.value;
        quoted += e.standard_error * e.standard_error;
        covered += e.lower <= truth && truth <= e.upper ? 1 : 0;
        ++n;
    }
    [[nodiscard]] double mean() const { return sum / n; }
    [[nodiscard]] double error() const { return std::sqrt(quoted / n / n); }  // of the mean, from the quoted errors
    [[nodiscard]] double spread() const { return std::sqrt((squares - sum * sum / n) / (n - 1)); }
};

// 40 homogeneous runs of 1500 frames x 300 pixels, tau = 5 frames = the lag. The mean of 40 corrected values is within
// 4.5 standard errors of 0 (false alarm 7e-6 each; the formula may be off by 1 % of the noise besides), its spread is
// what the errors say to 4.5/sqrt(80), and 95 % intervals hold in at least 31 of 40 (probability 2e-5 to fail).
TEST(Chi4, HomogeneousSampleIsCompatibleWithZero) {
    Average raw;
    Average formula;
    Average split;
    const std::vector<double> step(1499, 0.2);
    for (std::uint64_t r = 0; r < 40; ++r) {
        const auto rows =
            chi4(test::ou_series(step, 15, 20, 3, 0.5, {51, cell_id("homogeneous"), r}), {.region = 0, .lag = 5});
        raw.add(rows[0], 0);
        formula.add(rows[1], 0);
        split.add(rows[2], 0);
    }
    const double noise = MapEntry{300, 3, 0.5}.variance(std::exp(-2.0));
    EXPECT_NEAR(raw.mean(), noise, 4.5 * raw.error() + 0.01 * noise);
    EXPECT_EQ(raw.covered, 0);
    EXPECT_NEAR(formula.mean(), 0, 4.5 * formula.error() + 0.01 * noise);
    EXPECT_NEAR(split.mean(), 0, 4.5 * split.error());
    for (const auto* a : {&formula, &split}) {
        EXPECT_NEAR(a->error() * std::sqrt(40.0) / a->spread(), 1, 4.5 / std::sqrt(80.0));
        EXPECT_GE(a->covered, 31);
    }
    RecordProperty("raw_over_noise", std::to_string(raw.mean() / noise));
    RecordProperty("formula_over_noise", std::to_string(formula.mean() / noise));
    RecordProperty("split_over_noise", std::to_string(split.mean() / noise));
    RecordProperty("covered_formula", formula.covered);
    RecordProperty("covered_split", split.covered);
}

// A rate that jumps between 0.02 and 0.3 per frame, with probability 1/40 per frame: over d frames the mean of
// (|g1|^2)^k is pi (D P)^(d-1) D 1 with D = diag(exp(-2 k rate)). 12 runs of 3000 frames x 400 pixels; the finite run
// takes off 2 t_c/T = 2 * 20/3000 = 1.3 %, allowed for in full. 4.5 standard errors: false alarm 7e-6 each.
TEST(Chi4, TelegraphRateGivesTheExactVariance) {
    constexpr double slow = 0.02;
    constexpr double fast = 0.3;
    constexpr double jump = 1.0 / 40;
    constexpr int lag = 4;
    constexpr int modes = 2;
    const auto moment = [&](double k) {
        Eigen::Matrix2d decay;
        decay << std::exp(-2 * k * slow), 0, 0, std::exp(-2 * k * fast);
        Eigen::Matrix2d change;
        change << 1 - jump, jump, jump, 1 - jump;
        Eigen::RowVector2d p(0.5, 0.5);
        p = p * decay;
        for (int d = 1; d < lag; ++d) p = p * change * decay;
        return p.sum();
    };
    const double truth = (moment(2) - moment(1) * moment(1)) / (modes * modes);
    Average raw;
    Average formula;
    Average split;
    for (std::uint64_t r = 0; r < 12; ++r) {
        Stream stream({61, cell_id("telegraph"), r}, Purpose::test, 1);
        boost::random::uniform_01<double> uniform;
        std::vector<double> step(2999);
        bool is_fast = uniform(stream) < 0.5;
        for (double& v : step) {
            v = is_fast ? fast : slow;
            if (uniform(stream) < jump) is_fast = !is_fast;
        }
        const auto rows =
            chi4(test::ou_series(step, 20, 20, modes, 0.5, {61, cell_id("telegraph"), r}), {.region = 0, .lag = lag});
        raw.add(rows[0], truth);
        formula.add(rows[1], truth);
        split.add(rows[2], truth);
    }
    EXPECT_GT(raw.mean(), truth + 4.5 * raw.error());
    EXPECT_NEAR(formula.mean(), truth, 4.5 * formula.error() + 0.014 * truth);
    EXPECT_NEAR(split.mean(), truth, 4.5 * split.error() + 0.014 * truth);
    EXPECT_LT(split.error(), 0.1 * truth);  // and the test can tell
    RecordProperty("truth", std::to_string(truth));
    RecordProperty("raw", std::to_string(raw.mean()));
    RecordProperty("formula", std::to_string(formula.mean()));
    RecordProperty("split", std::to_string(split.mean()));
    RecordProperty("split_error", std::to_string(split.error()));
}

// The generator's truth of one run against both estimates without noise, on a clock that jumps between two rates. The
// scatter of the 10 differences gives their error: Student with 9 degrees of freedom, |t| < 4.78 (1e-3 each, 2e-3 in
// all).
TEST(Chi4, TruthOfTheRun) {
    model::SpeckleOptions o;
    o.frames = 800;
    o.rows = o.columns = 16;
    o.modes = 3;
    o.mean_count = 1;
    o.relaxation = {model::standing_clock().tau0, 1.4};
    o.dynamics.random = {
        .kind = model::RandomClockKind::two_state, .tau_fast = 4, .tau_slow = 60, .time_fast = 30, .time_slow = 50};
    constexpr std::size_t lag = 6;
    constexpr int runs = 10;
    double sum[2]{};
    double squares[2]{};
    double truths = 0;
    for (std::uint64_t r = 0; r < runs; ++r) {
        const auto made = model::generate(o, {12, 3, r});
        const double truth = made.truth.curve("chi4_run")->y[lag - 1];
        truths += truth / runs;
        const auto rows = chi4(made.data, {.lag = lag});
        for (int i = 0; i < 2; ++i) {
            const double difference = rows.at(static_cast<std::size_t>(i + 1)).value - truth;
            sum[i] += difference / runs;
            squares[i] += difference * difference / runs;
        }
    }
    EXPECT_GT(truths, 5e-3);
    for (int i = 0; i < 2; ++i) {
        const double error = std::sqrt((squares[i] - sum[i] * sum[i]) / (runs - 1));
        EXPECT_LT(error, 0.1 * truths) << "too few runs to tell";
        EXPECT_LT(std::abs(sum[i]), 4.78 * error) << (i == 0 ? "formula" : "halves") << " of " << truths;
    }
}

}  // namespace
}  // namespace vitrum::analysis
