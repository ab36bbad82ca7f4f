// The table of docs/estimators/speckle/ageing_law.md from generated data: forward and centred cuts at five ages and
// three exponents, and whole scans. Fails if a mean leaves the noise-free value by 6.5 of its standard errors (false
// alarm of the whole below 1e-3, Student).
#include <cmath>
#include <cstdio>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/analysis/relaxation/age_cut_study.hpp"

namespace vitrum::age_study {
namespace {

std::string text(const Spread& s, double unit) {
    return fmt::format("{:.4f} ± {:.4f}", s.mean() / unit, s.error() / unit);
}

void expect_near(const Spread& found, double expected) {
    EXPECT_LT(std::abs(found.mean() - expected) / found.error(), 5.5) << found.mean() << " for " << expected;
}

TEST(AgeCutTable, CutsAtFiveAges) {
    fmt::print("\n| beta | age (s) | tau (s) | forward: tau_fit/tau, beta | centred: tau_fit/tau, beta |\n");
    for (const double beta : {1.6, 1.8, 2.0})
        for (const double age : {0.0, 2000.0, 4000.0, 6000.0, 8000.0}) {
            const Design design{.beta = beta, .age = age};
            const Cuts found = measure(design, 64, 20, 333);
            const double tau = design.tau(age);
            fmt::print("| {} | {} | {:.2f} | {}, {} | {}, {} |\n", beta, age, tau, text(found.forward.tau, tau),
                       text(found.forward.beta, 1), text(found.centred.tau, tau), text(found.centred.beta, 1));
            const TauBeta forward = design.exact(analysis::AgeCut::forward);
            const TauBeta centred = design.exact(analysis::AgeCut::centred);
            fmt::print("  without noise {:.4f}, {:.4f}; {:.4f}, {:.4f}\n", forward.tau / tau, forward.beta,
                       centred.tau / tau, centred.beta);
            std::fflush(stdout);
            expect_near(found.forward.tau, forward.tau);
            expect_near(found.forward.beta, forward.beta);
            expect_near(found.centred.tau, centred.tau);
            expect_near(found.centred.beta, centred.beta);
        }
}

TEST(AgeCutTable, WholeScans) {
    fmt::print("\n| scan (s) | from age (s) | tau of its middle (s) | tau_fit (s), beta |\n");
    for (const double scan : {600.0, 1400.0})
        for (const double age : {0.0, 2000.0, 4000.0, 6000.0}) {
            const Design design{.beta = 1.8, .age = age, .scan = scan};
            const Measured found = measure(design, 48, 12, 334).forward;
            const TauBeta exact = design.exact(analysis::AgeCut::forward);
            fmt::print("| {} | {} | {:.1f} | {}, {} |\n  without noise {:.2f}, {:.4f}\n", scan, age,
                       design.tau(age + scan / 2), text(found.tau, 1), text(found.beta, 1), exact.tau, exact.beta);
            std::fflush(stdout);
            expect_near(found.tau, exact.tau);
            expect_near(found.beta, exact.beta);
        }
}

}  // namespace
}  // namespace vitrum::age_study
