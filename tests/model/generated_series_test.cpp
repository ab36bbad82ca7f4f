// Generated counts against their truth: every dynamics in front of every detector option.
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "tests/message_of.hpp"
#include "tests/model/small_series.hpp"
#include "vitrum/model/speckle/series_law.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum::model {
namespace {

using test::dense;
using test::small_series;

struct Change {
    std::string what;
    void (*apply)(SpeckleOptions&);
};

const std::vector<Change> dynamics{
    {"stationary", [](SpeckleOptions&) {}},
    {"ageing with plateau",
     [](SpeckleOptions& o) {
         o.dynamics.clock = {.kind = ClockKind::ageing, .tau0 = 1.5, .tau_star = 4, .plateau_time = 8};
     }},
    {"ageing from a later age",
     [](SpeckleOptions& o) {
         o.dynamics.clock = {.kind = ClockKind::ageing, .tau0 = 1.5, .tau_star = 8};
         o.scan_start = 7;
     }},
    {"accelerating",
     [](SpeckleOptions& o) {
         o.dynamics.clock = {.kind = ClockKind::accelerating, .tau0 = 9, .tau_star = 5};
         o.relaxation.beta = 2;
     }},
    {"piecewise, beta 1",
     [](SpeckleOptions& o) {
         o.dynamics.clock = {.kind = ClockKind::piecewise, .times = {0, 4.5}, .taus = {8, 2}};
         o.relaxation.beta = 1;
     }},
    {"table",
     [](SpeckleOptions& o) {
         o.dynamics.clock = {.kind = ClockKind::table, .times = {2, 6, 9}, .taus = {8, 2, 20}};
         o.relaxation.beta = 0.7;
     }},
    {"jumps", [](SpeckleOptions& o) { o.dynamics.clock = {.jump_times = {5.5}, .jump_sizes = {0.8}}; }},
    {"partial and static",
     [](SpeckleOptions& o) {
         o.dynamics.event_times = {3.3, 7};
         o.dynamics.event_fraction = 0.5;
         o.dynamics.static_fraction = 0.3;
     }},
    {"full events at random, beta 1",
     [](SpeckleOptions& o) {
         o.relaxation.beta = 1;
         o.dynamics.event_rate = 0.2;
     }},
    {"gamma clock",
     [](SpeckleOptions& o) {
         o.dynamics.random = {.kind = RandomClockKind::gamma, .tau = 5, .step = 0.3};
         o.relaxation.tau = standing_clock().tau0;
     }},
    {"two-state clock, beta 1",
     [](SpeckleOptions& o) {
         o.dynamics.random = {
             .kind = RandomClockKind::two_state, .tau_fast = 2, .tau_slow = 30, .time_fast = 3, .time_slow = 4};
         o.relaxation = {standing_clock().tau0, 1};
     }},
    {"avalanches on a slow clock",
     [](SpeckleOptions& o) {
         o.dynamics.random = {
             .kind = RandomClockKind::avalanche, .rate = 0.4, .kappa = 0.2, .sizes = {Offspring::poisson, 0.8}};
         o.relaxation = {20, 1.5};
     }},
    {"catalogue",
     [](SpeckleOptions& o) {
         o.dynamics.path = catalogue_path({2.5, 7.2, 7.3}, {3, 1, 8}, 0.1);
         o.relaxation = {12, 1};
     }},
    {"sum and product",
     [](SpeckleOptions& o) {
         o.relaxation = {standing_clock().tau0, 1};
         o.dynamics.sum = {
             {"fast", 0.4, {.clock = {.tau0 = 3}, .beta = 0.8}},
             {"slow", 0.6, {.clock = {.kind = ClockKind::ageing, .tau0 = 5, .tau_star = 6}, .beta = 1.7}}};
         o.dynamics.product = {{"events", 1, {.clock = standing_clock(), .event_fraction = 0.4, .event_rate = 0.2}}};
     }},
    {"sum with a static part",
     [](SpeckleOptions& o) {
         o.relaxation = {standing_clock().tau0, 1};
         o.dynamics.static_fraction = 0.1;
         o.dynamics.sum = {{"still", 0.5, {.clock = {.tau0 = 4}, .beta = 1.8, .static_fraction = 0.2}},
                           {"fast", 0.5, {.clock = {.tau0 = 2}, .beta = 1}}};
     }},
    {"Paciorek and Schervish",
     [](SpeckleOptions& o) {
         o.dynamics.clock = {.kind = ClockKind::ageing, .tau0 = 3, .tau_star = 5};
         o.dynamics.form = KernelForm::paciorek_schervish;
     }},
    {"a user's matrix",
     [](SpeckleOptions& o) {
         const Kernel k{.clock = {.kind = ClockKind::ageing, .tau0 = 3, .tau_star = 9}, .beta = 1.3};
         auto stored = stored_kernel(k.matrix(SampleTimes{.frames = o.frames}.all()), "matrix");
         o.dynamics.stored = std::make_shared<const StoredKernel>(std::move(stored));
         o.relaxation = {standing_clock().tau0, 1};
     }},
    {"spectral, with events",
     [](SpeckleOptions& o) {
         o.dynamics.spectral_terms = 40;
         o.dynamics.event_times = {4.4};
         o.dynamics.event_fraction = 0.5;
     }},
    {"displacements that slow down",
     [](SpeckleOptions& o) {
         o.dynamics.spectral_terms = 30;
         o.dynamics.displacement_theta = 0.7;
         o.relaxation.beta = 1.1;
         o.dynamics.static_fraction = 0.2;
     }},
    {"beam damage",
     [](SpeckleOptions& o) { o.dynamics.clock = {.kind = ClockKind::beam_damage, .tau0 = 9, .damage_time = 3}; }},
    {"translation",
     [](SpeckleOptions& o) {
         o.dynamics.translation_rate = 0.2;
         o.dynamics.static_fraction = 0.4;
     }},
    {"translation, events, beta 1",
     [](SpeckleOptions& o) {
         o.dynamics.translation_rate = 0.1;
         o.dynamics.event_times = {3.3, 7};
         o.dynamics.event_fraction = 0.5;
         o.relaxation.beta = 1;
     }},
    {"midpoint",
     [](SpeckleOptions& o) {
         o.dynamics.clock = {.kind = ClockKind::ageing, .tau0 = 3, .tau_star = 30};
         o.dynamics.form = KernelForm::midpoint;
         o.relaxation.beta = 1.5;
     }},
};

const std::vector<Change> detectors{
    {"perfect", [](SpeckleOptions&) {}},
    {"full exposure",
     [](SpeckleOptions& o) {
         o.detector.exposure = 1;
         o.detector.substeps = 3;
     }},
    {"part exposure",
     [](SpeckleOptions& o) {
         o.detector.exposure = 0.7;
         o.detector.substeps = 2;
     }},
    {"background", [](SpeckleOptions& o) { o.detector.background = 0.3; }},
    {"heterodyne", [](SpeckleOptions& o) { o.detector.heterodyne_fraction = 0.3; }},
    {"vibrations", [](SpeckleOptions& o) { o.detector.f_q = 0.8; }},
    {"static speckle", [](SpeckleOptions& o) { o.detector.static_speckle = 0.4; }},
    {"dark counts", [](SpeckleOptions& o) { o.detector.dark_counts = 0.8; }},
    {"beam",
     [](SpeckleOptions& o) {
         o.detector.intensity_noise = 0.2;
         o.detector.intensity_drift = 0.6;
     }},
    {"refills",
     [](SpeckleOptions& o) {
         o.detector.refill_frames = 4.5;
         o.detector.refill_depth = 0.4;
     }},
    {"lost frames",
     [](SpeckleOptions& o) {
         o.detector.lost_frames = 0.2;
         o.detector.dark_counts = 0.3;
     }},
    {"hot pixels",
     [](SpeckleOptions& o) {
         o.detector.hot_pixels = 0.1;
         o.detector.hot_counts = 1.5;
         o.detector.zero_pixels = 0.1;
     }},
    {"empty frames", [](SpeckleOptions& o) { o.detector.empty_frames = 0.3; }},
    {"empty frames with dark counts",
     [](SpeckleOptions& o) {
         o.detector.empty_frames = 0.3;
         o.detector.dark_counts = 0.8;
     }},
    {"flat field", [](SpeckleOptions& o) { o.detector.flat_field_cv = 0.3; }},
    {"zero pixels", [](SpeckleOptions& o) { o.detector.zero_pixels = 0.15; }},
    {"dead pixels", [](SpeckleOptions& o) { o.detector.dead_pixels = 0.15; }},
    {"unequal modes",
     [](SpeckleOptions& o) {
         o.detector.mode_weights = {0.7, 0.3};
     }},
    {"everything",
     [](SpeckleOptions& o) {
         o.detector = {.exposure = 1,
                       .substeps = 2,
                       .background = 0.2,
                       .heterodyne_fraction = 0.1,
                       .f_q = 0.85,
                       .static_speckle = 0.3,
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
    [[nodiscard]] double z(double expected) const {
        const double mean = sum / count;
        return (mean - expected) / std::sqrt((squares / count - mean * mean) / count);
    }
};

// C(t1,t2) = <k1 k2>/(<k1> <k2>) in its linear form k1 k2/(m1 m2) - C (k1/m1 + k2/m2), whose mean is exactly -C. Pixels
// are independent, so the scatter over pixels gives the error of every mean (with gains that differ it is too large,
// never too small). For each pair of cases: 12 means, 66 C and 12 factorial moments k(k-1) with |z| < 5.6 (2.1e-8 each,
// 1e-7 allowing for the skewness of products over 18000 pixels), and the sum of C weighted by |g1|^2 with |z| < 4.9
// (1e-6): false alarm of all 437 pairs below 5e-3, of each way to generate.
void every_dynamics_before_every_detector(Output output) {
    std::uint64_t replicate = 0;
    for (const auto& dynamic : dynamics)
        for (const auto& detector : detectors) {
            SCOPED_TRACE(dynamic.what + " / " + detector.what);
            SpeckleOptions o = small_series();
            dynamic.apply(o);
            detector.apply(o);
            o.output = output;
            if (output == Output::sparse) {
                o.rows = 60;
                o.mean_count = 0.7;
            }
            if (o.dynamics.stored && o.detector.substeps > 1) {
                EXPECT_TRUE(contains(message_of([&] { check(o); }), "kernel_file knows one instant in each frame"));
                continue;
            }
            const StreamKey key{31, cell_id("pairs"), ++replicate};
            const auto s = dense(generate(o, key).data);
            const SeriesLaw law(kernel_of(o, key), sample_times(o), o.detector,
                                draw(o.detector, o.frames, s.pixels(), key), o.mean_count, mode_shares(o));
            const auto used = [&](std::size_t p) { return s.used.empty() || s.used[p] == 1; };
            const auto count = [&](std::size_t f, std::size_t p) {
                return static_cast<double>(s.counts[f * s.pixels() + p]);
            };
            std::vector<Moments> means(o.frames);
            std::vector<Moments> squares(o.frames);
            std::vector<Moments> correlations(o.frames * o.frames);
            Moments all;
            double expected = 0;
            std::vector<double> weight(o.frames * o.frames);
            std::vector<double> c(o.frames * o.frames);
            std::vector<double> mean(o.frames);
            for (std::size_t i = 0; i < o.frames; ++i) {
                mean[i] = law.mean(i);
                for (std::size_t j = i + 1; j < o.frames; ++j) {
                    if (mean[i] == 0 || law.mean(j) == 0) continue;  // C is not defined
                    weight[i * o.frames + j] = law.field_square(i, j);
                    c[i * o.frames + j] = law.correlation(i, j);
                    expected -= weight[i * o.frames + j] * c[i * o.frames + j];
                }
            }
            for (std::size_t p = 0; p < s.pixels(); ++p) {
                if (!used(p)) {
                    for (std::size_t f = 0; f < o.frames; ++f) EXPECT_EQ(count(f, p), 0) << "a dead pixel counts";
                    continue;
                }
                double weighted = 0;
                for (std::size_t i = 0; i < o.frames; ++i) {
                    if (mean[i] == 0) {
                        EXPECT_EQ(count(i, p), 0) << "an empty frame counts";
                        continue;
                    }
                    means[i].add(count(i, p));
                    squares[i].add(count(i, p) * (count(i, p) - 1));
                    for (std::size_t j = i + 1; j < o.frames; ++j) {
                        if (mean[j] == 0) continue;
                        const std::size_t at = i * o.frames + j;
                        const double a = count(i, p) / mean[i];
                        const double b = count(j, p) / mean[j];
                        const double linear = a * b - c[at] * (a + b);
                        correlations[at].add(linear);
                        weighted += weight[at] * linear;
                    }
                }
                all.add(weighted);
            }
            EXPECT_LT(std::abs(all.z(expected)), 4.9) << all.sum / all.count << " for " << expected;
            for (std::size_t i = 0; i < o.frames; ++i) {
                if (mean[i] == 0) continue;
                EXPECT_LT(std::abs(means[i].z(mean[i])), 5.6) << i;
                EXPECT_LT(std::abs(squares[i].z(law.product(i, i))), 5.6) << i;
                for (std::size_t j = i + 1; j < o.frames; ++j) {
                    if (mean[j] == 0) continue;
                    EXPECT_LT(std::abs(correlations[i * o.frames + j].z(-c[i * o.frames + j])), 5.6) << i << " " << j;
                }
            }
        }
}

TEST(GeneratedSeries, EveryDynamicsBeforeEveryDetector) { every_dynamics_before_every_detector(Output::dense); }

// By thinning: photon by photon.
TEST(GeneratedSeries, EveryDynamicsBeforeEveryDetectorSparse) { every_dynamics_before_every_detector(Output::sparse); }

TEST(GeneratedSeries, SameBitsForAnyNumberOfThreads) {
    for (const auto& dynamic : dynamics) {
        SpeckleOptions o = small_series();
        o.rows = 20;
        dynamic.apply(o);
        if (!o.dynamics.stored) detectors.back().apply(o);
        const auto with = [&](std::size_t threads) {
            const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
            return generate(o, {3, cell_id("threads"), 0});
        };
        const auto one = with(1);
        const auto two = with(2);
        EXPECT_EQ(one.data.counts, two.data.counts) << dynamic.what;
        EXPECT_EQ(one.data.used, two.data.used) << dynamic.what;
        EXPECT_EQ(one.truth.curve("g2")->y, two.truth.curve("g2")->y) << dynamic.what;
    }
}

}  // namespace
}  // namespace vitrum::model
