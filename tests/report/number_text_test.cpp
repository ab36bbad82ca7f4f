#include "vitrum/report/page/number_text.hpp"

#include <gtest/gtest.h>

#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::report {
namespace {

TEST(NumberText, roundsToTwoDigitsOfTheError) {
    EXPECT_EQ(number_text(12.3456, 0.5678, ""), "12.35 ± 0.57");
    EXPECT_EQ(number_text(0.9999712, 0.0001041, ""), "0.99997 ± 0.00010");
    // 0.0996 to two digits is 0.10: one decimal fewer, not a third digit.
    EXPECT_EQ(number_text(1.23456, 0.0996, ""), "1.23 ± 0.10");
}

TEST(NumberText, timesGetAReadablePrefix) {
    EXPECT_EQ(number_text(1.3e-12, 0.026e-12, "s"), "1.300 ± 0.026 ps");
    EXPECT_EQ(number_text(2.5e-7, 1e-8, "s"), "250 ± 10 ns");
    EXPECT_EQ(number_text(2.5e-4, 1e-5, "s"), "250 ± 10 µs");
    EXPECT_EQ(number_text(2.4, 0.048, "s"), "2.400 ± 0.048 s");
    EXPECT_EQ(number_text(40, 0.8, "frames"), "40.00 ± 0.80 frames");
}

TEST(NumberText, farFromOneUsesPowersOfTen) {
    EXPECT_EQ(number_text(3.21e-12, 0.12e-12, ""), "(3.21 ± 0.12) × 10⁻¹²");
    EXPECT_EQ(number_text(3.2e-12, not_a_number, ""), "3.2 × 10⁻¹²");
    EXPECT_EQ(number_text(123456, 2345, "s"), "(1.235 ± 0.023) × 10⁵ s");
    // An error of hundreds leaves no digit after the point: the power shows which digits count.
    EXPECT_EQ(number_text(1234, 450, ""), "(1.23 ± 0.45) × 10³");
}

TEST(NumberText, withoutErrorNoFalseDigits) {
    EXPECT_EQ(number_text(0.7, not_a_number, ""), "0.7");
    EXPECT_EQ(number_text(34.0234, not_a_number, "s"), "34.02 s");
    EXPECT_EQ(number_text(1503, not_a_number, "K"), "1503 K");
    EXPECT_EQ(number_text(0, not_a_number, "GPa"), "0 GPa");
}

TEST(NumberText, whatIsNotANumberIsADash) {
    EXPECT_EQ(number_text(not_a_number, 0.1, "s"), "—");
    EXPECT_EQ(number({}, not_a_number), "—");
}

TEST(NumberText, oneRowSharesOneStyle) {
    const NumberStyle style = number_style(1.295e-12, 0.026e-12, "s");
    EXPECT_EQ(unit_label(style), "ps");
    EXPECT_EQ(number(style, 1.3e-12), "1.300");
    EXPECT_EQ(number(style, -1.3e-12), "−1.300");
    EXPECT_EQ(signed_number(style, 0.005e-12), "+0.005");
    EXPECT_EQ(unit_label(number_style(3.2e-5, not_a_number, "")), "× 10⁻⁵");
    EXPECT_EQ(unit_label(number_style(2e12, 1e10, "1/s")), "10¹² s⁻¹");
}

TEST(NumberText, aTruthFarBelowTheErrorIsNotWrittenAsZero) {
    EXPECT_EQ(number(number_style(0.5, 0.1, ""), 2e-5), "2.0 × 10⁻⁵");
}

TEST(NumberText, unitsAndSymbolsArePrinted) {
    EXPECT_EQ(display_unit("angstrom^3"), "Å³");
    EXPECT_EQ(display_unit("eV/atom"), "eV/atom");
    EXPECT_EQ(display_symbol("tau"), "τ");
    EXPECT_EQ(display_symbol("relative_heterogeneity_width"), "ΔC / contrast");
    EXPECT_EQ(display_symbol("nobody_defined_this"), "nobody_defined_this");
}

}  // namespace
}  // namespace vitrum::report
