// A Gaussian field of its own for each q region: generated counts and their truth against formulas written out here.
#include "vitrum/model/speckle/q_regions.hpp"

#include <cmath>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "tests/message_of.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum::model {
namespace {

constexpr double alpha = 12;  // tau falls to a quarter across this detector

LayoutOptions layout() {
    LayoutOptions o;
    o.geometry = {
        .energy = 20.95, .distance = 5, .pixel_size = 1200, .centre_row = 67, .centre_column = 64, .arm_angle = 15.5};
    o.regions.rings = 3;
    o.peak = {2.87, 0.15, 0.1};
    o.shapes = {{.kind = DetectorShape::Kind::disc, .row = 40, .column = 30, .radius = 12}};
    return o;
}

SpeckleOptions series() {
    SpeckleOptions o;
    o.frames = 10;
    o.rows = 135;
    o.columns = 129;
    o.modes = 3;
    o.mean_count = 2;
    o.relaxation = {5, 1.8};
    o.wavevector = {alpha, 2.87};
    o.detector.layout = std::make_shared<DetectorLayout>(lay_out(layout(), o.rows, o.columns));
    return o;
}

double value(const GroundTruth& truth, const char* quantity) {
    const auto* row = truth.find(quantity, {});
    return row ? row->value : not_a_number;
}

struct Share {
    double mean = 0, square = 0, pixels = 0;  // of the intensity of the pixels in use
};

Share share_of(const DetectorLayout& l, std::int32_t region) {
    Share share;
    for (std::size_t p = 0; p < l.q.size(); ++p) {
        if (!l.used[p] || l.region[p] != region) continue;
        share.mean += l.intensity[p];
        share.square += l.intensity[p] * l.intensity[p];
        ++share.pixels;
    }
    share.mean /= share.pixels;
    share.square /= share.pixels;
    return share;
}

// C = <G^2>/<G>^2 (1 + g1^2/M) of each region, G the mean intensity of its pixels, tau at its mean q.
TEST(QRegions, TruthOfEachRegion) {
    const SpeckleOptions o = series();
    const GroundTruth truth = truth_of(o, {5, 6, 7});
    ASSERT_EQ(o.detector.layout->regions.size(), 3U);
    double longest = 0;
    for (const auto& region : o.detector.layout->regions) {
        const GroundTruth own = truth.of_region(region.index);
        const Share share = share_of(*o.detector.layout, region.index);
        const double gain = share.square / (share.mean * share.mean);
        EXPECT_GT(gain, 1.001);  // else this test would not see the intensity
        const double tau = 5 * std::pow(region.q / 2.87, -alpha);
        EXPECT_NEAR(value(own, "tau"), tau, 1e-12);
        EXPECT_EQ(truth.find("tau", {{"region", region.index, 0, ""}})->abscissa.front().value, region.q);
        EXPECT_NEAR(value(own, "baseline"), gain, 1e-12);
        EXPECT_NEAR(value(own, "contrast"), gain / 3, 1e-12);
        const Curve* g2 = own.curve("g2");
        ASSERT_TRUE(g2);
        for (std::size_t k = 0; k < g2->size(); ++k)
            EXPECT_NEAR(g2->y[k], gain * (1 + std::exp(-2 * std::pow(g2->x[k] / tau, 1.8)) / 3), 1e-12);
        longest = std::max(longest, tau);
    }
    EXPECT_GT(longest, 1.4 * value(truth.of_region(3), "tau"));
    EXPECT_EQ(value(truth, "wavevector_exponent"), alpha);
    EXPECT_NEAR(1 / (value(truth, "wavevector_prefactor") * std::pow(2.7, alpha)), 5 * std::pow(2.7 / 2.87, -alpha),
                1e-9);
}

TEST(QRegions, AnEvenRegionHasThePlainTruth) {
    SpeckleOptions o = series();
    LayoutOptions flat = layout();
    flat.peak = {};
    flat.shapes.clear();
    o.detector.layout = std::make_shared<DetectorLayout>(lay_out(flat, o.rows, o.columns));
    const GroundTruth own = truth_of(o).of_region(2);
    SpeckleOptions alone = o;
    alone.detector.layout = nullptr;
    alone.wavevector = {};
    alone.rows = 1;
    alone.columns = o.detector.layout->regions[1].pixels;
    alone.relaxation.tau = value(own, "tau");
    const GroundTruth expected = truth_of(alone);
    EXPECT_EQ(value(own, "heterogeneity_width"), value(expected, "heterogeneity_width"));
    EXPECT_EQ(own.curve("g2")->y, expected.curve("g2")->y);
}

// Counts of the generated frames in units of their known means mu G_p: ab - C (a + b) + C has mean 0 in every pixel,
// with C = 1 + g1^2/M; its sum over a region's 5000 pixels is compared with its scatter. 3 regions x 45 pairs with |z|
// < 5.6 (1e-7 with the skewness of products), 3 sums over pairs weighted by g1^2 with |z| < 4.9 (1e-6): false alarm
// below 2e-5. The tau of a neighbouring region is told apart by the same sums.
TEST(QRegions, CountsFollowTheLawOfTheirRegion) {
    const SpeckleOptions o = series();
    const auto s = generate(o, {31, cell_id("regions"), 1}).data;
    const auto& l = *o.detector.layout;
    EXPECT_EQ(s.q, l.q);
    EXPECT_EQ(s.region, l.region);
    EXPECT_EQ(s.used, l.used);
    const auto score = [&](std::int32_t region, double tau, bool sums_only) {
        double total = 0;
        double total_squares = 0;
        std::vector<double> sum(o.frames * o.frames);
        std::vector<double> squares(o.frames * o.frames);
        for (std::size_t p = 0; p < s.pixels(); ++p) {
            if (s.region[p] != region || !s.used[p]) continue;
            const double mean = 2 * l.intensity[p];
            double weighted = 0;
            for (std::size_t i = 0; i < o.frames; ++i)
                for (std::size_t j = i + 1; j < o.frames; ++j) {
                    const double g1 = std::exp(-std::pow(static_cast<double>(j - i) / tau, 1.8));
                    const double a = static_cast<double>(s.counts[i * s.pixels() + p]) / mean;
                    const double b = static_cast<double>(s.counts[j * s.pixels() + p]) / mean;
                    const double c = 1 + g1 * g1 / 3;
                    const double x = a * b - c * (a + b) + c;
                    sum[i * o.frames + j] += x;
                    squares[i * o.frames + j] += x * x;
                    weighted += g1 * g1 * x;
                }
            total += weighted;
            total_squares += weighted * weighted;
        }
        if (!sums_only)
            for (std::size_t i = 0; i < o.frames; ++i)
                for (std::size_t j = i + 1; j < o.frames; ++j) {
                    const std::size_t at = i * o.frames + j;
                    EXPECT_LT(std::abs(sum[at] / std::sqrt(squares[at])), 5.6) << region << " " << i << " " << j;
                }
        return total / std::sqrt(total_squares);
    };
    for (const auto& region : l.regions) {
        const double tau = 5 * std::pow(region.q / 2.87, -alpha);
        EXPECT_LT(std::abs(score(region.index, tau, false)), 4.9) << region.index;
        const double other = l.regions[region.index == 1 ? 1 : region.index - 2U].q;
        EXPECT_GT(std::abs(score(region.index, 5 * std::pow(other / 2.87, -alpha), true)), 4.9)
            << "this test could not tell regions apart";
    }
    for (std::size_t p = 0; p < s.pixels(); ++p) {
        if (s.used[p]) continue;
        for (std::size_t f = 0; f < o.frames; ++f)
            EXPECT_EQ(s.counts[f * s.pixels() + p], 0) << "a masked pixel counts";
    }
}

// The n-th pixels of two regions within a block draw from different streams: the sample correlation of their counts has
// |z| < 5 (6e-7).
TEST(QRegions, FieldsOfRegionsAreIndependent) {
    SpeckleOptions o = series();
    o.mean_count = 20;
    LayoutOptions two = layout();
    two.peak = {};
    two.shapes.clear();
    two.regions.rings = 0;
    two.regions.edges = {2.8, direction(two.geometry, 67, 64).q, 2.95};  // the middle column divides every block
    o.detector.layout = std::make_shared<DetectorLayout>(lay_out(two, o.rows, o.columns));
    o.wavevector = {};
    const auto s = generate(o, {31, cell_id("independent"), 1}).data;
    double sum = 0;
    double squares = 0;
    double count = 0;
    for (std::size_t block = 0; block < s.pixels() / 32; ++block) {
        std::vector<std::size_t> members[3];
        for (std::size_t p = 32 * block; p < 32 * (block + 1); ++p)
            members[static_cast<std::size_t>(s.region[p])].push_back(p);
        for (std::size_t k = 0; k < std::min(members[1].size(), members[2].size()); ++k) {
            const double x = (static_cast<double>(s.counts[members[1][k]]) - 20) *
                             (static_cast<double>(s.counts[members[2][k]]) - 20);
            sum += x;
            squares += x * x;
            ++count;
        }
    }
    EXPECT_GT(count, 500);
    EXPECT_LT(std::abs(sum / std::sqrt(squares)), 5);
}

TEST(QRegions, OneEventHitsAllRegionsAndThreadsDoNotMatter) {
    SpeckleOptions o = series();
    o.dynamics.event_rate = 0.3;
    o.relaxation.beta = 1;
    const auto with = [&](std::size_t threads) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
        return generate(o, {3, cell_id("threads"), 0});
    };
    const auto one = with(1);
    EXPECT_EQ(one.data.counts, with(2).data.counts);
    const GroundTruth first = one.truth.of_region(1);
    const GroundTruth last = one.truth.of_region(3);
    const Abscissa event{{"event", 0, 0, "s"}};
    ASSERT_TRUE(first.find("event_time", event));
    EXPECT_EQ(first.find("event_time", event)->value, last.find("event_time", event)->value);
    EXPECT_FALSE(one.truth.find("wavevector_exponent", {}));
}

TEST(QRegions, BadOptionsAreNamed) {
    const auto with = [](auto&& change) {
        SpeckleOptions o = series();
        change(o);
        return message_of([&] { check(o); });
    };
    EXPECT_EQ(with([](auto&) {}), "no error");
    EXPECT_TRUE(contains(with([](auto& o) { o.wavevector.reference = 0; }), "reference_q = 0"));
    EXPECT_TRUE(contains(with([](auto& o) { o.detector.layout = nullptr; }), "give rings or q_edges"));
    EXPECT_TRUE(contains(with([](auto& o) { o.relaxation.beta = 2.5; }), "beta"));
}

}  // namespace
}  // namespace vitrum::model
