// Two-time correlation map C(t1, t2) of one region: symmetric, frames x frames.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace vitrum {

// Where the values of a map stand that is larger than memory.
class MapOnDisk {
public:
    MapOnDisk(std::string file, std::string dataset) : file_(std::move(file)), dataset_(std::move(dataset)) {}
    virtual ~MapOnDisk() = default;
    MapOnDisk(const MapOnDisk&) = delete;
    MapOnDisk& operator=(const MapOnDisk&) = delete;

    // Rows first .. first + count - 1: count x frames values, both triangles. Neighbouring rows are cheapest one after
    // the other. Not for two threads at a time.
    virtual void rows(std::size_t first, std::size_t count, double* out) const = 0;
    [[nodiscard]] const std::string& file() const { return file_; }
    [[nodiscard]] const std::string& dataset() const { return dataset_; }

private:
    std::string file_;
    std::string dataset_;
};

struct TwoTimeMap {
    std::size_t frames = 0;
    std::vector<double> values;   // frames x frames, row-major, both triangles; empty if they are on disk
    double frame_time = 1.0;      // [time_unit]
    std::string time_unit = "s";  // "s", or "frames" where no frame time is known
    bool diagonal_valid = false;  // the diagonal of photon counts carries shot noise and is not used
    std::shared_ptr<const MapOnDisk> on_disk{};

    [[nodiscard]] double operator()(std::size_t i, std::size_t j) const { return values[i * frames + j]; }
    [[nodiscard]] double& operator()(std::size_t i, std::size_t j) { return values[i * frames + j]; }
};

// Bytes of the values of one map.
[[nodiscard]] constexpr double map_bytes(std::size_t frames) {
    return sizeof(double) * static_cast<double>(frames) * static_cast<double>(frames);
}

}  // namespace vitrum
