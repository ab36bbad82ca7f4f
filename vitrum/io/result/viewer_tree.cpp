// /xpcs: the results of one data set where APS viewers look for them.
#include <cmath>

#include <fmt/format.h>

#include "vitrum/io/hdf5/hdf5_links.hpp"
#include "vitrum/io/hdf5/sha256.hpp"
#include "vitrum/io/result/nexus_xpcs.hpp"

namespace vitrum::io {

namespace {

// Two data sets with the same maps and geometry have the same hash: viewers read a map once.
std::string hash_of(const FramesSummary& s) {
    Sha256 hash;
    hash.add(fmt::format("{} {} {} {} {} {} {}", s.rows, s.columns, s.beamline.beam_center_x, s.beamline.beam_center_y,
                         s.beamline.pixel_size, s.beamline.distance, s.beamline.energy));
    for (const auto* map : {&s.used, &s.dynamic_region, &s.static_region})
        hash.add(map->data(), map->size() * sizeof(std::int32_t));
    for (const auto* list : {&s.dynamic_q, &s.static_q}) hash.add(list->data(), list->size() * sizeof(double));
    return hash.hex();
}

bool all_known(const std::vector<double>& values) {
    for (const double v : values)
        if (!std::isfinite(v)) return false;
    return true;
}

// Values along the first axis of the bins: q where it is known, else the number of the region.
void write_bins(WriteFile& file, const std::string& prefix, const std::vector<double>& q, bool known,
                const std::string& q_list) {
    const std::size_t count = q.size();
    std::vector<double> number(count);
    std::vector<std::int64_t> place(count);
    for (std::size_t i = 0; i < count; ++i) {
        number[i] = static_cast<double>(i + 1);
        place[i] = static_cast<std::int64_t>(i);
    }
    if (known)
        hard_link(file, q_list, prefix + "v_list_dim0");
    else
        file.write(prefix + "v_list_dim0", number);
    file.write(prefix + "v_list_dim1", std::vector<double>{0.0}, "deg");
    file.write(prefix + "num_pts", std::vector<std::int64_t>{static_cast<std::int64_t>(count), 1});
    file.write(prefix + "index_mapping", place);
}

void write_qmap(WriteFile& file, const std::string& entry, const FramesSummary& s) {
    const std::string group = "/xpcs/qmap";
    file.group(group, "NXcollection");
    file.attribute(group, "hash", hash_of(s));
    const std::string masks = entry + "/instrument/masks/";
    const std::string detector = entry + "/instrument/detector_1/";
    for (const char* name : {"mask", "dynamic_roi_map", "static_roi_map"})
        hard_link(file, masks + name, group + "/" + name);
    const bool known = all_known(s.dynamic_q) && all_known(s.static_q);
    write_bins(file, group + "/dynamic_", s.dynamic_q, known, masks + "dynamic_q_list");
    write_bins(file, group + "/static_", s.static_q, known, masks + "static_q_list");
    file.texts(group + "/map_names", {known ? "q" : "region", "phi"});
    file.texts(group + "/map_units", {known ? "1/A" : "", "deg"});
    hard_link(file, detector + "beam_center_x", group + "/beam_center_x");
    hard_link(file, detector + "beam_center_y", group + "/beam_center_y");
    hard_link(file, detector + "x_pixel_size", group + "/pixel_size");
    hard_link(file, detector + "distance", group + "/detector_distance");
}

void write_config(WriteFile& file, const std::string& group) {
    // Frames that were added or left out are so already: the frame time is that of the frames that were correlated.
    file.scalar(group + "/config/stride_frame", std::int64_t{1});
    file.scalar(group + "/config/avg_frame", std::int64_t{1});
}

}  // namespace

void write_viewer_tree(WriteFile& file, const std::string& entry, const FramesSummary& s,
                       const std::vector<std::string>& maps) {
    file.group("/xpcs", "NXcollection");
    write_qmap(file, entry, s);
    virtual_stack(file, "/xpcs/spatial_mean/intensity_vs_time",
                  {entry + "/frame_mean/time", entry + "/frame_mean/value"}, {s.frames});
    const std::string segments = entry + "/segments/";
    hard_link(file, segments + "static_mean", "/xpcs/temporal_mean/scattering_1d");
    hard_link(file, segments + "static_mean_by_segment", "/xpcs/temporal_mean/scattering_1d_segments");
    hard_link(file, entry + "/image/mean", "/xpcs/temporal_mean/scattering_2d");

    const std::string tau = "/xpcs/multitau";
    hard_link(file, entry + "/data/delay_difference", tau + "/delay_list");
    hard_link(file, entry + "/data/g2", tau + "/normalized_g2");
    hard_link(file, entry + "/data/g2_derr", tau + "/normalized_g2_err");
    hard_link(file, segments + "g2", tau + "/normalized_g2_partial");
    hard_link(file, segments + "g2_errors", tau + "/normalized_g2_partial_err");
    std::vector<std::string> labels;
    for (std::size_t k = 0; k < s.segment_count(); ++k)
        labels.push_back(fmt::format("frames {} to {}", s.segments[k], s.segments[k + 1] - 1));
    file.texts(tau + "/normalized_g2_partial_labels", labels);
    write_config(file, tau);

    const std::string twotime = "/xpcs/twotime";
    std::vector<std::int64_t> bins;
    for (std::size_t r = 0; r < maps.size(); ++r) {
        bins.push_back(static_cast<std::int64_t>(r) + 1);
        virtual_upper_triangle(file, fmt::format("{}/correlation_map/c2_{:05d}", twotime, bins.back()),
                               maps[r] + "/two_time/correlation", s.frames);
    }
    file.write(twotime + "/processed_bins", bins);
    hard_link(file, entry + "/twotime/g2_from_two_time_corr_func", twotime + "/normalized_g2");
    hard_link(file, segments + "map_g2", twotime + "/normalized_g2_segments");
    write_config(file, twotime);
}

}  // namespace vitrum::io
