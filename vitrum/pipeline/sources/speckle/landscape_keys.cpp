#include "vitrum/pipeline/sources/speckle/landscape_keys.hpp"

namespace vitrum::pipeline {

model::Barriers read_barriers(Section& section, const std::string& shape) {
    if (shape == "gaussian") {
        model::GaussianBarriers b;
        b.mean = section.quantity("barrier", Dimension::energy, b.mean);
        b.sd = section.quantity("barrier_sd", Dimension::energy, b.sd);
        return b;
    }
    if (shape == "exponential") {
        model::ExponentialBarriers b;
        b.scale = section.quantity("barrier_scale", Dimension::energy, b.scale);
        b.from = section.quantity("barrier_low", Dimension::energy, b.from);
        if (section.has("barrier_high")) b.until = section.quantity("barrier_high", Dimension::energy);
        return b;
    }
    model::BoxBarriers b;
    b.from = section.quantity("barrier_low", Dimension::energy, b.from);
    b.until = section.quantity("barrier_high", Dimension::energy, b.until);
    return b;
}

}  // namespace vitrum::pipeline
