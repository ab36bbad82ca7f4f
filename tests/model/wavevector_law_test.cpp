#include "vitrum/model/relaxation/wavevector_law.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"

namespace vitrum::model {
namespace {

TEST(WavevectorLaw, PassesThroughItsPoint) {
    const WavevectorLaw law = law_through(2.87, 571, 0.36, 2.0);
    check(law);
    EXPECT_NEAR(law.tau(2.87), 571, 1e-9);
    // d ln tau / d ln q = -alpha.
    EXPECT_NEAR(std::log(law.tau(3.1) / law.tau(2.5)) / std::log(3.1 / 2.5), -0.36, 1e-12);
    EXPECT_NEAR(law.tau(2), 1 / (law.prefactor * std::pow(2, 0.36)), 1e-9);
    EXPECT_MESSAGE((void)law_through(-1, 571, 0.36, 2), "q = -1 1/angstrom");
    EXPECT_MESSAGE((void)law_through(2, 571, 0.36, 2.1), "beta = 2.1");
    EXPECT_MESSAGE(check(WavevectorLaw{-1, 1, 1}), "wavevector_prefactor = -1");
}

// |F| from the widths themselves: the stable law of scale (c t)^theta has exp(-(scale q)^k).
TEST(DisplacementLaw, IsTheKwwOfItsWidth) {
    const DisplacementLaw law{.prefactor = 0.03, .theta = 0.7, .k = 1.3};
    check(law);
    for (const double q : {0.5, 2.0, 2.9})
        for (const double t : {1.0, 30.0, 200.0}) {
            const double width = std::pow(law.prefactor * t, law.theta);
            EXPECT_NEAR(std::exp(-std::pow(t / law.tau(q), law.beta())), std::exp(-std::pow(width * q, law.k)), 1e-12);
        }
    EXPECT_NEAR(law.law().exponent, 1 / 0.7, 1e-12);
}

TEST(DisplacementLaw, PairsWithoutAFieldAreRefused) {
    // The pair quoted for a platinum glass: beta = 2 with k < 1.
    EXPECT_MESSAGE(check_displacement_pair(2.74, 0.73), "theta = 2.74, k = 0.73 (beta = 2) do not exist");
    EXPECT_MESSAGE(check_displacement_pair(2.74, 0.73), "force theta <= 1/k, so beta <= 1");
    EXPECT_MESSAGE(check_displacement_pair(1.1, 1.5), "force theta <= 1;");
    EXPECT_MESSAGE(check_displacement_pair(1, 2.1), "0 < k <= 2");
    EXPECT_MESSAGE(check_displacement_pair(0, 2), "theta > 0");
    EXPECT_MESSAGE(check(DisplacementLaw{.prefactor = 0}), "displacement_prefactor = 0");
    for (const auto& [theta, k] :
         {std::pair{1.0, 2.0}, {1.0, 1.5}, {0.5, 2.0}, {1 / 0.73, 0.73}, {0.8, 0.6}, {1.0, 1.0}})
        EXPECT_EQ(message_of([&] { check_displacement_pair(theta, k); }), "no error") << theta << " " << k;
}

}  // namespace
}  // namespace vitrum::model
