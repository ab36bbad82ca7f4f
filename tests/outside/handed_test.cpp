// What is handed over: the same numbers to the last bit, and nothing else.
#include "vitrum/outside/handed.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "../temporary_folder.hpp"
#include "sample_data.hpp"
#include "vitrum/io/measured/measured_file.hpp"
#include "vitrum/io/result/map_file.hpp"
#include "vitrum/io/text/csv.hpp"
#include "vitrum/io/trajectory/trajectory_file.hpp"

namespace vitrum::outside {
namespace {

namespace fs = std::filesystem;
using namespace testing;

std::string bytes_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void expect_bits(const std::vector<double>& a, const std::vector<double>& b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i)
        EXPECT_EQ(std::bit_cast<std::uint64_t>(a[i]), std::bit_cast<std::uint64_t>(b[i])) << i << ": " << a[i];
}

class Handed : public ::testing::Test {
protected:
    fs::path write(const HandedValues& values, const std::string& name, const Abscissa& place = {}) {
        const HandedReplicate replicate{{{values, place}}};
        hand_over({&replicate, 1}, false, folder_.path());
        return folder_ / name;
    }
    SpeckleSeries frames_again(const SpeckleSeries& series) {
        io::MeasuredOptions options;
        if (!series.static_region.empty()) options.static_regions = "/entry/instrument/detector/static_region";
        const auto sets = io::read_measured(write(&series, "data_1.h5"), options);
        EXPECT_EQ(sets.size(), 1U);
        EXPECT_EQ(sets.front().data.title, "data_1");
        EXPECT_TRUE(sets.front().truth.rows.empty());
        return std::get<SpeckleSeries>(sets.front().data.data);
    }
    TemporaryFolder folder_;
};

void expect_same(const SpeckleSeries& a, const SpeckleSeries& b) {
    EXPECT_EQ(a.frames, b.frames);
    EXPECT_EQ(a.rows, b.rows);
    EXPECT_EQ(a.columns, b.columns);
    // The file has the counts of masked pixels too; our reader leaves them out.
    std::vector<float> counts = a.counts;
    for (std::size_t i = 0; i < counts.size() && !a.used.empty(); ++i)
        if (a.used[i % a.pixels()] == 0) counts[i] = 0;
    EXPECT_EQ(counts, b.counts);
    EXPECT_EQ(a.frame_ptr, b.frame_ptr);
    EXPECT_EQ(a.index, b.index);
    EXPECT_EQ(a.intensity, b.intensity);
    EXPECT_EQ(a.region, b.region);
    EXPECT_EQ(a.static_region, b.static_region);
    EXPECT_EQ(a.used.empty() ? std::vector<std::uint8_t>(a.pixels(), 1) : a.used,
              b.used.empty() ? std::vector<std::uint8_t>(b.pixels(), 1) : b.used);
    EXPECT_EQ(a.frame_time, b.frame_time);
    EXPECT_EQ(a.exposure, b.exposure);
    EXPECT_EQ(a.time_unit, b.time_unit);
    expect_bits(a.q, b.q);
}

TEST_F(Handed, FramesRoundTrip) {
    expect_same(small_frames(), frames_again(small_frames()));
    expect_same(small_frames(1.0 / 3.0), frames_again(small_frames(1.0 / 3.0)));
    expect_same(sparse_frames(), frames_again(sparse_frames()));
}

TEST_F(Handed, MapRoundTrip) {
    for (const std::size_t frames : {7U, 300U}) {  // below and above one tile
        const TwoTimeMap map = small_map(frames);
        const fs::path file = write(&map, "data_1.h5");
        const auto again = std::get<TwoTimeMap>(io::read_measured(file, {}).front().data.data);
        EXPECT_EQ(again.frames, map.frames);
        EXPECT_DOUBLE_EQ(again.frame_time, map.frame_time);  // from an axis; the manifest has it to the last bit
        const auto manifest = nlohmann::json::parse(bytes_of(folder_ / "manifest.json"));
        EXPECT_EQ(manifest["data"][0]["frame_time"].get<double>(), map.frame_time);
        expect_bits(map.values, again.values);

        // The same from the disk.
        TwoTimeMap stored = map;
        fs::copy_file(file, folder_ / "stored", fs::copy_options::overwrite_existing);
        stored.on_disk = io::map_on_disk(folder_ / "stored", "/entry/two_time/correlation");
        stored.values.clear();
        const std::string first = bytes_of(file);
        EXPECT_EQ(bytes_of(write(&stored, "data_1.h5")), first);
    }
}

TEST_F(Handed, TrajectoryRoundTrip) {
    const Trajectory t = small_trajectory();
    const Trajectory again = io::read_trajectory(write(&t, "data_1.h5md"));
    EXPECT_EQ(again.name, "trajectory");
    EXPECT_EQ(again.elements, t.elements);
    EXPECT_EQ(again.species, t.species);
    EXPECT_EQ(again.id, t.id);
    expect_bits(again.mass, t.mass);
    ASSERT_EQ(again.frames.size(), t.frames.size());
    for (std::size_t f = 0; f < t.frames.size(); ++f) {
        expect_bits(again.frames[f].fractional, t.frames[f].fractional);
        expect_bits({again.frames[f].box.begin(), again.frames[f].box.end()},
                    {t.frames[f].box.begin(), t.frames[f].box.end()});
        expect_bits({again.frames[f].step, again.frames[f].time}, {t.frames[f].step, t.frames[f].time});
    }
}

TEST_F(Handed, CurveRoundTrip) {
    const Curve curve = small_curve();
    const Columns table = io::read_csv(write(&curve, "data_1.csv"));
    ASSERT_EQ(table.columns.size(), 5U);
    EXPECT_EQ(table.columns[0].unit, "s");
    expect_bits(table.column("lag").values, curve.x);
    expect_bits(table.column("g2").values, curve.y);
    expect_bits(table.column("g2_error").values, curve.y_error);
    expect_bits(table.column("pairs").values, curve.weight);
    expect_bits(table.column("scatter").values, curve.scatter);
    const Columns factor = io::read_csv(folder_ / "data_1_covariance_factor.csv");
    ASSERT_EQ(factor.columns.size(), 2U);
    expect_bits(factor.columns[1].values, std::vector<double>(6, 1.0 / 7.0));
}

TEST_F(Handed, EventsAndColumnsRoundTrip) {
    const EventCatalogue events = small_catalogue();
    const Columns table = io::read_csv(write(&events, "data_1.csv"));
    ASSERT_EQ(table.columns.size(), 2U);
    expect_bits(table.column("time").values, events.time);
    expect_bits(table.column("size").values, events.size);
    EXPECT_EQ(table.column("size").unit, "eV");

    const Columns columns = small_columns();
    const Columns again = io::read_csv(write(&columns, "data_1.csv"));
    ASSERT_EQ(again.columns.size(), 3U);
    for (std::size_t k = 0; k < 3; ++k) {
        EXPECT_EQ(again.columns[k].name, columns.columns[k].name);
        EXPECT_EQ(again.columns[k].unit, columns.columns[k].unit);
        expect_bits(again.columns[k].values, columns.columns[k].values);
    }
}

TEST_F(Handed, ManifestSaysWhatIsWhere) {
    const SpeckleSeries frames = small_frames();
    const Curve curve = small_curve();
    const std::vector<HandedReplicate> replicates{
        {{{&frames, {{"pressure", 3, 0.1 + 0.2, "GPa"}}}, {&curve, {{"pressure", 4, 1.0 / 3.0, "GPa"}}}}},
        {{{&curve, {}}}}};
    hand_over(replicates, true, folder_.path());
    const auto manifest = nlohmann::json::parse(bytes_of(folder_ / "manifest.json"));
    EXPECT_EQ(manifest["replicates"], 2);
    ASSERT_EQ(manifest["data"].size(), 3U);
    const auto& second = manifest["data"][1];
    EXPECT_EQ(second["replicate"], 1);
    EXPECT_EQ(second["data"], 2);
    EXPECT_EQ(second["kind"], "curve");
    EXPECT_EQ(second["file"], "replicate_1/data_2.csv");
    EXPECT_EQ(second["covariance_factor"], "replicate_1/data_2_covariance_factor.csv");
    EXPECT_EQ(second["coordinates"][0]["name"], "pressure");
    EXPECT_EQ(second["coordinates"][0]["index"], 4);
    EXPECT_EQ(second["coordinates"][0]["value"].get<double>(), 1.0 / 3.0);
    EXPECT_EQ(manifest["data"][0]["coordinates"][0]["value"].get<double>(), 0.1 + 0.2);
    EXPECT_EQ(manifest["data"][2]["replicate"], 2);
    for (const auto& data : manifest["data"]) EXPECT_TRUE(fs::exists(folder_ / data["file"].get<std::string>()));
}

// Whatever is a text of our own making stays here.
TEST_F(Handed, NamesAndNotesStay) {
    const SpeckleSeries frames = small_frames();
    const Curve curve = small_curve();
    const EventCatalogue events = small_catalogue();
    const Columns columns = small_columns();
    const Trajectory trajectory = small_trajectory();
    const TwoTimeMap map = small_map();
    const HandedReplicate replicate{
        {{&frames, {}}, {&map, {}}, {&trajectory, {}}, {&curve, {}}, {&events, {}}, {&columns, {}}}};
    hand_over({&replicate, 1}, false, folder_.path());
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
        names.push_back(entry.path().filename().string());
        const std::string bytes = bytes_of(entry.path());
        for (const char* word : {"tau = 7", "imposed", "quench", "slips"})
            EXPECT_EQ(bytes.find(word), std::string::npos) << entry.path() << " says " << word;
    }
    std::sort(names.begin(), names.end());
    EXPECT_EQ(names,
              (std::vector<std::string>{"data_1.h5", "data_2.h5", "data_3.h5md", "data_4.csv",
                                        "data_4_covariance_factor.csv", "data_5.csv", "data_6.csv", "manifest.json"}));
}

}  // namespace
}  // namespace vitrum::outside
