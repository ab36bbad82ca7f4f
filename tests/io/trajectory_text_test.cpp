// LAMMPS dump and data files and extended XYZ: each layout against positions worked out by hand.
#include <fstream>
#include <random>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "tests/temporary_folder.hpp"
#include "vitrum/core/atoms/cell.hpp"
#include "vitrum/io/trajectory/trajectory_file.hpp"

namespace vitrum::io {
namespace {

class TrajectoryText : public ::testing::Test {
protected:
    std::filesystem::path file(const std::string& text) {
        const auto path = folder_ / ("file" + std::to_string(++count_));
        std::ofstream(path) << text;
        return path;
    }
    static Vector3 position(const Trajectory& t, std::size_t frame, std::size_t atom) {
        const AtomFrame& f = t.frames.at(frame);
        return product(f.box, {f.fractional[3 * atom], f.fractional[3 * atom + 1], f.fractional[3 * atom + 2]});
    }
    static void expect_position(const Trajectory& t, std::size_t frame, std::size_t atom, const Vector3& wanted) {
        const Vector3 r = position(t, frame, atom);
        for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(r[k], wanted[k], 1e-12) << "atom " << atom << " axis " << k;
    }

private:
    TemporaryFolder folder_;
    int count_ = 0;
};

TrajectoryOptions copper_zirconium() {
    TrajectoryOptions o;
    o.elements = {"Cu", "Zr"};
    return o;
}

std::string dump_frame(int step, const std::string& columns, const std::string& atoms, int count = 2) {
    return "ITEM: TIMESTEP\n" + std::to_string(step) + "\nITEM: NUMBER OF ATOMS\n" + std::to_string(count) +
           "\nITEM: BOX BOUNDS pp pp pp\n-1 9\n0 20\n2 42\nITEM: ATOMS " + columns + "\n" + atoms;
}

TEST_F(TrajectoryText, DumpCountsFromTheCornerOfTheBoxAndSortsById) {
    const auto t =
        read_trajectory(file(dump_frame(7, "id type x y z", "2 1 0 5 12\n1 2 -0.5 1 2\n")), copper_zirconium());
    ASSERT_EQ(t.atoms(), 2u);
    EXPECT_EQ(t.species, (std::vector<int>{1, 0}));
    EXPECT_EQ(t.elements, (std::vector<std::string>{"Cu", "Zr"}));
    EXPECT_EQ(t.id, (std::vector<std::int64_t>{1, 2}));
    EXPECT_EQ(t.mass, (std::vector<double>{91.224, 63.546}));
    EXPECT_FALSE(t.unwrapped);
    EXPECT_EQ(t.frames[0].step, 7);
    EXPECT_EQ(t.frames[0].time, 0);  // one frame needs none
    expect_position(t, 0, 0, {0.5, 1, 0});
    expect_position(t, 0, 1, {1, 5, 10});
}

TEST_F(TrajectoryText, DumpColumnsInEveryForm) {
    const std::vector<std::pair<std::string, std::string>> forms{
        {"id type x y z ix iy iz", "1 1 1 4 6 1 -1 0\n2 1 3 4 6 0 0 2\n"},
        {"type xs ys zs ix iy iz id", "1 0.2 0.2 0.1 1 -1 0 1\n1 0.4 0.2 0.1 0 0 2 2\n"},
        {"id type xu yu zu", "1 1 11 -16 6\n2 1 3 4 86\n"},
        {"id q xsu ysu zsu type", "1 0.3 1.2 -0.8 0.1 1\n2 0.3 0.4 0.2 2.1 1\n"},
        // Unwrapped positions win over wrapped ones, and images are then not added again.
        {"id type x y z ix iy iz xu yu zu", "1 1 1 4 6 1 -1 0 11 -16 6\n2 1 3 4 6 0 0 2 3 4 86\n"},
    };
    for (const auto& [columns, atoms] : forms) {
        const auto t = read_trajectory(file(dump_frame(0, columns, atoms)), copper_zirconium());
        EXPECT_TRUE(t.unwrapped) << columns;
        expect_position(t, 0, 0, {12, -16, 4});
        expect_position(t, 0, 1, {4, 4, 84});
    }
}

TEST_F(TrajectoryText, DumpOfATiltedBoxHasItsBoundingBox) {
    // Cell vectors (10, 0, 0), (-3, 8, 0), (2, -1, 6), corner (1, 2, 3): xlo_bound = 1 - 3, xhi_bound = 11 + 2, ...
    const std::string head = "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n1\n";
    const std::string box = "ITEM: BOX BOUNDS xy xz yz pp pp pp\n-2 13 -3\n1 10 2\n3 9 -1\n";
    for (const std::string& text : {head + box + "ITEM: ATOMS id type x y z\n1 1 5.5 6 6\n",
                                    head + box + "ITEM: ATOMS id type xs ys zs\n1 1 0.51875 0.5625 0.5\n",
                                    // Newer LAMMPS: the cell vectors as rows, each with a component of the corner.
                                    head + "ITEM: BOX BOUNDS abc origin pp pp pp\n10 0 0 1\n-3 8 0 2\n2 -1 6 3\nITEM: "
                                           "ATOMS id type x y z\n1 1 5.5 6 6\n"}) {
        const auto t = read_trajectory(file(text), copper_zirconium());
        const CellMatrix wanted{10, -3, 2, 0, 8, -1, 0, 0, 6};
        for (std::size_t i = 0; i < 9; ++i) EXPECT_DOUBLE_EQ(t.frames[0].box[i], wanted[i]);
        expect_position(t, 0, 0, {4.5, 4, 3});
        EXPECT_NEAR(t.frames[0].fractional[2], 0.5, 1e-15);
        EXPECT_NEAR(t.frames[0].fractional[1], 0.5625, 1e-15);
        EXPECT_NEAR(t.frames[0].fractional[0], 0.51875, 1e-15);
    }
}

TEST_F(TrajectoryText, FramesOfADumpTheirTimesAndChoice) {
    std::string text;
    for (int i = 0; i < 6; ++i) {
        const std::string x = std::to_string(i);
        // The order of the atoms changes from frame to frame.
        text += dump_frame(100 * i, "id type x y z",
                           i % 2 ? "9 1 " + x + " 0 2\n4 2 1 1 2\n" : "4 2 1 1 2\n9 1 " + x + " 0 2\n");
    }
    TrajectoryOptions o = copper_zirconium();
    EXPECT_MESSAGE(read_trajectory(file(text), o), "--set time_step=\"2 fs\"");
    o.time_step = 2e-15;
    const auto t = read_trajectory(file(text), o);
    ASSERT_EQ(t.frames.size(), 6u);
    EXPECT_EQ(t.id, (std::vector<std::int64_t>{4, 9}));
    EXPECT_EQ(t.species, (std::vector<int>{1, 0}));
    for (std::size_t i = 0; i < 6; ++i) {
        expect_position(t, i, 1, {static_cast<double>(i) + 1, 0, 0});
        EXPECT_DOUBLE_EQ(t.frames[i].time, 2e-13 * static_cast<double>(i));
    }
    o.frames = {1, 6, 2};
    const auto some = read_trajectory(file(text), o);
    ASSERT_EQ(some.frames.size(), 3u);
    EXPECT_EQ(some.frames[0].step, 100);
    EXPECT_EQ(some.frames[2].step, 500);
    o.frames.last = 7;
    EXPECT_MESSAGE(read_trajectory(file(text), o), "--frames ends at 7, the run has 6 frames");
    // A last frame that a killed run left unfinished can be left out.
    const std::string cut = text.substr(0, text.size() - 9);
    EXPECT_MESSAGE(read_trajectory(file(cut), TrajectoryOptions{{"Cu", "Zr"}, 2e-15, {}, "", {}}),
                   "leave that frame out with --set frames=0:5");
    o.frames = {0, 5, 1};
    EXPECT_EQ(read_trajectory(file(cut), o).frames.size(), 5u);
}

TEST_F(TrajectoryText, TimesUnitsAndElementsOfADump) {
    const std::string text = "ITEM: UNITS\nmetal\nITEM: TIME\n0.5\n" +
                             dump_frame(1, "id element x y z", "1 Zr 0 0 2\n2 Cu 1 1 2\n") + "ITEM: TIME\n0.75\n" +
                             dump_frame(2, "id element x y z", "1 Zr 0 0 2\n2 Cu 1 1 2\n");
    const auto t = read_trajectory(file(text));
    EXPECT_EQ(t.elements, (std::vector<std::string>{"Cu", "Zr"}));
    EXPECT_EQ(t.species, (std::vector<int>{1, 0}));
    EXPECT_DOUBLE_EQ(t.frames[1].time, 0.75e-12);
    // Elements by type win over the column, which LAMMPS fills with C where nobody says.
    const auto c =
        read_trajectory(file(dump_frame(0, "id type element x y z", "1 1 C 0 0 2\n2 2 C 0 0 2\n")), copper_zirconium());
    EXPECT_EQ(c.species, (std::vector<int>{0, 1}));
}

const char* const data_head =
    "LAMMPS data file via write_data, version 29 Sep 2021, timestep = 4000\n\n3 atoms\n2 atom types\n\n"
    "0 10 xlo xhi\n-5 3 ylo yhi\n0 6 zlo zhi\n-3 2 -1 xy xz yz\n\nMasses\n\n1 63.55 # Cu\n2 91.22\n\nPair Coeffs # "
    "lj\n\n1 1 1\n\n";

TEST_F(TrajectoryText, DataFileWithTiltMassesAndImages) {
    const auto t = read_trajectory(
        file(std::string(data_head) +
             "Atoms # atomic\n\n3 1 1 -4 1 0 0 -1\n1 2 0 -5 0 1 1 0\n2 2 4.5 -1 3 0 0 0\n\nVelocities\n\n"
             "1 0 0 0\n2 0 0 0\n3 0 0 0\n"));
    EXPECT_EQ(t.elements, (std::vector<std::string>{"Cu", "Zr"}));
    EXPECT_EQ(t.species, (std::vector<int>{1, 1, 0}));
    EXPECT_EQ(t.mass, (std::vector<double>{91.22, 91.22, 63.55}));
    EXPECT_TRUE(t.unwrapped);
    EXPECT_EQ(t.frames[0].step, 4000);
    expect_position(t, 0, 0, {10 - 3, 8, 0});
    expect_position(t, 0, 1, {4.5, 4, 3});
    expect_position(t, 0, 2, {1 - 2, 1 + 1, 1 - 6});
}

TEST_F(TrajectoryText, DataFileStyles) {
    const std::string head(data_head);
    const auto charge = read_trajectory(file(head + "Atoms # charge\n\n1 1 0.5 1 -4 1\n2 1 0 0 0 0\n3 2 0 0 0 0\n"));
    expect_position(charge, 0, 0, {1, 1, 1});
    EXPECT_FALSE(charge.unwrapped);
    const auto full = read_trajectory(file(head + "Atoms # full\n\n1 7 1 0.5 1 -4 1\n2 7 1 0 0 0 0\n3 7 2 0 0 0 0\n"));
    expect_position(full, 0, 0, {1, 1, 1});
    EXPECT_EQ(full.species, (std::vector<int>{0, 0, 1}));
    EXPECT_MESSAGE(read_trajectory(file(head + "Atoms\n\n1 1 0.5 1 -4 1\n2 1 0 0 0 0\n3 2 0 0 0 0\n")),
                   "write it behind the title");
    EXPECT_MESSAGE(read_trajectory(file(head + "Atoms # dpd\n\n1 1 0.5 1 -4 1\n")), "atom style 'dpd' is not read");
}

TEST_F(TrajectoryText, ExtendedXyz) {
    const std::string text =
        "2\nLattice=\"10 0 0 -3 8 0 2 -1 6\" Properties=species:S:1:pos:R:3:forces:R:3:id:I:1 pbc=\"T T T\" Time=1.5 "
        "Time_unit=ps\n"
        "Zr 4.5 4 3 0 0 0 2\nCu 1 1 1 0 0 0 1\n"
        "2\nProperties=species:S:1:pos:R:3:forces:R:3:id:I:1 Lattice=\"10 0 0 -3 8 0 2 -1 6\" Time=2 Time_unit=ps\n"
        "Cu 1 1 2 0 0 0 1\nZr 4.5 4 3 0 0 0 2\n";
    const auto t = read_trajectory(file(text));
    EXPECT_EQ(t.species, (std::vector<int>{0, 1}));
    EXPECT_FALSE(t.unwrapped);
    EXPECT_DOUBLE_EQ(t.frames[0].time, 1.5e-12);
    expect_position(t, 0, 1, {4.5, 4, 3});
    EXPECT_NEAR(t.frames[0].fractional[3], 0.51875, 1e-15);
    expect_position(t, 1, 0, {1, 1, 2});
    const auto z = read_trajectory(file("1\nLattice=\"10 0 0 0 8 0 0 0 6\" Properties=Z:I:1:pos:R:3\n40 1 2 3\n"));
    EXPECT_EQ(z.elements, (std::vector<std::string>{"Zr"}));
}

TEST_F(TrajectoryText, WrittenXyzIsReadBack) {
    Trajectory t;
    t.elements = {"Cu", "Zr"};
    t.species = {1, 0, 1};
    t.id = {3, 5, 8};
    t.mass = {91.224, 63.546, 91.224};
    std::mt19937 random(3);
    std::uniform_real_distribution<double> anywhere(-3, 3);
    for (int f = 0; f < 4; ++f) {
        AtomFrame frame;
        frame.step = 10 * f;
        frame.time = 1e-14 * f;
        frame.box = {10 + 0.01 * f, -3, 2, 0, 8, -1, 0, 0, 6};
        for (int i = 0; i < 9; ++i) frame.fractional.push_back(anywhere(random));
        t.frames.push_back(frame);
    }
    const auto path = file("");
    for (const bool unwrapped : {true, false}) {
        t.unwrapped = unwrapped;
        write_extended_xyz(path, t);
        const auto back = read_trajectory(path);
        EXPECT_EQ(back.unwrapped, unwrapped);
        EXPECT_EQ(back.species, t.species);
        EXPECT_EQ(back.id, t.id);
        ASSERT_EQ(back.frames.size(), 4u);
        for (std::size_t f = 0; f < 4; ++f) {
            EXPECT_EQ(back.frames[f].box, t.frames[f].box);  // to the bit
            EXPECT_NEAR(back.frames[f].time, t.frames[f].time, 1e-28);
            EXPECT_EQ(back.frames[f].step, t.frames[f].step);
            for (std::size_t i = 0; i < 9; ++i)
                EXPECT_NEAR(back.frames[f].fractional[i], t.frames[f].fractional[i], 1e-14);
        }
    }
}

TEST_F(TrajectoryText, BadInputIsOneLineThatSaysWhere) {
    const auto o = copper_zirconium();
    const auto refused = [&](const std::string& text, const std::string& part) {
        EXPECT_MESSAGE(read_trajectory(file(text), o), part);
    };
    const std::string good = "1 1 0 0 2\n2 2 1 1 2\n";
    const std::string columns = "id type x y z";
    EXPECT_MESSAGE(read_trajectory("nowhere.dump", o), "no such file");
    refused("", "is no trajectory that is read here");
    refused("a,b\n1,2\n", "is no trajectory that is read here");
    refused("\x1f\x8b\x08 abc", "unpack it first");
    EXPECT_MESSAGE(read_trajectory(file(dump_frame(0, columns, good))), "does not say");
    refused(dump_frame(0, columns, "1 1 0 0 2\n2 3 1 1 2\n"), "has atom type 3, elements=Cu,Zr names the types 1 to 2");
    refused(dump_frame(0, columns, "1 1 0 0 2\n2 2 1 abc 2\n"), ":11: 'abc' is not a number");
    refused(dump_frame(0, columns, "1 1 0 0 2\n2 2 1 1\n"), ":11: 4 columns, at least 5 are wanted");
    refused(dump_frame(0, columns, "1 1 0 0 2\n1 2 1 1 2\n"), ":9: two atoms have the id 1");
    refused(dump_frame(0, columns, "1 1 0 0 nan\n2 2 1 1 2\n"), ":9: a position of atom 1 is not finite");
    refused(dump_frame(0, "id type vx vy vz", good), ":9: the atoms have no positions");
    refused(dump_frame(0, "id x y z", "1 0 0 2\n2 1 1 2\n"), "neither a column type nor a column element");
    refused(dump_frame(0, columns, "1 1 0 0 2\n2 2 1 1 2"), "the file ends at atom 2 of 2");
    refused(dump_frame(0, columns, "1 1 0 0 2\n"), "the file ends at atom 2 of 2");
    refused("ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS pp pp fs\n0 1\n0 1\n0 1\n",
            ":5: the boundary 'fs' is not periodic");
    refused("ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS pp pp pp\n0 1\n0 0\n0 1\n",
            ":8: the box has the length 0 along y");
    refused("ITEM: TIMESTEP\nten\n", ":2: 'ten' is not a time step");
    refused("ITEM: UNITS\nlj\n", ":2: units lj: only metal and real");
    refused("ITEM: TIMESTEP\n0\nITEM: ATOMS id type x y z\n", "must stand before ATOMS");
    refused("ITEM: TIMESTEP\n0\nITEM: COLOUR\n", ":3: unknown item 'COLOUR'");
    const auto two = [&](const std::string& second, const std::string& part, const std::string& first_columns) {
        TrajectoryOptions timed = o;
        timed.time_step = 1e-15;
        EXPECT_MESSAGE(read_trajectory(file(dump_frame(5, first_columns, good) + second), timed), part);
    };
    two(dump_frame(6, columns, "1 1 0 0 2\n", 1), ":20: 1 atoms, the first frame has 2", columns);
    two(dump_frame(6, columns, "1 1 0 0 2\n3 2 0 0 2\n"), ":20: the ids of the atoms are not those of the first frame",
        columns);
    two(dump_frame(6, columns, "1 2 0 0 2\n2 2 0 0 2\n"), ":20: the species of the atom with id 1", columns);
    two(dump_frame(5, columns, good), "times of the frames must rise", columns);
    two(dump_frame(6, "mol type x y z", good), "no column id", "mol type x y z");

    const std::string head(data_head);
    refused(head, "a section Atoms was to come");
    refused(head + "Atoms # atomic\n\n1 1 0 0 0\n", "the file ends at atom 2 of 3");
    refused(head + "Atoms # atomic\n\n1 1 0 0\n", "4 columns; atom style atomic has 5, or 8 with images");
    EXPECT_MESSAGE(read_trajectory(file("t\n1 atoms\n1 atom types\n0 1 xlo xhi\n0 1 ylo yhi\n0 1 zlo zhi\nMasses\n\n1 "
                                        "5.5\n\nAtoms # atomic\n\n1 1 0 0 0\n")),
                   "no element has the mass 5.5");
    refused("t\n1 atoms\n1 atom types\n0 1 xlo xhi\n0 1 ylo yhi\nAtoms # atomic\n\n1 1 0 0 0\n",
            "no edge of the cell along z");

    const std::string xyz = "1\nLattice=\"1 0 0 0 1 0 0 0 1\" Properties=species:S:1:pos:R:3\n";
    EXPECT_MESSAGE(read_trajectory(file(xyz)), "the file ends at atom 1 of 1 of frame 0");
    EXPECT_MESSAGE(read_trajectory(file(xyz + "Cu 0 0\n")), ":3: 3 columns, 4 are wanted");
    EXPECT_MESSAGE(read_trajectory(file(xyz + "Cu 0 0 0 1\n")), ":3: more than the 4 columns of Properties");
    EXPECT_MESSAGE(read_trajectory(file(xyz + "Cu 0 0 0\n"), o), "names its species itself (Cu)");
    EXPECT_MESSAGE(read_trajectory(file("1\nProperties=species:S:1:pos:R:3\nCu 0 0 0\n")), ":2: no Lattice");
    EXPECT_MESSAGE(read_trajectory(file("1\nLattice=\"1 0 0 2 0 0 0 0 1\" Properties=species:S:1:pos:R:3\nCu 0 0 0\n")),
                   ":2: the cell is flat");
    EXPECT_MESSAGE(read_trajectory(file(
                       "1\nLattice=\"1 0 0 0 1 0 0 0 1\" pbc=\"T T F\" Properties=species:S:1:pos:R:3\nCu 0 0 0\n")),
                   "only periodic cells");
}

}  // namespace
}  // namespace vitrum::io
