// A two-time map written row by row, for maps larger than memory. NXdata at /entry/two_time, single precision, the
// upper triangle with the diagonal; what lies below is zero. Readers of maps here and elsewhere take one triangle.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace vitrum::io {

class MapFile {
public:
    // Creates or truncates. Throws RunError if the file cannot be made.
    MapFile(const std::filesystem::path& path, std::size_t frames, double frame_time, const std::string& time_unit);
    ~MapFile();
    MapFile(const MapFile&) = delete;
    MapFile& operator=(const MapFile&) = delete;

    // Rows first .. first + count - 1, count x frames values; those left of the diagonal are written as 0.
    void write_rows(std::size_t first, std::size_t count, const double* values);
    // Flushes to disk and closes; throws RunError if anything could not be written.
    void close();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vitrum::io
