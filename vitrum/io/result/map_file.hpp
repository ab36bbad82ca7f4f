// Two-time maps larger than memory: written row by row, read row by row. NXdata at /entry/two_time, both triangles, in
// square tiles, compressed: neither a row nor a column of such a map has to be read whole.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include "vitrum/core/data/two_time_map.hpp"
#include "vitrum/core/files/owned.hpp"

namespace vitrum::io {

inline constexpr std::size_t map_tile = 256;  // side of a tile

class MapFile {
public:
    // Creates or truncates. Throws RunError if the file cannot be made.
    MapFile(const std::filesystem::path& path, std::size_t frames, double frame_time, const std::string& time_unit);
    ~MapFile();
    MapFile(const MapFile&) = delete;
    MapFile& operator=(const MapFile&) = delete;

    // Rows first .. first + count - 1 in order, count x frames values; those left of the diagonal mean nothing and are
    // taken from the upper triangle. Cheapest in multiples of map_tile rows: then each tile is written once.
    void write_rows(std::size_t first, std::size_t count, const double* values);
    // Flushes to disk and closes; throws RunError if anything could not be written.
    void close();
    // Closes, and the map whose values are here. With the last copy of it the file is removed; `own`: its claim.
    [[nodiscard]] TwoTimeMap take(std::shared_ptr<const Owned> own = nullptr);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// Values of a map in any file, a dataset of frames x frames.
[[nodiscard]] std::shared_ptr<const MapOnDisk> map_on_disk(const std::filesystem::path& file,
                                                           const std::string& dataset);

}  // namespace vitrum::io
