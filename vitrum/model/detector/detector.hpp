// What stands between the field and the counts, and what one series drew of it. Intensities of mean 1:
//   I = s(t) G_p [ (1-b) ((1-c) (f_q S + 1 - f_q) + c S') + b ] + d_p/mu
// S the speckle averaged over the exposure (with a static share h of its intensity added in amplitude), S' a static
// speckle of its own, s the beam, G the pixel. Every option off is a perfect detector.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "vitrum/core/stream.hpp"
#include "vitrum/model/detector/detector_layout.hpp"

namespace vitrum::model {

struct Detector {
    double exposure = 0;       // [s] at most the frame time; 0 = instantaneous
    std::size_t substeps = 1;  // instants that stand for the exposure
    double background = 0;     // b: share of the mean intensity that is incoherent and flat
    double heterodyne_fraction =
        0;           // h: static share of the speckle's intensity, in amplitude (the glass's frozen part)
    double f_q = 1;  // share of S that vibrations within the frame do not blur into its mean: contrast times f_q^2
    double static_speckle = 0;   // c: static share in intensity (cell, pressure medium: another coherence volume)
    double dark_counts = 0;      // d per pixel and frame, on top of the mean count
    double intensity_noise = 0;  // relative standard deviation of the beam from frame to frame, log-normal
    double intensity_drift = 0;  // relative change of the beam from first to last frame, linear, mean 1
    double refill_frames = 0;    // frames between refills of the ring, any positive number; 0 = none
    double refill_depth = 0;     // relative fall of the beam from one refill to the next, linear, mean 1
    double empty_frames = 0;     // share of frames without beam: dark counts alone
    double lost_frames = 0;      // share of frames that the detector did not deliver: nothing stands in them
    double flat_field_cv = 0;    // coefficient of variation of the pixels' gain, log-normal
    double zero_pixels = 0;      // share of pixels that never count and are not masked
    double dead_pixels = 0;      // share of pixels that never count and are masked
    double hot_pixels = 0;       // share of pixels that count too much and are not masked
    double hot_counts = 0;       // per frame, of each hot pixel, on top of all else
    double saturation = 0;       // largest count of a pixel and frame, a whole number; 0 = none
    std::vector<double> mode_weights{};  // coherent modes' shares of the intensity, any scale; empty = equal modes
    std::shared_ptr<const DetectorLayout> layout{};  // q, regions, masks and mean intensity of the pixels; may be null

    [[nodiscard]] bool perfect() const;
    // The beam is the same in all frames, and all were delivered.
    [[nodiscard]] bool steady() const;
};

// Throws InputError, one line.
void check(const Detector& detector, double frame_time, std::size_t pixels);

// Drawn once per series, and part of its truth.
struct DrawnDetector {
    std::vector<double> beam;        // s of each frame
    std::vector<double> gain;        // G of each pixel; 0 where it never counts
    std::vector<double> dark;        // [counts] of each pixel and frame, whatever the beam: dark counts, hot pixels
    std::vector<std::uint8_t> lost;  // 1 = frame not delivered; empty = none
    std::vector<std::uint8_t> used;  // empty = all
};

[[nodiscard]] DrawnDetector draw(const Detector& detector, std::size_t frames, std::size_t pixels,
                                 const StreamKey& key);

// Speckle intensities to what the pixels receive, in units of mean_count: flat background, beam, gain, dark counts.
// values[frame * width + pixel - begin], in place; the static shares h and c are already in the speckle.
void expose(const Detector& detector, const DrawnDetector& drawn, double mean_count, std::size_t begin,
            std::size_t width, float* values);

}  // namespace vitrum::model
