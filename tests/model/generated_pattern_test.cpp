// Speckle with grains: generated counts against the law of the pattern, for what moves and what the detector adds.
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "vitrum/model/speckle/series_law.hpp"
#include "vitrum/model/speckle/spatial_field.hpp"
#include "vitrum/model/speckle/spatial_truth.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum::model {
namespace {

constexpr std::size_t side = 12;  // of a block of pixels, many grains

SpeckleOptions series() {
    SpeckleOptions o;
    o.frames = 6;
    o.rows = 8 * side;
    o.columns = 8 * side;
    o.modes = 2;
    o.mean_count = 3;
    o.relaxation = {6, 1.8};
    o.pattern.rows.grain = 2;
    o.pattern.columns.grain = 1.2;
    return o;
}

struct Change {
    std::string what;
    void (*apply)(SpeckleOptions&);
};

const std::vector<Change> motions{
    {"at rest", [](SpeckleOptions&) {}},
    {"steady shift",
     [](SpeckleOptions& o) {
         o.pattern.rows.velocity = 0.3;
         o.pattern.columns.velocity = -0.1;
     }},
    {"steps, ageing",
     [](SpeckleOptions& o) {
         o.pattern.step_times = {1.5, 3.5};
         o.pattern.rows.step_sizes = {0.8, 0};
         o.pattern.columns.step_sizes = {0, -0.5};
         o.dynamics.clock = {.kind = ClockKind::ageing, .tau0 = 3, .tau_star = 8};
     }},
    {"random walk, beta 1",
     [](SpeckleOptions& o) {
         o.pattern.rows.walk = o.pattern.columns.walk = 0.3;
         o.relaxation.beta = 1;
     }},
    {"strain, averaging pixels",
     [](SpeckleOptions& o) {
         o.pattern.rows.strain_rate = o.pattern.columns.strain_rate = 0.002;
         o.pattern.rows.centre = -100;
         o.pattern.columns.centre = 48;
         o.pattern.subpixels = 2;
     }},
    {"strain, beam damage, static part",
     [](SpeckleOptions& o) {
         set_optics(o.pattern, PatternOptics{}, 1e-5, true, 47.5, 47.5);
         o.dynamics.clock = {.kind = ClockKind::beam_damage, .tau0 = 9, .damage_time = 3};
         o.dynamics.static_fraction = 0.3;
     }},
    {"shift and translation",
     [](SpeckleOptions& o) {
         o.pattern.columns.velocity = 0.2;
         o.dynamics.translation_rate = 0.3;
     }},
};

const std::vector<Change> detectors{
    {"perfect", [](SpeckleOptions&) {}},
    {"exposure",
     [](SpeckleOptions& o) {
         o.detector.exposure = 0.8;
         o.detector.substeps = 2;
     }},
    {"static speckle, background",
     [](SpeckleOptions& o) {
         o.detector.static_speckle = 0.4;
         o.detector.background = 0.2;
     }},
    {"uneven pixels",
     [](SpeckleOptions& o) {
         o.detector.flat_field_cv = 0.3;
         o.detector.zero_pixels = 0.1;
         o.detector.dead_pixels = 0.1;
     }},
    {"everything",
     [](SpeckleOptions& o) {
         o.detector = {.exposure = 1,
                       .substeps = 2,
                       .background = 0.1,
                       .heterodyne_fraction = 0.2,
                       .static_speckle = 0.2,
                       .dark_counts = 0.5,
                       .intensity_noise = 0.1,
                       .intensity_drift = -0.4,
                       .flat_field_cv = 0.2,
                       .zero_pixels = 0.1,
                       .dead_pixels = 0.1,
                       .mode_weights = {3, 2}};
     }},
};

struct Moments {
    double sum = 0, squares = 0, count = 0;
    void add(double x) {
        sum += x;
        squares += x * x;
        ++count;
    }
    [[nodiscard]] double z() const {
        const double mean = sum / count;
        return mean / std::sqrt((squares / count - mean * mean) / (count - 1));
    }
};

SeriesLaw law_of(const SpeckleOptions& o, const StreamKey& key) {
    const auto drawn = draw(o.detector, o.frames, o.rows * o.columns, key);
    return {kernel_of(o, key),
            sample_times(o),
            o.detector,
            drawn,
            o.mean_count,
            mode_shares(o),
            pattern_law(o, key, drawn.gain)};
}

// C in its linear form k1 k2/(m1 m2) - C (k1/m1 + k2/m2 - 1), mean 0, summed over 64 blocks of 12 x 12 pixels, six
// grains and more across. Blocks share the speckle at their edges: the pairs of pixels across an edge that share it are
// less than 10 % of those inside (2 x 2 edges x an overlap of 0.35 grains / 12), so the true error is at most 5 % above
// the quoted one. For each pair of cases 15 C and 6 factorial moments with |z| < 6.7: 6.4 after the 5 %, for Student's
// t of 63 degrees of freedom 2.2e-8 each; and their sum weighted by |g1|^2 with |z| < 6.1 (5.8: 2.4e-7). All 35 pairs:
// below 3e-5 for Gaussian sums, taken as 1e-3 for the skewness of sums over 144 pixels.
TEST(GeneratedPattern, EveryMotionBeforeEveryDetector) {
    std::uint64_t replicate = 0;
    for (const auto& motion : motions)
        for (const auto& detector : detectors) {
            SCOPED_TRACE(motion.what + " / " + detector.what);
            SpeckleOptions o = series();
            motion.apply(o);
            detector.apply(o);
            const StreamKey key{41, cell_id("patterns"), ++replicate};
            const auto s = generate(o, key).data;
            const SeriesLaw law = law_of(o, key);
            std::vector<Moments> correlations(o.frames * o.frames);
            Moments all;
            std::vector<double> mean(o.frames);
            std::vector<double> c(o.frames * o.frames);
            std::vector<double> weight(o.frames * o.frames);
            for (std::size_t i = 0; i < o.frames; ++i) {
                mean[i] = law.mean(i);
                for (std::size_t j = i; j < o.frames; ++j) {
                    c[i * o.frames + j] = law.correlation(i, j);
                    weight[i * o.frames + j] = law.field_square(i, j);
                }
            }
            for (std::size_t block = 0; block < 64; ++block) {
                std::vector<double> sums(o.frames * o.frames);
                for (std::size_t inside = 0; inside < side * side; ++inside) {
                    const std::size_t row = block / 8 * side + inside / side;
                    const std::size_t p = row * o.columns + block % 8 * side + inside % side;
                    if (!s.used.empty() && s.used[p] == 0) continue;
                    const auto count = [&](std::size_t f) { return static_cast<double>(s.counts[f * s.pixels() + p]); };
                    for (std::size_t i = 0; i < o.frames; ++i)
                        for (std::size_t j = i; j < o.frames; ++j) {
                            const double a = count(i) / mean[i];
                            const double b = count(j) / mean[j];
                            const double product = i == j ? a * (count(i) - 1) / mean[i] : a * b;
                            sums[i * o.frames + j] += product - c[i * o.frames + j] * (a + b - 1);
                        }
                }
                double weighted = 0;
                for (std::size_t i = 0; i < o.frames; ++i)
                    for (std::size_t j = i; j < o.frames; ++j) {
                        correlations[i * o.frames + j].add(sums[i * o.frames + j]);
                        if (i < j) weighted += weight[i * o.frames + j] * sums[i * o.frames + j];
                    }
                all.add(weighted);
            }
            EXPECT_LT(std::abs(all.z()), 6.1);
            for (std::size_t i = 0; i < o.frames; ++i)
                for (std::size_t j = i; j < o.frames; ++j)
                    EXPECT_LT(std::abs(correlations[i * o.frames + j].z()), 6.7) << i << " " << j;
        }
}

// <I_p I_q> = 1 + |mu|^2/M between pixels at one time, K/M for pixels that average; and at two times the pattern has
// moved: the peak stands at the shift. The field itself, without counting. 300 small patterns, each one value per
// offset: |z| < 5.5 for 2 x 25 offsets x 2 pairs of times (5e-8 each for 299 degrees of freedom): below 1e-5.
TEST(GeneratedPattern, NeighboursShareSpeckle) {
    SpeckleOptions o = series();
    o.frames = 3;
    o.rows = o.columns = 12;
    o.pattern.rows.velocity = 1.3;
    for (const std::size_t subpixels : {1U, 2U}) {
        o.pattern.subpixels = subpixels;
        const StreamKey any{};
        const PatternLaw law(o.pattern, {o.rows, o.columns}, sample_times(o), any, std::vector<double>(144, 1.0));
        const PlaneWaves rows(2, 30);
        const PlaneWaves columns(1.2, 30);
        const auto places = places_in_pixel(subpixels);
        // Mean of |mu|^2 over the points of two pixels (r, c) apart, the later one seen after a shift.
        const auto expected = [&](int r, int c, double shift) {
            double sum = 0;
            for (const double u : places)
                for (const double v : places)
                    for (const double s : places)
                        for (const double t : places)
                            sum += std::pow(rows.mu(r - shift + u - v) * columns.mu(c + s - t), 2);
            return sum / std::pow(static_cast<double>(places.size()), 4);
        };
        EXPECT_NEAR(law.shared(2, 1) * law.self(), expected(2, 1, 0), 1e-4);
        std::vector<Moments> offsets(50);
        for (std::uint64_t r = 0; r < 300; ++r) {
            std::vector<float> field(3 * 144);
            make_speckle_field(o, {43, cell_id("neighbours"), r})->fill(0, 0, 144, field.data());
            for (std::size_t k = 0; k < 50; ++k) {
                const std::size_t later = k / 25;
                const int dr = static_cast<int>(k % 25) / 5;
                const int dc = static_cast<int>(k % 5);
                double sum = 0;
                for (int y = 0; y + dr < 12; ++y)
                    for (int x = 0; x + dc < 12; ++x) {
                        const double a = field[static_cast<std::size_t>(y * 12 + x)] - 1.0;
                        const double b = field[later * 144 + static_cast<std::size_t>((y + dr) * 12 + x + dc)] - 1.0;
                        sum += a * b;
                    }
                const double g1 = o.relaxation.g1(static_cast<double>(later));
                const double shift = 1.3 * static_cast<double>(later);
                offsets[k].add(sum / ((12.0 - dr) * (12.0 - dc)) - g1 * g1 * expected(dr, dc, shift) / o.modes);
            }
        }
        for (std::size_t k = 0; k < 50; ++k) EXPECT_LT(std::abs(offsets[k].z()), 5.5) << subpixels << " " << k;
    }
}

// Scatter of map entries over 500 realisations against grain_entry_variance: at high counts it is that of the speckles,
// at low counts that of the pixels. Four pairs of frames have one rho each; their variances are averaged where they
// share it. A variance from n values has a relative error of sqrt(2/n) for Gaussian entries; sqrt(2.6/n) leaves room
// for their skewness; |z| < 4.5 (7e-6 each, 6 in all), and 4 % for the order 1/N^2 that the formula leaves out (N_eff =
// 190).
TEST(GeneratedPattern, ScatterOfMapEntries) {
    for (const double mean : {0.3, 2.0, 200.0}) {
        SpeckleOptions o = series();
        o.frames = 4;
        o.rows = o.columns = 24;
        o.pattern.rows.grain = 2.5;
        o.pattern.columns.grain = 2;
        o.mean_count = mean;
        o.relaxation = {1.3, 1};
        constexpr int runs = 500;
        std::vector<Moments> entries(16);
        for (std::uint64_t r = 0; r < runs; ++r) {
            const auto s = generate(o, {45, cell_id("entries"), r}).data;
            std::vector<double> sums(4);
            for (std::size_t f = 0; f < 4; ++f)
                for (std::size_t p = 0; p < 576; ++p) sums[f] += s.counts[f * 576 + p];
            for (std::size_t i = 0; i < 4; ++i)
                for (std::size_t j = i + 1; j < 4; ++j) {
                    double product = 0;
                    for (std::size_t p = 0; p < 576; ++p)
                        product +=
                            static_cast<double>(s.counts[i * 576 + p]) * static_cast<double>(s.counts[j * 576 + p]);
                    entries[i * 4 + j].add(576 * product / (sums[i] * sums[j]) - 1);
                }
        }
        const PatternLaw law(o.pattern, {24, 24}, sample_times(o), {}, std::vector<double>(576, 1.0));
        const auto variance = [&](std::size_t i, std::size_t j) {
            const Moments& m = entries[i * 4 + j];
            return (m.squares - m.sum * m.sum / m.count) / (m.count - 1);
        };
        const auto check = [&](double measured, double n, double lag) {
            const double rho = o.relaxation.g1_squared(lag);
            const double expected = grain_entry_variance(o, law, rho);
            EXPECT_NEAR(measured / expected, 1, 4.5 * std::sqrt(2.6 / n) + 0.04) << mean << " photons, lag " << lag;
            RecordProperty(
                "ratio_" + std::to_string(static_cast<int>(mean)) + "_" + std::to_string(static_cast<int>(lag)),
                std::to_string(measured / expected));
        };
        check((variance(0, 1) + variance(2, 3)) / 2, 2.0 * runs, 1);
        check(variance(0, 3), runs, 3);
        if (mean == 200) {
            const double independent = grain_entry_variance(576, 576, 576, o.modes, mean, o.relaxation.g1_squared(3));
            EXPECT_GT(variance(0, 3), 1.8 * independent) << "the grains are seen";
            EXPECT_NEAR(576 / effective_pixels(law, {24, 24}, {}), 2.5 * 2 / 2, 0.25) << "of a grain's |mu|^4";
        }
    }
}

TEST(GeneratedPattern, SameBitsForAnyNumberOfThreads) {
    for (const auto& motion : motions) {
        SpeckleOptions o = series();
        o.rows = o.columns = 20;
        motion.apply(o);
        detectors.back().apply(o);
        const auto with = [&](std::size_t threads) {
            const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
            return generate(o, {3, cell_id("threads"), 0});
        };
        const auto one = with(1);
        const auto two = with(2);
        EXPECT_EQ(one.data.counts, two.data.counts) << motion.what;
        EXPECT_EQ(one.truth.curve("g2")->y, two.truth.curve("g2")->y) << motion.what;
    }
}

double value(const GroundTruth& truth, const char* quantity) {
    const auto* row = truth.find(quantity, {});
    return row ? row->value : not_a_number;
}

TEST(PatternTruth, AtRest) {
    SpeckleOptions o = series();
    const GroundTruth truth = truth_of(o, {});
    EXPECT_EQ(value(truth, "tau"), 6);
    EXPECT_EQ(value(truth, "beta"), 1.8);
    EXPECT_NEAR(value(truth, "contrast"), 0.5, 1e-12);
    // The sum of exp(-2 pi d^2/s^2) over whole d, along each axis; the edges take off 1 %.
    EXPECT_NEAR(value(truth, "effective_pixels"), 96 * 96 / (1.4195 * 1.0255), 0.015 * 6331);
    SpeckleOptions independent = o;
    independent.pattern = {};
    EXPECT_GT(value(truth, "heterogeneity_width"), value(truth_of(independent, {}), "heterogeneity_width"));
    for (std::size_t k = 1; k < o.frames; ++k)
        EXPECT_NEAR(truth.curve("g2")->y[k - 1], 1 + o.relaxation.g1_squared(static_cast<double>(k)) / 2, 1e-12);
    // Pixels that average have less contrast, and the law of their noise is not the simple one.
    o.pattern.subpixels = 3;
    const GroundTruth averaged = truth_of(o, {});
    EXPECT_LT(value(averaged, "contrast"), 0.42);
    EXPECT_NEAR(averaged.curve("g2")->y[0] - 1, value(averaged, "contrast") * o.relaxation.g1_squared(1), 1e-12);
    EXPECT_EQ(averaged.find("heterogeneity_width", {}), nullptr);
}

TEST(PatternTruth, MotionIsKeptApartFromDynamics) {
    SpeckleOptions o = series();
    o.frames = 200;
    o.frame_time = 0.1;
    o.relaxation = {8, 2};
    o.pattern.rows.velocity = 0.25;
    o.dynamics.translation_rate = 0.05;
    const GroundTruth truth = truth_of(o, {});
    for (const char* absent : {"tau", "rate", "beta", "contrast", "baseline", "heterogeneity_width"})
        EXPECT_EQ(truth.find(absent, {}), nullptr) << absent;
    EXPECT_EQ(value(truth, "tau_mid_scan"), 8);
    // Rates of KWW decays with beta = 2 add in squares: |mu|^2 = exp(-pi (v t/s)^2) = exp(-2 (t/tau)^2).
    const double shift = std::sqrt(2 / std::acos(-1.0)) * 2 / 0.25;
    const double carried = std::sqrt(2.0) / 0.05;
    const double motion = 1 / std::sqrt(1 / (shift * shift) + 1 / (carried * carried));
    EXPECT_NEAR(value(truth, "tau_motion") / motion, 1, 1e-3);
    EXPECT_NEAR(value(truth, "tau_apparent") * std::sqrt(1 / (motion * motion) + 1.0 / 64), 1, 1e-3);
    const Curve* path = truth.curve("pattern_shift_rows");
    ASSERT_NE(path, nullptr);
    for (std::size_t f = 0; f < o.frames; f += 50) EXPECT_NEAR(path->y[f], 0.025 * static_cast<double>(f), 1e-12);
    EXPECT_EQ(truth.curve("pattern_shift_columns"), nullptr);
    EXPECT_EQ(truth.curve("pattern_strain_rows"), nullptr);

    // Steps have no rate: the path is recorded, no tau is given.
    o.pattern.rows.velocity = 0;
    o.pattern.step_times = {5};
    o.pattern.rows.step_sizes = {2};
    const GroundTruth steps = truth_of(o, {});
    EXPECT_EQ(steps.find("tau_motion", {}), nullptr);
    EXPECT_EQ(steps.find("tau", {}), nullptr);
    EXPECT_NEAR(steps.curve("pattern_shift_rows")->y.back(), 2, 1e-12);
}

TEST(PatternTruth, WalkIsRecorded) {
    SpeckleOptions o = series();
    o.pattern.columns.walk = 0.4;
    const StreamKey key{8, cell_id("walk"), 2};
    const auto made = generate(o, key);
    const auto view = view_of(o.pattern, sample_times(o), key);
    const Curve* path = made.truth.curve("pattern_shift_columns");
    ASSERT_NE(path, nullptr);
    for (std::size_t f = 0; f < o.frames; ++f) EXPECT_NEAR(path->y[f], -view.columns.offset[f], 1e-12);
    EXPECT_EQ(made.truth.curve_origins.size(), made.truth.curves.size());
    for (std::size_t i = 0; i < made.truth.curves.size(); ++i)
        EXPECT_EQ(made.truth.curve_origins[i],
                  made.truth.curves[i].name == "clock" ? Origin::closed_form : Origin::recorded);
}

}  // namespace
}  // namespace vitrum::model
