#include <array>
#include <cmath>
#include <functional>
#include <numbers>

#include <gtest/gtest.h>

#include "vitrum/analysis/diffraction/sine_transform.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/model/atoms/percus_yevick.hpp"

namespace vitrum::analysis {
namespace {

using std::numbers::pi;

Curve tabulated(double low, double high, double step, const std::function<double(double)>& y) {
    Curve c = make_curve("structure_factor", "q", "1/angstrom", "S", "");
    for (double x = low; x <= high + 1e-9; x += step) {
        c.x.push_back(x);
        c.y.push_back(y(x));
    }
    return c;
}

TEST(SineTransform, PercusYevickHasItsPublishedValues) {
    // S at q d = 0.5, 2, 4, 6, 7, 8, 10, 13, 20 (independent program).
    const std::array<double, 9> q{0.5, 2, 4, 6, 7, 8, 10, 13, 20};
    const std::array<double, 9> s494{0.01688938, 0.02230311, 0.06070882, 0.64305409, 3.13128369,
                                     1.06709394, 0.56239080, 1.40673860, 1.08295830};
    const std::array<double, 9> s2{0.21273569, 0.27826114, 0.63627226, 1.24087878, 1.13690732,
                                   0.97823675, 0.93058695, 1.04573233, 1.00852169};
    for (std::size_t i = 0; i < 9; ++i) {
        EXPECT_NEAR(model::percus_yevick(0.494, q[i]), s494[i], 6e-9);
        EXPECT_NEAR(model::percus_yevick(0.2, q[i]), s2[i], 6e-9);
    }
    EXPECT_NEAR(model::percus_yevick(0.494, 0), 0.0165870559, 1e-10);
    // The series below q = 0.5 meets the closed form.
    EXPECT_NEAR(model::percus_yevick(0.5, 0.5 - 1e-9), model::percus_yevick(0.5, 0.5 + 1e-9), 1e-8);
}

TEST(SineTransform, PercusYevickGoesToDistanceAndBack) {
    const double phi = 0.4;
    const double density = 6 * phi / pi;
    const Curve s = tabulated(0.03, 60, 0.03, [&](double q) { return model::percus_yevick(phi, q); });
    ToDistanceOptions options;
    options.low_q = LowQ::parabola;
    options.s_zero = model::percus_yevick(phi, 0);
    options.r_max = 15;
    options.r_step = 0.01;
    const Curve g = pair_distribution_of(reduced_pair_distribution(s, options).curve, density);
    // No pairs within the core; the resolution is 5.437/60 = 0.09.
    for (std::size_t i = 0; i < g.size(); ++i)
        if (g.x[i] > 0.2 && g.x[i] < 0.85) {
            EXPECT_NEAR(g.y[i], 0, 0.02) << g.x[i];
        }
    ToWavevectorOptions back;
    back.window = Window::none;
    back.q_low = 0;
    back.q_high = 20;
    back.q_step = 0.2;
    const Curve again = structure_factor_of(g, density, back).curve;
    // Lorch's window of the way there damps S - 1 by sinc(pi q/60).
    for (std::size_t i = 0; i < again.size(); ++i) {
        const double q = again.x[i];
        const double damped = q == 0 ? 1 : std::sin(pi * q / 60) / (pi * q / 60);
        EXPECT_NEAR(again.y[i], 1 + damped * (model::percus_yevick(phi, q) - 1), 0.004) << q;
    }
}

TEST(SineTransform, SyntheticShellsGiveTheirExactPair) {
    // S = 1 + sum N sin(q r)/(q r) exp(-s^2 q^2/2)  <=>  G = sum of Gaussians.
    struct Shell {
        double n, r, s;
    };
    const std::array<Shell, 2> shells{Shell{12, 2.8, 0.1}, Shell{6, 4.1, 0.2}};
    const auto s = [&](double q) {
        double sum = 1;
        for (const Shell& k : shells)
            sum += k.n * (q > 0 ? std::sin(q * k.r) / (q * k.r) : 1) * std::exp(-k.s * k.s * q * q / 2);
        return sum;
    };
    const auto g = [&](double r) {
        double sum = 0;
        for (const Shell& k : shells)
            sum += k.n / (k.r * k.s * std::sqrt(2 * pi)) *
                   (std::exp(-std::pow((r - k.r) / k.s, 2) / 2) - std::exp(-std::pow((r + k.r) / k.s, 2) / 2));
        return sum;
    };
    ToDistanceOptions options;
    options.window = Window::none;
    options.r_max = 8;
    const Transformed t = reduced_pair_distribution(tabulated(0, 60, 0.02, s), options);
    // Lines between points 0.02 apart: relative error (0.02 r)^2/12 in a peak.
    for (std::size_t i = 0; i < t.curve.size(); ++i)
        EXPECT_NEAR(t.curve.y[i], g(t.curve.x[i]), 1e-3 + 4e-4 * g(t.curve.x[i])) << t.curve.x[i];
    EXPECT_NE(t.note.find("window none to 60"), std::string::npos) << t.note;
}

TEST(SineTransform, WidthOfADeltaIsThatOfTheWindow) {
    // One sharp shell at r0: Q(S - 1) = sin(Q r0).
    for (const auto& [window, expected] : {std::pair{Window::none, 3.791}, std::pair{Window::lorch, 5.437}}) {
        const double q_max = 20;
        const double r0 = 4;
        ToDistanceOptions options;
        options.window = window;
        options.r_max = 5;
        options.r_step = 0.002;
        options.low_q = LowQ::left_out;
        const Curve g = reduced_pair_distribution(
                            tabulated(0.01, q_max, 0.01, [&](double q) { return 1 + std::sin(q * r0) / q; }), options)
                            .curve;
        double top = 0;
        for (std::size_t i = 0; i < g.size(); ++i)
            if (g.x[i] > 3) top = std::max(top, g.y[i]);
        double width = 0;
        for (std::size_t i = 0; i < g.size(); ++i)
            if (g.x[i] > 3.5 && g.x[i] < 4.5 && g.y[i] > top / 2) width += options.r_step;
        EXPECT_NEAR(width * q_max, expected, 0.04);
    }
}

TEST(SineTransform, UnevenPointsAndErrorsArePropagated) {
    Curve s = make_curve("structure_factor", "q", "1/angstrom", "S", "");
    for (int i = 0; i < 300; ++i) {
        s.x.push_back(0.5 + 0.03 * i + 0.01 * std::sin(i));
        s.y.push_back(1 + std::exp(-s.x.back()) * std::cos(s.x.back() * 3));
        s.y_error.push_back(0.01 + 0.001 * i);
    }
    s.error_method = "given";
    ToDistanceOptions options;
    options.r_max = 5;
    options.r_step = 0.5;
    const Curve g = reduced_pair_distribution(s, options).curve;
    // G is linear in S: move each point by its error, one at a time.
    std::vector<double> variance(g.size(), 0.0);
    for (std::size_t i = 0; i < s.size(); ++i) {
        Curve moved = s;
        moved.y[i] += s.y_error[i];
        const Curve h = reduced_pair_distribution(moved, options).curve;
        for (std::size_t k = 0; k < g.size(); ++k) variance[k] += std::pow(h.y[k] - g.y[k], 2);
    }
    for (std::size_t k = 0; k < g.size(); ++k) EXPECT_NEAR(g.y_error[k], std::sqrt(variance[k]), 1e-9);
    EXPECT_EQ(g.error_method, "given, propagated");
}

TEST(SineTransform, BadCurvesAreRefused) {
    Curve s = tabulated(0.5, 10, 0.5, [](double) { return 1.0; });
    EXPECT_NO_THROW((void)reduced_pair_distribution(s, {}));
    s.x[3] = s.x[2];
    EXPECT_THROW((void)reduced_pair_distribution(s, {}), InputError);
    s.x[3] = 2;
    s.y[3] = std::nan("");
    EXPECT_THROW((void)reduced_pair_distribution(s, {}), InputError);
    EXPECT_THROW((void)window_from("hann"), InputError);
    EXPECT_EQ(window_from("lorch"), Window::lorch);
    EXPECT_THROW((void)low_q_from("zero"), InputError);
}

}  // namespace
}  // namespace vitrum::analysis
