// The chain with another normalisation than the default one.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/analysis/test_fields.hpp"
#include "vitrum/analysis/chain/correlation_chain.hpp"
#include "vitrum/core/data/data_set.hpp"

namespace vitrum {
namespace {

analysis::ChainResult chain(analysis::Normalisation normalisation, std::uint64_t replicate) {
    DataSet data;
    data.name = "x";
    data.data = test::ou_series(std::vector<double>(149, 0.1), 16, 20, 4, 1.0, {91, cell_id("chain"), replicate});
    analysis::ChainOptions options;
    options.normalisation = normalisation;
    return analysis::correlate(data.data, options).at(0);
}

bool has(const analysis::ChainResult& result, const char* quantity) {
    return std::any_of(result.estimates.begin(), result.estimates.end(),
                       [&](const Estimate& e) { return e.quantity == quantity; });
}

// 30 runs, tau = 10 frames. The 95 % interval of tau (tau of a beam without drift does not depend on the normalisation)
// holds in at least 22 of 30: a right interval falls below with probability 1e-4.
TEST(ChainNormalisation, TauAndItsErrorHoldInEachForm) {
    for (const auto form :
         {analysis::Normalisation::global, analysis::Normalisation::pearson, analysis::Normalisation::asymmetric}) {
        int covered = 0;
        for (std::uint64_t r = 0; r < 30; ++r) {
            const auto result = chain(form, r);
            const Estimate& tau = result.estimates.front();
            ASSERT_EQ(tau.quantity, "tau");
            EXPECT_EQ(result.g2.covariance_factor.cols(), 20);
            covered += tau.lower <= 10 && 10 <= tau.upper ? 1 : 0;
        }
        EXPECT_GE(covered, 22) << name(form);
        RecordProperty("covered_" + std::string(name(form)), covered);
    }
}

// The baseline of Pearson correlations is 0: no bound of the fit may sit there.
TEST(ChainNormalisation, PearsonsBaselineIsNoBound) {
    Curve g2;
    for (int i = 1; i <= 100; ++i) {
        g2.x.push_back(i);
        g2.y.push_back(-0.01 + 0.3 * std::exp(-2 * std::pow(i / 10.0, 1.5)));
    }
    const TwoTimeMap map{2, std::vector<double>(4), 1.0, "s", false};
    analysis::ChainOptions options;
    EXPECT_EQ(analysis::fit_kww(g2, analysis::kww_options(options, map)).status, Status::at_bound);
    options.normalisation = analysis::Normalisation::pearson;
    const auto fit = analysis::fit_kww(g2, analysis::kww_options(options, map));
    EXPECT_EQ(fit.status, Status::ok);
    EXPECT_NEAR(fit.baseline, -0.01, 1e-6);
}

TEST(ChainNormalisation, IsNamedInEveryEstimate) {
    const auto global = chain(analysis::Normalisation::global, 0);
    EXPECT_TRUE(has(global, "contrast"));
    for (const auto& e : global.estimates)
        EXPECT_NE(e.note.find("normalisation global"), std::string::npos) << e.quantity;
    const auto symmetric = chain(analysis::Normalisation::symmetric, 0);
    EXPECT_TRUE(has(symmetric, "contrast"));
    for (const auto& e : symmetric.estimates) EXPECT_EQ(e.note.find("normalisation"), std::string::npos) << e.quantity;
    // Pearson's amplitude is no contrast: under that name it would be compared with one.
    const auto pearson = chain(analysis::Normalisation::pearson, 0);
    EXPECT_TRUE(has(pearson, "tau") && has(pearson, "beta"));
    EXPECT_FALSE(has(pearson, "contrast") || has(pearson, "baseline") || has(pearson, "heterogeneity_width"));
}

}  // namespace
}  // namespace vitrum
