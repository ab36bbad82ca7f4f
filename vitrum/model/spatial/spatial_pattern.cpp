#include "vitrum/model/spatial/spatial_pattern.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include <boost/random/normal_distribution.hpp>
#include <fmt/format.h>

#include "vitrum/core/error.hpp"

namespace vitrum::model {

namespace {

void need(bool holds, const std::string& message) {
    if (!holds) throw InputError(message);
}

constexpr double smallest_grain = 0.3;

void check_axis(const PatternAxis& axis, const PatternOptions& pattern, const char* name) {
    need(axis.grain >= smallest_grain && std::isfinite(axis.grain),
         fmt::format("grain of {} = {} pixels: at least {}, or no grain at all", name, axis.grain, smallest_grain));
    need(std::isfinite(axis.velocity), fmt::format("velocity of {} = {} pixels/s: not finite", name, axis.velocity));
    need(axis.walk >= 0 && std::isfinite(axis.walk),
         fmt::format("walk of {} = {} pixels: it is not negative", name, axis.walk));
    need(std::isfinite(axis.strain_rate) && std::isfinite(axis.centre),
         fmt::format("strain of {}: rate {} 1/s about {} pixels must be finite", name, axis.strain_rate, axis.centre));
    need(axis.step_sizes.size() == pattern.step_times.size() || axis.step_sizes.empty(),
         fmt::format("steps of {}: {} sizes for {} times", name, axis.step_sizes.size(), pattern.step_times.size()));
    for (const double step : axis.step_sizes)
        need(std::isfinite(step), fmt::format("steps of {}: {} pixels is not finite", name, step));
}

AxisView view_of(const PatternAxis& axis, const PatternOptions& pattern, const SampleTimes& times, Stream stream) {
    boost::random::normal_distribution<double> normal;
    AxisView view;
    double walked = 0;
    double before = times.start;
    for (const double t : times.all()) {
        const double since = t - times.start;
        if (axis.walk > 0) walked += axis.walk * std::sqrt(t - before) * normal(stream);
        before = t;
        double shift = axis.velocity * since + walked;
        for (std::size_t i = 0; i < axis.step_sizes.size(); ++i)
            if (pattern.step_times[i] <= t) shift += axis.step_sizes[i];
        const double strain = axis.strain_rate * since;
        view.scale.push_back(1 - strain);
        view.offset.push_back(strain * axis.centre - shift);
    }
    return view;
}

double bragg_angle(const PatternOptics& o) { return std::asin(o.wavevector * o.wavelength / (4 * std::numbers::pi)); }

}  // namespace

void check(const PatternOptions& p) {
    if (!p.any()) {
        need(!p.moves(), "grain: independent pixels have no pattern that could move; give the grain of the speckle");
        need(p.subpixels == 1,
             fmt::format("subpixels = {}: only a pattern with a grain has points inside a pixel", p.subpixels));
        return;
    }
    check_axis(p.rows, p, "rows");
    check_axis(p.columns, p, "columns");
    need(p.subpixels >= 1 && p.subpixels <= 16, fmt::format("subpixels = {}: between 1 and 16", p.subpixels));
    for (std::size_t i = 0; i < p.step_times.size(); ++i)
        need(std::isfinite(p.step_times[i]) && (i == 0 || p.step_times[i] > p.step_times[i - 1]),
             fmt::format("step_times: {} s at place {} does not increase", p.step_times[i], i + 1));
}

PatternView view_of(const PatternOptions& p, const SampleTimes& times, const StreamKey& key) {
    return {view_of(p.rows, p, times, Stream(key, Purpose::pattern_motion, 0)),
            view_of(p.columns, p, times, Stream(key, Purpose::pattern_motion, 1))};
}

std::vector<double> places_in_pixel(std::size_t subpixels) {
    std::vector<double> places(subpixels);
    const auto n = static_cast<double>(subpixels);
    for (std::size_t i = 0; i < subpixels; ++i) places[i] = (static_cast<double>(i) + 0.5) / n - 0.5;
    return places;
}

void check(const PatternOptics& o) {
    const auto positive = [](const char* key, double value, const char* unit) {
        need(value > 0 && std::isfinite(value), fmt::format("{} = {} {}: it is positive", key, value, unit));
    };
    positive("wavelength", o.wavelength, "angstrom");
    positive("wavevector", o.wavevector, "1/angstrom");
    positive("distance", o.distance, "m");
    positive("pixel_size", o.pixel_size, "um");
    positive("beam_size", o.beam_size, "um");
    need(o.bandwidth >= 0 && o.bandwidth < 0.1,
         fmt::format("bandwidth = {}: a relative width, at least 0 and below 0.1", o.bandwidth));
    // Half of backscattering: an arm that looks past 90 degrees has no radius that grows with q.
    need(o.wavevector * o.wavelength < 4 * std::numbers::pi * std::sin(std::numbers::pi / 4),
         fmt::format("wavevector = {} 1/angstrom: at a wavelength of {} angstrom it lies beyond 90 degrees",
                     o.wavevector, o.wavelength));
}

double transverse_grain(const PatternOptics& o) {
    return o.wavelength * 1e-10 * o.distance / (o.beam_size * 1e-6 * o.pixel_size * 1e-6);
}

double radial_shift(const PatternOptics& o) {
    return 2 * std::tan(bragg_angle(o)) * o.distance / (o.pixel_size * 1e-6);
}

double radial_grain(const PatternOptics& o) {
    const double deviation = o.bandwidth / (2 * std::sqrt(2 * std::numbers::ln2));
    const double smear = radial_shift(o) * deviation;
    return std::sqrt(std::pow(transverse_grain(o), 2) + 4 * std::numbers::pi * smear * smear);
}

void set_optics(PatternOptions& p, const PatternOptics& o, double strain_rate, bool radial_rows, double middle_row,
                double middle_column) {
    PatternAxis& radial = radial_rows ? p.rows : p.columns;
    PatternAxis& across = radial_rows ? p.columns : p.rows;
    radial.grain = radial_grain(o);
    across.grain = transverse_grain(o);
    // Radially x = L (2 theta - 2 theta_0) moves by 2 tan(theta) L dq/q: at the middle, and growing along x as
    // dq/q / cos^2(theta). Across, the azimuth stays and x grows with sin(2 theta).
    const double theta = bragg_angle(o);
    const double c2 = std::pow(std::cos(theta), 2);
    radial.strain_rate = strain_rate / c2;
    radial.centre = (radial_rows ? middle_row : middle_column) - radial_shift(o) * c2;
    across.strain_rate = strain_rate * std::cos(2 * theta) / c2;
    across.centre = radial_rows ? middle_column : middle_row;
}

}  // namespace vitrum::model
