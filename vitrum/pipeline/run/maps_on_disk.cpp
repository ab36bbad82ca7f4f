#include "vitrum/pipeline/run/maps_on_disk.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "vitrum/analysis/chain/segments.hpp"
#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/core/files/owned.hpp"
#include "vitrum/core/memory.hpp"
#include "vitrum/io/result/map_file.hpp"

namespace vitrum::pipeline {

struct MapsOnDisk::Region {
    Region(const std::filesystem::path& name, const SpeckleSeries& series, const std::vector<std::size_t>& edges)
        : own(std::make_shared<const Owned>(Owned::file(name))),
          file(own->path(), series.frames, series.frame_time, series.time_unit),
          sums(edges, series.frame_time, series.time_unit) {}
    ~Region() {
        std::error_code ignored;
        if (!given) std::filesystem::remove(own->path(), ignored);
    }
    Region(const Region&) = delete;
    Region& operator=(const Region&) = delete;
    std::shared_ptr<const Owned> own;
    io::MapFile file;
    analysis::SegmentSums sums;
    bool given = false;
};

MapsOnDisk::MapsOnDisk(std::filesystem::path prefix, const SpeckleSeries& series, std::size_t segments, double memory)
    : prefix_(std::move(prefix)), series_(series), edges_(analysis::segment_edges(series.frames, segments)) {
    stream_.tile = io::map_tile;
    // Events are gathered once where they fit: in a quarter of what is left, but no more than is allowed.
    constexpr double least = 67108864;
    stream_.memory = static_cast<std::size_t>(std::clamp(std::min(available_memory() / 4, memory), least, 1e15));
    stream_.sink = [this](std::int32_t region) {
        regions_.push_back(
            std::make_unique<Region>(fmt::format("{}.map-{}-{}", prefix_.string(), getpid(), region), series_, edges_));
        Region& own = *regions_.back();
        return [&own](const analysis::MapRows& rows) {
            own.sums.add(rows);
            own.file.write_rows(rows.first, rows.count, rows.values);
        };
    };
}

MapsOnDisk::~MapsOnDisk() = default;

void MapsOnDisk::give(std::size_t place, TwoTimeMap& map) {
    Region& own = *regions_.at(place);
    map.on_disk = own.file.take(own.own).on_disk;
    own.given = true;
}

std::vector<Curve> MapsOnDisk::g2_of_segments(std::size_t place) const { return regions_.at(place)->sums.curves(); }

double bytes_of_maps(const SpeckleSeries& series) {
    return map_bytes(series.frames) * static_cast<double>(std::max(1, analysis::region_count(series)));
}

}  // namespace vitrum::pipeline
