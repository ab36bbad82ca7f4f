#include "vitrum/outside/handed.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "vitrum/core/error.hpp"
#include "vitrum/io/frames/plain_frames.hpp"
#include "vitrum/io/result/map_file.hpp"
#include "vitrum/io/trajectory/trajectory_file.hpp"
#include "vitrum/outside/handed_text.hpp"

namespace vitrum::outside {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, std::variant_size_v<HandedValues>> kinds{"frames", "two_time_map", "trajectory",
                                                                                "curve",  "events",       "columns"};

void write_map(const fs::path& file, const TwoTimeMap& map) {
    io::MapFile out(file, map.frames, map.frame_time, map.time_unit);
    std::vector<double> rows;
    for (std::size_t first = 0; first < map.frames; first += io::map_tile) {
        const std::size_t count = std::min(io::map_tile, map.frames - first);
        if (map.on_disk) {
            rows.resize(count * map.frames);
            map.on_disk->rows(first, count, rows.data());
        }
        out.write_rows(first, count, map.on_disk ? rows.data() : map.values.data() + first * map.frames);
    }
    out.close();
}

// Writes one data set as FOLDER/STEM.*, and tells the manifest what is where.
struct Writer {
    const fs::path& folder;
    std::string stem;
    Json& entry;

    fs::path file(const std::string& key, const std::string& name) const {
        entry[key] = name;
        return folder / name;
    }
    // The axes of a map give the frame time with a rounding error.
    void tell_times(double frame_time, const std::string& unit) const {
        entry["frame_time"] = frame_time;
        entry["time_unit"] = unit;
    }
    void operator()(const SpeckleSeries* series) const {
        io::write_plain_frames(file("file", stem + ".h5"), *series);
        tell_times(series->frame_time, series->time_unit);
    }
    void operator()(const TwoTimeMap* map) const {
        write_map(file("file", stem + ".h5"), *map);
        tell_times(map->frame_time, map->time_unit);
        entry["diagonal_valid"] = map->diagonal_valid;
    }
    void operator()(const Trajectory* trajectory) const {
        io::write_plain_h5md(file("file", stem + ".h5md"), *trajectory);
    }
    void operator()(const Curve* curve) const {
        write_curve(file("file", stem + ".csv"), *curve);
        if (curve->covariance_factor.size() == 0) return;
        write_covariance_factor(file("covariance_factor", stem + "_covariance_factor.csv"), *curve);
        entry["degrees_of_freedom"] = curve->degrees_of_freedom;
    }
    void operator()(const EventCatalogue* events) const { write_events(file("file", stem + ".csv"), *events); }
    void operator()(const Columns* columns) const { write_columns(file("file", stem + ".csv"), *columns); }
};

Json as_json(const Abscissa& place) {
    Json list = Json::array();
    for (const Coordinate& c : place)
        list.push_back({{"name", c.name}, {"index", c.index}, {"value", c.value}, {"unit", c.unit}});
    return list;
}

}  // namespace

std::string_view kind_of(const HandedValues& values) { return kinds.at(values.index()); }

std::string time_unit_of(const HandedValues& values) {
    if (const auto* series = std::get_if<const SpeckleSeries*>(&values)) return (*series)->time_unit;
    if (const auto* map = std::get_if<const TwoTimeMap*>(&values)) return (*map)->time_unit;
    if (const auto* curve = std::get_if<const Curve*>(&values)) return (*curve)->x_unit == "frames" ? "frames" : "s";
    return "s";
}

void hand_over(std::span<const HandedReplicate> replicates, bool batch, const fs::path& folder) {
    Json manifest = {{"format", 1}, {"replicates", replicates.size()}, {"data", Json::array()}};
    for (std::size_t r = 0; r < replicates.size(); ++r) {
        const std::string below = batch ? fmt::format("replicate_{}/", r + 1) : "";
        std::error_code failed;
        fs::create_directories(folder / below, failed);
        for (std::size_t d = 0; d < replicates[r].data.size(); ++d) {
            const HandedData& data = replicates[r].data[d];
            Json entry = Json::object();
            if (batch) entry["replicate"] = r + 1;
            entry["data"] = d + 1;
            entry["kind"] = kind_of(data.values);
            std::visit(Writer{folder, fmt::format("{}data_{}", below, d + 1), entry}, data.values);
            entry["coordinates"] = as_json(data.place);
            manifest["data"].push_back(std::move(entry));
        }
    }
    const fs::path file = folder / "manifest.json";
    std::ofstream out(file, std::ios::binary);
    out << manifest.dump(1) << '\n';
    if (!out.flush()) throw RunError(fmt::format("cannot write '{}': {}", file.string(), std::strerror(errno)));
}

}  // namespace vitrum::outside
