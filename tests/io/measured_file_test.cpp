#include "vitrum/io/measured/measured_file.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "tests/temporary_folder.hpp"
#include "vitrum/io/hdf5/hdf5.hpp"

namespace vitrum::io {
namespace {

class MeasuredFile : public ::testing::Test {
protected:
    // 4 frames of 2 x 3 pixels.
    template <class T>
    void frames(std::vector<T> values, Dimensions dims = {4, 2, 3}) {
        WriteFile file(path);
        file.group("/entry", "NXentry");
        file.write("/entry/instrument/detector/data", values.data(), dims);
        file.scalar("/entry/instrument/detector/frame_time", 100.0, "ms");
        file.close();
    }
    [[nodiscard]] SpeckleSeries read(const MeasuredOptions& options = {}) const {
        return std::get<SpeckleSeries>(read_measured(path, options).at(0).data.data);
    }
    TemporaryFolder folder;
    std::filesystem::path path = folder / "data.h5";
};

TEST_F(MeasuredFile, FramesOfAnyLayout) {
    std::vector<std::uint16_t> counts(24);
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = static_cast<std::uint16_t>(i);
    frames(counts);
    const auto s = read();
    EXPECT_EQ(s.frames, 4U);
    EXPECT_EQ(s.columns, 3U);
    EXPECT_DOUBLE_EQ(s.frame_time, 0.1);
    EXPECT_EQ(s.time_unit, "s");
    EXPECT_FLOAT_EQ(s.counts[7], 7);
    EXPECT_DOUBLE_EQ(read({.frame_time = 2.0}).frame_time, 2.0);
    EXPECT_EQ(read({.dataset = "/entry/instrument/detector/data"}).frames, 4U);
    EXPECT_EQ(read({.dataset = path.string() + "::/entry/instrument/detector/data"}).frames, 4U);
}

TEST_F(MeasuredFile, DetectorMarksAreMasked) {
    std::vector<std::uint16_t> counts(24, 1);
    counts[2] = counts[8] = counts[14] = counts[20] = 65535;
    frames(counts);
    const auto s = read();
    EXPECT_EQ(s.used[2], 0);
    EXPECT_EQ(s.used[1], 1);
    std::vector<std::int32_t> marked(24, 1);
    marked[3] = marked[9] = marked[15] = marked[21] = -2;
    frames(marked);
    EXPECT_EQ(read().used[3], 0);
}

TEST_F(MeasuredFile, LostFramesAreKnownAsSuch) {
    std::vector<float> counts(24, 1);
    std::fill(counts.begin() + 6, counts.begin() + 12, NAN);
    frames(counts);
    EXPECT_EQ(read().lost, (std::vector<std::uint8_t>{0, 1, 0, 0}));
    EXPECT_EQ(read().known_frames(), 3U);
    std::fill(counts.begin() + 6, counts.begin() + 12, 0.0F);  // counted, and empty
    frames(counts);
    EXPECT_TRUE(read().lost.empty());
    MeasuredOptions named;
    named.frames.bad = {{2, 3}};
    EXPECT_EQ(read(named).lost, (std::vector<std::uint8_t>{0, 0, 1, 0}));
}

TEST_F(MeasuredFile, NegativeAndNotFiniteCountsNameTheMask) {
    std::vector<float> counts(24, 1);
    counts[13] = NAN;
    frames(counts);
    EXPECT_MESSAGE(read(), "frame 2, row 0, column 1");
    EXPECT_MESSAGE(read(), "--mask");
    counts[13] = -3;
    frames(counts);
    EXPECT_MESSAGE(read(), "holds -3");
    {
        WriteFile mask(folder / "mask.h5");
        mask.write("/bad", std::vector<std::uint8_t>{0, 1, 0, 0, 0, 0});
        mask.close();
    }
    EXPECT_EQ(read({.mask = (folder / "mask.h5").string() + "::/bad"}).used[1], 0);
    EXPECT_MESSAGE(read({.mask = "/entry/instrument/detector/data"}),
                   "has the shape 4 x 2 x 3, the detector has 2 x 3");
    EXPECT_MESSAGE(read({.mask = "/nowhere"}), "no such dataset");
}

TEST_F(MeasuredFile, WrongShapesAndFiles) {
    frames(std::vector<std::uint8_t>(12, 1), {2, 6});
    EXPECT_MESSAGE(read(), "has rank 2; frames have rank 3");
    frames(std::vector<std::uint8_t>{}, {0, 2, 3});
    EXPECT_MESSAGE(read(), "has 0 frames");
    EXPECT_MESSAGE(read_measured(folder / "absent.h5", {}), "no such file");
    EXPECT_MESSAGE(read_measured(folder.path(), {}), "is a folder");
    std::ofstream(folder / "text.h5") << "hello";
    EXPECT_MESSAGE(read_measured(folder / "text.h5", {}), "is not an HDF5 file");
    frames(std::vector<std::uint8_t>(240000, 1), {40000, 2, 3});
    std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
    EXPECT_MESSAGE(read(), "truncated or damaged");
    WriteFile empty(folder / "empty.h5");
    empty.close();
    EXPECT_MESSAGE(read_measured(folder / "empty.h5", {}), "name the dataset with --dataset");
}

TEST_F(MeasuredFile, SparseFramesNeedTheNumberOfPixels) {
    const auto write = [&](bool mask, std::vector<std::uint32_t> index) {
        WriteFile file(path);
        file.write("/entry/sparse_frames/frame_ptr", std::vector<std::uint32_t>{0, 1, 3, 3});
        file.write("/entry/sparse_frames/index", index);
        file.write("/entry/sparse_frames/intensity", std::vector<std::uint16_t>{1, 2, 1});
        if (mask) {
            const std::vector<std::uint8_t> bad(6, 0);
            file.write("/entry/sparse_frames/mask", bad.data(), {2, 3});
        }
        file.close();
    };
    write(false, {0, 2, 5});
    EXPECT_MESSAGE(read(), "the number of pixels is unknown");
    write(true, {0, 2, 6});
    EXPECT_MESSAGE(read(), "6 is outside the detector's 6 pixels");
    write(true, {0, 2, 5});
    const auto s = read();
    EXPECT_TRUE(s.sparse());
    EXPECT_EQ(s.frames, 3U);
    EXPECT_EQ(s.pixels(), 6U);
    EXPECT_EQ(s.time_unit, "frames");
}

TEST_F(MeasuredFile, MapsFollowDefaultAndFillTheEmptyTriangle) {
    const auto write = [&](std::vector<double> values) {
        WriteFile file(path);
        file.attribute("/", "default", "entry");
        file.group("/entry", "NXentry");
        file.attribute("/entry", "default", "map");
        file.group("/entry/map", "NXdata");
        file.attribute("/entry/map", "signal", "c");
        file.attribute("/entry/map", "axes", std::vector<std::string>{"t", "t"});
        file.write("/entry/map/c", values.data(), {3, 3});
        file.write("/entry/map/t", std::vector<double>{0, 5, 10}, "s");
        file.close();
    };
    write({1, 2, 3, 0, 1, 4, 0, 0, 1});
    const auto map = std::get<TwoTimeMap>(read_measured(path, {}).at(0).data.data);
    EXPECT_DOUBLE_EQ(map(2, 0), 3);
    EXPECT_DOUBLE_EQ(map.frame_time, 5);
    write({1, 2, NAN, 2, 1, 4, 3, 4, 1});
    EXPECT_MESSAGE(read_measured(path, {}), "is not finite at (0, 2)");
    // A lost frame is a whole row of NaN.
    write({1, NAN, 3, NAN, 1, NAN, 3, NAN, 1});
    const auto gap = std::get<TwoTimeMap>(read_measured(path, {}).at(0).data.data);
    EXPECT_TRUE(std::isnan(gap(0, 1)));
    EXPECT_DOUBLE_EQ(gap(0, 2), 3);
    write({1, -2, 3, -2, 1, 4, 3, 4, 1});
    EXPECT_MESSAGE(read_measured(path, {}), "is negative (-2) at (0, 1)");
}

}  // namespace
}  // namespace vitrum::io
