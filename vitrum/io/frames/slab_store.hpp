// Slabs of a series that is too large for memory, each in a file of its own until the series is complete. A file is
// written beside its place and renamed: complete or absent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "vitrum/core/data/series_slab.hpp"

namespace vitrum::io {

class SlabStore {
public:
    // `folder` exists. Slabs of another series must not lie in it.
    SlabStore(std::filesystem::path folder, std::size_t frames, std::size_t pixels, bool sparse);

    // Takes up the slab of pixels begin .. end if an earlier run finished it and it is what was written; says so if it
    // is not. Slabs come in the order of their pixels.
    [[nodiscard]] bool resume(std::size_t begin, std::size_t end);
    // Throws RunError if it cannot be written.
    void keep(const SeriesSlab& slab);

    [[nodiscard]] std::size_t frames() const { return frames_; }
    [[nodiscard]] bool sparse() const { return sparse_; }
    [[nodiscard]] std::uint32_t largest() const { return largest_; }  // count of a pixel and frame
    [[nodiscard]] std::uint64_t events() const { return events_; }    // sparse

    // Dense: the frames first .. last of all pixels, counts[frame - first][pixel]. Throws RunError if a file is lost.
    void read_frames(std::size_t first, std::size_t last, std::vector<std::uint32_t>& counts) const;
    // Sparse: events until each frame, frames + 1 numbers, and the events of first .. last sorted by frame, then pixel.
    [[nodiscard]] std::vector<std::uint64_t> frame_ptr() const;
    void read_events(std::size_t first, std::size_t last, std::vector<std::uint32_t>& index,
                     std::vector<std::uint32_t>& intensity) const;

private:
    struct Slab {
        std::size_t begin;
        std::size_t end;
        std::vector<std::uint64_t> frame_ptr;
    };
    struct Header;
    [[nodiscard]] bool read_sound(const std::filesystem::path& path, Slab& slab, Header& header) const;
    [[nodiscard]] std::filesystem::path file_of(std::size_t begin, std::size_t end) const;
    std::filesystem::path folder_;
    std::size_t frames_;
    std::size_t pixels_;
    bool sparse_;
    std::uint32_t largest_ = 0;
    std::uint64_t events_ = 0;
    std::vector<Slab> slabs_;
};

}  // namespace vitrum::io
