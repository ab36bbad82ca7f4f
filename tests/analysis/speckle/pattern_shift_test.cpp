// Shift of a pattern that is known at every point: plane waves, moved by a fraction of a pixel and strained.
#include "vitrum/analysis/speckle/pattern_shift.hpp"

#include <cmath>
#include <complex>

#include <boost/random/normal_distribution.hpp>
#include <boost/random/poisson_distribution.hpp>
#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/core/stream.hpp"

namespace vitrum::analysis {
namespace {

struct Move {
    double row = 0, column = 0, strain = 0;
};

// Gaussian speckle of about 2.5 pixels: |mu(d)|^2 = exp(-d^2 k^2) with k the spread of the wavevectors. One frame per
// move; `fresh` frames have waves of their own.
SpeckleSeries moving(const std::vector<Move>& moves, double mean, std::uint64_t seed, bool fresh = false) {
    constexpr std::size_t size = 64;
    constexpr double k = 0.6;
    SpeckleSeries s;
    s.frames = moves.size();
    s.rows = s.columns = size;
    for (std::size_t f = 0; f < moves.size(); ++f) {
        Stream waves({seed, 0, fresh ? f : 0}, Purpose::test, 0);
        Stream photons({seed, 0, f}, Purpose::test, 1);
        boost::random::normal_distribution<double> normal;
        std::vector<std::complex<double>> field(size * size);
        for (int j = 0; j < 120; ++j) {
            const double ky = k * normal(waves);
            const double kx = k * normal(waves);
            const double phase = 10 * normal(waves);
            // What stood at r stands at u + (1 + e) r, from the middle.
            const double scale = 1 / (1 + moves[f].strain);
            for (std::size_t y = 0; y < size; ++y) {
                const double row = (static_cast<double>(y) - 31.5 - moves[f].row) * scale;
                const auto first = std::polar(1.0, ky * row + phase);
                const double left = (-31.5 - moves[f].column) * scale;
                auto wave = first * std::polar(1.0, kx * left);
                const auto step = std::polar(1.0, kx * scale);
                for (std::size_t x = 0; x < size; ++x, wave *= step) field[y * size + x] += wave;
            }
        }
        for (const auto& e : field) {
            boost::random::poisson_distribution<int> poisson(mean * std::norm(e) / 120);
            s.counts.push_back(static_cast<float>(poisson(photons)));
        }
    }
    return s;
}

const Estimate& row_of(const std::vector<Estimate>& rows, const std::string& quantity, bool total) {
    for (const auto& e : rows)
        if (e.quantity == quantity && e.abscissa.empty() == total) return e;
    throw std::logic_error("no such row");
}

// 12 patterns of 64 x 64 pixels, 4 photons: pulls of the three parts within 4.5 standard errors of Student's t of 29
// degrees (1e-4 each), 0.02 pixels allowed for what three points miss; at least 30 of 36 intervals hold.
TEST(PatternShift, FindsUniformAndRadialMotion) {
    int covered = 0;
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
        const Move move{0.3 * static_cast<double>(seed % 5) - 0.5, 1.27, 0.004 * static_cast<double>(seed % 3)};
        const auto rows = pattern_shift(moving({{}, move}, 4, 100 + seed), {.window = 1});
        const auto check = [&](const char* what, double truth, double allowed) {
            const Estimate& e = row_of(rows, what, false);
            EXPECT_EQ(e.status, Status::ok);
            EXPECT_NEAR(e.value, truth, 4.5 * e.standard_error + allowed) << what << " " << seed;
            covered += e.lower <= truth && truth <= e.upper;
        };
        check("pattern_shift_rows", move.row, 0.02);
        check("pattern_shift_columns", move.column, 0.02);
        check("pattern_strain", move.strain, 0.0005);
        EXPECT_LT(row_of(rows, "pattern_shift_rows", false).standard_error, 0.15);
        EXPECT_LT(row_of(rows, "pattern_strain", false).standard_error, 0.006);
        EXPECT_NEAR(row_of(rows, "aligned_correlation", false).value, 1, 0.35);
    }
    EXPECT_GE(covered, 30);
    RecordProperty("covered", covered);
}

TEST(PatternShift, SignsAndNames) {
    const auto uniform = pattern_shift(moving({{}, {2, -1, 0}, {4, -2, 0}}, 10, 7), {.window = 1});
    EXPECT_NEAR(row_of(uniform, "pattern_shift_rows", true).value, 4, 0.2);
    EXPECT_NEAR(row_of(uniform, "pattern_shift_columns", true).value, -2, 0.2);
    EXPECT_EQ(row_of(uniform, "pattern_shift_rows", false).note.rfind("uniform;", 0), 0U);
    const auto radial = pattern_shift(moving({{}, {0, 0, 0.03}}, 20, 8), {.window = 1});
    EXPECT_EQ(row_of(radial, "pattern_strain", false).note.rfind("radial;", 0), 0U)
        << row_of(radial, "pattern_strain", false).note;
    // About another centre the same motion is a shift as well: u = -e (centre' - centre).
    const auto aside = pattern_shift(moving({{}, {0, 0, 0.03}}, 20, 8), {.window = 1, .centre_row = -68.5});
    EXPECT_NEAR(row_of(aside, "pattern_shift_rows", false).value, -3, 1.0);
    EXPECT_NEAR(row_of(aside, "pattern_strain", false).value, 0.03, 0.01);
}

// Sparse and dense frames, the sum of a window, a mask.
TEST(PatternShift, SumsWindowsAndSkipsMaskedPixels) {
    auto s = moving({{}, {}, {1, 0, 0}, {1, 0, 0}}, 2, 9);
    s.used.assign(s.pixels(), 1);
    for (std::size_t p = 1000; p < 1200; ++p) s.used[p] = 0;
    auto hot = s;
    for (std::size_t f = 0; f < 4; ++f)
        for (std::size_t p = 1000; p < 1200; ++p) hot.counts[f * s.pixels() + p] = 500;
    const auto rows = pattern_shift(s, {.window = 2});
    EXPECT_NEAR(row_of(rows, "pattern_shift_rows", true).value, 1, 0.15);
    EXPECT_EQ(row_of(rows, "pattern_shift_rows", true).value,
              row_of(pattern_shift(hot, {.window = 2}), "pattern_shift_rows", true).value);
}

// A new pattern has no peak: 40 pairs, 1 % each of being taken for one. More than 4 have probability 3e-5... and then
// the sum over the run has no number.
TEST(PatternShift, NoPeakIsNoNumber) {
    const auto s = moving(std::vector<Move>(41), 3, 10, true);
    const auto rows = pattern_shift(s, {.window = 1});
    int taken = 0;
    for (const auto& e : rows)
        if (e.quantity == "pattern_shift_rows" && !e.abscissa.empty()) taken += e.status == Status::ok;
    EXPECT_LE(taken, 4);
    EXPECT_EQ(row_of(rows, "pattern_shift_rows", true).status, Status::no_data);
    RecordProperty("taken", taken);
    SpeckleSeries small;
    small.frames = 4;
    small.rows = small.columns = 20;
    small.counts.assign(4 * 400, 1);
    EXPECT_MESSAGE(pattern_shift(small), "20 x 20 pixels; the shift of a pattern needs at least 32 x 32");
    EXPECT_MESSAGE(pattern_shift(s, {.window = 30}), "window = 30 frames; at most 20 for 41 frames");
}

}  // namespace
}  // namespace vitrum::analysis
