#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "vitrum/core/error.hpp"
#include "vitrum/report/figures/axis.hpp"
#include "vitrum/report/figures/g2_figure.hpp"
#include "vitrum/report/figures/map_figure.hpp"
#include "vitrum/report/html_report.hpp"
#include "vitrum/report/page/gnuplot.hpp"

namespace vitrum::report {
namespace {

namespace fs = std::filesystem;

// Sets an environment variable for one test.
class Variable {
public:
    Variable(const char* name, const std::string& value) : name_(name) {
        if (const char* before = std::getenv(name)) before_ = before;
        setenv(name, value.c_str(), 1);
    }
    ~Variable() { before_.empty() ? unsetenv(name_) : setenv(name_, before_.c_str(), 1); }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

private:
    const char* name_;
    std::string before_;
};

fs::path fresh_folder() {
    std::string pattern = (fs::temp_directory_path() / "vitrum-test-XXXXXX").string();
    return mkdtemp(pattern.data());
}

TEST(Gnuplot, drawsAndLeavesNothingBehind) {
    const fs::path folder = fresh_folder();
    {
        const Variable place("TMPDIR", folder.string());
        Plot plot;
        plot.script = "plot sin(x)";
        EXPECT_NE(draw(plot).find("<svg"), std::string::npos);
        plot.picture = Picture::png;
        EXPECT_EQ(draw(plot).substr(1, 3), "PNG");
    }
    EXPECT_TRUE(fs::is_empty(folder));
    fs::remove_all(folder);
}

TEST(Gnuplot, failureIsOneLineWithItsMessage) {
    const fs::path folder = fresh_folder();
    {
        const Variable place("TMPDIR", folder.string());
        Plot plot;
        plot.script = "set nonsense\nplot 0";
        try {
            static_cast<void>(draw(plot));
            FAIL() << "a wrong command drew a figure";
        } catch (const RunError& error) {
            const std::string text = error.what();
            EXPECT_EQ(text.find('\n'), std::string::npos) << text;
            EXPECT_NE(text.find("line 4"), std::string::npos) << text;
        }
    }
    EXPECT_TRUE(fs::is_empty(folder));
    fs::remove_all(folder);
}

TEST(Gnuplot, missingProgramIsAnInputError) {
    const fs::path folder = fresh_folder();
    {
        const Variable path("PATH", folder.string());
        try {
            check_figure_program();
            FAIL() << "gnuplot was found in an empty folder";
        } catch (const InputError& error) {
            EXPECT_NE(std::string(error.what()).find("gnuplot-nox"), std::string::npos);
            EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
        }
    }
    fs::remove_all(folder);
    EXPECT_NO_THROW(check_figure_program());
}

TEST(Gnuplot, textIsNeverRun) {
    const fs::path folder = fresh_folder();
    const fs::path trap = folder / "trap";
    const std::string evil = "`touch " + trap.string() + "` ' . system('touch " + trap.string() + "') . '\nplot $(x)";
    Plot plot;
    plot.script = "set title " + gnuplot_string(evil) + "\nset xlabel " + gnuplot_string(evil) + "\nplot 0 title " +
                  gnuplot_string(evil);
    EXPECT_NE(draw(plot).find("touch"), std::string::npos);
    EXPECT_FALSE(fs::exists(trap));
    fs::remove_all(folder);
}

TwoTimeMap ramp(std::size_t frames) {
    TwoTimeMap map;
    map.frames = frames;
    map.values.resize(frames * frames);
    for (std::size_t i = 0; i < frames; ++i)
        for (std::size_t j = 0; j < frames; ++j)
            map(i, j) = 1 + std::abs(static_cast<double>(i) - static_cast<double>(j));
    return map;
}

TEST(MapFigure, shrinksByBlockMeans) {
    TwoTimeMap map = ramp(5);
    map.diagonal_valid = true;
    map.frame_time = 0.5;
    const Thumbnail small = shrink(map, 3);
    EXPECT_EQ(small.block, 2U);
    ASSERT_EQ(small.cells, 3U);
    EXPECT_DOUBLE_EQ(small.extent, 2.5);
    EXPECT_FLOAT_EQ(small.values[0], 1.5F);  // 1 2 2 1
    EXPECT_FLOAT_EQ(small.values[1], 3.0F);  // 3 4 2 3
    EXPECT_FLOAT_EQ(small.values[8], 1.0F);  // the last block holds one frame
}

TEST(MapFigure, invalidDiagonalComesFromItsNeighbours) {
    TwoTimeMap map = ramp(4);
    for (std::size_t i = 0; i < 4; ++i) map(i, i) = 1000;
    const Thumbnail small = shrink(map, 100);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_FLOAT_EQ(small.values[i * 4 + i], 2.0F);
    map.diagonal_valid = true;
    EXPECT_FLOAT_EQ(shrink(map, 100).values[0], 1000.0F);
}

TEST(MapFigure, coloursIgnoreOutliersAndUnknownCells) {
    TwoTimeMap map = ramp(40);
    map(3, 30) = map(30, 3) = 1e6;
    map(5, 20) = map(20, 5) = not_a_number;
    const Range colours = colour_range(shrink(map, 100));
    EXPECT_LT(colours.high, 41);
    EXPECT_GE(colours.low, 2);
}

TEST(MapFigure, tracesShareTheTimeAxisOfTheMap) {
    TwoTimeMap map = ramp(6);
    map.frame_time = 0.5;
    const std::vector<double> times{0, 0.5, 1, 1.5, 2, 2.5};
    const TimeSeries pressure{"pressure", "GPa", times, {1, 1.5, not_a_number, not_a_number, 2, 2.5}};
    const TimeSeries slower{"temperature", "K", {0, 1, 2}, {300, 301, 302}};
    const TimeSeries later{"late", "", {1, 1.5, 2, 2.5, 3, 3.5}, {1, 2, 3, 4, 5, 6}};
    const TimeSeries unknown{"unknown", "", times, std::vector<double>(6, not_a_number)};
    const auto shown = traces_on_axis({pressure, slower, later, unknown}, map);
    ASSERT_EQ(shown.size(), 1U);
    EXPECT_EQ(shown.front().name, "pressure");

    const Thumbnail small = shrink(map, 100);
    const Plot alone = map_figure(small, {0, 6}, 980);
    const Plot together = map_figure(small, {0, 6}, 980, shown);
    EXPECT_GT(together.height, alone.height);
    EXPECT_EQ(together.width, alone.width);
    EXPECT_EQ(alone.script.find("multiplot"), std::string::npos);
    EXPECT_NE(together.script.find("pressure [GPa]"), std::string::npos);
    ASSERT_EQ(together.files.size(), 2U);
    // A blank line where values are missing: the line is broken there.
    EXPECT_EQ(together.files.back().second, "0 1\n0.5 1.5\n\n\n2 2\n2.5 2.5\n");
    EXPECT_EQ(draw(together).substr(1, 3), "PNG");
}

TEST(Axis, percentilesOfFiniteValues) {
    EXPECT_DOUBLE_EQ(percentile({5, 1, not_a_number, 3, 2, 4}, 0.5), 3);
    EXPECT_TRUE(std::isnan(percentile({}, 0.5)));
}

TEST(G2Figure, interpolatesInTheLogarithmAndNotBeyond) {
    Curve curve;
    curve.x = {1, 100};
    curve.y = {0, 2};
    EXPECT_NEAR(interpolated(curve, 10), 1, 1e-12);
    EXPECT_DOUBLE_EQ(interpolated(curve, 100), 2);
    EXPECT_TRUE(std::isnan(interpolated(curve, 0.5)));
    EXPECT_TRUE(std::isnan(interpolated(curve, 200)));
}

}  // namespace
}  // namespace vitrum::report
