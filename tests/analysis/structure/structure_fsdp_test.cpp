#include <cmath>
#include <functional>

#include <boost/random/normal_distribution.hpp>
#include <gtest/gtest.h>

#include "vitrum/analysis/diffraction/fsdp.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/stream.hpp"
#include "vitrum/model/atoms/percus_yevick.hpp"

namespace vitrum::analysis {
namespace {

Curve sampled(double low, double high, double step, const std::function<double(double)>& s) {
    Curve c = make_curve("structure_factor", "q", "1/angstrom", "S", "");
    for (double q = low; q <= high + 1e-9; q += step) {
        c.x.push_back(q);
        c.y.push_back(s(q));
    }
    return c;
}

FsdpOptions by(PeakMethod method, double fraction = 0) {
    FsdpOptions options;
    options.method = method;
    options.fraction = fraction;
    return options;
}

TEST(Fsdp, SymmetricDoubleSigmoidHasItsClosedForm) {
    const double w = 0.11;
    const double w1 = 0.5;
    const PeakShape s = shape({0.4, 2.5, 2.7, w1, w, w});
    const double a = w1 / 2;
    EXPECT_NEAR(s.position, 2.7, 1e-7);
    EXPECT_NEAR(s.height, 0.4 + 2.5 * std::pow(1 + std::exp(-a / w), -2), 1e-12);
    EXPECT_NEAR(s.area, 2.5 * w1 / (1 - std::exp(-w1 / w)), 1e-9);
    EXPECT_NEAR(s.width, 2 * w * std::acosh(2 + std::cosh(a / w)), 1e-9);
}

TEST(Fsdp, PercusYevickPeakIsFound) {
    // Main peaks of hard spheres: (q d, S), independent program.
    struct Peak {
        double phi, q, s;
    };
    for (const Peak& peak :
         {Peak{0.4, 6.6395, 2.047580}, Peak{0.494, 6.9826, 3.134022}, Peak{0.55, 7.2130, 4.437301}}) {
        const Curve c = sampled(4, 11, 0.01, [&](double q) { return model::percus_yevick(peak.phi, q); });
        const Findings f = fsdp(c, by(PeakMethod::parabola, 0.01));
        EXPECT_NEAR(f.estimates[0].value, peak.q, 0.003);
        EXPECT_NEAR(f.estimates[1].value, peak.s, 0.002);
        // Half width by bisection of the closed form.
        const auto half = [&](double sign) {
            double near = 0;
            double far = 2;
            for (int i = 0; i < 60; ++i) {
                const double m = (near + far) / 2;
                (model::percus_yevick(peak.phi, peak.q + sign * m) > peak.s / 2 ? near : far) = m;
            }
            return near;
        };
        EXPECT_NEAR(f.estimates[2].value, half(1) + half(-1), 0.003);
        EXPECT_TRUE(std::isnan(f.estimates[0].standard_error));
    }
}

TEST(Fsdp, CentreOfMassOfASkewPeakDependsOnTheFraction) {
    // A triangle, steep on the left: height 1, from 2 over 2.2 to 3. The part above (1 - f) of the top is a similar
    // triangle with vertices at the level: centroid (left + top + right)/3.
    const auto triangle = [](double q) { return std::max(0.0, q < 2.2 ? (q - 2) / 0.2 : (3 - q) / 0.8); };
    const Curve c = sampled(1.5, 3.5, 0.1, triangle);  // its corners are points
    for (const double fraction : {0.5, 0.4, 0.3, 0.2}) {
        const Findings f = fsdp(c, by(PeakMethod::centre_of_mass, fraction));
        const double left = 2.2 - 0.2 * fraction;
        const double right = 2.2 + 0.8 * fraction;
        EXPECT_NEAR(f.estimates[0].value, (left + 2.2 + right) / 3, 1e-6);
        EXPECT_NEAR(f.estimates[2].value, 0.5, 1e-6);
        EXPECT_NEAR(f.estimates[3].value, 0.375, 1e-6);  // the upper half and the box below it
    }
}

TEST(Fsdp, DoubleSigmoidRecoversItsTruthWithHonestErrors) {
    const DoubleSigmoid truth{0.35, 4.0, 2.72, 0.25, 0.09, 0.13};
    const PeakShape exact = shape(truth);
    // Without noise: exactly.
    const Findings clean = fsdp(sampled(1.5, 4, 0.02, truth), by(PeakMethod::double_sigmoid));
    EXPECT_NEAR(clean.estimates[0].value, exact.position, 1e-5);
    EXPECT_NEAR(clean.estimates[1].value, exact.height, 1e-4);
    EXPECT_NEAR(clean.estimates[2].value, exact.width, 1e-3);
    EXPECT_NEAR(clean.estimates[3].value, exact.area, 1e-2);
    // 200 noisy curves: pulls of mean 0 and standard deviation 1. Limits at 5 standard errors of both, 0.35 and 1 +-
    // 0.25, and 0.1 of room for a law that is not linear.
    double sum = 0;
    double squares = 0;
    double com = 0;
    double com_squares = 0;
    constexpr int runs = 200;
    for (int run = 0; run < runs; ++run) {
        Curve c = sampled(1.5, 4, 0.02, truth);
        Stream stream({77, 0, static_cast<std::uint64_t>(run)}, Purpose::test, 0);
        boost::random::normal_distribution<double> gauss(0, 0.03);
        for (double& y : c.y) y += gauss(stream);
        c.y_error.assign(c.size(), 0.03);
        c.error_method = "known";
        const Estimate e = fsdp(c, by(PeakMethod::double_sigmoid)).estimates[0];
        ASSERT_EQ(e.status, Status::ok);
        const double pull = (e.value - exact.position) / e.standard_error;
        sum += pull;
        squares += pull * pull;
        const Estimate p = fsdp(c, by(PeakMethod::centre_of_mass)).estimates[0];
        com += p.value;
        com_squares += p.value * p.value / std::pow(p.standard_error, 2);
    }
    EXPECT_NEAR(sum / runs, 0, 0.45);
    EXPECT_NEAR(std::sqrt(squares / runs), 1, 0.35);
    // The same check for the centre of mass, about its own mean over the runs.
    com /= runs;
    double spread = 0;
    for (int run = 0; run < runs; ++run) {
        Curve c = sampled(1.5, 4, 0.02, truth);
        Stream stream({77, 0, static_cast<std::uint64_t>(run)}, Purpose::test, 0);
        boost::random::normal_distribution<double> gauss(0, 0.03);
        for (double& y : c.y) y += gauss(stream);
        c.y_error.assign(c.size(), 0.03);
        const Estimate p = fsdp(c, by(PeakMethod::centre_of_mass)).estimates[0];
        spread += std::pow((p.value - com) / p.standard_error, 2);
    }
    EXPECT_NEAR(std::sqrt(spread / runs), 1, 0.35);
}

TEST(Fsdp, WhatIsNotInTheDataHasAStatus) {
    const auto s = [](double q) { return model::percus_yevick(0.494, q); };
    // The peak is cut off at its top.
    for (const PeakMethod m : {PeakMethod::parabola, PeakMethod::centre_of_mass}) {
        EXPECT_EQ(fsdp(sampled(7.0, 9, 0.05, s), by(m)).estimates[0].status, Status::no_data);
        // The right flank ends above half height: a position but no width.
        FsdpOptions options = by(m, 0.1);
        const Findings f = fsdp(sampled(5.5, 7.3, 0.05, s), options);
        EXPECT_EQ(f.estimates[0].status, Status::ok);
        EXPECT_EQ(f.estimates[2].status, Status::no_data);
    }
    EXPECT_THROW((void)fsdp(sampled(5, 9, 0.05, s), by(PeakMethod::parabola, 1.5)), InputError);
    FsdpOptions far;
    far.search_low = 20;
    far.search_high = 30;
    EXPECT_THROW((void)fsdp(sampled(5, 9, 0.05, s), far), InputError);
    EXPECT_THROW((void)peak_method_from("spline"), InputError);
}

}  // namespace
}  // namespace vitrum::analysis
