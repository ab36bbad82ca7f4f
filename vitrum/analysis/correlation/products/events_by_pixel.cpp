#include "vitrum/analysis/correlation/products/events_by_pixel.hpp"

#include "vitrum/analysis/correlation/products/active_pixels.hpp"

namespace vitrum::analysis {

EventsByPixel::EventsByPixel(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels) {
    const auto place = positions(s, pixels);
    // Counted two places on, so that filling one place on leaves begin_ as it should be.
    begin_.assign(pixels.size() + 2, 0);
    for (const auto p : s.index)
        if (place[p] >= 0) ++begin_[static_cast<std::size_t>(place[p]) + 2];
    for (std::size_t i = 2; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
    events_.resize(begin_.back());
    for (std::size_t f = 0; f < s.frames; ++f)
        for (std::size_t e = s.frame_ptr[f]; e < s.frame_ptr[f + 1]; ++e)
            if (const auto i = place[s.index[e]]; i >= 0)
                events_[begin_[static_cast<std::size_t>(i) + 1]++] = {static_cast<std::uint32_t>(f), s.intensity[e]};
    begin_.pop_back();
}

}  // namespace vitrum::analysis
