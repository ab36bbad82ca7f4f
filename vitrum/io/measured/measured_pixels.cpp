// Masks, regions and q of the pixels of measured files.
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <type_traits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/core/error.hpp"
#include "vitrum/io/hdf5/whole_numbers.hpp"
#include "vitrum/io/measured/measured_parts.hpp"

namespace vitrum::io {

namespace {

// A value for each pixel: in the detector's shape, axes of length 1 aside, or as one list.
template <class T>
std::vector<T> pixel_map(const ReadFile& file, const std::string& path, const SpeckleSeries& series,
                         const char* option) {
    const auto all = file.info(path).dims;
    Dimensions dims;
    for (const auto d : all)
        if (d != 1) dims.push_back(d);
    Dimensions wanted;
    for (const hsize_t d : {series.rows, series.columns})
        if (d != 1) wanted.push_back(d);
    if (dims == wanted || (dims.size() == 1 && dims[0] == series.pixels())) {
        if constexpr (std::is_integral_v<T>)
            return whole_numbers<T>(file, path);
        else
            return file.read<T>(path);
    }
    std::string hint;
    if (dims == Dimensions{wanted.rbegin(), wanted.rend()})
        hint = "; it is transposed";
    else if (dims.size() == 3 && dims[1] == series.rows && dims[2] == series.columns)
        hint = "; one map for all frames is wanted";
    file.fail(path, fmt::format("{} has the shape {}, the detector has {} x {} pixels{}", option,
                                all.empty() ? "of one number" : fmt::format("{}", fmt::join(all, " x ")), series.rows,
                                series.columns, hint));
}

// A mask the wrong way round leaves what should be left out.
void check_mask(const ReadFile& file, const std::string& path, const SpeckleSeries& series,
                std::vector<std::string>& notes) {
    const auto used = static_cast<std::size_t>(std::count(series.used.begin(), series.used.end(), 1));
    const char* rule = "0 = pixel used, anything else = not used";
    if (used == 0) file.fail(path, fmt::format("the mask leaves no pixel ({}); is it the wrong way round?", rule));
    if (used < series.pixels() / 2)
        notes.push_back(fmt::format("The mask {} leaves {} of {} pixels ({}); is it the wrong way round?", path, used,
                                    series.pixels(), rule));
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
    const auto numbered = whole_numbers<std::int32_t>(file, regions);
    std::vector<std::int64_t> place;
    if (file.is_dataset(mapping)) place = whole_numbers<std::int64_t>(file, mapping);
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

void set_pixel_maps(const ReadFile& file, const std::string& detector, const MeasuredOptions& options, bool later,
                    SpeckleSeries& series, std::vector<std::string>& notes) {
    std::string mask = options.mask;
    for (const char* name : {"/pixel_mask", "/detectorSpecific/pixel_mask"})
        for (const std::string& group : {detector, detector.substr(0, detector.find('/', 1)) + "/instrument/detector"})
            if (mask.empty() && file.is_dataset(group + name)) mask = group + name;
    if (!mask.empty() && !(later && !options.mask.empty())) {
        const Place place(file, mask);
        const auto values = pixel_map<double>(place.file(), place.path(), series, "the mask");
        series.used.assign(series.pixels(), 1);
        for (std::size_t p = 0; p < values.size(); ++p)
            if (values[p] != 0) series.used[p] = 0;  // NaN also differs from 0
        if (!later) check_mask(place.file(), place.path(), series, notes);
    }
    std::string regions = options.regions;
    if (regions.empty() && file.is_dataset(detector + "/region")) regions = detector + "/region";
    if (!regions.empty() && !(later && !options.regions.empty()))
        series.region = region_map(file, regions, series, "the region map");
    if (!options.static_regions.empty() && !later)
        series.static_region = region_map(file, options.static_regions, series, "the static region map");
    if (file.is_dataset(detector + "/q")) series.q = pixel_map<double>(file, detector + "/q", series, "q");
    std::string qmap = options.qmap;
    if (qmap.empty() && file.is_dataset("/xpcs/qmap/dynamic_roi_map")) qmap = "/xpcs/qmap";
    if (qmap.empty() || (later && !options.qmap.empty())) return;
    const Place place(file, qmap);
    if (place.file().is_group(place.path()))
        set_from_qmap(place.file(), place.path(), options, series);
    else
        series.q = pixel_map<double>(place.file(), place.path(), series, "q");
}

namespace {

// What one part has, all have; where two have it, it is the same.
template <class T>
void agree(const Part& part, const char* what, const std::vector<T>& here, std::vector<T>& all) {
    if (here.empty()) return;
    const auto same = [](T a, T b) {
        return a == b || (a != a && b != b) || std::abs(a - b) <= 1e-6 * std::abs(static_cast<double>(b));
    };
    if (all.empty())
        all = here;
    else if (!std::equal(here.begin(), here.end(), all.begin(), same))
        part.file->fail(parent(part.path),
                        fmt::format("{} is not that of the part before: not parts of one run; analyse "
                                    "each by itself",
                                    what));
}

}  // namespace

void set_run_pixel_maps(const Run& run, const MeasuredOptions& options, SpeckleSeries& series,
                        std::vector<std::string>& notes) {
    const ReadFile* previous = nullptr;
    SpeckleSeries blank;
    blank.rows = series.rows;
    blank.columns = series.columns;
    for (const Part& part : run.parts) {
        if (part.file == previous) continue;
        SpeckleSeries own = blank;
        set_pixel_maps(*part.file, parent(part.path), options, previous != nullptr, own, notes);
        previous = part.file;
        agree(part, "the region map", own.region, series.region);
        agree(part, "the static region map", own.static_region, series.static_region);
        agree(part, "q of the pixels", own.q, series.q);
        if (own.used.empty()) continue;
        if (series.used.empty()) series.used.assign(series.pixels(), 1);
        for (std::size_t p = 0; p < own.used.size(); ++p)
            if (!own.used[p]) series.used[p] = 0;
    }
}

}  // namespace vitrum::io
