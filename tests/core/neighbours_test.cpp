#include "vitrum/core/atoms/neighbours.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <tuple>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

namespace vitrum {
namespace {

// (i, j, rounded vector) of every neighbour, by trying images -span .. span of every pair.
using Neighbour = std::tuple<std::size_t, std::size_t, long, long, long>;

Neighbour rounded(std::size_t i, std::size_t j, const Vector3& r) {
    return {i, j, std::lround(1e6 * r[0]), std::lround(1e6 * r[1]), std::lround(1e6 * r[2])};
}

std::vector<Neighbour> naive(const CellMatrix& box, const std::vector<double>& s, double cutoff, int span) {
    std::vector<Neighbour> all;
    for (std::size_t i = 0; i < s.size() / 3; ++i)
        for (std::size_t j = 0; j < s.size() / 3; ++j)
            for (int x = -span; x <= span; ++x)
                for (int y = -span; y <= span; ++y)
                    for (int z = -span; z <= span; ++z) {
                        if (i == j && x == 0 && y == 0 && z == 0) continue;
                        Vector3 ds{};
                        for (std::size_t k = 0; k < 3; ++k) ds[k] = s[3 * j + k] - s[3 * i + k];
                        ds = nearest_image(ds);
                        const Vector3 r = product(box, {ds[0] + x, ds[1] + y, ds[2] + z});
                        if (r[0] * r[0] + r[1] * r[1] + r[2] * r[2] < cutoff * cutoff) all.push_back(rounded(i, j, r));
                    }
    std::sort(all.begin(), all.end());
    return all;
}

std::vector<double> scattered(std::size_t atoms, unsigned seed) {
    std::mt19937 engine(seed);
    std::uniform_real_distribution<double> unwrapped(-1.5, 2.5);
    std::vector<double> s(3 * atoms);
    for (double& v : s) v = unwrapped(engine);
    s[0] = -1e-18;  // wraps to 1 unless care is taken
    s[4] = 1;
    return s;
}

struct Case {
    CellMatrix box;
    double cutoff;
    std::size_t atoms;
    int span;
};

const std::vector<Case> cases{
    {{10, 0, 0, 0, 12, 0, 0, 0, 9}, 3.1, 80, 2},    // cube-like, below half the cell
    {{10, 3, -2, 0, 9, 4, 0, 0, 8}, 4.9, 60, 3},    // tilted, above half the smallest face distance
    {{6, 4, -5, 1, 9, 4, -2, 3, 8}, 11.0, 12, 8},   // general orientation, several images
    {{30, 0, 0, 0, 4, 0, 0, 0, 40}, 2.5, 100, 2},   // flat
    {{5, 0, 0, 0, 5, 0, 0, 0, 5}, 7.3, 2, 3},       // own images
    {{10, 4.9, 0, 0, 3, 0, 0, 0, 10}, 3.9, 40, 3},  // leans by half
    {{40, -19, 18, 0, 41, 20, 0, 0, 39}, 2.0, 300, 2},
};

TEST(Neighbours, TableEqualsAllImagesOfAllPairs) {
    for (const Case& c : cases) {
        const std::vector<double> s = scattered(c.atoms, 7);
        const NeighbourTable table = neighbour_table(c.box, s, c.cutoff);
        std::vector<Neighbour> ours;
        for (std::size_t i = 0; i < table.atoms(); ++i) {
            double last = 0;
            for (std::size_t k = 0; k < table.count(i); ++k) {
                const Vector3 r = table.vectors(i)[k];
                ours.push_back(rounded(i, table.neighbours(i)[k], r));
                EXPECT_GE(std::hypot(r[0], r[1], r[2]), last - 1e-12);  // nearest first
                last = std::hypot(r[0], r[1], r[2]);
            }
        }
        std::sort(ours.begin(), ours.end());
        const auto expected = naive(c.box, s, c.cutoff, c.span);
        EXPECT_GT(expected.size(), 0U);
        ASSERT_EQ(ours.size(), expected.size()) << c.cutoff;
        EXPECT_TRUE(ours == expected) << c.cutoff;
    }
}

TEST(Neighbours, PairsAreEachOnce) {
    for (const Case& c : cases) {
        const std::vector<double> s = scattered(c.atoms, 11);
        const CellList cells(c.box, s, c.cutoff);
        std::vector<Neighbour> ours;
        for (std::size_t block = 0; block < cells.blocks(); ++block)
            cells.pairs(block, [&](std::size_t i, std::size_t j, const Vector3& r, double r2) {
                EXPECT_NEAR(r2, r[0] * r[0] + r[1] * r[1] + r[2] * r[2], 1e-12);
                ours.push_back(rounded(i, j, r));
                ours.push_back(rounded(j, i, {-r[0], -r[1], -r[2]}));
            });
        std::sort(ours.begin(), ours.end());
        EXPECT_TRUE(ours == naive(c.box, s, c.cutoff, c.span)) << c.cutoff;
    }
}

TEST(Neighbours, FccHasItsShellsInAnyCell) {
    // Primitive cell of fcc, lattice constant 4: one atom, shells of 12, 6, 24 at a/sqrt(2), a, a sqrt(3/2).
    const CellMatrix primitive{0, 2, 2, 2, 0, 2, 2, 2, 0};
    const std::vector<double> s{0.3, 0.3, 0.3};
    EXPECT_EQ(neighbour_table(primitive, s, 3.0).count(0), 12U);
    EXPECT_EQ(neighbour_table(primitive, s, 4.01).count(0), 18U);
    EXPECT_EQ(neighbour_table(primitive, s, 4.91).count(0), 42U);
    EXPECT_EQ(neighbour_table(primitive, s, 4.0).count(0), 12U);  // at the cutoff does not count
}

TEST(Neighbours, ThreadsDoNotMatter) {
    const CellMatrix box{40, 5, -9, 0, 38, 12, 0, 0, 37};
    const std::vector<double> s = scattered(3000, 5);
    const auto with = [&](std::size_t threads) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
        return neighbour_table(box, s, 5);
    };
    const NeighbourTable one = with(1);
    const NeighbourTable two = with(2);
    EXPECT_GT(CellList(box, s, 5).blocks(), 4U);
    EXPECT_EQ(one.offset, two.offset);
    EXPECT_EQ(one.index, two.index);
    EXPECT_EQ(one.vector, two.vector);
}

TEST(Neighbours, BadInputIsRefused) {
    const CellMatrix box{10, 0, 0, 0, 10, 0, 0, 0, 10};
    const std::vector<double> s{0.1, 0.2, 0.3};
    EXPECT_THROW((void)neighbour_table(box, s, 0), std::invalid_argument);
    EXPECT_THROW((void)neighbour_table(box, s, std::nan("")), std::invalid_argument);
    EXPECT_THROW((void)neighbour_table({1, 2, 3, 2, 4, 6, 0, 0, 1}, s, 1), std::invalid_argument);
    EXPECT_THROW((void)neighbour_table(box, std::vector<double>{0.1, std::nan(""), 0.3}, 1), std::invalid_argument);
    EXPECT_EQ(neighbour_table(box, std::vector<double>{}, 1).index.size(), 0U);
}

}  // namespace
}  // namespace vitrum
