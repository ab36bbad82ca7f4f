#include "vitrum/model/speckle/speckle_source.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/limits.hpp"
#include "vitrum/model/speckle/independent_pixels.hpp"
#include "vitrum/model/speckle/series_generator.hpp"
#include "vitrum/model/speckle/spatial_field.hpp"
#include "vitrum/model/speckle/speckle_field.hpp"

namespace vitrum::model {

namespace {

// Thinning needs no factor of all instants; a kernel that must be tested is, at as many frames as the test can take.
void check_few(const Kernel& kernel, const SampleTimes& times) {
    if (!kernel.needs_test()) return;
    std::vector<double> some;
    const std::size_t step = times.size() / most_cholesky_instants + 1;
    const auto all = times.all();
    for (std::size_t i = 0; i < all.size(); i += step) some.push_back(all[i]);
    check_positive(kernel.moving_matrix(some), "kernel");
}

double last_time(const SpeckleOptions& o) { return o.scan_start + static_cast<double>(o.frames) * o.frame_time; }

void need(bool holds, const std::string& message) {
    if (!holds) throw InputError(message);
}

void check_events(const Kernel& kernel, const SpeckleOptions& o) {
    for (const double t : kernel.event_times)
        need(t > o.scan_start && t < last_time(o),
             fmt::format("event_times: {} s lies outside the scan, {} to {} s", t, o.scan_start, last_time(o)));
    const double expected = expected_events(kernel, last_time(o) - o.scan_start);
    need(expected < 1e6, fmt::format("{}: {:.3g} random events are expected in this scan; at most a million",
                                     kernel.event_rate > 0 ? "event_rate" : "clock", expected));
    for (const auto* parts : {&kernel.sum, &kernel.product})
        for (const auto& part : *parts) check_events(part.kernel, o);
}

void check_stored(const Kernel& kernel, const SpeckleOptions& o) {
    if (kernel.stored) {
        const auto frames = static_cast<std::size_t>(kernel.stored->g1.rows());
        need(frames == o.frames, fmt::format("frames = {}: the kernel_file holds {} x {} values; they must agree",
                                             o.frames, frames, frames));
        need(o.detector.substeps == 1,
             fmt::format("substeps = {}: a kernel_file knows one instant in each frame; take substeps = 1 and exposure "
                         "= \"0 s\"",
                         o.detector.substeps));
    }
    for (const auto* parts : {&kernel.sum, &kernel.product})
        for (const auto& part : *parts) check_stored(part.kernel, o);
}

}  // namespace

namespace {

// The exact method of an irregular kernel solves with a matrix of all instants.
void expect_solvable(const SpeckleOptions& o, const Kernel& kernel) {
    if (thinned(o) || method_for(kernel, sample_times(o)) != MethodKind::cholesky) return;
    const double instants = static_cast<double>(o.frames) * static_cast<double>(o.detector.substeps);
    constexpr double seconds_per_operation = 1e-10;
    const std::string what =
        fmt::format("frames = {}, a kernel that is solved with a matrix of all instants", o.frames);
    expect_memory(2 * sizeof(double) * instants * instants, what);
    expect_work(instants * instants * instants / 3 * seconds_per_operation, what);
}

}  // namespace

void check(const SpeckleOptions& o) {
    need(o.frames >= 3, fmt::format("frames = {}: a correlation needs at least 3 frames", o.frames));
    need(o.rows > 0 && o.columns > 0, fmt::format("rows = {}, columns = {}: a detector has pixels", o.rows, o.columns));
    need(o.frame_time > 0 && std::isfinite(o.frame_time),
         fmt::format("frame_time = {} s: a frame time is positive", o.frame_time));
    constexpr double most_pixels = 1e9;
    constexpr double most_instants = 1e9;
    need(static_cast<double>(o.rows) * static_cast<double>(o.columns) <= most_pixels,
         fmt::format("rows = {}, columns = {}: at most {:g} pixels", o.rows, o.columns, most_pixels));
    need(
        static_cast<double>(o.frames) * static_cast<double>(o.detector.substeps) <= most_instants,
        fmt::format("frames = {}, substeps = {}: at most {:g} instants", o.frames, o.detector.substeps, most_instants));
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
    const Kernel kernel = dynamics_of(o);
    check(kernel);
    expect_solvable(o, kernel);
    check_events(kernel, o);
    check_stored(kernel, o);
    if (thinned(o)) return check_few(kernel, sample_times(o));
    const MethodKind method = method_for(kernel, sample_times(o));
    if (method == MethodKind::cholesky && kernel.needs_test())
        check_positive(kernel.moving_matrix(sample_times(o).all()), "kernel");
}

Kernel dynamics_of(const SpeckleOptions& o) {
    Kernel kernel = o.dynamics;
    kernel.beta = o.relaxation.beta;
    if (kernel.clock.kind == ClockKind::stationary) kernel.clock.tau0 = o.relaxation.tau;
    kernel.static_fraction = 1 - (1 - kernel.static_fraction) * (1 - o.detector.heterodyne_fraction);
    return kernel;
}

Kernel kernel_of(const SpeckleOptions& o, const StreamKey& key) {
    return realise(dynamics_of(o), sample_times(o).all(), o.scan_start, last_time(o), key);
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
    return describe(method_for(dynamics_of(o), times), times);
}

std::unique_ptr<SpeckleField> make_speckle_field(const SpeckleOptions& o, const StreamKey& key) {
    if (o.pattern.any()) return spatial_speckle(o, key);
    return has_regions(o) ? region_field(o, key) : independent_pixels(o, key);
}

std::vector<std::string> output_names() { return {"auto", "dense", "sparse"}; }

Output output_from(std::string_view text) {
    const auto names = output_names();
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == text) return static_cast<Output>(i);
    throw InputError(fmt::format("output = \"{}\" is unknown{}", text, suggestion(text, names)));
}

bool sparse_output(const SpeckleOptions& o) {
    constexpr double few = 0.01;
    if (o.output == Output::automatic) return o.mean_count + o.detector.dark_counts <= few;
    return o.output == Output::sparse;
}

// Neighbours that share a speckle are drawn together.
bool thinned(const SpeckleOptions& o) { return sparse_output(o) && !o.pattern.any(); }

Labelled<SpeckleSeries> generate(const SpeckleOptions& o, const StreamKey& key) {
    return {SeriesGenerator(o, key).whole(), truth_of(o, key)};
}

}  // namespace vitrum::model
