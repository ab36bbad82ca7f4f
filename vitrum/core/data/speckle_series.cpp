#include "vitrum/core/data/speckle_series.hpp"

#include <algorithm>
#include <stdexcept>

namespace vitrum {

std::size_t SpeckleSeries::known_frames() const {
    return frames - static_cast<std::size_t>(std::count(lost.begin(), lost.end(), 1));
}

void expect_consistent(const SpeckleSeries& s) {
    const auto expect = [](bool holds, const char* what) {
        if (!holds) throw std::logic_error(std::string("speckle series: ") + what);
    };
    expect(s.frames > 0 && s.pixels() > 0, "no frames or no pixels");
    if (s.sparse()) {
        expect(s.frame_ptr.size() == s.frames + 1, "frame_ptr must have frames + 1 entries");
        expect(s.index.size() == s.intensity.size() && s.index.size() == s.frame_ptr.back(), "event arrays disagree");
    } else {
        expect(s.counts.size() == s.frames * s.pixels(), "counts must be frames x pixels");
    }
    expect(s.used.empty() || s.used.size() == s.pixels(), "mask must have one entry per pixel");
    expect(s.region.empty() || s.region.size() == s.pixels(), "region map must have one entry per pixel");
    expect(s.static_region.empty() || s.static_region.size() == s.pixels(),
           "static region map must have one entry per pixel");
    expect(s.lost.empty() || s.lost.size() == s.frames, "lost must have one entry per frame");
    expect(s.q.empty() || s.q.size() == s.pixels(), "q must have one entry per pixel");
}

}  // namespace vitrum
