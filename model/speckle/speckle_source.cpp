#include "model/speckle/speckle_source.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <boost/random/exponential_distribution.hpp>
#include <fmt/format.h>

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "model/speckle/independent_pixels.hpp"
#include "model/speckle/photon_counting.hpp"
#include "model/speckle/spatial_field.hpp"
#include "model/speckle/speckle_field.hpp"

namespace vitrum::model {

namespace {

constexpr std::size_t pixels_per_block = 32;
double last_time(const SpeckleOptions& o) { return o.scan_start + static_cast<double>(o.frames) * o.frame_time; }

}  // namespace

void check(const SpeckleOptions& o) {
    const auto need = [](bool holds, const std::string& message) {
        if (!holds) throw InputError(message);
    };
    if (o.dynamics.clock.kind == ClockKind::stationary) check(o.relaxation);
    need(o.frames >= 3, fmt::format("frames = {}: a correlation needs at least 3 frames", o.frames));
    need(o.rows > 0 && o.columns > 0, fmt::format("rows = {}, columns = {}: a detector has pixels", o.rows, o.columns));
    need(o.frame_time > 0 && std::isfinite(o.frame_time),
         fmt::format("frame_time = {} s: a frame time is positive", o.frame_time));
    need(o.modes >= 1, fmt::format("modes = {}: at least one mode scatters", o.modes));
    need(o.mean_count > 0 && std::isfinite(o.mean_count),
         fmt::format("mean_count = {}: a mean count is positive", o.mean_count));
    need(std::isfinite(o.scan_start), fmt::format("scan_start = {} s: it must be finite", o.scan_start));
    check(o.detector, o.frame_time, o.rows * o.columns);
    check(o.pattern);
    need(!o.pattern.any() || !has_regions(o),
         "pattern: speckle with a grain has one dynamics for the whole detector; leave out the q regions");
    check_pattern_memory(o, {});
    check_wavevectors(o);
    if (has_regions(o)) {
        for (const auto& region : o.detector.layout->regions) {
            SpeckleOptions own = region_options(o, region);
            own.detector.zero_pixels = own.detector.dead_pixels = 0;  // shares of the whole detector
            check(own);
        }
        return;
    }
    Kernel kernel = o.dynamics;
    kernel.beta = o.relaxation.beta;
    if (kernel.clock.kind == ClockKind::stationary) kernel.clock.tau0 = o.relaxation.tau;
    check(kernel);
    for (const double t : kernel.event_times)
        need(t > o.scan_start && t < last_time(o),
             fmt::format("event_times: {} s lies outside the scan, {} to {} s", t, o.scan_start, last_time(o)));
    need(o.event_rate >= 0 && o.event_rate * o.frame_time * static_cast<double>(o.frames) < 1e6,
         fmt::format("event_rate = {} 1/s: it is not negative, and gives at most a million events in a scan",
                     o.event_rate));
    const MethodKind method = method_for(kernel, sample_times(o), o.event_rate > 0);
    if (method == MethodKind::cholesky && kernel.form != KernelForm::internal_clock)
        check_positive(kernel.moving_matrix(sample_times(o).all()), "kernel");
}

Kernel kernel_of(const SpeckleOptions& o, const StreamKey& key) {
    Kernel kernel = o.dynamics;
    kernel.beta = o.relaxation.beta;
    if (kernel.clock.kind == ClockKind::stationary) kernel.clock.tau0 = o.relaxation.tau;
    kernel.static_fraction = 1 - (1 - kernel.static_fraction) * (1 - o.detector.heterodyne_fraction);
    if (o.event_rate > 0) {
        Stream stream(key, Purpose::rearrangements, 0);
        boost::random::exponential_distribution<double> wait(o.event_rate);
        for (double t = o.scan_start + wait(stream); t < last_time(o); t += wait(stream))
            kernel.event_times.push_back(t);
        std::sort(kernel.event_times.begin(), kernel.event_times.end());
    }
    return kernel;
}

SampleTimes sample_times(const SpeckleOptions& o) {
    return {o.frames, o.detector.substeps, o.frame_time, o.detector.exposure, o.scan_start};
}

std::vector<double> mode_shares(const SpeckleOptions& o) {
    std::vector<double> shares = o.detector.mode_weights;
    if (shares.empty()) return std::vector<double>(static_cast<std::size_t>(o.modes), 1.0 / o.modes);
    const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
    for (double& share : shares) share /= sum;
    return shares;
}

std::string method_of(const SpeckleOptions& o) {
    const SampleTimes times = sample_times(o);
    return describe(method_for(kernel_of(o, {}), times, o.event_rate > 0), times);
}

std::unique_ptr<SpeckleField> make_speckle_field(const SpeckleOptions& o, const StreamKey& key) {
    if (o.pattern.any()) return spatial_speckle(o, key);
    return has_regions(o) ? region_field(o, key) : independent_pixels(o, key);
}

Labelled<SpeckleSeries> generate(const SpeckleOptions& o, const StreamKey& key) {
    check(o);
    check_pattern_memory(o, key);  // a random walk goes elsewhere in each realisation
    Labelled<SpeckleSeries> result;
    SpeckleSeries& s = result.data;
    s.frames = o.frames;
    s.rows = o.rows;
    s.columns = o.columns;
    s.frame_time = o.frame_time;
    s.exposure = o.detector.exposure;
    const std::size_t pixels = s.pixels();
    s.counts.resize(o.frames * pixels);

    const auto field = make_speckle_field(o, key);
    const DrawnDetector drawn = draw(o.detector, o.frames, pixels, key);
    s.used = drawn.used;
    if (o.detector.layout) {
        s.q = o.detector.layout->q;
        s.region = o.detector.layout->region;
    }
    for_each_block(pixels, pixels_per_block, [&](std::size_t block, std::size_t begin, std::size_t end) {
        check_interrupt();
        const std::size_t width = end - begin;
        std::vector<float> seen(o.frames * width);
        field->fill(block, begin, end, seen.data());
        expose(o.detector, drawn, o.mean_count, begin, width, seen.data());
        count_photons(seen.data(), seen.size(), o.mean_count, Stream(key, Purpose::counting, block), seen.data());
        for (std::size_t f = 0; f < o.frames; ++f)
            std::copy_n(seen.data() + f * width, width, s.counts.data() + f * pixels + begin);
    });
    result.truth = truth_of(o, key);
    return result;
}

}  // namespace vitrum::model
