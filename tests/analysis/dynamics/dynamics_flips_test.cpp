// Cells that are sheared beyond half an edge, and flipped as LAMMPS flips them: frozen atoms stay frozen, atoms that
// move move as in the cell that was never flipped.
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "tests/analysis/dynamics/dynamics_cases.hpp"
#include "tests/message_of.hpp"
#include "vitrum/analysis/dynamics/followed_cells.hpp"
#include "vitrum/analysis/dynamics/msd.hpp"
#include "vitrum/analysis/dynamics/nonaffine.hpp"
#include "vitrum/core/atoms/cell.hpp"
#include "vitrum/core/stream.hpp"

namespace vitrum::analysis {
namespace {

enum class Written { unwrapped, wrapped };

// Edges of 10, 9 and 11; tilts xy, xz, yz grow by `rates` of an edge in each frame. Atoms take steps of `step`
// (fractional) beside the affine motion. With `flip` a tilt beyond half an edge loses or gains a whole one.
Trajectory sheared(const Vector3& rates, std::size_t frames, double step, bool flip, Written written,
                   std::size_t atoms = 60) {
    Stream stream({31, cell_id("sheared"), 0}, Purpose::test, 0);
    std::uniform_real_distribution<double> place;
    std::normal_distribution<double> normal(0, 1);
    std::vector<double> s(3 * atoms);
    for (double& x : s) x = place(stream);
    Trajectory t;
    t.name = "sheared";
    t.elements = {"Cu"};
    t.species.assign(atoms, 0);
    t.unwrapped = written == Written::unwrapped;
    constexpr Vector3 edge{10, 9, 11};
    for (std::size_t f = 0; f < frames; ++f) {
        const auto n = static_cast<double>(f);
        for (double& x : s) x += f > 0 ? step * normal(stream) : 0;
        const CellMatrix true_box{
            edge[0], rates[0] * n * edge[0], rates[1] * n * edge[0], 0, edge[1], rates[2] * n * edge[1], 0, 0, edge[2]};
        CellMatrix box = true_box;
        if (flip) {
            // yz first: it takes its share of xz along.
            const double b = std::nearbyint(box[5] / edge[1]);
            box[5] -= b * edge[1];
            box[2] -= b * box[1];
            box[1] -= std::nearbyint(box[1] / edge[0]) * edge[0];
            box[2] -= std::nearbyint(box[2] / edge[0]) * edge[0];
        }
        AtomFrame frame;
        frame.time = n * 1e-12;
        frame.box = box;
        const CellMatrix back = inverse(box);
        for (std::size_t i = 0; i < 3 * atoms; i += 3) {
            const Vector3 own = product(back, product(true_box, {s[i], s[i + 1], s[i + 2]}));
            for (const double x : own) frame.fractional.push_back(written == Written::wrapped ? x - std::floor(x) : x);
        }
        t.frames.push_back(std::move(frame));
    }
    return t;
}

constexpr std::array<Vector3, 4> shears{Vector3{0.07, 0, 0}, Vector3{-0.11, 0, 0}, Vector3{0, 0.09, -0.13},
                                        Vector3{0.06, -0.1, 0.05}};

TEST(Flips, FrozenAtomsStandStill) {
    for (const Vector3& rates : shears)
        for (const Written written : {Written::unwrapped, Written::wrapped}) {
            const Trajectory t = sheared(rates, 24, 0, true, written);
            LagOptions lags;
            lags.per_decade = 0;
            const Findings still = msd(paths_of(t), lags);
            for (const double y : still.curves[0].y) EXPECT_LT(y, 1e-20);
            NonaffineOptions options;
            options.cutoff = 4;
            const Nonaffine motion = nonaffine_motion(t, options);
            for (const double d : motion.per_neighbour) EXPECT_FALSE(d >= 1e-18);  // NaN: not enough neighbours
            options.reference = 23;                                                // backwards
            options.current = 0;
            const Nonaffine back = nonaffine_motion(t, options);
            for (const double d : back.per_neighbour) EXPECT_FALSE(d >= 1e-18);
        }
}

TEST(Flips, MovingAtomsMoveAsWithoutFlips) {
    for (const Vector3& rates : shears)
        for (const Written written : {Written::unwrapped, Written::wrapped}) {
            const Findings plain = msd(paths_of(sheared(rates, 24, 0.02, false, Written::unwrapped)), {});
            const Findings flipped = msd(paths_of(sheared(rates, 24, 0.02, true, written)), {});
            for (std::size_t i = 0; i < plain.curves[0].size(); ++i)
                EXPECT_NEAR(flipped.curves[0].y[i] / plain.curves[0].y[i], 1, 1e-10);
            NonaffineOptions options;
            options.cutoff = 4;
            options.reference = 3;
            const auto a = nonaffine_motion(sheared(rates, 24, 0.02, false, Written::unwrapped), options);
            const auto b = nonaffine_motion(sheared(rates, 24, 0.02, true, written), options);
            for (std::size_t i = 0; i < a.sum.size(); ++i) {
                if (!std::isfinite(a.sum[i])) continue;
                EXPECT_NEAR(b.sum[i] / a.sum[i], 1, 1e-9);
                EXPECT_NEAR(b.shear[i] / a.shear[i], 1, 1e-9);
            }
        }
}

// Frames so far apart that the cell alone reads as sheared the other way: known paths tell, wrapped ones are refused.
TEST(Flips, DistantFrames) {
    for (const double rate : {0.45, 0.6, 0.9}) {
        const Trajectory t = sheared({rate, 0, 0}, 5, 0, true, Written::unwrapped);
        const Findings still = msd(paths_of(t), {});
        for (const double y : still.curves[0].y) EXPECT_LT(y, 1e-20) << rate;
        const std::string message = message_of([&] {
            (void)paths_of(sheared({rate, 0, 0}, 5, 0, true, Written::wrapped));
        });
        EXPECT_TRUE(contains(message, "cannot be told from a strain") || contains(message, "too far apart")) << message;
        NonaffineOptions options;
        EXPECT_NE(message_of([&] {
                      (void)nonaffine_motion(sheared({rate, 0, 0}, 5, 0, true, Written::wrapped), options);
                  }),
                  "no error");
    }
}

// A wrapped atom that crosses the whole cell between two frames far apart, in short steps: its nearest image is wrong.
TEST(Flips, WrappedAtomsAreFollowedThroughTheFramesBetween) {
    Trajectory t = sheared({0, 0, 0}, 9, 0, false, Written::wrapped);
    for (std::size_t f = 0; f < 9; ++f) {
        double& s = t.frames[f].fractional[0];
        s += 0.1 * static_cast<double>(f);
        s -= std::floor(s);
    }
    const FollowedCells cells = follow_cells(t);
    EXPECT_FALSE(cells.flips);
    EXPECT_NEAR(fractional_displacements(t, cells, 0, 8)[0], 0.8, 1e-12);
    EXPECT_NEAR(fractional_displacements(t, cells, 8, 0)[0], -0.8, 1e-12);
    t.frames.erase(t.frames.begin() + 1, t.frames.begin() + 5);  // a step of one half
    EXPECT_MESSAGE(fractional_displacements(t, follow_cells(t), 0, 4), "too far apart to follow the atoms");
}

TEST(Flips, CellsThatGrowAreNoFlip) {
    Trajectory t = sheared({0.02, 0, 0}, 4, 0, false, Written::unwrapped);
    for (double& x : t.frames[2].box) x *= 0.6;
    for (double& x : t.frames[3].box) x *= 0.6;
    EXPECT_FALSE(follow_cells(t).flips);
}

TEST(Flips, UnevenTimesNameTheTwoSteps) {
    Trajectory t = sheared({0, 0, 0}, 6, 0, false, Written::unwrapped);
    t.frames[4].time = 6e-12;
    t.frames[5].time = 7.5e-12;
    EXPECT_MESSAGE(paths_of(t), "1e-12 s from frame 2 to 3, 3e-12 s from frame 3 to 4");
}

}  // namespace
}  // namespace vitrum::analysis
