// The search for x_min against a twin that compares every candidate with every size, published answers, and what other
// programs got wrong.
#include "vitrum/analysis/avalanche/x_min_search.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include <boost/math/special_functions/zeta.hpp>
#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "tests/message_of.hpp"
#include "vitrum/analysis/avalanche/discrete_power_law.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/stream.hpp"
#include "vitrum/core/uniform.hpp"
#include "vitrum/model/avalanche/power_law_source.hpp"

namespace vitrum::analysis {
namespace {

// All candidates, all sizes, n^2 steps.
XMin twin(const std::vector<double>& sizes, const XMinOptions& options) {
    XMin best;
    best.distance = std::numeric_limits<double>::infinity();
    for (const double x : std::set<double>(sizes.begin(), sizes.end())) {
        const auto tail =
            static_cast<std::size_t>(std::count_if(sizes.begin(), sizes.end(), [x](double y) { return y >= x; }));
        if (tail < std::max<std::size_t>(3, options.fewest)) continue;
        const XMin here = distance_at(sizes, x, options);
        if (here.distance < best.distance) best = here;
    }
    return best;
}

std::vector<double> pareto(std::size_t n, double alpha, Stream& stream) {
    std::vector<double> x(n);
    for (double& v : x) v = std::pow(uniform(stream), -1 / (alpha - 1));
    return x;
}

// Rounding makes ties: to a tenth, a half, a hundredth or not at all, of a law or of a mixture that is none.
TEST(XMinSearch, EqualsTheTwinOnAThousandInputsWithTies) {
    std::size_t tied = 0;
    for (std::uint64_t r = 0; r < 1000; ++r) {
        Stream stream({1, cell_id("x_min twin"), r}, Purpose::test, 0);
        const std::size_t n = 12 + stream() % 90;
        std::vector<double> x = pareto(n, 1.6 + 2 * uniform(stream), stream);
        if (r % 3 == 0)
            for (std::size_t i = 0; i < n / 2; ++i) x[i] = 1 + 3 * uniform(stream);
        const double grid = std::vector<double>{0, 0.01, 0.1, 0.5}[r % 4];
        if (grid > 0)
            for (double& v : x) v = grid * std::ceil(v / grid);
        tied += std::set<double>(x.begin(), x.end()).size() < n ? 1 : 0;
        for (const Ties ties : {Ties::below, Ties::up_to, Ties::both}) {
            const XMinOptions options{ties, 5, 0};
            const XMin fast = find_x_min(x, options);
            const XMin slow = twin(x, options);
            ASSERT_EQ(fast.x_min, slow.x_min) << r;
            ASSERT_EQ(fast.distance, slow.distance) << r;
            ASSERT_EQ(fast.alpha, slow.alpha) << r;
        }
    }
    EXPECT_GT(tied, 600U);
}

TEST(XMinSearch, EqualsTheTwinOfCounts) {
    for (std::uint64_t r = 0; r < 60; ++r) {
        Stream stream({1, cell_id("x_min counts"), r}, Purpose::test, 0);
        std::vector<double> x = pareto(80, 2.2, stream);
        for (double& v : x) v = 2 * std::floor(v);  // steps of 2
        for (const Ties ties : {Ties::below, Ties::up_to, Ties::both}) {
            const XMinOptions options{ties, 10, 2};
            const XMin fast = find_x_min(x, options);
            const XMin slow = twin(x, options);
            ASSERT_EQ(fast.x_min, slow.x_min) << r;
            ASSERT_EQ(fast.distance, slow.distance) << r;
        }
    }
}

// Written out once by hand: sizes 1, 2, 2, 4 from x_min = 1, alpha = 1 + 4/ln 16; the law's share below x is 1 -
// x^-(4/ln 16).
TEST(XMinSearch, DistanceByHand) {
    const std::vector<double> x{1, 2, 2, 4};
    const double a = 4 / std::log(16.0);
    const double at2 = 1 - std::pow(2.0, -a);
    const double at4 = 1 - std::pow(4.0, -a);
    EXPECT_NEAR(distance_at(x, 1, {Ties::below, 3, 0}).distance, std::max(std::abs(at2 - 0.25), std::abs(at4 - 0.75)),
                1e-14);
    EXPECT_NEAR(distance_at(x, 1, {Ties::up_to, 3, 0}).distance,
                std::max(0.25, std::max(std::abs(at2 - 0.75), 1 - at4)), 1e-14);
    EXPECT_NEAR(distance_at(x, 1, {Ties::below, 3, 0}).alpha, 1 + a, 1e-14);
    // Counts: share up to 1 against 1/zeta(alpha).
    const XMin counts = distance_at(x, 1, {Ties::up_to, 3, 1});
    const double z = boost::math::zeta(counts.alpha);
    const double one = std::abs(1 / z - 0.25);
    const double two = std::abs((1 + std::pow(2, -counts.alpha)) / z - 0.75);
    const double four =
        1 - (1 + std::pow(2, -counts.alpha) + std::pow(3, -counts.alpha) + std::pow(4, -counts.alpha)) / z;
    EXPECT_NEAR(counts.distance, std::max({one, two, four}), 1e-9);
}

// A search among one size in a hundred, or one that leaves out the largest, misses this x_min.
TEST(XMinSearch, EveryDistinctSizeIsACandidate) {
    std::vector<double> x;
    for (int i = 0; i < 300; ++i) x.push_back(1 + 0.001 * i);                              // flat: no law
    for (int i = 0; i < 200; ++i) x.push_back(7.3 * std::pow((i + 0.5) / 200, -1 / 1.5));  // quantiles of one
    const XMin found = find_x_min(x, {});
    const auto first = *std::min_element(x.begin() + 300, x.end());
    EXPECT_EQ(found.x_min, first);
    EXPECT_EQ(found.tail, 200U);
    EXPECT_EQ(found.candidates, 491U);  // all but the last nine
    EXPECT_NEAR(found.alpha, 2.5, 0.05);
}

TEST(XMinSearch, FourValuesGiveNoNumber) {
    EXPECT_TRUE(std::isnan(find_x_min(std::vector<double>{1, 2, 3, 4}, {}).x_min));
    EXPECT_TRUE(std::isnan(find_x_min(std::vector<double>(50, 3.0), {}).x_min));
    const auto rows = searched_power_law(EventCatalogue{"s", "", {1, 2, 3, 4}, {}, {}}, SearchedOptions{});
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0].status, Status::no_data);
    EXPECT_NE(rows[0].note.find("of 4 sizes none leaves 10"), std::string::npos);
    EXPECT_MESSAGE(find_x_min(std::vector<double>{1, -2}, {}), "size -2 of event 2");
    EXPECT_MESSAGE(find_x_min(std::vector<double>{1, 2.5}, {Ties::up_to, 10, 1}), "no whole multiple");
}

