#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "vitrum/analysis/diffraction/normalisation.hpp"
#include "vitrum/core/atoms/form_factors.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/model/atoms/percus_yevick.hpp"

namespace vitrum::analysis {
namespace {

constexpr double phi = 0.45;
constexpr double diameter = 2.6;
constexpr double scale = 1234.5;
const double density = 6 * phi / std::numbers::pi / (diameter * diameter * diameter);

// Softened hard spheres of Cu50Zr50: S - 1 damped as by displacements of 0.12 angstrom.
double truth(double q) { return 1 + (model::percus_yevick(phi, q * diameter) - 1) * std::exp(-0.5 * q * q * 0.0144); }

double compton(double q) {
    const double a = copper(q);
    const double b = zirconium(q);
    return 0.5 * (29 - a * a / 29) + 0.5 * (40 - b * b / 40);
}

Curve tabulated(double high, double (*y)(double)) {
    Curve c = make_curve("intensity", "q", "1/angstrom", "I", "");
    for (double q = 0.05; q <= high + 1e-9; q += 0.05) {
        c.x.push_back(q);
        c.y.push_back(y(q));
    }
    return c;
}

double measured(double q) {
    const double a = copper(q);
    const double b = zirconium(q);
    const double mean2 = (a + b) * (a + b) / 4;
    const double coherent = mean2 * truth(q) + (a * a + b * b) / 2 - mean2;
    return (coherent + compton(q)) / scale;
}

NormalisationOptions alloy() {
    NormalisationOptions o;
    o.composition = {{"Cu", 0.5}, {"Zr", 0.5}};
    o.r_min = 2.0;
    return o;
}

TEST(Normalisation, RoundTripRecoversScaleAndDensity) {
    const Normalised n = normalise_intensity(tabulated(20, measured), tabulated(20, compton), alloy());
    EXPECT_EQ(n.estimates[0].status, Status::ok) << n.estimates[0].note;
    EXPECT_NEAR(n.estimates[0].value / scale, 1, 2e-4);
    EXPECT_NEAR(n.estimates[1].value / density, 1, 0.003);
    for (const Curve& s : n.curves)
        for (std::size_t i = 0; i < s.size(); ++i)
            if (s.x[i] > 1) {
                EXPECT_NEAR(s.y[i], truth(s.x[i]), 0.005) << s.name << " " << s.x[i];
            }
    // With the density given the scale is as good.
    NormalisationOptions o = alloy();
    o.density = density;
    EXPECT_NEAR(normalise_intensity(tabulated(20, measured), tabulated(20, compton), o).estimates[0].value / scale, 1,
                1e-3);
}

TEST(Normalisation, ComptonScatteringLeftInShows) {
    // Told that there is no Compton scattering, the scale is wrong by percents.
    const Normalised n = normalise_intensity(tabulated(20, measured), {}, alloy());
    EXPECT_GT(std::abs(n.estimates[0].value / scale - 1), 0.02);
}

TEST(Normalisation, IterationsTakeOutASlowError) {
    // A smooth background of 3 %: below r_min G is wrong; the iterations mend it and bring S nearer to the truth.
    Curve wrong = tabulated(20, measured);
    for (std::size_t i = 0; i < wrong.size(); ++i) wrong.y[i] *= 1 + 0.03 * std::sin(0.6 * wrong.x[i]);
    NormalisationOptions o = alloy();
    o.density = density;
    const Normalised n = normalise_intensity(wrong, tabulated(20, compton), o);
    const auto distance = [](const Curve& s) {
        double sum = 0;
        double count = 0;
        for (std::size_t i = 0; i < s.size(); ++i)
            if (s.x[i] > 1.5 && s.x[i] < 15) {
                sum += std::pow(s.y[i] - truth(s.x[i]), 2);
                count += 1;
            }
        return std::sqrt(sum / count);
    };
    EXPECT_LT(distance(n.curves[0]), 0.05 * distance(n.curves[1]));
    o.most_iterations = 1;
    EXPECT_GT(normalise_intensity(wrong, tabulated(20, compton), o).residual, 3 * n.residual);
}

TEST(Normalisation, BadInputIsRefused) {
    const Curve i = tabulated(20, measured);
    NormalisationOptions o = alloy();
    o.r_min = 0;
    EXPECT_THROW((void)normalise_intensity(i, {}, o), InputError);
    o = alloy();
    o.composition = {{"Cu", 0.5}};
    EXPECT_THROW((void)normalise_intensity(i, {}, o), InputError);
    o.composition = {{"Qq", 1}};
    EXPECT_THROW((void)normalise_intensity(i, {}, o), InputError);
    EXPECT_THROW((void)normalise_intensity(i, tabulated(10, compton), alloy()), InputError);
}

}  // namespace
}  // namespace vitrum::analysis
