#include "analysis/correlation/active_pixels.hpp"

#include <algorithm>

namespace vitrum::analysis {

std::vector<std::uint32_t> active_pixels(const SpeckleSeries& s, std::int32_t region) {
    std::vector<std::uint32_t> pixels;
    for (std::size_t p = 0; p < s.pixels(); ++p) {
        if (!s.used.empty() && !s.used[p]) continue;
        if (region > 0 && (s.region.empty() || s.region[p] != region)) continue;
        pixels.push_back(static_cast<std::uint32_t>(p));
    }
    return pixels;
}

std::int32_t region_count(const SpeckleSeries& s) {
    return s.region.empty() ? 0 : *std::max_element(s.region.begin(), s.region.end());
}

std::vector<std::int64_t> positions(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels) {
    std::vector<std::int64_t> place(s.pixels(), -1);
    for (std::size_t i = 0; i < pixels.size(); ++i) place[pixels[i]] = static_cast<std::int64_t>(i);
    return place;
}

std::vector<double> frame_sums(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels) {
    std::vector<double> sums(s.frames, 0.0);
    if (s.sparse()) {
        const auto place = positions(s, pixels);
        for (std::size_t f = 0; f < s.frames; ++f)
            for (std::size_t e = s.frame_ptr[f]; e < s.frame_ptr[f + 1]; ++e)
                if (place[s.index[e]] >= 0) sums[f] += s.intensity[e];
    } else {
        for (std::size_t f = 0; f < s.frames; ++f)
            for (const auto p : pixels) sums[f] += static_cast<double>(s.counts[f * s.pixels() + p]);
    }
    return sums;
}

}  // namespace vitrum::analysis
