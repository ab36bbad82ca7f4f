// A program of somebody else: speckle to two-time map to g2, and a fit, against numbers worked out by hand.
#include <cmath>
#include <cstdio>

#include <vitrum/analysis/correlation/g2.hpp>
#include <vitrum/analysis/correlation/two_time.hpp>
#include <vitrum/analysis/relaxation/kww.hpp>
#include <vitrum/core/data/speckle_series.hpp>
#include <vitrum/core/error.hpp>

#include "core/error.hpp"

namespace {

int failures = 0;

void expect_near(const char* what, double value, double expected, double tolerance) {
    const bool good = std::abs(value - expected) <= tolerance;
    std::printf("%-12s %.15g, expected %.15g: %s\n", what, value, expected, good ? "good" : "WRONG");
    if (!good) ++failures;
}

}  // namespace

int main() {
    vitrum::SpeckleSeries series;
    series.frames = 3;
    series.rows = 2;
    series.columns = 2;
    series.counts = {1, 2, 3, 4, 2, 0, 2, 4, 4, 3, 2, 1};

    // C(t1,t2) = N sum I1 I2 / (sum I1 sum I2), N = 4: 4 * 24 / (10 * 8), 4 * 20 / (10 * 10), 4 * 16 / (8 * 10).
    const vitrum::TwoTimeMap map = vitrum::analysis::two_time(series);
    expect_near("C(0,1)", map(0, 1), 1.2, 1e-14);
    expect_near("C(0,2)", map(0, 2), 0.8, 1e-14);
    expect_near("C(1,2)", map(1, 2), 0.8, 1e-14);

    const vitrum::Curve g2 = vitrum::analysis::g2_values(map);
    if (g2.size() < 2) return 1;
    expect_near("g2(1)", g2.y[0], 1.0, 1e-14);
    expect_near("g2(2)", g2.y[1], 0.8, 1e-14);

    // Our header and theirs of the same name stand side by side.
    if (consumer::own_errors != 42) return 1;
    try {
        throw vitrum::InputError("ours");
    } catch (const vitrum::InputError& error) {
        std::printf("good: %s\n", error.what());
    }

    // A curve without noise gives its own parameters back.
    vitrum::Curve exact;
    exact.x_unit = "s";
    for (int lag = 1; lag <= 100; ++lag) {
        exact.x.push_back(lag);
        exact.y.push_back(1 + 0.2 * std::exp(-2 * std::pow(lag / 20.0, 1.5)));
        exact.weight.push_back(101 - lag);
    }
    const vitrum::analysis::KwwFit fit = vitrum::analysis::fit_kww(exact);
    expect_near("tau", fit.tau, 20, 1e-4);
    expect_near("beta", fit.beta, 1.5, 1e-4);
    expect_near("contrast", fit.contrast, 0.2, 1e-5);
    return failures == 0 ? 0 : 1;
}
