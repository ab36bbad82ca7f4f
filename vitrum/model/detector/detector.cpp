#include "vitrum/model/detector/detector.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>

#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <fmt/format.h>

#include "vitrum/core/error.hpp"

namespace vitrum::model {

namespace {

// Blocks of the detector's stream.
enum Draw : std::uint64_t { of_beam, of_gain, of_defects, of_empty, of_lost, of_hot };

constexpr std::size_t fewest_known = 3;  // frames; a correlation needs them

std::size_t share_of(double fraction, std::size_t pixels) {
    return static_cast<std::size_t>(std::llround(fraction * static_cast<double>(pixels)));
}

// exp(N) of mean 1 and coefficient of variation cv.
void multiply_lognormal(std::vector<double>& values, double cv, Stream stream) {
    if (cv == 0) return;
    const double variance = std::log1p(cv * cv);
    boost::random::normal_distribution<double> normal(-variance / 2, std::sqrt(variance));
    for (double& value : values) value *= std::exp(normal(stream));
}

// The first `count` places of a random order of all (Fisher-Yates).
std::vector<std::size_t> random_places(std::size_t all, std::size_t count, Stream& stream) {
    if (count == 0) return {};
    std::vector<std::size_t> order(all);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = 0; i < count; ++i)
        std::swap(order[i], order[boost::random::uniform_int_distribution<std::size_t>(i, all - 1)(stream)]);
    order.resize(count);
    return order;
}

// Mean intensity of each pixel into its gain, masks into its use.
void place(const DetectorLayout& layout, DrawnDetector& drawn) {
    for (std::size_t p = 0; p < layout.intensity.size(); ++p) drawn.gain[p] *= layout.intensity[p];
    if (layout.used.empty()) return;
    drawn.used.resize(drawn.gain.size(), 1);
    for (std::size_t p = 0; p < layout.used.size(); ++p)
        if (!layout.used[p]) drawn.used[p] = 0;
}

}  // namespace

bool Detector::perfect() const {
    return exposure == 0 && background == 0 && heterodyne_fraction == 0 && f_q == 1 && static_speckle == 0 &&
           dark_counts == 0 && steady() && hot_pixels == 0 && saturation == 0 && flat_field_cv == 0 &&
           zero_pixels == 0 && dead_pixels == 0 && mode_weights.empty() && (!layout || layout->even());
}

bool Detector::steady() const {
    return intensity_noise == 0 && intensity_drift == 0 && refill_depth == 0 && empty_frames == 0 && lost_frames == 0;
}

void check(const Detector& d, double frame_time, std::size_t pixels) {
    const auto need = [](bool holds, const std::string& message) {
        if (!holds) throw InputError(message);
    };
    need(d.exposure >= 0 && d.exposure <= frame_time,
         fmt::format("exposure = {} s: it lies between 0 and frame_time = {} s", d.exposure, frame_time));
    need(d.substeps >= 1 && (d.exposure > 0 || d.substeps == 1),
         fmt::format("substeps = {}: an instantaneous exposure has exactly one", d.substeps));
    need(d.exposure == 0 || d.substeps >= 2,
         fmt::format("substeps = {}: at least 2 instants stand for an exposure", d.substeps));
    const auto share = [&](const char* key, double value) {
        need(value >= 0 && value < 1, fmt::format("{} = {}: a share is at least 0 and below 1", key, value));
    };
    share("background", d.background);
    share("heterodyne_fraction", d.heterodyne_fraction);
    share("static_speckle", d.static_speckle);
    share("zero_pixels", d.zero_pixels);
    share("dead_pixels", d.dead_pixels);
    need(d.f_q > 0 && d.f_q <= 1, fmt::format("f_q = {}: above 0 and at most 1 (no vibrations)", d.f_q));
    share("empty_frames", d.empty_frames);
    share("lost_frames", d.lost_frames);
    share("hot_pixels", d.hot_pixels);
    need(d.hot_counts >= 0 && std::isfinite(d.hot_counts) && (d.hot_counts > 0) == (d.hot_pixels > 0),
         fmt::format("hot_pixels = {} and hot_counts = {}: both are positive, or neither", d.hot_pixels, d.hot_counts));
    need(d.saturation >= 0 && d.saturation == std::floor(d.saturation) && std::isfinite(d.saturation),
         fmt::format("saturation = {}: the largest count is a whole number, 0 = none", d.saturation));
    share("refill_depth", d.refill_depth);
    need(d.refill_frames >= 0 && std::isfinite(d.refill_frames) && (d.refill_frames > 0 || d.refill_depth == 0),
         fmt::format("refill_frames = {}: positive where refill_depth = {} is not 0", d.refill_frames, d.refill_depth));
    const auto positive = [&](const char* key, double value) {
        need(value >= 0 && std::isfinite(value), fmt::format("{} = {}: it is not negative", key, value));
    };
    positive("dark_counts", d.dark_counts);
    positive("intensity_noise", d.intensity_noise);
    positive("flat_field_cv", d.flat_field_cv);
    need(std::abs(d.intensity_drift) < 2,
         fmt::format("intensity_drift = {}: between -2 and 2, else the beam turns negative", d.intensity_drift));
    need(share_of(d.zero_pixels, pixels) + share_of(d.dead_pixels, pixels) < pixels,
         fmt::format("zero_pixels = {} and dead_pixels = {} leave no pixel that counts", d.zero_pixels, d.dead_pixels));
    for (const double weight : d.mode_weights)
        need(weight > 0 && std::isfinite(weight), fmt::format("mode_weights: {} is not positive", weight));
    if (d.layout && d.layout->q.size() != pixels)
        throw std::logic_error("the layout is of another detector than the one it stands on");
}

