#include "vitrum/sim/protocol/health.hpp"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "tests/model/scattering/synthetic_atoms.hpp"

namespace vitrum::sim {
namespace {

constexpr std::size_t cells = 5;
constexpr std::size_t atoms = 2 * cells * cells * cells;
constexpr double edge = 3.35 * cells;

CuZrOptions options() {
    CuZrOptions o;
    o.atoms = atoms;
    o.pressure = 5;
    return o;
}

// Body-centred cubic with thermal displacements of `width` [angstrom] per coordinate.
Frame lattice(double width, std::uint64_t seed) {
    Frame frame = testing::empty_frame(atoms, edge);
    Stream stream({seed, 0, 0}, Purpose::test, 0);
    boost::random::normal_distribution<double> normal(0, width / edge);
    for (std::size_t i = 0; i < atoms; ++i) {
        const std::size_t cell = i / 2;
        const std::array<std::size_t, 3> place{cell / (cells * cells), cell / cells % cells, cell % cells};
        for (std::size_t k = 0; k < 3; ++k)
            frame.fractional[3 * i + k] =
                (static_cast<double>(place[k]) + (i % 2 == 0 ? 0.25 : 0.75)) / cells + normal(stream);
    }
    return frame;
}

// A run on target: white noise about the means.
FinishedStages healthy() {
    FinishedStages stages;
    Stream stream({9, 0, 0}, Purpose::test, 0);
    boost::random::normal_distribution<double> normal;
    for (int i = 0; i < 200; ++i) {
        const Row row{i * 25.0,
                      1500 + 30 * normal(stream),
                      5 + 0.5 * normal(stream),
                      -1150 + normal(stream),
                      -1100 + normal(stream),
                      4600 + 30 * normal(stream)};
        stages.hold.rows.push_back(row);
        stages.equilibrate.rows.push_back(row);
        stages.sample.rows.push_back(row);
        stages.sample.rows.back().total_energy = -1100;
    }
    stages.melt.frames = testing::brownian(2, atoms, edge, 2.0, 1);
    stages.sample.frames = testing::gas(1, atoms, edge, 2);
    stages.lammps_versions = {"20210929"};
    return stages;
}

bool warns(const FinishedStages& stages, const std::string& text) {
    const std::vector<std::string> found = health_warnings(options(), stages);
    return std::any_of(found.begin(), found.end(),
                       [&](const std::string& w) { return w.find(text) != std::string::npos; });
}

TEST(Health, AGoodRunHasNoWarnings) { EXPECT_TRUE(health_warnings(options(), healthy()).empty()); }

TEST(Health, CrystalsAreSeen) {
    FinishedStages stages = healthy();
    stages.melt.frames = {lattice(0.25, 1), lattice(0.25, 2)};  // near melting: 0.1 of the spacing and more
    EXPECT_TRUE(warns(stages, "did not melt"));
    stages = healthy();
    stages.sample.frames = {lattice(0.25, 3)};
    EXPECT_TRUE(warns(stages, "crystallised"));
}

TEST(Health, AGlassyMeltIsSeen) {
    FinishedStages stages = healthy();
    stages.melt.frames = testing::brownian(2, atoms, edge, 0.01, 1);
    EXPECT_TRUE(warns(stages, "hardly flows"));
}

TEST(Health, MeansOffTarget) {
    // 0.5 GPa / sqrt(200) = 0.035; the volume's error of 30/sqrt(100) times kT/900 adds 0.07.
    FinishedStages stages = healthy();
    for (Row& row : stages.sample.rows) row.pressure += 1;
    EXPECT_TRUE(warns(stages, "mean pressure"));
    stages = healthy();
    for (Row& row : stages.sample.rows) row.temperature -= 40;
    EXPECT_TRUE(warns(stages, "mean temperature"));
}

TEST(Health, EnergyDrift) {
    FinishedStages stages = healthy();
    for (Row& row : stages.sample.rows) row.total_energy += 0.02 * atoms * row.step / 5000;
    EXPECT_TRUE(warns(stages, "drifts"));
}

}  // namespace
}  // namespace vitrum::sim
