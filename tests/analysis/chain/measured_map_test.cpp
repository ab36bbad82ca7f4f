// A measured two-time map: 350 frames of a real experiment. Skipped where the file is missing.
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "vitrum/analysis/chain/correlation_chain.hpp"
#include "vitrum/io/measured/measured_file.hpp"

namespace vitrum {
namespace {

TEST(MeasuredMap, FitOfLags1To300) {
    const char* file = std::getenv("VITRUM_MEASURED_MAP");
    if (!file || !std::filesystem::exists(file)) GTEST_SKIP() << "no measured map (VITRUM_MEASURED_MAP)";
    const auto sets = io::read_measured(file, {});
    ASSERT_EQ(sets.size(), 1U);
    analysis::ChainOptions options;
    options.min_lag = {1, true};
    options.max_lag = analysis::Lag{300, true};
    options.weights = analysis::KwwWeights::scatter;
    const auto result = analysis::correlate(sets[0].data.data, options).at(0);
    EXPECT_EQ(result.frames, 350U);
    EXPECT_EQ(result.map.time_unit, "frames");
    // Reference values of weights by the scatter from an independent fit of the same lags, to their printed digits.
    const auto value = [](const analysis::ChainResult& of, const char* quantity) {
        for (const auto& e : of.estimates)
            if (e.quantity == quantity) return e.value;
        return -1.0;
    };
    EXPECT_NEAR(value(result, "contrast"), 0.0766, 0.00005);
    EXPECT_NEAR(value(result, "rate"), 0.0228, 0.00005);
    EXPECT_NEAR(value(result, "beta"), 0.624, 0.0005);
    EXPECT_NEAR(value(result, "baseline"), 1.0262, 0.00005);
    // Other weights give other numbers.
    options.weights = analysis::KwwWeights::pairs;
    const auto by_pairs = analysis::correlate(sets[0].data.data, options).at(0);
    EXPECT_NEAR(value(by_pairs, "beta"), 0.62816, 0.0005);
    options.weights = analysis::ChainOptions{}.weights;
    const auto by_default = analysis::correlate(sets[0].data.data, options).at(0);
    EXPECT_NEAR(value(by_default, "contrast"), 0.0765, 0.00005);
    EXPECT_NEAR(value(by_default, "rate"), 0.0230, 0.00005);
    EXPECT_NEAR(value(by_default, "beta"), 0.627, 0.0005);
    EXPECT_NEAR(value(by_default, "baseline"), 1.0263, 0.00005);
}

}  // namespace
}  // namespace vitrum