DrawnDetector draw(const Detector& d, std::size_t frames, std::size_t pixels, const StreamKey& key) {
    DrawnDetector drawn;
    drawn.beam.assign(frames, 1.0);
    for (std::size_t f = 0; f < frames; ++f)
        drawn.beam[f] += d.intensity_drift * (static_cast<double>(f) / static_cast<double>(frames - 1) - 0.5);
    if (d.refill_depth > 0)
        for (std::size_t f = 0; f < frames; ++f) {
            const double since = static_cast<double>(f) / d.refill_frames;
            drawn.beam[f] *= 1 + d.refill_depth * (0.5 - (since - std::floor(since)));
        }
    multiply_lognormal(drawn.beam, d.intensity_noise, Stream(key, Purpose::detector, of_beam));
    drawn.gain.assign(pixels, 1.0);
    multiply_lognormal(drawn.gain, d.flat_field_cv, Stream(key, Purpose::detector, of_gain));

    Stream empty(key, Purpose::detector, of_empty);
    const auto no_light = random_places(frames, std::min(share_of(d.empty_frames, frames), frames - 2), empty);
    for (const auto f : no_light) drawn.beam[f] = 0;
    Stream lost(key, Purpose::detector, of_lost);
    const auto gone =
        random_places(frames, std::min(share_of(d.lost_frames, frames), frames - std::min(frames, fewest_known)), lost);
    if (!gone.empty()) drawn.lost.assign(frames, 0);
    for (const auto f : gone) {
        drawn.lost[f] = 1;
        drawn.beam[f] = 0;
    }

    const std::size_t zero = share_of(d.zero_pixels, pixels);
    const std::size_t dead = share_of(d.dead_pixels, pixels);
    if (dead > 0) drawn.used.assign(pixels, 1);
    Stream stream(key, Purpose::detector, of_defects);
    const auto defects = random_places(pixels, zero + dead, stream);
    for (std::size_t i = 0; i < defects.size(); ++i) {
        drawn.gain[defects[i]] = 0;
        if (i >= zero) drawn.used[defects[i]] = 0;
    }
    if (d.layout) place(*d.layout, drawn);
    drawn.dark.assign(pixels, d.dark_counts);
    Stream hot(key, Purpose::detector, of_hot);
    for (const auto p : random_places(pixels, share_of(d.hot_pixels, pixels), hot)) drawn.dark[p] += d.hot_counts;
    for (std::size_t p = 0; p < pixels; ++p)
        if (drawn.gain[p] == 0) drawn.dark[p] = 0;
    return drawn;
}

void expose(const Detector& d, const DrawnDetector& drawn, double mean_count, std::size_t begin, std::size_t width,
            float* values) {
    for (std::size_t f = 0; f < drawn.beam.size(); ++f)
        for (std::size_t p = 0; p < width; ++p) {
            float& value = values[f * width + p];
            const double gain = drawn.gain[begin + p];
            const double dark = drawn.lost.empty() || !drawn.lost[f] ? drawn.dark[begin + p] / mean_count : 0;
            value = static_cast<float>(drawn.beam[f] * gain * ((1 - d.background) * value + d.background) + dark);
        }
}

}  // namespace vitrum::model
