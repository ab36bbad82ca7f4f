// A small series for tests of generated counts, and its dense form.
#pragma once

#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum::test {

inline model::SpeckleOptions small_series() {
    model::SpeckleOptions o;
    o.frames = 12;
    o.rows = 120;
    o.columns = 150;
    o.modes = 3;
    o.mean_count = 2;
    o.relaxation = {5, 1.8};
    return o;
}

inline SpeckleSeries dense(SpeckleSeries s) {
    if (!s.sparse()) return s;
    s.counts.assign(s.frames * s.pixels(), 0);
    for (std::size_t f = 0; f < s.frames; ++f)
        for (auto e = s.frame_ptr[f]; e < s.frame_ptr[f + 1]; ++e)
            s.counts[f * s.pixels() + s.index[e]] += static_cast<float>(s.intensity[e]);
    return s;
}

}  // namespace vitrum::test
