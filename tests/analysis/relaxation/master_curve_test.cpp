// Collapse of scaled curves: exact scaling, false alarms and power on generated series; speckle visibility against g2.
#include "vitrum/analysis/relaxation/master_curve.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/analysis/test_series.hpp"
#include "tests/message_of.hpp"
#include "vitrum/analysis/chain/correlation_chain.hpp"
#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/analysis/speckle/photon_statistics.hpp"
#include "vitrum/analysis/speckle/speckle_visibility.hpp"
#include "vitrum/core/data/data_set.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum::analysis {
namespace {

Curve generated(double tau, double beta, std::uint64_t replicate) {
    model::SpeckleOptions o;
    o.frames = 120;
    o.rows = 20;
    o.columns = 20;
    o.modes = 2;
    o.mean_count = 3;
    o.relaxation = {tau, beta};
    DataSet data;
    data.name = "x";
    data.data = model::generate(o, {12, cell_id("master"), replicate}).data;
    return correlate(data.data, {}).at(0).g2;
}

double value(const MasterCurve& m, const std::string& what) {
    for (const auto& row : m.rows)
        if (row.quantity == what) return row.value;
    return not_a_number;
}

// 50 pairs of series with the same shape: a true rate of 5 % gives more than 9 alarms with probability 3e-4, and the
// mean statistic is 1 within 4.5 standard deviations of the mean (each about 0.6: 0.4). A curve whose KWW law is
// rejected, 0.1 % of true ones, leaves its pair without a row: more than 2 of 100 with probability 2e-4.
TEST(MasterCurve, RaisesFewFalseAlarms) {
    int alarms = 0;
    int whole = 0;
    double sum = 0;
    constexpr int pairs = 50;
    for (std::uint64_t r = 0; r < pairs; ++r) {
        const auto m = master_curve({generated(5, 1.6, 2 * r), generated(9, 1.6, 2 * r + 1)}, {.draws = 400});
        if (m.rows.front().status != Status::ok) continue;
        ++whole;
        alarms += value(m, "master_curve_p_value") < 0.05;
        sum += value(m, "master_curve_statistic");
    }
    EXPECT_GE(whole, pairs - 2);
    EXPECT_LE(alarms, 9);
    EXPECT_NEAR(sum / whole, 1, 0.4);
}

TEST(MasterCurve, SeesAnotherShape) {
    int seen = 0;
    for (std::uint64_t r = 0; r < 8; ++r) {
        const auto m = master_curve({generated(5, 1.0, 100 + r), generated(9, 2.0, 200 + r)});
        if (m.rows.front().status != Status::ok) continue;
        if (value(m, "master_curve_p_value") < 0.05) ++seen;
        EXPECT_TRUE(value(m, "master_curve_p_value") > 0.05 ||
                    m.rows.front().note.find("no collapse") != std::string::npos);
    }
    EXPECT_GE(seen, 6);
}

TEST(MasterCurve, ScalesExactCurvesOntoOne) {
    std::vector<Curve> curves;
    for (const double tau : {8.0, 20.0}) {
        Curve g2;
        for (int i = 1; i <= 200; ++i) {
            g2.x.push_back(i);
            g2.y.push_back(1.02 + 0.1 * std::exp(-2 * std::pow(i / tau, 1.3)));
            g2.weight.push_back(201 - i);
        }
        g2.covariance_factor = 1e-5 * Eigen::MatrixXd::Identity(200, 200);
        g2.degrees_of_freedom = std::numeric_limits<double>::infinity();
        curves.push_back(g2);
    }
    const auto m = master_curve(curves);
    for (const auto& c : m.scaled)
        for (std::size_t i = 0; i < c.size(); ++i) ASSERT_NEAR(c.y[i], std::exp(-2 * std::pow(c.x[i], 1.3)), 1e-5);
    EXPECT_LT(value(m, "master_curve_statistic"), 1e-3);
    EXPECT_NEAR(value(m, "master_curve_beta"), 1.3, 1e-2);
    EXPECT_EQ(master_curve({curves.front()}).rows.front().status, Status::no_data);
    EXPECT_MESSAGE(master_curve(curves, {.bins = 2}), "bins = 2; three or more");
}

// White Poisson frames: sums of n frames are Poisson again, of visibility 0; dense and sparse sums are the same counts.
TEST(SpeckleVisibility, SumsFramesDenseAndSparse) {
    const SpeckleSeries dense = test::white_noise(33, 8, 10, 0.7);
    const SpeckleSeries sparse = summed_frames(test::sparse_twin(dense), 4);
    const SpeckleSeries sums = summed_frames(dense, 4);
    ASSERT_EQ(sums.frames, 8U);
    ASSERT_EQ(test::sparse_twin(sums).index, sparse.index);
    ASSERT_EQ(test::sparse_twin(sums).intensity, sparse.intensity);
    EXPECT_EQ(test::count(sums, 7, 3), test::count(dense, 28, 3) + test::count(dense, 29, 3) +
                                           test::count(dense, 30, 3) + test::count(dense, 31, 3));
}

// The exact law is the exposure average of |g1|^2 over frames: 1/M [1 + 2 sum (1 - k/n) exp(-2 (k/tau)^beta)]/n. Pulls
// of 20 runs: the mean within 4.5/sqrt(20) = 1.0 of 0, and both routes agree within their errors.
TEST(SpeckleVisibility, IsTheExposureAverageOfG2) {
    model::SpeckleOptions o;
    o.frames = 160;
    o.rows = 20;
    o.columns = 40;
    o.modes = 4;
    o.mean_count = 0.6;
    o.relaxation = {6, 1.5};
    double pull = 0;
    constexpr int runs = 20;
    for (std::uint64_t r = 0; r < runs; ++r) {
        DataSet data;
        data.name = "x";
        data.data = model::generate(o, {13, cell_id("visibility"), r}).data;
        const auto result = correlate(data.data, {}).at(0);
        const auto rows = speckle_visibility(std::get<SpeckleSeries>(data.data), result.g2);
        ASSERT_EQ(rows.size(), 10U);  // 1, 2, 4, 8, 16 frames by two routes
        const auto& seen = rows[6];
        const auto& from_g2 = rows[7];
        ASSERT_EQ(seen.abscissa.front().index, 8);
        double law = 1;
        for (int k = 1; k < 8; ++k) law += 2 * (1 - k / 8.0) * std::exp(-2 * std::pow(k / 6.0, 1.5));
        pull += (seen.value - law / 8 / 4) / seen.standard_error / runs;
        EXPECT_LT(std::abs(seen.value - from_g2.value), 2 * from_g2.standard_error) << r;
    }
    EXPECT_LT(std::abs(pull), 1.0 + 0.2);
}

}  // namespace
}  // namespace vitrum::analysis
