// A measured two-time map: 350 frames of a real experiment. Skipped where the file is missing.
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "analysis/correlation/correlation_chain.hpp"
#include "core/io/measured_file.hpp"

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
    const auto result = analysis::correlate(sets[0].data, options).at(0);
    EXPECT_EQ(result.frames, 350U);
    EXPECT_EQ(result.map.time_unit, "frames");
    // Reference values from an independent fit of the same lags, to their printed digits.
    const auto value = [&](const char* quantity) {
        for (const auto& e : result.estimates)
            if (e.quantity == quantity) return e.value;
        return -1.0;
    };
    EXPECT_NEAR(value("contrast"), 0.0766, 0.00005);
    EXPECT_NEAR(value("rate"), 0.0228, 0.00005);
    EXPECT_NEAR(value("beta"), 0.624, 0.0005);
    EXPECT_NEAR(value("baseline"), 1.0262, 0.00005);
    // Other weights give other numbers.
    options.weights = analysis::KwwWeights::model;
    for (const auto& e : analysis::correlate(sets[0].data, options).at(0).estimates) {
        RecordProperty(e.quantity, std::to_string(e.value));
        if (e.quantity == "beta") {
            EXPECT_NEAR(e.value, 0.625, 0.01);
        }
    }
    options.weights = analysis::KwwWeights::pairs;
    for (const auto& e : analysis::correlate(sets[0].data, options).at(0).estimates)
        if (e.quantity == "beta") {
            EXPECT_NEAR(e.value, 0.62816, 0.0005);
        }
}

}  // namespace
}  // namespace vitrum
