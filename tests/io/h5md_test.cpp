// H5MD: our own file to the bit, and the layouts that others write.
#include <bit>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "tests/temporary_folder.hpp"
#include "vitrum/core/atoms/cell.hpp"
#include "vitrum/io/hdf5/data_hash.hpp"
#include "vitrum/io/hdf5/hdf5.hpp"
#include "vitrum/io/trajectory/trajectory_file.hpp"

namespace vitrum::io {
namespace {

Trajectory wandering(bool unwrapped, std::size_t frames, std::size_t atoms) {
    Trajectory t;
    t.name = "melt";
    t.elements = {"Cu", "Zr"};
    t.unwrapped = unwrapped;
    std::mt19937 random(7);
    std::uniform_real_distribution<double> anywhere(-3, 3);
    std::uniform_real_distribution<double> inside(0, 1);
    for (std::size_t i = 0; i < atoms; ++i) {
        t.species.push_back(static_cast<int>(i % 2));
        t.id.push_back(static_cast<std::int64_t>(3 * i + 2));
        t.mass.push_back(i % 2 ? 91.2 : 63.5);
    }
    for (std::size_t f = 0; f < frames; ++f) {
        AtomFrame frame;
        frame.step = 100 * static_cast<double>(f);
        frame.time = 2.3e-15 * frame.step;
        frame.box = {31 + inside(random), -3, 2.2, 0.1, 28, -1, 0.2, 0.3, 26};
        for (std::size_t i = 0; i < 3 * atoms; ++i)
            frame.fractional.push_back(unwrapped ? anywhere(random) : inside(random));
        // The corners of rounding.
        const std::vector<double> hard{
            0.0, -0.0, 1.0, -1.0, -1e-20, 1e-300, std::nextafter(1.0, 0.0), -std::nextafter(1.0, 0.0), 1e-17};
        for (std::size_t i = 0; i < hard.size(); ++i) frame.fractional[i] = hard[i];
        t.frames.push_back(frame);
    }
    return t;
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (std::bit_cast<std::uint64_t>(a[i]) != std::bit_cast<std::uint64_t>(b[i])) return false;
    return true;
}

TEST(H5md, ComesBackToTheBit) {
    const TemporaryFolder folder;
    for (const bool unwrapped : {true, false}) {
        const Trajectory t = wandering(unwrapped, 5, 4001);  // more than one chunk
        const auto path = folder / (unwrapped ? "a.h5" : "b.h5");
        write_h5md(path, t, {"somebody", "vitrum", "0"}, {{"note", "text"}, {"run/potential", "eam"}});
        const Trajectory back = read_trajectory(path);
        EXPECT_EQ(back.name, t.name);
        EXPECT_EQ(back.elements, t.elements);
        EXPECT_EQ(back.species, t.species);
        EXPECT_EQ(back.id, t.id);
        EXPECT_TRUE(same_bits(back.mass, t.mass));
        EXPECT_EQ(back.unwrapped, unwrapped);
        ASSERT_EQ(back.frames.size(), t.frames.size());
        for (std::size_t f = 0; f < t.frames.size(); ++f) {
            EXPECT_TRUE(same_bits(back.frames[f].fractional, t.frames[f].fractional));
            EXPECT_EQ(back.frames[f].box, t.frames[f].box);
            EXPECT_EQ(back.frames[f].time, t.frames[f].time);
            EXPECT_EQ(back.frames[f].step, t.frames[f].step);
        }
        const auto checked = check_file(path);
        EXPECT_EQ(checked.stored, checked.computed);
        EXPECT_NE(checked.stored, "");
        const ReadFile file(path);
        EXPECT_EQ(file.text("/parameters/run/potential"), "eam");
        // Wrapped: every position inside the cell.
        const auto r = file.read<double>("/particles/trajectory/position/value");
        const CellMatrix to_fractional = inverse(t.frames[0].box);
        for (std::size_t i = 0; i < 3 * t.atoms(); i += 3)
            for (const double s : product(to_fractional, {r[i], r[i + 1], r[i + 2]})) {
                EXPECT_GE(s, unwrapped ? -1e-12 : -1.01);
                EXPECT_LE(s, 1 + 1e-12);
            }
    }
}

TEST(H5md, SpeciesBelongToTheHash) {
    const TemporaryFolder folder;
    Trajectory t = wandering(true, 1, 8);
    write_h5md(folder / "a.h5", t, {}, {});
    t.species[3] = 0;
    write_h5md(folder / "b.h5", t, {}, {});
    EXPECT_NE(compute_data_hash(folder / "a.h5"), compute_data_hash(folder / "b.h5"));
}

TEST(H5md, FractionalStepsAreRefused) {
    const TemporaryFolder folder;
    Trajectory t = wandering(true, 1, 4);
    t.frames[0].step = 0.5;
    EXPECT_MESSAGE(write_h5md(folder / "a.h5", t, {}, {}), "whole steps");
}

// A file by somebody else: two frames of two atoms.
struct Foreign {
    TemporaryFolder folder;
    std::filesystem::path path = folder / "foreign.h5";
    WriteFile file{path};
    std::string group = "/particles/all";

