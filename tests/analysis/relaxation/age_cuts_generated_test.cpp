// Forward against centred cuts through maps of generated speckle whose tau grows exponentially.
#include <cmath>

#include <gtest/gtest.h>

#include "tests/analysis/relaxation/age_cut_study.hpp"

namespace vitrum::age_study {
namespace {

// Differences from the same cut without noise in standard errors of 30 replicates: |t| < 5.5 (Student, 29 degrees of
// freedom: 6e-6 each, 6e-5 for the ten of this file).
void expect_near(const Measured& found, const TauBeta& expected) {
    EXPECT_LT(std::abs(found.tau.mean() - expected.tau) / found.tau.error(), 5.5)
        << found.tau.mean() << " +- " << found.tau.error() << " for " << expected.tau;
    EXPECT_LT(std::abs(found.beta.mean() - expected.beta) / found.beta.error(), 5.5)
        << found.beta.mean() << " +- " << found.beta.error() << " for " << expected.beta;
}

struct Row {
    double age, ratio, beta;  // of the forward cut: tau_fit/tau and beta_fit for beta = 1.8
};

// The forward cut reads tau too long and beta too low by known amounts; the centred cut of the same maps does not.
TEST(GeneratedAgeCuts, ForwardCutIsBiasedAsKnownAndCentredIsNot) {
    for (const auto& row : {Row{4000, 1.0439, 1.749}, Row{6000, 1.1146, 1.672}}) {
        SCOPED_TRACE(row.age);
        const Design design{.beta = 1.8, .age = row.age};
        const TauBeta forward = design.exact(analysis::AgeCut::forward);
        const TauBeta centred = design.exact(analysis::AgeCut::centred);
        const double tau = design.tau(row.age);
        EXPECT_NEAR(forward.tau / tau, row.ratio, 1e-3);
        EXPECT_NEAR(forward.beta, row.beta, 2e-3);
        EXPECT_NEAR(centred.tau / tau, 1, 4e-3);  // odd lags are centred half a frame late
        EXPECT_NEAR(centred.beta, 1.8, 4e-3);
        const Cuts found = measure(design, 64, 30, 33);
        expect_near(found.forward, forward);
        expect_near(found.centred, centred);
        // These data are enough to see the bias of the forward cut: 6 standard errors expected at 4000 s.
        EXPECT_GT((found.forward.tau.mean() - tau) / found.forward.tau.error(), 4);
    }
}

// Over a whole scan of 600 s the fit returns the tau of its middle, beta a little too low.
TEST(GeneratedAgeCuts, AScanReturnsTauOfItsMiddle) {
    const Design design{.beta = 1.8, .age = 4000, .scan = 600};
    const TauBeta exact = design.exact(analysis::AgeCut::forward);
    EXPECT_NEAR(exact.tau, 220.8, 0.1);
    EXPECT_NEAR(exact.beta, 1.793, 1e-3);
    EXPECT_NEAR(exact.tau, design.tau(4300), 0.5);
    expect_near(measure(design, 32, 30, 34).forward, exact);
}

}  // namespace
}  // namespace vitrum::age_study
