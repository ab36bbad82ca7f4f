// Shift and strain of generated speckle whose motion is known: bias and errors of pattern_shift.
#include <cmath>

#include <gtest/gtest.h>

#include "vitrum/analysis/speckle/pattern_shift.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum::analysis {
namespace {

struct Pulls {
    double mean_error = 0;  // estimate less truth
    double spread = 0;      // of it
    double reported = 0;    // root mean square of the standard errors
    int covered = 0;
    int given = 0;
};

// The first two of three frames, the second moved by what velocity and strain rate give in a second.
Pulls study(const model::PatternOptions& pattern, const char* quantity, double truth, std::uint64_t seed, int runs) {
    model::SpeckleOptions o;
    o.frames = 3;
    o.rows = o.columns = 96;
    o.modes = 2;
    o.mean_count = 4;
    o.relaxation = {1000, 1};
    o.pattern = pattern;
    Pulls found;
    std::vector<double> errors;
    for (int r = 0; r < runs; ++r) {
        const auto made = model::generate(o, {seed, cell_id("pattern_shift"), static_cast<std::uint64_t>(r)});
        for (const auto& e : pattern_shift(made.data, {.window = 1})) {
            if (e.quantity != quantity || e.abscissa.empty() || e.abscissa[0].index != 0 || e.status != Status::ok)
                continue;
            errors.push_back(e.value - truth);
            found.reported += e.standard_error * e.standard_error;
            found.covered += e.lower <= truth && truth <= e.upper;
        }
    }
    found.given = static_cast<int>(errors.size());
    const auto n = static_cast<double>(errors.size());
    for (const double e : errors) found.mean_error += e / n;
    for (const double e : errors) found.spread += (e - found.mean_error) * (e - found.mean_error) / (n - 1);
    found.spread = std::sqrt(found.spread);
    found.reported = std::sqrt(found.reported / n);
    return found;
}

model::PatternOptions grain(double size) {
    model::PatternOptions p;
    p.rows.grain = p.columns.grain = size;
    return p;
}

// 40 patterns each. Bias within 4 standard errors of the mean (6e-5 each) and what three points of a peak miss, 0.02
// pixels; at least 33 of 40 intervals of 95 % hold (fewer: 7e-4 each); reported errors within 35 % of the spread (its
// own error is 11 %).
void expect_good(const Pulls& p, double allowed) {
    EXPECT_GE(p.given, 38);
    EXPECT_LT(std::abs(p.mean_error), 4 * p.spread / std::sqrt(p.given) + allowed);
    EXPECT_GE(p.covered, 33);
    EXPECT_NEAR(p.reported / p.spread, 1, 0.35);
    testing::Test::RecordProperty("bias", std::to_string(p.mean_error));
    testing::Test::RecordProperty("spread", std::to_string(p.spread));
    testing::Test::RecordProperty("reported", std::to_string(p.reported));
    testing::Test::RecordProperty("covered", p.covered);
}

TEST(PatternShiftGenerated, ShiftAlongRows) {
    auto pattern = grain(2.5);
    pattern.rows.velocity = 1.3;
    pattern.columns.velocity = -0.4;
    expect_good(study(pattern, "pattern_shift_rows", 1.3, 71, 40), 0.02);
}

TEST(PatternShiftGenerated, ShiftAlongColumns) {
    auto pattern = grain(2.5);
    pattern.rows.velocity = 1.3;
    pattern.columns.velocity = -0.4;
    expect_good(study(pattern, "pattern_shift_columns", -0.4, 72, 40), 0.02);
}

TEST(PatternShiftGenerated, StrainAboutTheMiddle) {
    auto pattern = grain(2.5);
    pattern.rows.strain_rate = pattern.columns.strain_rate = 0.02;
    pattern.rows.centre = pattern.columns.centre = 47.5;
    expect_good(study(pattern, "pattern_strain", 0.02, 73, 40), 0.0005);
    expect_good(study(pattern, "pattern_shift_rows", 0, 73, 40), 0.02);
}

TEST(PatternShiftGenerated, AtRest) { expect_good(study(grain(2.5), "pattern_strain", 0, 74, 40), 0.0005); }

}  // namespace
}  // namespace vitrum::analysis