    Foreign() {
        file.group("/h5md");
        file.group("/particles");
    }
    void positions(const std::vector<float>& r, const std::string& unit) {
        file.write(group + "/position/value", r.data(), {2, 2, 3});
        if (!unit.empty()) file.attribute(group + "/position/value", "unit", unit);
    }
    void times(const std::string& unit) {
        file.write(group + "/position/step", std::vector<std::int64_t>{10, 20});
        file.write(group + "/position/time", std::vector<double>{1, 2});
        if (!unit.empty()) file.attribute(group + "/position/time", "unit", unit);
    }
    void usual() {
        positions({1, 1, 1, 0.5, 0.5, 0.5, 1.25, 1, 1, 0.5, 0.5, 0.5}, "nm");
        times("fs");
        file.write(group + "/box/edges", std::vector<double>{2, 2, 4});
        file.write(group + "/species", std::vector<std::int32_t>{2, 1});
    }
    Trajectory read(const TrajectoryOptions& o = {{"Cu", "Zr"}, {}, {}, "", {}}) {
        file.close();
        return read_trajectory(path, o);
    }
};

TEST(H5md, ForeignFixedEdgesNanometresFemtoseconds) {
    Foreign f;
    f.usual();
    const Trajectory t = f.read();
    EXPECT_EQ(t.species, (std::vector<int>{1, 0}));
    EXPECT_EQ(t.id, (std::vector<std::int64_t>{1, 2}));
    EXPECT_FALSE(t.unwrapped);
    ASSERT_EQ(t.frames.size(), 2u);
    EXPECT_DOUBLE_EQ(t.frames[1].time, 2e-15);
    EXPECT_EQ(t.frames[1].step, 20);
    EXPECT_DOUBLE_EQ(t.frames[0].box[8], 40);
    EXPECT_DOUBLE_EQ(t.frames[1].fractional[0], 0.625);
    EXPECT_DOUBLE_EQ(t.frames[1].fractional[2], 0.25);
}

TEST(H5md, ForeignLinearStepsFullEdgesImagesAndNames) {
    Foreign f;
    f.positions({1, 1, 1, 3, 5, 7, 1, 1, 1, 3, 5, 7}, "Angstrom");
    f.file.scalar<std::int64_t>(f.group + "/position/step", 50);
    f.file.scalar<double>(f.group + "/position/time", 0.1);
    f.file.attribute(f.group + "/position/time", "unit", "ps");
    f.file.attribute(f.group + "/position/step", "offset", std::int64_t{1000});
    const std::vector<double> edges{10, 0, 0, -3, 8, 0, 2, -1, 6, 10, 0, 0, -3, 8, 0, 2, -1, 12};
    f.file.write(f.group + "/box/edges/value", edges.data(), {2, 3, 3});
    f.file.attribute(f.group + "/box/edges/value", "unit", "Angstrom");
    const std::vector<std::int32_t> images{0, 0, 0, 1, 0, -1, 0, 0, 0, 1, 0, -2};
    f.file.write(f.group + "/image/value", images.data(), {2, 2, 3});
    f.file.texts(f.group + "/species", {"Zr", "Cu"});
    f.file.write(f.group + "/id", std::vector<std::int32_t>{7, 3});
    const Trajectory t = f.read({});
    EXPECT_EQ(t.elements, (std::vector<std::string>{"Cu", "Zr"}));
    EXPECT_EQ(t.species, (std::vector<int>{0, 1}));
    EXPECT_EQ(t.id, (std::vector<std::int64_t>{3, 7}));
    EXPECT_TRUE(t.unwrapped);
    EXPECT_EQ(t.frames[1].step, 1050);
    EXPECT_DOUBLE_EQ(t.frames[1].time, 1e-13);
    EXPECT_EQ(t.frames[0].box, (CellMatrix{10, -3, 2, 0, 8, -1, 0, 0, 6}));
    // The atom with id 3 stands at (3, 5, 7) + a - c.
    const auto& s = t.frames[0].fractional;
    const Vector3 r = product(t.frames[0].box, {s[0], s[1], s[2]});
    EXPECT_NEAR(r[0], 3 + 10 - 2, 1e-12);
    EXPECT_NEAR(r[1], 5 + 1, 1e-12);
    EXPECT_NEAR(r[2], 7 - 6, 1e-12);
}

TEST(H5md, ForeignEdgesOfEachFrameAndIdsThatChangePlaces) {
    Foreign f;
    f.positions({1, 1, 1, 2, 2, 2, 2, 2, 2, 1, 1, 1}, "Angstrom");
    f.times("ps");
    const std::vector<double> edges{4, 4, 4, 8, 8, 8};
    f.file.write(f.group + "/box/edges/value", edges.data(), {2, 3});
    const std::vector<std::int32_t> ids{1, 2, 2, 1};
    const std::vector<std::int32_t> species{1, 2, 2, 1};
    f.file.write(f.group + "/id/value", ids.data(), {2, 2});
    f.file.write(f.group + "/species/value", species.data(), {2, 2});
    const Trajectory t = f.read();
    EXPECT_EQ(t.species, (std::vector<int>{0, 1}));
    EXPECT_DOUBLE_EQ(t.frames[0].fractional[0], 0.25);
    EXPECT_DOUBLE_EQ(t.frames[1].fractional[0], 0.125);
    EXPECT_DOUBLE_EQ(t.frames[1].fractional[3], 0.25);
}

TEST(H5md, WhatIsMissingIsAskedFor) {
    const auto refused = [](auto&& fill, const std::string& part,
                            const TrajectoryOptions& o = {{"Cu", "Zr"}, {}, {}, "", {}}) {
        Foreign f;
        fill(f);
        f.file.close();
        EXPECT_MESSAGE(read_trajectory(f.path, o), part);
    };
    const auto edges = [](Foreign& f) { f.file.write(f.group + "/box/edges", std::vector<double>{2, 2, 4}); };
    const auto species = [](Foreign& f) { f.file.write(f.group + "/species", std::vector<std::int32_t>{2, 1}); };
    const std::vector<float> r(12, 1);
    refused([](Foreign&) {}, "foreign.h5::/particles: no group in it has positions");
    refused([&](Foreign& f) { f.positions(r, ""); }, "/position/value: has no unit; give it");
    refused([&](Foreign& f) { f.positions(r, "furlong"); }, "unit 'furlong' is no length");
    refused([&](Foreign& f) { f.positions(r, "nm"); }, "/position/step: no such dataset");
    refused([&](Foreign& f) { f.positions(r, "nm"), f.times("ps"); }, "/box/edges: no such element");
    refused([&](Foreign& f) { f.positions(r, "nm"), f.times("parsec"); }, "/position/time@unit");
    refused([&](Foreign& f) { f.positions(r, "nm"), f.times("ps"), edges(f); }, "/species: no such element");
    refused([&](Foreign& f) { f.positions(r, "nm"), f.times(""), edges(f), species(f); }, "time_step=\"2 fs\"");
    refused([&](Foreign& f) { f.positions(r, "nm"), f.times("ps"), edges(f), species(f); }, "does not say", {});
    refused(
        [&](Foreign& f) {
            f.positions(r, "nm"), f.times("ps"), edges(f), species(f),
                f.file.attribute(f.group + "/box", "boundary",
                                 std::vector<std::string>{"periodic", "none", "periodic"});
        },
        "boundary 'none'");
    refused(
        [&](Foreign& f) {
            f.file.write(f.group + "/position/value", r.data(), {2, 3, 2});
        },
        "has the shape (2, 3, 2); (frames, atoms, 3) is wanted");
    refused(
        [&](Foreign& f) {
            f.positions(r, "nm");
            f.file.write(f.group + "/position/step", std::vector<std::int64_t>{10});
        },
        "/position/step: has 1 values for 2 frames");
    refused(
        [&](Foreign& f) {
            f.usual();
            f.file.write("/particles/other/position/value", r.data(), {2, 2, 3});
        },
        "holds several groups (all, other); choose one with --set group=NAME");
    refused([&](Foreign& f) { f.usual(); }, "no such group; did you mean 'all'?", {{}, {}, {}, "al", {}});
    refused(
        [&](Foreign& f) {
            f.positions(r, "nm"), f.times("ps"), species(f);
            const std::vector<double> value{2, 2, 4, 2, 2, 4, 2, 2, 4};
            f.file.write(f.group + "/box/edges/value", value.data(), {3, 3});
        },
        "/box/edges/value: has 3 cells for 2 frames");
    const TemporaryFolder folder;
    WriteFile(folder / "x.h5").scalar("/x", 1.0);
    EXPECT_MESSAGE(read_trajectory(folder / "x.h5"), "is HDF5 but not H5MD");
    // What was asked for is then taken.
    Foreign f;
    f.positions(r, "");
    f.times("");
    edges(f);
    species(f);
    const Trajectory t = f.read({{"Cu", "Zr"}, 2e-15, {}, "", 10.0});
    EXPECT_DOUBLE_EQ(t.frames[1].time, 4e-14);
    EXPECT_DOUBLE_EQ(t.frames[0].box[0], 20);
}

}  // namespace
}  // namespace vitrum::io
