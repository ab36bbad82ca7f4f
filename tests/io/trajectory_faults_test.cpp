// Trajectories as people have them: headers that count other atoms than are listed, marks before the text, spellings of
// extended XYZ, times that the file does not know.
#include <fstream>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "tests/temporary_folder.hpp"
#include "vitrum/core/atoms/cell.hpp"
#include "vitrum/io/trajectory/trajectory_file.hpp"

namespace vitrum::io {
namespace {

class TrajectoryFaults : public ::testing::Test {
protected:
    std::filesystem::path file(const std::string& text) {
        const auto path = folder_ / ("file" + std::to_string(++count_));
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }
    Trajectory read(const std::string& text, const TrajectoryOptions& options = {}) {
        return read_trajectory(file(text), options);
    }

private:
    TemporaryFolder folder_;
    int count_ = 0;
};

TrajectoryOptions copper() {
    TrajectoryOptions o;
    o.elements = {"Cu"};
    return o;
}

std::string dump(int count, const std::vector<int>& listed) {
    std::string text;
    for (std::size_t f = 0; f < listed.size(); ++f) {
        text += "ITEM: TIMESTEP\n" + std::to_string(100 * f) + "\nITEM: NUMBER OF ATOMS\n" + std::to_string(count) +
                "\nITEM: BOX BOUNDS pp pp pp\n0 10\n0 10\n0 10\nITEM: ATOMS id type x y z\n";
        for (int i = 1; i <= listed[f]; ++i) text += std::to_string(i) + " 1 " + std::to_string(i) + " 0 0\n";
    }
    return text;
}

TEST_F(TrajectoryFaults, DumpsThatCountOtherAtomsThanTheyList) {
    TrajectoryOptions o = copper();
    o.time_step = 1e-15;
    EXPECT_EQ(read(dump(3, {3, 3}), o).atoms(), 3U);
    EXPECT_MESSAGE(read(dump(3, {4}), o), "frame 0 lists more atoms than its NUMBER OF ATOMS, 3");
    EXPECT_MESSAGE(read(dump(3, {3, 4}), o), "frame 1 lists more atoms than its NUMBER OF ATOMS, 3");
    EXPECT_MESSAGE(read(dump(3, {2, 3}), o), "frame 0 lists 2 atoms, its NUMBER OF ATOMS is 3");
    EXPECT_MESSAGE(read(dump(3, {3, 2}), o), "the file ends at atom 3 of 3 of frame 1");
    o.frames.first = 1;  // frames stepped over count too
    EXPECT_MESSAGE(read(dump(3, {2, 3}), o), "frame 0 lists 2 atoms, its NUMBER OF ATOMS is 3");
    EXPECT_MESSAGE(read(dump(3, {4, 3}), o), "frame 0 lists more atoms than its NUMBER OF ATOMS, 3");
}

std::string data(int atoms, int types, const std::string& behind = "") {
    return "made by hand\n\n" + std::to_string(atoms) + " atoms\n" + std::to_string(types) +
           " atom types\n0 10 xlo xhi\n0 10 ylo yhi\n0 10 zlo zhi\n\nMasses\n\n1 63.5\n2 91.2\n\nAtoms # atomic\n\n"
           "1 1 1 1 1\n2 2 2 2 2\n3 1 3 3 3\n" +
           behind;
}

TEST_F(TrajectoryFaults, DataFilesThatCountOtherAtomsThanTheyList) {
    for (const std::string behind : {"", "\nVelocities\n\n1 0 0 0\n2 0 0 0\n3 0 0 0\n", "\nBonds\n\n1 1 1 2\n"}) {
        EXPECT_EQ(read(data(3, 2, behind)).atoms(), 3U);
        EXPECT_MESSAGE(read(data(2, 2, behind)), "the section Atoms has more lines than the 2 of the header");
        EXPECT_MESSAGE(read(data(4, 2, behind)), behind.empty() ? "the file ends at atom 4 of 4"
                                                                : "the section Atoms has 3 atoms, the header says 4");
    }
    EXPECT_MESSAGE(read(data(3, 3)), "the section Masses has 2 types, the header says 3");
    EXPECT_MESSAGE(read(data(3, 1)), "the section Masses has more lines than the 1 of the header");
}

std::string xyz(int count, int listed, const std::string& keys, const std::string& after = "") {
    std::string text = std::to_string(count) + "\nLattice=\"10 0 0 0 10 0 0 0 10\" " + keys + "\n";
    for (int i = 1; i <= listed; ++i) text += "Cu " + std::to_string(i) + " 0 0" + after + "\n";
    return text;
}

TEST_F(TrajectoryFaults, XyzThatCountsOtherAtomsThanItLists) {
    TrajectoryOptions o;
    o.frame_time = 1e-12;
    EXPECT_EQ(read(xyz(3, 3, "") + "\n" + xyz(3, 3, "") + "\n\n", o).frames.size(), 2U);
    EXPECT_MESSAGE(read(xyz(3, 4, ""), o), "frame 0 lists more atoms than the 3 of its first line");
    EXPECT_MESSAGE(read(xyz(3, 2, "") + xyz(3, 3, ""), o), "frame 0 lists 2 atoms, its first line says 3");
    EXPECT_MESSAGE(read(xyz(3, 3, "") + xyz(3, 4, ""), o), "frame 1 lists more atoms than the 3 of its first line");
    EXPECT_MESSAGE(read(xyz(3, 3, "") + xyz(4, 4, ""), o), "4 atoms, the first frame has 3");
    EXPECT_MESSAGE(read(xyz(3, 2, ""), o), "the file ends at atom 3 of 3 of frame 0");
    o.frames.first = 1;
    EXPECT_MESSAGE(read(xyz(3, 2, "") + xyz(3, 3, ""), o), "frame 0 lists 2 atoms, its first line says 3");
    // Species by number, so that a line of an atom begins with a whole number.
    EXPECT_MESSAGE(read("1\nLattice=\"5 0 0 0 5 0 0 0 5\" Properties=Z:I:1:pos:R:3\n29 0 0 0\n29 1 1 1\n"),
                   "frame 0 lists more atoms than the 1 of its first line");
}

TEST_F(TrajectoryFaults, MarksBeforeTheTextAndOtherEncodings) {
    const std::string mark = "\xef\xbb\xbf";
    EXPECT_EQ(read(mark + dump(3, {3}), copper()).atoms(), 3U);
    EXPECT_EQ(read(mark + data(3, 2)).atoms(), 3U);
    EXPECT_EQ(read(mark + xyz(3, 3, "")).atoms(), 3U);
    std::string wide = "\xff\xfe";
    for (const char c : xyz(3, 3, "")) wide += std::string{c, '\0'};
    EXPECT_MESSAGE(read(wide), "is text in UTF-16 or UTF-32");
    EXPECT_MESSAGE(read(wide.substr(2)), "is text in UTF-16 or UTF-32");
}

TEST_F(TrajectoryFaults, SpellingsOfExtendedXyz) {
    for (const char* head : {
             "Lattice=\"10 0 0 0 10 0 0 0 10\" Properties=species:S:1:pos:R:3 pbc=\"T T T\"",
             "lattice=\"10.0 0.0 0.0 0.0 10.0 0.0 0.0 0.0 10.0\" properties=species:s:1:pos:r:3 PBC=\"true True 1\"",
             "LATTICE='1.0D+01 0 0 0 1.0d1 0 0 0 10' Properties=element:S:1:Position:R:3",
             "Lattice={10 0 0 0 10 0 0 0 10} Properties=symbols:S:1:positions:R:3 pbc=TTT",
             "Lattice=[10,0,0,0,10,0,0,0,10] energy=-1.5 Properties=species:S:1:pos:R:3",
         }) {
        const auto t = read("2\n" + std::string(head) + "\nCu 1.25D+00 2 3\nCu 4 5 6\r\n");
        EXPECT_EQ(t.frames[0].box, (CellMatrix{10, 0, 0, 0, 10, 0, 0, 0, 10})) << head;
        EXPECT_NEAR(t.frames[0].fractional[0], 0.125, 1e-15) << head;
    }
    EXPECT_NEAR(read("1\nLattice=\"10 0 0 0 10 0 0 0 10\" Origin=\"-5 -5 0\"\nCu 0 0 1\n").frames[0].fractional[1], 0.5,
                1e-15);
    EXPECT_MESSAGE(read(xyz(2, 2, "pbc=\"T T F\"")), "only periodic cells");
    EXPECT_MESSAGE(read("1\nLattice=\"10 0 0 0 10 0 0 0 10 1\"\nCu 0 0 0\n"), "nine numbers are wanted");
    EXPECT_MESSAGE(read("1\nLattice=\"10 0 0 0 10 0 0 0 10\" Properties=species:S:1:frac_pos:R:3\nCu 0 0 0\n"),
                   "no positions pos:R:3");
}

TEST_F(TrajectoryFaults, TimesThatAnXyzDoesNotKnow) {
    const auto run = [](const std::string& a, const std::string& b) { return xyz(2, 2, a) + xyz(2, 2, b); };
    EXPECT_MESSAGE(read(run("", "")),
                   "the frames have no Step and no Time in a known unit; give the time between frames, as in --set "
                   "frame_time=\"0.1 ps\"");
    EXPECT_MESSAGE(read(run("Time=0", "Time=0.5")), "or the unit of its times, as in --set time_unit=\"1 ps\"");
    EXPECT_MESSAGE(read(run("Step=0", "Step=100")), "give the time step of the run, as in --set time_step=\"2 fs\"");
    TrajectoryOptions o;
    o.time_step = 1e-15;
    EXPECT_NEAR(read(run("Step=0", "Step=100"), o).frames[1].time, 1e-13, 1e-25);
    EXPECT_NEAR(read(run("Timestep=200", "timestep=300"), o).frames[1].time, 3e-13, 1e-25);
    EXPECT_MESSAGE(read(run("", ""), o), "the frames have no Step, so time_step gives no times; give the time between");
    EXPECT_MESSAGE(read(run("Time=0", "Time=1"), o), "no Step, so time_step gives no times");
    EXPECT_EQ(read(xyz(2, 2, ""), o).frames[0].time, 0);  // one frame needs no time
    o = {};
    o.frame_time = 1e-13;
    const std::string three = run("", "") + xyz(2, 2, "");
    EXPECT_NEAR(read(three, o).frames[2].time, 2e-13, 1e-25);
    o.frames.stride = 2;  // the number in the file counts, not that of the frames taken
    EXPECT_NEAR(read(three, o).frames[1].time, 2e-13, 1e-25);
    EXPECT_NEAR(read(run("Step=0", "Step=7"), {{}, {}, {}, "", {}, 1e-13, {}}).frames[1].time, 1e-13, 1e-25);
    o.time_step = 1e-15;
    EXPECT_MESSAGE(read(three, o), "frame_time and time_step exclude each other");
    o = {};
    o.time_unit = 1e-12;
    EXPECT_NEAR(read(run("Time=0", "time=0.5"), o).frames[1].time, 5e-13, 1e-25);
    o.frame_time = -1;
    EXPECT_MESSAGE(read(three, o), "a time between frames is positive");
}

}  // namespace
}  // namespace vitrum::io
