#include "vitrum/io/result/nexus_xpcs.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>

#include <fmt/format.h>

#include "vitrum/io/hdf5/hdf5_links.hpp"
#include "vitrum/io/result/result_file.hpp"

namespace vitrum::io {

namespace {

constexpr std::array<std::string_view, 21> reserved{
    "data",         "twotime",    "instrument",  "frame_mean",       "image",       "segments",       "definition",
    "start_time",   "title",      "question",    "scenario",         "statements",  "truth",          "estimates",
    "truth_curves", "provenance", "scan_number", "entry_identifier", "series_name", "region_numbers", "curves"};

constexpr auto assumed = "not known: a value that lets viewers open the file";

// A number that viewers need; one that is not known is written as `instead` and says so.
void needed(WriteFile& file, const std::string& path, double value, double instead, const std::string& unit) {
    file.scalar(path, std::isfinite(value) ? value : instead, unit);
    if (!std::isfinite(value)) file.attribute(path, "note", assumed);
}

double known(const ReadFile& file, const std::string& path) {
    if (file.text_attribute(path, "note").value_or("") == assumed) return std::numeric_limits<double>::quiet_NaN();
    return file.scalar<double>(path);
}

void write_data(WriteFile& file, const std::string& group, const FramesSummary& s) {
    file.group(group, "NXdata");
    file.attribute(group, "signal", "g2");
    file.attribute(group, "axes", std::vector<std::string>{"delay_difference", "region"});
    file.attribute(group, "title", "Multi-tau g2");
    const Dimensions shape{s.delay.size(), s.regions()};
    file.write(group + "/g2", s.g2.data(), shape);
    file.write(group + "/g2_derr", s.g2_error.data(), shape);
    file.write(group + "/delay_difference", s.delay, "frames");
    for (const char* name : {"/g2", "/g2_derr", "/delay_difference"})
        file.attribute(group + name, "storage_mode", "one_array");
    hard_link(file, group + "/g2_derr", group + "/g2_errors");
    std::vector<std::int64_t> region(s.regions());
    for (std::size_t r = 0; r < region.size(); ++r) region[r] = static_cast<std::int64_t>(r) + 1;
    file.write(group + "/region", region);
}

void write_twotime(WriteFile& file, const std::string& group, const FramesSummary& s,
                   const std::vector<std::string>& maps) {
    file.group(group, "NXdata");
    file.attribute(group, "signal", "two_time_corr_func");
    file.attribute(group, "axes", std::vector<std::string>{"region", "t1", "t2"});
    std::vector<std::string> map;
    std::vector<std::string> g2;
    for (const auto& series : maps) {
        map.push_back(series + "/two_time/correlation");
        g2.push_back(series + "/g2/y");
    }
    const std::string all = group + "/two_time_corr_func";
    virtual_stack(file, all, map, {s.frames, s.frames});
    file.attribute(all, "storage_mode", "one_array_q_first");
    file.attribute(all, "baseline_reference", std::int64_t{1});
    file.attribute(all, "time_origin_location", "upper_left");
    file.attribute(all, "populated_elements", "all");
    const std::string mean = group + "/g2_from_two_time_corr_func";
    virtual_columns(file, mean, g2, s.frames - 1, 1);
    file.attribute(mean, "storage_mode", "one_array_q_last");
    file.attribute(mean, "baseline_reference", std::int64_t{1});
    file.attribute(mean, "first_point_for_fit", std::int64_t{0});
    for (const char* axis : {"/t1", "/t2"}) hard_link(file, maps.front() + "/two_time" + axis, group + axis);
}

void write_instrument(WriteFile& file, const std::string& group, const FramesSummary& s) {
    const Beamline& b = s.beamline;
    const auto middle = [](std::size_t pixels) { return (static_cast<double>(pixels) - 1) / 2; };
    file.group(group, "NXinstrument");
    file.group(group + "/incident_beam", "NXbeam");
    needed(file, group + "/incident_beam/incident_energy", b.energy, 1, "keV");
    const std::string detector = group + "/detector_1";
    file.group(detector, "NXdetector");
    file.scalar(detector + "/frame_time", s.frame_time, s.time_unit);
    file.scalar(detector + "/count_time", s.exposure, s.time_unit);
    needed(file, detector + "/beam_center_x", b.beam_center_x, middle(s.columns), "pixels");
    needed(file, detector + "/beam_center_y", b.beam_center_y, middle(s.rows), "pixels");
    needed(file, detector + "/x_pixel_size", b.pixel_size, 1, "m");
    hard_link(file, detector + "/x_pixel_size", detector + "/y_pixel_size");
    needed(file, detector + "/distance", b.distance, 1, "m");
    const std::string masks = group + "/masks";
    file.group(masks, "NXnote");
    const Dimensions shape{s.rows, s.columns};
    file.write(masks + "/dynamic_roi_map", s.dynamic_region.data(), shape, "au");
    file.write(masks + "/dynamic_q_list", s.dynamic_q, "1/angstrom");
    file.write(masks + "/static_roi_map", s.static_region.data(), shape, "au");
    file.write(masks + "/static_q_list", s.static_q, "1/angstrom");
    file.write(masks + "/mask", s.used.data(), shape);
    file.attribute(masks + "/mask", "long_name", "1 = pixel used");
}

void write_means(WriteFile& file, const std::string& entry, const FramesSummary& s) {
    const std::string mean = entry + "/frame_mean";
    file.group(mean, "NXdata");
    file.attribute(mean, "signal", "value");
    file.attribute(mean, "axes", std::vector<std::string>{"time"});
    file.write(mean + "/value", s.mean_of_frame, "counts/pixel");
    std::vector<double> time(s.frames);
    for (std::size_t f = 0; f < s.frames; ++f) time[f] = static_cast<double>(f) * s.frame_time;
    file.write(mean + "/time", time, s.time_unit);
    const std::string image = entry + "/image";
    file.group(image, "NXdata");
    file.attribute(image, "signal", "mean");
    file.write(image + "/mean", s.mean_image.data(), {s.rows, s.columns}, "counts/frame");
}

void write_segments(WriteFile& file, const std::string& group, const FramesSummary& s) {
    file.group(group, "NXcollection");
    const hsize_t parts = s.segment_count();
    const hsize_t regions = s.regions();
    const std::vector<std::int64_t> edges(s.segments.begin(), s.segments.end());
    file.write(group + "/edges", edges, "frames");
    file.write(group + "/static_mean", s.static_mean, "counts/pixel");
    file.write(group + "/static_mean_by_segment", s.static_segment.data(), {parts, s.static_mean.size()},
               "counts/pixel");
    const Dimensions shape{parts, s.delay.size(), regions};
    file.write(group + "/g2", s.g2_by_segment.data(), shape);
    file.write(group + "/g2_errors", s.g2_error_by_segment.data(), shape);
    file.write(group + "/map_g2", s.map_g2_by_segment.data(), {s.shortest_segment(), parts, regions});
}

void expect_consistent(const ReadFile& file, const std::string& entry, const FramesSummary& s) {
    const std::size_t pixels = s.rows * s.columns;
    const std::size_t regions = s.regions();
    const std::size_t parts = s.segment_count();
    const std::size_t delays = s.delay.size();
    const auto must = [&](bool holds, const char* path) {
        if (!holds) file.fail(entry + path, "does not fit the tables beside it: the file is damaged");
    };
    must(s.used.size() == pixels && s.dynamic_region.size() == pixels, "/instrument/masks/dynamic_roi_map");
    must(s.static_region.size() == pixels, "/instrument/masks/static_roi_map");
    must(s.mean_image.size() == pixels, "/image/mean");
    must(s.dynamic_q.size() == regions, "/instrument/masks/dynamic_q_list");
    must(s.static_q.size() == s.static_mean.size(), "/instrument/masks/static_q_list");
    must(!s.segments.empty() && std::is_sorted(s.segments.begin(), s.segments.end()) && s.segments.back() <= s.frames,
         "/segments/edges");
    must(s.static_segment.size() == parts * s.static_mean.size(), "/segments/static_mean_by_segment");
    must(s.g2.size() == delays * regions && s.g2_error.size() == s.g2.size(), "/data/g2");
    must(s.g2_by_segment.size() == parts * s.g2.size() && s.g2_error_by_segment.size() == s.g2_by_segment.size(),
         "/segments/g2");
    must(s.map_g2_by_segment.size() == s.shortest_segment() * parts * regions, "/segments/map_g2");
}

}  // namespace

bool reserved_name(const std::string& series) {
    return std::find(reserved.begin(), reserved.end(), series) != reserved.end();
}

void write_nexus_xpcs(WriteFile& file, const std::string& entry, const FramesSummary& s,
                      const std::vector<std::string>& maps, std::int64_t number, const std::string& written) {
    file.text(entry + "/definition", "NXxpcs");
    file.text(entry + "/entry_identifier", s.name);
    file.scalar(entry + "/scan_number", number);
    file.text(entry + "/start_time", s.beamline.start_time.empty() ? written : s.beamline.start_time);
    if (s.beamline.start_time.empty())
        file.attribute(entry + "/start_time", "note", "not known: the time of the analysis");
    file.text(entry + "/series_name", s.name);
    file.attribute(entry + "/series_name", "title", s.title);
    file.write(entry + "/region_numbers", s.region_number);
    write_data(file, entry + "/data", s);
    write_twotime(file, entry + "/twotime", s, maps);
    hard_link(file, entry + "/data/region", entry + "/twotime/region");
    write_instrument(file, entry + "/instrument", s);
    write_means(file, entry, s);
    write_segments(file, entry + "/segments", s);
}

FramesSummary read_nexus_xpcs(const ReadFile& file, const std::string& entry) {
    FramesSummary s;
    s.name = file.text(entry + "/series_name");
    s.title = file.text_attribute(entry + "/series_name", "title").value_or("");
    s.region_number = file.read<std::int32_t>(entry + "/region_numbers");
    const std::string detector = entry + "/instrument/detector_1";
    const std::string masks = entry + "/instrument/masks";
    const auto shape = file.info(masks + "/mask").dims;
    if (shape.size() != 2) file.fail(masks + "/mask", fmt::format("has rank {}; a mask has rank 2", shape.size()));
    s.rows = shape.at(0);
    s.columns = shape.at(1);
    s.frame_time = file.scalar<double>(detector + "/frame_time");
    s.time_unit = file.text_attribute(detector + "/frame_time", "units").value_or("s");
    s.exposure = file.scalar<double>(detector + "/count_time");
    s.beamline.beam_center_x = known(file, detector + "/beam_center_x");
    s.beamline.beam_center_y = known(file, detector + "/beam_center_y");
    s.beamline.pixel_size = known(file, detector + "/x_pixel_size");
    s.beamline.distance = known(file, detector + "/distance");
    s.beamline.energy = known(file, entry + "/instrument/incident_beam/incident_energy");
    if (!file.text_attribute(entry + "/start_time", "note")) s.beamline.start_time = file.text(entry + "/start_time");
    s.used = file.read<std::int32_t>(masks + "/mask");
    s.dynamic_region = file.read<std::int32_t>(masks + "/dynamic_roi_map");
    s.static_region = file.read<std::int32_t>(masks + "/static_roi_map");
    s.dynamic_q = file.read<double>(masks + "/dynamic_q_list");
    s.static_q = file.read<double>(masks + "/static_q_list");
    s.mean_of_frame = file.read<double>(entry + "/frame_mean/value");
    s.frames = s.mean_of_frame.size();
    s.mean_image = file.read<double>(entry + "/image/mean");
    for (const auto edge : file.read<std::int64_t>(entry + "/segments/edges"))
        s.segments.push_back(static_cast<std::size_t>(edge));
    s.static_mean = file.read<double>(entry + "/segments/static_mean");
    s.static_segment = file.read<double>(entry + "/segments/static_mean_by_segment");
    s.delay = file.read<std::int64_t>(entry + "/data/delay_difference");
    s.g2 = file.read<double>(entry + "/data/g2");
    s.g2_error = file.read<double>(entry + "/data/g2_derr");
    s.g2_by_segment = file.read<double>(entry + "/segments/g2");
    s.g2_error_by_segment = file.read<double>(entry + "/segments/g2_errors");
    s.map_g2_by_segment = file.read<double>(entry + "/segments/map_g2");
    expect_consistent(file, entry, s);
    return s;
}

}  // namespace vitrum::io
