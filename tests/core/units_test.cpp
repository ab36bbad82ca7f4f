#include "vitrum/core/units.hpp"

#include <gtest/gtest.h>

#include "vitrum/core/error.hpp"

namespace vitrum {
namespace {

TEST(Units, ConvertsOnEntry) {
    EXPECT_DOUBLE_EQ(parse_with_unit("5000 K/ns", Dimension::temperature_rate, "rate"), 5e12);
    EXPECT_DOUBLE_EQ(parse_with_unit("0.1 s", Dimension::time, "t"), 0.1);
    EXPECT_DOUBLE_EQ(parse_with_unit("36 um/h", Dimension::velocity, "v"), 100);
    EXPECT_DOUBLE_EQ(parse_with_unit("0.36 GPa/h", Dimension::pressure_rate, "drift"), 1e-4);
    EXPECT_DOUBLE_EQ(parse_with_unit("50fs", Dimension::time, "t"), 5e-14);
    EXPECT_DOUBLE_EQ(parse_with_unit(" 2 kbar ", Dimension::pressure, "P"), 0.2);
    EXPECT_DOUBLE_EQ(parse_with_unit("-1.5e-1 GPa", Dimension::pressure, "P"), -0.15);
}

TEST(Units, BoltzmannAt300Kelvin) {
    EXPECT_NEAR(300 * boltzmann_gpa_a3, 4.1419, 1e-4);
    EXPECT_NEAR(300 * boltzmann_ev, 0.025852, 1e-6);
    EXPECT_NEAR(ev_per_gpa_a3, 6.2415e-3, 1e-7);
}

TEST(Units, TextRoundTrips) {
    for (const double v : {0.1, 1.0 / 3, 2e-15, 5e12, -3.25})
        EXPECT_EQ(parse_with_unit(with_unit(v, Dimension::time), Dimension::time, "t"), v);
}

TEST(Units, WrongFormNamesTheRightOne) {
    const auto message = [](const char* text) {
        try {
            static_cast<void>(parse_with_unit(text, Dimension::pressure, "key"));
        } catch (const InputError& e) {
            return std::string(e.what());
        }
        return std::string("accepted");
    };
    EXPECT_NE(message("5").find("\"5 GPa\""), std::string::npos);
    EXPECT_NE(message("five GPa").find("key"), std::string::npos);
    EXPECT_NE(message("5 K").find("unknown unit 'K'"), std::string::npos);
    EXPECT_NE(message("nan GPa").find("not a number"), std::string::npos);
}

TEST(Errors, NearestWord) {
    const std::vector<std::string> keys{"tau", "beta", "frames", "frame_time"};
    EXPECT_EQ(nearest("tua", keys), "tau");
    EXPECT_EQ(nearest("frame_tim", keys), "frame_time");
    EXPECT_EQ(nearest("wavelength", keys), "");
    EXPECT_NE(suggestion("wavelength", keys).find("known are tau, beta"), std::string::npos);
}

TEST(Units, WhatCannotBeComputedWithIsRefused) {
    EXPECT_THROW((void)parse_with_unit("1e-320 s", Dimension::time, "t"), InputError);
    EXPECT_THROW((void)parse_with_unit("1e-300 fs", Dimension::time, "t"), InputError);
    EXPECT_THROW((void)parse_with_unit("1e308 h", Dimension::time, "t"), InputError);
    EXPECT_EQ(parse_with_unit("0 fs", Dimension::time, "t"), 0);
    EXPECT_GT(parse_with_unit("1e-290 fs", Dimension::time, "t"), 0);
}

}  // namespace
}  // namespace vitrum
