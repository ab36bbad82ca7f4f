#include "vitrum/core/atoms/form_factors.hpp"

#include <gtest/gtest.h>

namespace vitrum::sim {
namespace {

TEST(FormFactors, ForwardScatteringIsTheAtomicNumber) {
    // Tabulated fits miss Z by a few hundredths of an electron.
    EXPECT_NEAR(copper(0), copper.atomic_number, 0.1);
    EXPECT_NEAR(zirconium(0), zirconium.atomic_number, 0.1);
}

TEST(FormFactors, FallMonotonically) {
    for (double q = 0; q < 20; q += 0.5) {
        EXPECT_GT(copper(q), copper(q + 0.5));
        EXPECT_GT(zirconium(q), zirconium(q + 0.5));
    }
}

TEST(FormFactors, PartialWeightOfEquiatomicAlloy) {
    EXPECT_NEAR(copper_copper_weight(0.5, 0), 0.177, 0.0005);
    EXPECT_NEAR(copper_copper_weight(0.5, 10), 0.134, 0.0005);
}

}  // namespace
}  // namespace vitrum::sim
