#include "vitrum/pipeline/sources/speckle/speckle_keys.hpp"

namespace vitrum::pipeline {

model::Detector read_detector(Section& section) {
    model::Detector d;
    d.exposure = section.quantity("exposure", Dimension::time, d.exposure);
    if (d.exposure > 0) d.substeps = section.count("substeps", 8);
    d.background = section.number("background", d.background);
    d.heterodyne_fraction = section.number("heterodyne_fraction", d.heterodyne_fraction);
    d.f_q = section.number("f_q", d.f_q);
    d.static_speckle = section.number("static_speckle", d.static_speckle);
    d.dark_counts = section.number("dark_counts", d.dark_counts);
    d.intensity_noise = section.number("intensity_noise", d.intensity_noise);
    d.intensity_drift = section.number("intensity_drift", d.intensity_drift);
    d.refill_depth = section.number("refill_depth", d.refill_depth);
    if (d.refill_depth > 0) d.refill_frames = section.number("refill_frames");
    d.empty_frames = section.number("empty_frames", d.empty_frames);
    d.lost_frames = section.number("lost_frames", d.lost_frames);
    d.hot_pixels = section.number("hot_pixels", d.hot_pixels);
    d.hot_counts = section.number("hot_counts", d.hot_counts);
    d.saturation = section.number("saturation", d.saturation);
    d.flat_field_cv = section.number("flat_field_cv", d.flat_field_cv);
    d.zero_pixels = section.number("zero_pixels", d.zero_pixels);
    d.dead_pixels = section.number("dead_pixels", d.dead_pixels);
    return d;
}

}  // namespace vitrum::pipeline
