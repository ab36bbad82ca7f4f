// Performance measures against what simsum 2.3.1 (White 2010, Stata J. 10, 369) printed in the test logs of its
// repository (github.com/UCL/simsum, test/cscript1.log and cscript2.log, 22 Sep 2025) for its data sets check and
// bvsim1_results. The data are not copied: for each method a set of replicates is made that has the moments which the
// log prints (mean, sd, scatter of the squared errors, mean and scatter of the squared standard errors, shares), and
// every other printed number must follow from it.
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "vitrum/validation/measures/performance.hpp"

namespace vitrum::validation {
namespace {

struct Printed {
    double value, mcse;
};

struct Log {
    std::string label;
    std::size_t n;
    double truth;
    Printed bias, empirical_se, mse, rmse, model_se, model_se_error, coverage, power;  // the last three in %
};

const std::vector<Log> logs{
    {"check b_1",
     100,
     0,
     {-.0119478, .02102},
     {.2101996, .0149382},
     {.0438848, .0070259},
     {.2094869, .0167692},
     {.2058237, .0014974},
     {-2.081764, 6.995112},
     {92, 2.712932},
     {8, 2.712932}},
    {"check b_2",
     100,
     0,
     {-.0117727, .0206127},
     {.2061269, .0146488},
     {.042202, .0067567},
     {.2054313, .0164451},
     {.2016575, .0014092},
     {-2.168266, 6.98613},
     {92, 2.712932},
     {8, 2.712932}},
    {"84 0.5 PERFECT",
     1000,
     .5,
     {.0106948, .005593},
     {.1768672, .0039568},
     {.0313651, .0016155},
     {.177102, .004561},
     {.1768148, .0007418},
     {-.0296225, 2.275512},
     {96.7, .5648985},
     {85.3, 1.119781}},
    {"84 0.5 CC",
     1000,
     .5,
     {.0331327, .009138},
     {.2889693, .0064648},
     {.0845176, .0052277},
     {.290719, .008991},
     {.2725263, .0020094},
     {-5.690248, 2.221525},
     {94.4, .7270762},
     {53.9, 1.576322}},
    {"84 0.5 LOGT",
     1000,
     .5,
     {-.0511326, .0074866},
     {.2367486, .0052965},
     {.0586084, .0028326},
     {.2420917, .0058503},
     {.2564562, .0021562},
     {8.324256, 2.588909},
     {95.1, .6826347},
     {44.2, 1.570465}},
    {"336 0 PERFECT",
     1000,
     0,
     {-.0043991, .0024993},
     {.0790336, .0017681},
     {.0062594, .0002881},
     {.0791165, .0018209},
     {.0787452, .0001572},
     {-.3649609, 2.237882},
     {94.7, .7084563},
     {5.3, .7084561}},
    {"336 0 CC",
     1000,
     0,
     {-.0025973, .0035644},
     {.1127159, .0025217},
     {.0126989, .0006187},
     {.1126895, .0027454},
     {.1136343, .0003405},
     {.8147949, 2.275551},
     {95.7, .6414907},
     {4.3, .6414905}},
    {"336 0 LOGT",
     1000,
     0,
     {-.0018202, .0033409},
     {.1056493, .0023636},
     {.0111539, .0005497},
     {.1056121, .0026025},
     {.1113332, .0005182},
     {5.380011, 2.40803},
     {95.7, .6414907},
     {4.3, .6414905}},
    {"336 0.25 PERFECT",
     1000,
     .25,
     {-.004123, .0025194},
     {.079672, .0017824},
     {.0063583, .0002827},
     {.0797388, .0017726},
     {.0798348, .0001578},
     {.2043879, 2.250494},
     {95.2, .6759884},
     {86.9, 1.066954}},
    {"336 0.25 CC",
     1000,
     .25,
     {-.0019223, .0036193},
     {.114452, .0025605},
     {.0130899, .0006054},
     {.1144109, .0026455},
     {.115351, .0003496},
     {.7854577, 2.275357},
     {95.5, .6555532},
     {56.9, 1.566011}},
    {"336 0.25 LOGT",
     1000,
     .25,
     {-.0282865, .0033932},
     {.1073024, .0024006},
     {.0123024, .0005695},
     {.1109163, .0025674},
     {.1125842, .0005297},
     {4.922369, 2.398658},
     {94.8, .7021109},
     {51.9, 1.579997}},
};

// Errors with mean bias, the printed sd, and the scatter of their squares: one in ten at +-large, the others at
// +-small.
Replicates replicates_of(const Log& log) {
    const auto n = static_cast<double>(log.n);
    const double bias = log.bias.value;
    const double variance = log.empirical_se.value * log.empirical_se.value * (n - 1) / n;
    const double of_squares = log.mse.mcse * log.mse.mcse * (n - 1);
    const double excess = (of_squares - 4 * bias * bias * variance) / (variance * variance);  // kurtosis - 1
    const double large = std::sqrt(variance * (1 + std::sqrt(9 * excess)));
    const double small = std::sqrt(variance * (1 - std::sqrt(excess / 9)));
    // Mean and variance of the squared standard errors.
    const double m2 = log.model_se.value * log.model_se.value;
    const double spread = 2 * std::sqrt(n) * log.model_se.value * log.model_se.mcse * std::sqrt((n - 1) / n);
    Replicates r;
    r.truth.assign(log.n, log.truth);
    for (std::size_t i = 0; i < log.n; ++i) {
        const double size = i < log.n / 10 ? large : small;
        r.estimate.push_back(log.truth + bias + (i % 2 == 0 ? size : -size));
        r.standard_error.push_back(std::sqrt(i % 2 == 0 ? m2 + spread : m2 - spread));
        // Limits that hold the truth, or leave out 0, in the printed shares: both ends beyond, below or above each.
        const auto share_of = [&](const Printed& p) { return static_cast<double>(i) < p.value / 100 * n - 0.5; };
        const bool covers = share_of(log.coverage);
        const bool leaves_out = static_cast<double>(i) > n - log.power.value / 100 * n - 0.5;
        const double t = log.truth;
        if (t == 0) {
            r.lower.push_back(covers ? -1 : 1);
            r.upper.push_back(2);
        } else {
            r.lower.push_back(leaves_out ? (covers ? t / 2 : 2 * t) : -1);
            r.upper.push_back(covers || leaves_out ? 3 * t : t / 2);
        }
    }
    return r;
}

std::map<std::string, Measure> measures_of(const Log& log) {
    std::map<std::string, Measure> named;
    for (const auto& row : performance(replicates_of(log))) named[row.name] = row;
    return named;
}

// Seven printed decimals or digits: what is put in is off by half a unit of the seventh decimal, 5e-8, and a relative
// error of 5e-8/0.05 = 1e-6 at most in sd and standard error (1e-4 in a ratio in %, 3e-4 in scatters of squares as
// small as 3e-4).
TEST(PublishedOutput, SimsumToItsPrintedDigits) {
    for (const auto& log : logs) {
        SCOPED_TRACE(log.label);
        auto m = measures_of(log);
        EXPECT_NEAR(m["bias"].value, log.bias.value, 1e-7);
        EXPECT_NEAR(m["bias"].mcse, log.bias.mcse, 1e-7);
        EXPECT_NEAR(m["mean"].value, log.truth + log.bias.value, 1e-7);
        EXPECT_NEAR(m["empirical_se"].value, log.empirical_se.value, 1e-7);
        EXPECT_NEAR(m["empirical_se"].mcse, log.empirical_se.mcse, 1e-7);
        EXPECT_NEAR(m["mse"].value, log.mse.value, 1e-7);
        EXPECT_NEAR(m["mse"].mcse, log.mse.mcse, 1e-7);
        EXPECT_NEAR(m["rmse"].value, log.rmse.value, 2e-7);
        EXPECT_NEAR(m["rmse"].mcse, log.rmse.mcse, 5e-8 * (1 + 1 / (2 * log.rmse.value)));
        EXPECT_NEAR(m["model_se"].value, log.model_se.value, 1e-7);
        EXPECT_NEAR(m["model_se"].mcse, log.model_se.mcse, 1e-7);
        EXPECT_NEAR(m["model_se_error"].value, log.model_se_error.value, 1.5e-4);
        // The variance of se^2 enters through its printed MCSE: 5e-8 of 1.6e-4, and carries a part of the whole.
        const double from_model = 100 * log.model_se.mcse / log.empirical_se.value;
        EXPECT_NEAR(m["model_se_error"].mcse, log.model_se_error.mcse,
                    5e-6 + from_model / log.model_se_error.mcse * 100 * 5e-8 / log.empirical_se.value);
        EXPECT_NEAR(100 * m["coverage"].value, log.coverage.value, 1e-9);
        EXPECT_NEAR(100 * m["coverage"].mcse, log.coverage.mcse, 1e-6);
        EXPECT_NEAR(100 * m["power"].value, log.power.value, 1e-9);
        EXPECT_NEAR(100 * m["power"].mcse, log.power.mcse, 1e-6);
    }
}

// "% bias in point estimate", where there is a truth other than 0; half a unit of the bias is 5e-8/0.25 of 100 %.
TEST(PublishedOutput, RelativeBiasOfSimsum) {
    const std::map<std::string, Printed> printed{
        {"84 0.5 PERFECT", {2.138953, 1.118606}}, {"84 0.5 CC", {6.626537, 1.827603}},
        {"84 0.5 LOGT", {-10.22652, 1.49733}},    {"336 0.25 PERFECT", {-1.649182, 1.00778}},
        {"336 0.25 CC", {-.7689099, 1.447716}},   {"336 0.25 LOGT", {-11.31461, 1.35728}}};
    for (const auto& log : logs) {
        auto m = measures_of(log);
        const auto found = printed.find(log.label);
        EXPECT_EQ(m.count("relative_bias"), found == printed.end() ? 0U : 1U) << log.label;
        if (found == printed.end()) continue;
        EXPECT_NEAR(100 * m["relative_bias"].value, found->second.value, 2.5e-5) << log.label;
        EXPECT_NEAR(100 * m["relative_bias"].mcse, found->second.mcse, 2.5e-5) << log.label;
    }
}

// "% precision gain relative to" the first method of each design; the sign of the gain and its reference.
TEST(PublishedOutput, PrecisionGainOfSimsum) {
    const std::map<std::string, std::pair<std::string, double>> printed{
        {"check b_2", {"check b_1", 3.990678}},           {"check b_1", {"check b_2", -3.837534}},
        {"84 0.5 CC", {"84 0.5 PERFECT", -62.53799}},     {"84 0.5 LOGT", {"84 0.5 PERFECT", -44.18901}},
        {"336 0 CC", {"336 0 PERFECT", -50.8353}},        {"336 0 LOGT", {"336 0 PERFECT", -44.03835}},
        {"336 0.25 CC", {"336 0.25 PERFECT", -51.54211}}, {"336 0.25 LOGT", {"336 0.25 PERFECT", -44.86946}}};
    std::map<std::string, std::vector<double>> estimates;
    for (const auto& log : logs) estimates[log.label] = replicates_of(log).estimate;
    for (const auto& [label, expected] : printed)
        EXPECT_NEAR(precision_gain(estimates.at(expected.first), estimates.at(label)).value, expected.second, 2e-4)
            << label;
}

}  // namespace
}  // namespace vitrum::validation
