#include "model/speckle/speckle_source.hpp"

#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "model/speckle/gaussian_field.hpp"
#include "model/speckle/map_noise.hpp"
#include "model/speckle/photon_counting.hpp"

namespace vitrum::model {

namespace {
constexpr std::size_t pixels_per_block = 32;
}

void check(const SpeckleOptions& o) {
    const auto need = [](bool holds, const std::string& message) {
        if (!holds) throw InputError(message);
    };
    check(o.relaxation);
    need(o.frames >= 3, fmt::format("frames = {}: a correlation needs at least 3 frames", o.frames));
    need(o.rows > 0 && o.columns > 0, fmt::format("rows = {}, columns = {}: a detector has pixels", o.rows, o.columns));
    need(o.frame_time > 0 && std::isfinite(o.frame_time),
         fmt::format("frame_time = {} s: a frame time is positive", o.frame_time));
    need(o.modes >= 1, fmt::format("modes = {}: at least one mode scatters", o.modes));
    need(o.mean_count > 0 && std::isfinite(o.mean_count),
         fmt::format("mean_count = {}: a mean count is positive", o.mean_count));
}

GroundTruth truth_of(const SpeckleOptions& o) {
    GroundTruth truth;
    const double m = o.modes;
    truth.add("tau", {}, o.relaxation.tau, o.origin);
    truth.add("rate", {}, 1 / o.relaxation.tau, o.origin);
    truth.add("beta", {}, o.relaxation.beta, o.origin);
    truth.add("contrast", {}, 1 / m, Origin::closed_form, "equal modes, independent pixels, f_q = 1");
    truth.add("baseline", {}, 1, Origin::closed_form);
    // A homogeneous, stationary sample has no dynamic heterogeneity: all of its width is noise.
    const MapNoise noise{static_cast<double>(o.rows * o.columns), m, o.mean_count};
    const double sigma = std::sqrt(noise.variance(std::exp(-2.0)));
    const std::string note = "noise alone of a homogeneous sample, for a series much longer than tau";
    truth.add("heterogeneity_width", {}, gaussian_width(0.9) * sigma, Origin::closed_form, note);
    truth.add("heterogeneity_width_80", {}, gaussian_width(0.8) * sigma, Origin::closed_form, note);
    truth.add("heterogeneity_width_70", {}, gaussian_width(0.7) * sigma, Origin::closed_form, note);
    truth.add("heterogeneity_width_60", {}, gaussian_width(0.6) * sigma, Origin::closed_form, note);
    truth.add("relative_heterogeneity_width", {}, gaussian_width(0.9) * sigma * m, Origin::closed_form, note);

    Curve g2;
    g2.name = "g2";
    g2.x_name = "lag";
    g2.x_unit = "s";
    g2.y_name = "g2";
    for (std::size_t k = 1; k < o.frames; ++k) {
        const double lag = static_cast<double>(k) * o.frame_time;
        g2.x.push_back(lag);
        g2.y.push_back(1 + o.relaxation.g1_squared(lag) / m);
    }
    truth.add(std::move(g2), o.origin);
    return truth;
}

Labelled<SpeckleSeries> generate(const SpeckleOptions& o, const StreamKey& key) {
    check(o);
    Labelled<SpeckleSeries> result;
    SpeckleSeries& s = result.data;
    s.frames = o.frames;
    s.rows = o.rows;
    s.columns = o.columns;
    s.frame_time = o.frame_time;
    const std::size_t pixels = s.pixels();
    s.counts.resize(o.frames * pixels);

    const GaussianField field(o.frames, [&](double lag) { return o.relaxation.g1(lag * o.frame_time); });
    const double share = 1.0 / o.modes;
    for_each_block(pixels, pixels_per_block, [&](std::size_t block, std::size_t begin, std::size_t end) {
        check_interrupt();
        GaussianField::Work work = field.make_work();
        Stream draws(key, Purpose::field, block);
        const std::size_t width = end - begin;
        std::vector<float> intensity(o.frames * width);
        std::vector<double> path(o.frames);
        for (std::size_t p = 0; p < width; ++p) {
            std::fill(path.begin(), path.end(), 0.0);
            for (int mode = 0; mode < o.modes; ++mode) {
                const auto* e = field.draw(draws, work);
                for (std::size_t f = 0; f < o.frames; ++f) path[f] += std::norm(e[f]);
            }
            for (std::size_t f = 0; f < o.frames; ++f) intensity[f * width + p] = static_cast<float>(share * path[f]);
        }
        count_photons(intensity.data(), intensity.size(), o.mean_count, Stream(key, Purpose::counting, block),
                      intensity.data());
        for (std::size_t f = 0; f < o.frames; ++f)
            std::copy_n(intensity.data() + f * width, width, s.counts.data() + f * pixels + begin);
    });
    result.truth = truth_of(o);
    return result;
}

}  // namespace vitrum::model
