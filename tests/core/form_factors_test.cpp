#include "vitrum/core/atoms/form_factors.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "vitrum/core/error.hpp"

namespace vitrum {
namespace {

TEST(FormFactors, EveryElementScattersForwardAsItsAtomicNumber) {
    EXPECT_GT(form_factors().size(), 40U);
    int last = 0;
    for (const FormFactor& f : form_factors()) {
        EXPECT_GT(f.atomic_number, last) << f.element;
        last = f.atomic_number;
        EXPECT_NEAR(f(0), f.atomic_number, 0.005 * f.atomic_number) << f.element;
        for (double q = 0; q < 12; q += 0.5) EXPECT_GT(f(q), f(q + 0.5)) << f.element << q;
        EXPECT_GT(f(12), 0) << f.element;
        EXPECT_NEAR(f.mass, 2.2 * f.atomic_number, 0.6 * f.atomic_number + 2) << f.element;
    }
}

TEST(FormFactors, FindsByName) {
    EXPECT_EQ(find_form_factor("Cu").c, copper.c);
    EXPECT_EQ(find_form_factor("Zr").a, zirconium.a);
    EXPECT_EQ(find_form_factor("Pt").atomic_number, 78);
    EXPECT_THROW((void)find_form_factor("Xx"), InputError);
}

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
}  // namespace vitrum
