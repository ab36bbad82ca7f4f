#include "vitrum/pipeline/sources/speckle/beam_trace.hpp"

#include <cstddef>

namespace vitrum::pipeline {

std::vector<TimeSeries> beam_trace(const model::SpeckleOptions& o, const StreamKey& key) {
    if (o.detector.steady()) return {};
    TimeSeries trace;
    trace.name = "incident_intensity";
    trace.value = model::draw(o.detector, o.frames, o.rows * o.columns, key).beam;
    for (std::size_t f = 0; f < o.frames; ++f) trace.time.push_back(static_cast<double>(f) * o.frame_time);
    return {trace};
}

}  // namespace vitrum::pipeline
