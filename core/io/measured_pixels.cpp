// Masks, regions and q of the pixels of measured files.
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/io/measured_parts.hpp"

namespace vitrum::io {

namespace {

// A path in this file, or FILE::/path.
class Place {
public:
    Place(const ReadFile& file, const std::string& where) : file_(&file), path_(where) {
        const auto at = where.find("::");
        if (at == std::string::npos) return;
        other_.emplace(where.substr(0, at));
        file_ = &*other_;
        path_ = where.substr(at + 2);
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    [[nodiscard]] const ReadFile& file() const { return *file_; }
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::optional<ReadFile> other_;
    const ReadFile* file_;
    std::string path_;
};

template <class T>
std::vector<T> pixel_map(const ReadFile& file, const std::string& path, const SpeckleSeries& series,
                         const char* option) {
    std::size_t count = 1;
    for (const auto d : file.info(path).dims) count *= d;
    if (count != series.pixels())
        file.fail(path, fmt::format("{} has {} values, the detector has {} x {} = {} pixels", option, count,
                                    series.rows, series.columns, series.pixels()));
    return file.read<T>(path);
}

std::vector<std::int32_t> region_map(const ReadFile& file, const std::string& where, const SpeckleSeries& series,
                                     const char* option) {
    const Place place(file, where);
    auto map = pixel_map<std::int32_t>(place.file(), place.path(), series, option);
    // Regions are gone through by number.
    constexpr double most = 1e6;
    constexpr double most_looks = 1e11;
    const double largest = map.empty() ? 0 : *std::max_element(map.begin(), map.end());
    if (largest > most || largest * static_cast<double>(map.size()) > most_looks)
        throw InputError(fmt::format("{}: holds region {}; regions count from 1, 0 means none", where, largest));
    if (std::all_of(map.begin(), map.end(), [](std::int32_t r) { return r <= 0; }))
        throw InputError(fmt::format("{}: no pixel belongs to a region; regions count from 1, 0 means none", where));
    return map;
}

// A group of maps as APS beamlines write: regions, lists of q, and a mask with 1 = used.
void set_from_qmap(const ReadFile& file, const std::string& group, const MeasuredOptions& options,
                   SpeckleSeries& series) {
    const std::string regions = group + "/dynamic_roi_map";
    const std::string statics = group + "/static_roi_map";
    if (options.regions.empty()) series.region = region_map(file, regions, series, "the region map");
    if (options.static_regions.empty() && file.is_dataset(statics))
        series.static_region = region_map(file, statics, series, "the static region map");
    if (options.mask.empty() && file.is_dataset(group + "/mask")) {
        if (series.used.empty()) series.used.assign(series.pixels(), 1);
        const auto mask = pixel_map<double>(file, group + "/mask", series, "the mask");
        for (std::size_t p = 0; p < mask.size(); ++p)
            if (!(mask[p] > 0)) series.used[p] = 0;
    }
    // Regions are numbered over a grid (q, angle); q of a region is that of its row.
    const std::string list = group + "/dynamic_v_list_dim0";
    const std::string mapping = group + "/dynamic_index_mapping";
    const std::string names = group + "/map_names";
    if (!file.is_dataset(list)) return;
    if (file.is_dataset(names)) {
        const auto first = file.texts(names);
        if (first.empty()) file.fail(names, "is empty; the first name is that of q");
        if (first.front() != "q") return;
    }
    const auto q = file.read<double>(list);
    const auto numbered = file.read<std::int32_t>(regions);
    std::vector<std::int64_t> place;
    if (file.is_dataset(mapping)) place = file.read<std::int64_t>(mapping);
    const std::size_t angles =
        file.is_dataset(group + "/dynamic_v_list_dim1") ? file.read<double>(group + "/dynamic_v_list_dim1").size() : 1;
    series.q.assign(series.pixels(), std::numeric_limits<double>::quiet_NaN());
    for (std::size_t p = 0; p < series.pixels() && p < numbered.size(); ++p) {
        if (numbered[p] <= 0) continue;
        const auto region = static_cast<std::size_t>(numbered[p]) - 1;
        if (!place.empty() && region >= place.size())
            file.fail(mapping, fmt::format("has {} places, the map has region {}", place.size(), region + 1));
        if (!place.empty() && place[region] < 0)
            file.fail(mapping, fmt::format("holds {} for region {}; places count from 0", place[region], region + 1));
        const auto row =
            (place.empty() ? region : static_cast<std::size_t>(place[region])) / std::max<std::size_t>(1, angles);
        if (row >= q.size())
            file.fail(list, fmt::format("has {} values, region {} wants value {}", q.size(), region + 1, row + 1));
        series.q[p] = q[row];
    }
}

}  // namespace

void set_pixel_maps(const ReadFile& file, const std::string& detector, const MeasuredOptions& options,
                    SpeckleSeries& series) {
    std::string mask = options.mask;
    for (const char* name : {"/pixel_mask", "/detectorSpecific/pixel_mask"})
        for (const std::string& group : {detector, detector.substr(0, detector.find('/', 1)) + "/instrument/detector"})
            if (mask.empty() && file.is_dataset(group + name)) mask = group + name;
    if (!mask.empty()) {
        const Place place(file, mask);
        const auto values = pixel_map<double>(place.file(), place.path(), series, "the mask");
        series.used.assign(series.pixels(), 1);
        for (std::size_t p = 0; p < values.size(); ++p)
            if (values[p] != 0) series.used[p] = 0;  // NaN also differs from 0
    }
    std::string regions = options.regions;
    if (regions.empty() && file.is_dataset(detector + "/region")) regions = detector + "/region";
    if (!regions.empty()) series.region = region_map(file, regions, series, "the region map");
    if (!options.static_regions.empty())
        series.static_region = region_map(file, options.static_regions, series, "the static region map");
    if (file.is_dataset(detector + "/q")) series.q = pixel_map<double>(file, detector + "/q", series, "q");
    std::string qmap = options.qmap;
    if (qmap.empty() && file.is_dataset("/xpcs/qmap/dynamic_roi_map")) qmap = "/xpcs/qmap";
    if (qmap.empty()) return;
    const Place place(file, qmap);
    if (place.file().is_group(place.path()))
        set_from_qmap(place.file(), place.path(), options, series);
    else
        series.q = pixel_map<double>(place.file(), place.path(), series, "q");
}

}  // namespace vitrum::io
