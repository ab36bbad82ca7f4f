// Multi-tau g2 of frames that arrive: frames go in one at a time or in blocks, g2 of all frames so far comes out at any
// time, equal to multi_tau() of the same photon counts to the bit. Memory does not grow with the number of frames: m +
// 1 frames of each level for each pixel of the region, and 4 m sums for each of its groups.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "vitrum/analysis/correlation/multi_tau/multi_tau.hpp"
#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/data/speckle_series.hpp"

namespace vitrum::analysis {

class MultiTauAccumulator {
public:
    // `detector`: shape, mask, regions and times; its counts are not looked at. Throws InputError as multi_tau does.
    // With static regions one accumulator serves one region of a region map.
    MultiTauAccumulator(const SpeckleSeries& detector, const MultiTauOptions& options = {});

    // Counts of every pixel of the detector, one frame after the other.
    void add(const float* frame);
    // A frame that did not come: its pairs are left out.
    void add_lost();
    // All frames of a block with the detector's shape, dense or sparse.
    void add(const SpeckleSeries& block);

    [[nodiscard]] std::size_t frames() const { return frames_; }
    // Throws InputError while every frame is empty.
    [[nodiscard]] Curve g2() const;

private:
    // Sums of one group of neighbouring pixels at one level; a lag is in frames of the level.
    struct GroupLevel {
        std::vector<double> products;  // of lag 1 .. m
        std::vector<double> past;      // sums of the earlier frames of the pairs, of lag 1 .. m
        std::vector<double> future;    // of the later ones
        std::vector<double> last;      // sums of the last m frames, in a ring
    };
    struct Level {
        std::size_t frames = 0;
        std::vector<double> ring;        // m frames x pixels
        std::vector<std::uint8_t> lost;  // of the frames in the ring
        std::vector<std::size_t> pairs;  // without a lost frame, of lag 1 .. m
        std::vector<double> pending;     // a frame that waits for its partner; empty if none does
        bool pending_lost = false;
    };
    // A static region, or the whole region.
    struct Part {
        std::vector<std::uint32_t> pixels;
        std::vector<std::size_t> edges;  // of the groups, within pixels
        std::vector<Level> levels;
        std::vector<std::vector<GroupLevel>> groups;  // level, group
    };
    void push(Part& part, std::size_t level, std::vector<double> frame, bool lost);

    SpeckleSeries detector_;
    std::size_t m_;
    std::size_t frames_ = 0;
    std::vector<Part> parts_;
};

}  // namespace vitrum::analysis