std::vector<double> numbers(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::vector<double> x;
    for (double v = 0; in >> v;) x.push_back(v);
    return x;
}

// Authors without co-author have degree 0: no size.
std::vector<double> positive(std::vector<double> x) {
    std::erase_if(x, [](double v) { return !(v > 0); });
    return x;
}

// Clauset's examples, and co-authors of preprints after Newman: exhaustive searches give these.
TEST(XMinSearch, PublishedSamples) {
    const std::filesystem::path folder = std::filesystem::path(VITRUM_SOURCE) / "../shared/data/reference/plfit";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no reference data here";
    const XMin continuous = find_x_min(numbers(folder / "continuous_data.txt"), {});
    EXPECT_NEAR(continuous.alpha, 2.53282, 1e-5);
    EXPECT_NEAR(continuous.x_min, 1.43628, 1e-5);
    EXPECT_NEAR(continuous.distance, 0.00712, 1e-5);
    EXPECT_EQ(continuous.tail, 5844U);
    const XMin discrete = find_x_min(numbers(folder / "discrete_data.txt"), {Ties::up_to, 10, 1});
    EXPECT_NEAR(discrete.alpha, 2.58330, 1e-5);
    EXPECT_EQ(discrete.x_min, 2);
    EXPECT_NEAR(discrete.distance, 0.00433, 1e-5);
    const XMin authors = find_x_min(positive(numbers(folder / "condmat2005-degree.dat")), {Ties::up_to, 10, 1});
    EXPECT_NEAR(authors.alpha, 3.68634, 1e-5);
    EXPECT_EQ(authors.x_min, 49);
    EXPECT_NEAR(authors.distance, 0.02396, 1e-5);
}

