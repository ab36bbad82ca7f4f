// Stopped, asked ahead, resumed: the same bits. Parents and avalanches.
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/model/landscape/ensemble.hpp"
#include "vitrum/model/landscape/kinetics/kinetics.hpp"

namespace vitrum::model {
namespace {

const Programme ramps({{0, {400, 0}}, {0.2, {400, 0}}, {0.2, {400, 3}}, {0.6, {420, 1}}, {1, {400, 2}}});

std::vector<WellLaw> wells_of(std::size_t count) {
    Stream stream({5, cell_id("resume"), 0}, Purpose::test, 0);
    return drawn({.barriers = BoxBarriers{0.82, 0.95}, .asymmetry = {0.01, 0.03}, .formation_volume = {3, 1}}, count,
                 stream)
        .wells;
}

Stream fresh(std::uint64_t block = 1) { return Stream({6, cell_id("resume"), 0}, Purpose::test, block); }

std::vector<std::uint8_t> left(std::size_t count) { return std::vector<std::uint8_t>(count, 0); }

void expect_same(const EventCatalogue& a, const EventCatalogue& b) {
    EXPECT_EQ(a.time, b.time);
    EXPECT_EQ(a.site, b.site);
    EXPECT_EQ(a.size, b.size);
    EXPECT_EQ(a.parent, b.parent);
}

TEST(Resume, AStreamGoesOnWhereItWas) {
    for (const std::uint64_t words : {0U, 1U, 4U, 7U, 1001U}) {
        Stream a = fresh(), b = fresh();
        for (std::uint64_t i = 0; i < words; ++i) (void)a();
        EXPECT_EQ(a.drawn(), words);
        b.skip_to(words);
        EXPECT_EQ(b.drawn(), words);
        for (int i = 0; i < 9; ++i) EXPECT_EQ(a(), b());
    }
}

TEST(Resume, AskingTwiceDrawsNothing) {
    for (const Selection selection : {Selection::sum_tree, Selection::composition_rejection}) {
        Kinetics k(wells_of(200), ramps, left(200), 0, fresh(), {.selection = selection, .coupling = -0.1});
        Kinetics plain(wells_of(200), ramps, left(200), 0, fresh(), {.selection = selection, .coupling = -0.1});
        for (int i = 0; i < 500; ++i) {
            const Flip first = k.next();
            const auto words = k.words();
            const Flip again = k.next();
            EXPECT_EQ(k.words(), words);
            EXPECT_EQ(first.time, again.time);
            const Flip done = k.advance();
            EXPECT_EQ(done.time, first.time);
            EXPECT_EQ(done.well, first.well);
            EXPECT_EQ(plain.advance().time, first.time);
        }
    }
}

// Stopped after every few flips or milliseconds and begun again from the checkpoint alone, across window ends, with and
// without coupling, also over a refresh of the running totals.
TEST(Resume, StoppedAndResumedHasTheSameBits) {
    for (const Selection selection : {Selection::sum_tree, Selection::composition_rejection})
        for (const double coupling : {0.0, -0.15}) {
            const KineticsOptions options{.selection = selection, .coupling = coupling};
            const auto wells = wells_of(300);
            EventCatalogue whole, parts;
            Kinetics once(wells, ramps, left(300), 0, fresh(), options);
            (void)once.run(1, ~0ULL, &whole);
            Kinetics k(wells, ramps, left(300), 0, fresh(), options);
            KineticsCheckpoint c = k.checkpoint();
            for (int i = 0; c.time < 1; ++i) {
                Kinetics part(wells, ramps, c, fresh(), options);
                if (i % 3 == 0) (void)part.next();
                (void)part.run(std::min(1.0, c.time + 0.01), 1 + static_cast<std::uint64_t>(i) % 40, &parts);
                c = part.checkpoint();
            }
            ASSERT_GT(whole.events(), 1000U);
            expect_same(whole, parts);
        }
    // 2^16 changes and more.
    const auto wells = wells_of(1000);
    const Programme hot(Conditions{460, 0});
    EventCatalogue whole, parts;
    Kinetics once(wells, hot, left(1000), 0, fresh(), {.selection = Selection::composition_rejection});
    (void)once.run(1e9, 140000, &whole);
    Kinetics first(wells, hot, left(1000), 0, fresh(), {.selection = Selection::composition_rejection});
    (void)first.run(1e9, 65000, &parts);
    Kinetics second(wells, hot, first.checkpoint(), fresh(), {.selection = Selection::composition_rejection});
    (void)second.run(1e9, 75000, &parts);
    EXPECT_EQ(whole.events(), 140000U);
    expect_same(whole, parts);
}

TEST(Resume, SelectionIsChosenAndTold) {
    EXPECT_EQ(Kinetics(wells_of(10), ramps, left(10), 0, fresh()).selection(), Selection::sum_tree);
    EXPECT_EQ(Kinetics(wells_of(5000), ramps, left(5000), 0, fresh()).selection(), Selection::composition_rejection);
    EXPECT_EQ(name(Selection::sum_tree), "sum tree");
    EXPECT_EQ(name(Selection::composition_rejection), "composition-rejection");
}

// Identical wells, all in L, J < 0: while n of N have flipped, the share 1 - exp(J n/(2 N kT)) of flips to R has a
// parent. Compensated by the sum over all flips (a martingale): within 4.9 of its standard deviation (1e-6).
TEST(Parents, HaveTheirShareOfTheRate) {
    constexpr std::size_t count = 400;
    constexpr double coupling = -0.12;
    const double kt = boltzmann_ev * 400;
    const std::vector<WellLaw> wells(count, WellLaw{.barrier = 0.9, .asymmetry = 0.02});
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        Kinetics k(wells, Programme(Conditions{400, 0}), left(count), 0, fresh(seed), {.coupling = coupling});
        double children = 0, expected = 0, variance = 0;
        std::vector<std::int64_t> parents;
        std::vector<bool> to_right;
        for (int i = 0; i < 3000; ++i) {
            const auto n = static_cast<double>(k.in_right());
            const Flip f = k.advance();
            if (f.to_right) {
                const double share = -std::expm1(coupling * n / (2 * count * kt));
                children += f.parent >= 0 ? 1 : 0;
                expected += share;
                variance += share * (1 - share);
            } else {
                EXPECT_EQ(f.parent, -1) << "a flip back is not favoured by what is in R";
            }
            if (f.parent >= 0) {
                EXPECT_LT(f.parent, i);
                EXPECT_TRUE(to_right[static_cast<std::size_t>(f.parent)]) << "what raised the factor was a flip to R";
            }
            to_right.push_back(f.to_right);
            parents.push_back(f.parent);
        }
        EXPECT_GT(expected, 100);
        EXPECT_NEAR(children, expected, 4.9 * std::sqrt(variance)) << seed;
    }
    // Without coupling nothing has a parent.
    Kinetics k(wells, Programme(Conditions{400, 0}), left(count), 0, fresh());
    for (int i = 0; i < 100; ++i) EXPECT_EQ(k.advance().parent, -1);
}

TEST(Avalanches, AreTreesOfParents) {
    EventCatalogue flips{.name = "flips", .unit = "", .size = {1, 2, 1, 4, 1}, .time = {0, 1, 2, 5, 7}, .duration = {}};
    flips.parent = {-1, 0, -1, 1, 2};
    const EventCatalogue all = avalanches(flips);
    EXPECT_EQ(all.size, (std::vector<double>{7, 2}));
    EXPECT_EQ(all.time, (std::vector<double>{0, 2}));
    EXPECT_EQ(all.duration, (std::vector<double>{5, 5}));
    flips.parent[0] = 3;
    EXPECT_MESSAGE(avalanches(flips), "flip 0 has the later flip 3");
    flips.parent.clear();
    EXPECT_MESSAGE(avalanches(flips), "every flip has a time and a parent");
}

TEST(Kinetics, CatalogueHasTheSizesAndNothingHappensWithoutRates) {
    const std::vector<WellLaw> frozen(3, WellLaw{.barrier = 30});
    Kinetics never(frozen, Programme(Conditions{300, 0}), left(3), 0, fresh());
    EXPECT_TRUE(std::isinf(never.next().time));
    EXPECT_TRUE(std::isinf(never.advance().time));
    EXPECT_EQ(never.run(1e30), 0U);
    EXPECT_EQ(never.time(), 1e30);
    EventCatalogue events;
    Kinetics k(wells_of(3), ramps, left(3), 0, fresh(), {.sizes = {1, 5, 9}});
    (void)k.run(1e9, 50, &events);
    ASSERT_EQ(events.events(), 50U);
    for (std::size_t i = 0; i < 50; ++i) EXPECT_EQ(events.size[i], 1 + 4 * static_cast<double>(events.site[i]));
    EXPECT_EQ(events.name, "flips");
}

TEST(Kinetics, BadRunsAreNamed) {
    const auto make = [](std::size_t count, std::vector<std::uint8_t> sides, KineticsOptions options) {
        return Kinetics(wells_of(count), ramps, std::move(sides), 0, fresh(), std::move(options));
    };
    EXPECT_MESSAGE(make(2, {0}, {}), "1 sides for 2 wells");
    EXPECT_MESSAGE(make(2, {0, 2}, {}), "side 2: 0 is left");
    EXPECT_MESSAGE(make(2, {0, 1}, {.looseness = 0.5}), "looseness = 0.5");
    EXPECT_MESSAGE(make(2, {0, 1}, {.coupling = NAN}), "coupling must be finite");
    EXPECT_MESSAGE(make(2, {0, 1}, {.sizes = {1}}), "1 sizes for 2 wells");
    EXPECT_MESSAGE(make(0, {}, {}), "0 wells");
    const auto c = make(2, {0, 1}, {}).checkpoint();
    EXPECT_MESSAGE(Kinetics(wells_of(2), ramps, c, fresh(), {.coupling = 1}), "another coupling");
    EXPECT_MESSAGE(Kinetics(wells_of(3), ramps, c, fresh()), "2 sides for 3 wells");
}

}  // namespace
}  // namespace vitrum::model
