// D2min of affine maps and of noise, participation and energy drops that were planted.
#include <cmath>

#include <boost/random/normal_distribution.hpp>
#include <gtest/gtest.h>

#include "tests/analysis/dynamics/dynamics_cases.hpp"
#include "tests/message_of.hpp"
#include "vitrum/analysis/dynamics/energy_drops.hpp"
#include "vitrum/analysis/dynamics/nonaffine.hpp"
#include "vitrum/core/atoms/cell.hpp"
#include "vitrum/core/units.hpp"

namespace vitrum::analysis {
namespace {

// fcc, `cells` cubes of 4 angstrom along each edge, `frames` alike.
Trajectory crystal(std::size_t cells, std::size_t frames) {
    Trajectory t;
    t.elements = {"Cu"};
    AtomFrame frame;
    const auto n = static_cast<double>(cells);
    frame.box = {4 * n, 0, 0, 0, 4 * n, 0, 0, 0, 4 * n};
    constexpr double sites[4][3] = {{0, 0, 0}, {0, 0.5, 0.5}, {0.5, 0, 0.5}, {0.5, 0.5, 0}};
    for (std::size_t x = 0; x < cells; ++x)
        for (std::size_t y = 0; y < cells; ++y)
            for (std::size_t z = 0; z < cells; ++z)
                for (const auto& s : sites) {
                    frame.fractional.push_back((static_cast<double>(x) + s[0]) / n);
                    frame.fractional.push_back((static_cast<double>(y) + s[1]) / n);
                    frame.fractional.push_back((static_cast<double>(z) + s[2]) / n);
                }
    const std::size_t atoms = frame.fractional.size() / 3;
    t.species.assign(atoms, 0);
    t.mass.assign(atoms, 63.5);
    for (std::size_t i = 0; i < atoms; ++i) t.id.push_back(static_cast<std::int64_t>(i) + 1);
    for (std::size_t f = 0; f < frames; ++f) {
        frame.time = 1e-12 * static_cast<double>(f);
        t.frames.push_back(frame);
    }
    return t;
}

constexpr NonaffineOptions nearest{.cutoff = 3.4};  // 12 neighbours at 2.83 angstrom

// Any affine map of the cell, shear and rotation included, on atoms at random: nothing non-affine is left, and the
// strain is that of the map.
TEST(DynamicsNonaffine, AffineMapsGiveZero) {
    model::AtomPaths random;
    random.motion = model::Motion::frozen;
    random.frames = 2;
    random.edge = 20;
    Trajectory t = model::generate(random, {1, 1, 1});
    const CellMatrix j{1.05, 0.08, -0.02, 0.01, 0.93, 0.04, -0.03, 0.02, 1.01};
    for (std::size_t i = 0; i < 9; ++i) t.frames[1].box[i] = 20 * j[i];
    for (const bool wrapped : {false, true}) {
        t.unwrapped = !wrapped;
        if (wrapped)  // another image of every third atom
            for (std::size_t i = 0; i < t.frames[1].fractional.size(); i += 3) t.frames[1].fractional[i] -= 1;
        const Nonaffine m = nonaffine_motion(t, {.cutoff = 3.8});
        double e01 = 0;
        double trace = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            e01 += j[3 * k] * j[3 * k + 1] / 2;
            for (std::size_t a = 0; a < 3; ++a) trace += j[3 * k + a] * j[3 * k + a] / 2;
        }
        std::size_t defined = 0;
        for (std::size_t i = 0; i < t.atoms(); ++i) {
            if (!std::isfinite(m.sum[i])) continue;
            ++defined;
            ASSERT_LT(m.sum[i], 1e-20);
            ASSERT_NEAR(m.volumetric[i], (trace - 1.5) / 3, 1e-9);
            ASSERT_GT(m.shear[i], std::abs(e01));
        }
        EXPECT_GT(defined, 990U);  // 28 neighbours in the mean
        EXPECT_EQ(m.above, 0U);
    }
}

// Simple shear gamma: Green strain with e_xy = gamma/2, e_yy = gamma^2/2.
TEST(DynamicsNonaffine, SimpleShear) {
    Trajectory t = crystal(4, 2);
    t.frames[1].box[1] = 0.1 * 16;
    const Nonaffine m = nonaffine_motion(t, nearest);
    const double expected = std::sqrt(0.05 * 0.05 + 2 * 0.005 * 0.005 / 6);
    for (std::size_t i = 0; i < t.atoms(); ++i) {
        ASSERT_EQ(m.neighbours[i], 12U);
        ASSERT_NEAR(m.shear[i], expected, 1e-12);
    }
}

// Noise sigma on every coordinate after: 3 sigma^2 (2n - 3) with n = 12 alike on each side.
TEST(DynamicsNonaffine, NoiseOnACentrosymmetricShell) {
    constexpr double sigma = 0.05;
    std::vector<double> sums;
    std::vector<double> mean;
    for (std::size_t r = 0; r < replicates; ++r) {
        Trajectory t = crystal(5, 2);
        Stream stream({1, cell_id("nonaffine noise"), r}, Purpose::test, 0);
        boost::random::normal_distribution<double> normal(0, sigma / 20);
        for (double& s : t.frames[1].fractional) s += normal(stream);
        const Nonaffine m = nonaffine_motion(t, nearest);
        double sum = 0;
        for (const double d : m.sum) sum += d / static_cast<double>(m.sum.size());
        sums.push_back(sum);
        mean.push_back(estimate(nonaffine(t, nearest), "nonaffine_mean").value);
    }
    expect_mean(sums, 3 * sigma * sigma * (2 * 12 - 3), "D2min");
    expect_mean(mean, 3 * sigma * sigma * (2 * 12 - 3) / 12, "D2min per neighbour");
}

// One atom moved by d: its own D2min is n d^2 (the fit cannot follow the mean of a centrosymmetric shell); a
// neighbour sees one bond of 12 change by d, of which the fit takes (r0 . Y^-1 r0) = 3/12: d^2 (1 - 1/4).
TEST(DynamicsNonaffine, OneAtomMoved) {
    Trajectory t = crystal(4, 2);
    t.frames[1].fractional[1] += 0.5 / 16;
    const Nonaffine m = nonaffine_motion(t, {.cutoff = 3.4, .threshold = 0.015});
    EXPECT_NEAR(m.sum[0], 12 * 0.25, 1e-12);
    std::size_t touched = 0;
    for (std::size_t i = 1; i < t.atoms(); ++i)
        if (m.sum[i] > 1e-12) {
            ++touched;
            EXPECT_NEAR(m.sum[i], 0.25 * 0.75, 1e-12);
        }
    EXPECT_EQ(touched, 12U);
    EXPECT_EQ(m.above, 13U);  // 0.25 and twelve times 0.0156
    const Findings r = nonaffine(t, {.cutoff = 3.4, .threshold = 0.015});
    const Estimate share = estimate(r, "nonaffine_share");
    EXPECT_NEAR(share.value, 13.0 / 256, 1e-12);
    EXPECT_NEAR(share.standard_error, std::sqrt(13.0 / 256 * 243.0 / 256 / 256), 1e-12);
    // Wilson's limits solve (x - p)^2 = z^2 x (1 - x)/n.
    for (const double x : {share.lower, share.upper})
        EXPECT_NEAR((x - 13.0 / 256) * (x - 13.0 / 256), normal_factor(0.95) * normal_factor(0.95) * x * (1 - x) / 256,
                    1e-12);
    const Estimate none = estimate(nonaffine(t, {.cutoff = 3.4, .threshold = 1}), "nonaffine_share");
    EXPECT_EQ(none.value, 0);
    EXPECT_NEAR(none.upper, 3.8415 / (256 + 3.8415), 1e-5);
    EXPECT_NEAR(curve(r, "nonaffine_exceedance").y[31], 13.0 / 256, 1e-12);  // above 10^-1.9
    EXPECT_NEAR(curve(r, "nonaffine_exceedance").y[32], 1.0 / 256, 1e-12);   // above 10^-1.8
}

TEST(DynamicsNonaffine, TooFewNeighbours) {
    const Trajectory t = crystal(2, 2);
    const Nonaffine m = nonaffine_motion(t, {.cutoff = 1});
    EXPECT_TRUE(std::isnan(m.sum[0]));
    EXPECT_EQ(estimate(nonaffine(t, {.cutoff = 1}), "nonaffine_mean").status, Status::no_data);
    EXPECT_MESSAGE(nonaffine_motion(t, {.cutoff = 3, .threshold = 1, .reference = 2}), "which has 2");
}

// A solid with K = 120 GPa and K' = 4 compressed in steps of 0.5 % and back, and energy taken out at known steps: each
// drop comes back, less only the third-order term of the trapezoid rule (below 1e-3 eV here).
TEST(DynamicsEnergyDrops, PlantedDrops) {
    std::vector<StrainStep> rows;
    const double v0 = 17000;
    std::vector<double> taken(41, 0.0);
    taken[7] = 0.8;
    taken[15] = 0.3;
    taken[16] = 2.5;
    taken[33] = 0.5;
    double lost = 0;
    for (std::size_t i = 0; i < taken.size(); ++i) {
        const double v = v0 * (1 - 0.005 * static_cast<double>(i <= 20 ? i : 40 - i));
        // Murnaghan: P = K/K' ((V0/V)^K' - 1), E = integral of -P dV
        const double p = 30 * (std::pow(v0 / v, 4) - 1);
        const double e = 30 * (v0 / 3 * (std::pow(v0 / v, 3) - 1) - (v0 - v)) * ev_per_gpa_a3;
        lost += taken[i];
        rows.push_back({p, e - lost, v});
    }
    const EnergyDrops drops = energy_drops(rows, {.threshold = 0.05});
    EXPECT_EQ(drops.rows, (std::vector<std::size_t>{7, 15, 16, 33}));
    ASSERT_EQ(drops.compression.size.size(), 3U);
    ASSERT_EQ(drops.decompression.size.size(), 1U);
    // -(E'''/12) dV^3 with E''' = K (K'+1)/V^2: 120 x 5 x 0.005^3 x 17000/12 GPa angstrom^3 = 7e-4 eV, 1.5 fold at the
    // end
    EXPECT_NEAR(drops.all.size[0], 0.8, 1.2e-3);
    EXPECT_NEAR(drops.all.size[2], 2.5, 1.2e-3);
    EXPECT_NEAR(drops.decompression.size[0], 0.5, 1.2e-3);
    EXPECT_NEAR(estimate(drops.result, "dissipated_energy").value, 4.1,
                1e-9);  // there and back: the rule's errors cancel
    EXPECT_EQ(estimate(drops.result, "energy_drop_count").value, 4);
    EXPECT_EQ(estimate(drops.result, "power_law_exponent").status, Status::ok);
    // The usual threshold finds the same.
    EXPECT_EQ(energy_drops(rows).rows, drops.rows);
    EXPECT_LT(energy_drops(rows).threshold, 0.05);
}

// Inherent energies with noise (minimisation that stops early): the usual threshold lets 5 robust deviations pass, two
// noises to a step. False alarms: 5.7e-7/2 per step of Gaussian noise, some fourfold with the error of the median
// distance of 400 steps; 20 series of 400 steps give none in 99 % of cases.
TEST(DynamicsEnergyDrops, FalseAlarms) {
    std::size_t alarms = 0;
    for (std::size_t r = 0; r < 20; ++r) {
        Stream stream({1, cell_id("energy noise"), r}, Purpose::test, 0);
        boost::random::normal_distribution<double> normal(0, 0.01);
        std::vector<StrainStep> rows;
        for (int i = 0; i < 401; ++i) rows.push_back({0, normal(stream), 17000.0 - i});
        alarms += energy_drops(rows).rows.size();
    }
    EXPECT_EQ(alarms, 0U);
}

// An elastic solid of shear modulus 30 GPa, sheared and sheared back, with energy and stress taken out at two steps: a
// slip of strain g0 leaves E = V G (g - g0)^2 / 2, so that a step with slip dissipates V g0 times its mean stress,
// exactly.
TEST(DynamicsEnergyDrops, ShearBothWays) {
    constexpr double volume = 17000;
    constexpr double modulus = 30;
    std::vector<StrainStep> rows;
    double slipped = 0;
    for (int i = 0; i <= 80; ++i) {
        const double g = 1e-3 * (i <= 40 ? i : 80 - i);
        if (i == 21) slipped += 5e-4;
        if (i == 71) slipped += 2e-4;
        const double s = modulus * (g - slipped);
        rows.push_back({1, volume * s * (g - slipped) / 2 * ev_per_gpa_a3, volume, s, g});
    }
    const EnergyDrops drops = energy_drops(rows, {.threshold = 1e-3});
    EXPECT_EQ(drops.rows, (std::vector<std::size_t>{21, 71}));
    ASSERT_EQ(drops.compression.size.size(), 1U);
    ASSERT_EQ(drops.decompression.size.size(), 1U);
    EXPECT_NEAR(drops.all.size[0], volume * modulus * 5e-4 * (0.0200 + 0.0205) / 2 * ev_per_gpa_a3, 1e-9);
    EXPECT_NEAR(drops.all.size[1], volume * modulus * 2e-4 * (0.0095 + 0.0083) / 2 * ev_per_gpa_a3, 1e-9);
    // The stress, still positive on the way back, lacks modulus x slip.
    const double mean_stress = estimate(drops.result, "stress_drop_mean").value;
    EXPECT_NEAR(mean_stress, modulus * (5e-4 + 2e-4) / 2, 1e-9);
    EXPECT_NEAR(estimate(drops.result, "dissipated_energy").value, drops.all.size[0] + drops.all.size[1], 1e-9);
    EXPECT_EQ(std::get<EventCatalogue>(drops.result.data.front().second).size, drops.all.size);
}

TEST(DynamicsEnergyDrops, AtomsOfEachStepAndBadRows) {
    Trajectory t = crystal(4, 3);
    t.frames[2].fractional[1] += 0.5 / 16;
    const Findings steps = nonaffine_steps(t, {.cutoff = 3.4, .threshold = 0.015});
    EXPECT_EQ(steps.curves.front().y, (std::vector<double>{0, 13}));
    EXPECT_EQ(std::get<EventCatalogue>(steps.data.front().second).size, (std::vector<double>{13}));
    EXPECT_EQ(estimate(steps, "drop_participation").status, Status::no_data);  // one has no error
    t.frames.push_back(t.frames[1]);
    t.along = {"strain", "", {0, 0.1, 0.2, 0.3}};
    const Findings back = nonaffine_steps(t, {.cutoff = 3.4, .threshold = 0.015});
    const auto& sizes = std::get<EventCatalogue>(back.data.front().second).size;
    ASSERT_EQ(sizes.size(), 2U);  // neighbours are those before: not the same number on the way back
    EXPECT_EQ(estimate(back, "drop_participation").value, (sizes[0] + sizes[1]) / 2);
    EXPECT_EQ(back.curves.front().x, (std::vector<double>{0.1, 0.2, 0.3}));
    t.frames.resize(1);
    EXPECT_MESSAGE(nonaffine_steps(t), "1 frame(s)");
    const EnergyDrops drops = energy_drops({{0, 0, 100}, {0, 0, 100}, {0, -1, 100}}, {.threshold = 0.5});
    ASSERT_EQ(drops.rows, (std::vector<std::size_t>{2}));
    EXPECT_EQ(estimate(drops.result, "power_law_exponent").status, Status::no_data);
    EXPECT_MESSAGE(energy_drops({{0, 0, 1}}), "1 row(s)");
    EXPECT_MESSAGE(energy_drops({{0, 0, 1}, {0, 0, -1}}), "row 1");
}

}  // namespace
}  // namespace vitrum::analysis
