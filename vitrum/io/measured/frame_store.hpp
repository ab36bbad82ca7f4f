// Frames on their way into memory: pixels and frames are added together as asked, and what remains is kept as events
// while photons are few, as dense frames once they are not. Memory grows with the counts kept, not with the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "vitrum/core/data/speckle_series.hpp"
#include "vitrum/io/text/frame_choice.hpp"

namespace vitrum::io {

enum class Storage { automatic, dense, events };

class FrameStore {
public:
    // `detector`: shape, mask, regions and q of the file's detector. A bin of pixels is used if all of them are, and
    // belongs to a region if all of them do; its q is their mean. Throws InputError, naming `where`, if dense frames
    // are needed (or wanted) and do not fit into this machine's memory.
    FrameStore(const SpeckleSeries& detector, const FrameChoice& choice, std::size_t frames_out, std::string where,
               Storage storage);

    // Frames in memory are held against the bytes that hold them in the file (vitrum/core/limits.hpp).
    void set_stored(double bytes) { stored_ = bytes; }

    // One value of the current frame; pixels that are not used are left out.
    void add(std::size_t pixel, double value) {
        const std::int64_t bin = bin_of_[pixel];
        if (bin < 0 || value == 0) return;
        double& sum = sums_[static_cast<std::size_t>(bin)];
        if (sum == 0) touched_.push_back(static_cast<std::uint32_t>(bin));
        sum += value;
    }
    void end_frame();
    // In place of the values of a frame that was lost: it, and the others added to it, are kept as an empty frame.
    void lose_frame();
    [[nodiscard]] std::size_t lost_frames() const { return lost_frames_; }  // of those kept
    // The pixel is taken out of the whole series, whatever it counted.
    void mask(std::size_t pixel);
    [[nodiscard]] bool used(std::size_t pixel) const { return bin_of_[pixel] >= 0; }

    [[nodiscard]] SpeckleSeries finish();

private:
    void keep();
    void make_dense();
    SpeckleSeries out_;
    std::string where_;
    std::size_t frames_out_;
    std::size_t bin_frames_;
    std::size_t in_bin_ = 0;
    bool lost_ = false;  // the current bin
    std::size_t lost_frames_ = 0;
    std::size_t used_pixels_ = 0;
    Storage storage_;
    bool dense_ = false;
    double stored_ = 1e300;             // [bytes]; without a limit
    std::vector<std::int64_t> bin_of_;  // of each detector pixel; -1 = not used
    std::vector<std::uint8_t> masked_;  // of each bin
    std::vector<double> sums_;
    std::vector<std::uint32_t> touched_;
};

}  // namespace vitrum::io