// The samples of Clauset, Shalizi and Newman, by an exhaustive search in another language.
TEST(XMinSearch, SamplesOfTheReview) {
    const std::filesystem::path folder = std::filesystem::path(VITRUM_SOURCE) / "../shared/data/reference/powerlaw";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no reference data here";
    struct Known {
        const char* name;
        double step, alpha, x_min;
        std::size_t tail;
        double distance;
    };
    for (const Known& k :
         {Known{"words", 1, 1.95273, 7, 2958, 0.00825}, Known{"terrorism", 1, 2.36995, 12, 547, 0.01769},
          Known{"blackouts", 0, 2.27264, 230000, 59, 0.06067}, Known{"cities", 0, 2.36995, 52457, 580, 0.01885},
          Known{"fires", 0, 2.16363, 6324, 521, 0.03570}, Known{"flares", 0, 1.78841, 323, 1711, 0.00829}}) {
        const XMin found = find_x_min(numbers(folder / (std::string(k.name) + ".txt")),
                                      {k.step > 0 ? Ties::up_to : Ties::below, 10, k.step});
        EXPECT_NEAR(found.alpha, k.alpha, 1e-5) << k.name;
        EXPECT_EQ(found.x_min, k.x_min) << k.name;
        EXPECT_EQ(found.tail, k.tail) << k.name;
        EXPECT_NEAR(found.distance, k.distance, 1e-5) << k.name;
    }
}

EventCatalogue joined(std::size_t n, std::uint64_t replicate) {
    model::PowerLaw law;
    law.alpha = 2.5;
    law.x_min = 10;
    law.body_from = 1;
    return model::generate_power_law(law, n, "", {3, cell_id("joined"), replicate}).data;
}

// p of a goodness of fit: a body drawn uniformly gives 1, one that is never drawn 0. Body and tail joined in one curve:
// below 0.1 in 2 to 9 % of runs (the search fits the noise of each, so p is a little large), never always or never
// small; and sizes that follow no law anywhere are rejected.
TEST(SearchedPowerLaw, ChanceOfTheDistance) {
    SearchedOptions options;
    options.replicates = 100;
    constexpr std::size_t runs = 120;
    std::size_t small = 0;
    double sum = 0;
    for (std::size_t r = 0; r < runs; ++r) {
        const SearchedPowerLaw fit = searched_power_law(joined(200, r).size, options);
        small += fit.quality.p < 0.1 ? 1 : 0;
        sum += fit.quality.p / runs;
    }
    // Binomial with 0.1: above 24 of 120 with probability 5e-4; means of 120 uniform numbers within 0.5 +- 4 x 0.026.
    EXPECT_LE(small, 24U);
    EXPECT_GT(sum, 0.4);
    EXPECT_LT(sum, 0.75);
    Stream stream({1, cell_id("no law"), 0}, Purpose::test, 0);
    std::vector<double> box(400);
    for (double& v : box) v = 1 + uniform(stream);
    options.replicates = 1000;
    options.search.fewest = 100;
    const SearchedPowerLaw none = searched_power_law(box, options);
    EXPECT_LT(none.quality.p, 1e-2);
}

TEST(SearchedPowerLaw, SameBitsForAnyNumberOfThreads) {
    SearchedOptions options;
    options.replicates = 60;
    const auto sizes = joined(300, 1).size;
    const SearchedPowerLaw many = searched_power_law(sizes, options);
    const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
    const SearchedPowerLaw alone = searched_power_law(sizes, options);
    EXPECT_EQ(many.alpha, alone.alpha);
    EXPECT_EQ(many.lower, alone.lower);
    EXPECT_EQ(many.quality.p, alone.quality.p);
    EXPECT_LT(many.lower, many.alpha);
    EXPECT_GT(many.upper, many.alpha);
}

// Counts are drawn from the discrete law itself, not from a rounded one: at x_min = 1 the approximation is off by 0.3.
TEST(SearchedPowerLaw, CountsFromOne) {
    Stream stream({1, cell_id("counts from one"), 0}, Purpose::test, 0);
    std::vector<double> x(2000);
    const double z = boost::math::zeta(2.5);
    for (double& v : x) {
        double u = uniform(stream) * z;
        v = 1;
        while ((u -= std::pow(v, -2.5)) > 0 && v < 1e6) ++v;
    }
    SearchedOptions options;
    options.replicates = 100;
    const auto rows = searched_power_law(EventCatalogue{"s", "", x, {}, {}}, options);
    EXPECT_NE(rows[0].note.find("discrete law in steps of 1"), std::string::npos);
    EXPECT_LT(rows[0].lower, 2.5);
    EXPECT_GT(rows[0].upper, 2.5);
    EXPECT_GT(rows[2].value, 0.01);
}

}  // namespace
}  // namespace vitrum::analysis
