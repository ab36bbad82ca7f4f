// Events of sparse frames pixel by pixel, each pixel's in order of time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "vitrum/core/data/speckle_series.hpp"

namespace vitrum::analysis {

struct PixelEvent {
    std::uint32_t frame;
    std::uint32_t count;
};

class EventsByPixel {
public:
    // Memory: 8 bytes per event and per pixel. `pixels` may stand in any order.
    EventsByPixel(const SpeckleSeries& series, const std::vector<std::uint32_t>& pixels);
    [[nodiscard]] std::span<const PixelEvent> of(std::size_t place) const {
        return {events_.data() + begin_[place], events_.data() + begin_[place + 1]};
    }

private:
    std::vector<std::uint64_t> begin_;  // of each place in events_
    std::vector<PixelEvent> events_;
};

}  // namespace vitrum::analysis
