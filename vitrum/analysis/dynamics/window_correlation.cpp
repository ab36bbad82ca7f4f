#include "vitrum/analysis/dynamics/window_correlation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include "vitrum/core/atoms/density_modes.hpp"
#include "vitrum/core/data/map_entry_variance.hpp"
#include "vitrum/core/numerics/shortest_interval.hpp"
#include "vitrum/core/numerics/statistics.hpp"

namespace vitrum::analysis {

namespace {

constexpr double share = 0.9;
constexpr std::size_t fewest_windows = 20;
constexpr std::size_t fewest_blocks = 10;
constexpr std::size_t most_blocks = 20;
constexpr std::size_t together = 32;  // windows whose modes are in memory at once

double width_of_squares(std::vector<double> values) {
    for (double& v : values) v *= v;
    return shortest_interval(values, share);
}

template <class Statistic>
Estimate with_jackknife(const char* quantity, const Abscissa& place, const std::vector<double>& values,
                        std::size_t block, Statistic&& statistic) {
    const std::size_t blocks = std::min(most_blocks, values.size() / block);
    const double value = statistic(values);
    if (blocks < fewest_blocks)
        return make_estimate(quantity, place, value, not_a_number, 1, Status::ok,
                             fmt::format("{} blocks of time are too few for an error", blocks));
    std::vector<double> left_out;
    for (std::size_t b = 0; b < blocks; ++b) {
        const std::size_t begin = b * values.size() / blocks;
        const std::size_t end = (b + 1) * values.size() / blocks;
        std::vector<double> rest(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(begin));
        rest.insert(rest.end(), values.begin() + static_cast<std::ptrdiff_t>(end), values.end());
        left_out.push_back(statistic(rest));
    }
    return make_estimate(quantity, place, value, jackknife_error(left_out), static_cast<double>(blocks) - 1, Status::ok,
                         fmt::format("jackknife over {} blocks of time", blocks));
}

// Displacements over the lag as if they were positions: their density modes are sums of exp(i q.dr).
AtomFrame displacement(const AtomFrame& from, const AtomFrame& to) {
    AtomFrame moved = to;
    for (std::size_t i = 0; i < moved.fractional.size(); ++i) moved.fractional[i] -= from.fractional[i];
    return moved;
}

}  // namespace

WindowCorrelation window_correlation(const Trajectory& trajectory, const WindowCorrelationOptions& options) {
    const std::size_t frames = trajectory.frames.size();
    if (options.lag == 0 || options.lag >= frames)
        throw std::invalid_argument(fmt::format("a lag of {} frames does not fit into {}", options.lag, frames));
    if (!trajectory.unwrapped) throw std::invalid_argument("positions must be unwrapped");
    if (options.wavevectors.empty()) throw std::invalid_argument("no wavevector");
    const std::size_t kinds = trajectory.elements.size();
    std::vector<double> weight(kinds, 1.0);
    if (!options.weight.empty()) weight = options.weight;
    double norm = 0;
    for (const int s : trajectory.species) norm += weight.at(static_cast<std::size_t>(s));
    norm *= static_cast<double>(options.wavevectors.size());

    const std::size_t windows = frames - options.lag;
    std::vector<double> values(windows, 0.0);
    for (std::size_t begin = 0; begin < windows; begin += together) {
        std::vector<AtomFrame> moved;
        for (std::size_t t = begin; t < std::min(windows, begin + together); ++t)
            moved.push_back(displacement(trajectory.frames[t], trajectory.frames[t + options.lag]));
        const auto modes = density_modes(moved, trajectory.species, kinds, options.wavevectors);
        const std::size_t n = options.wavevectors.size();
        for (std::size_t w = 0; w < moved.size(); ++w) {
            double sum = 0;
            for (std::size_t a = 0; a < kinds; ++a)
                for (std::size_t v = 0; v < n; ++v) sum += weight[a] * modes[(w * kinds + a) * n + v].real();
            values[begin + w] = sum / norm;
        }
    }

    WindowCorrelation result;
    result.trace = make_curve("self_correlation_trace", "t", "s", "F_s(t, lag)", "");
    for (std::size_t t = 0; t < windows; ++t) result.trace.x.push_back(trajectory.frames[t].time);
    result.trace.y = values;
    const double interval = trajectory.frames[options.lag].time - trajectory.frames[0].time;
    const Abscissa place{{"lag", static_cast<std::int64_t>(options.lag), interval, "s"}};
    if (windows < fewest_windows) {
        for (const char* quantity : {"self_susceptibility", "self_correlation_width"})
            result.estimates.push_back(make_estimate(quantity, place, not_a_number, not_a_number, 1, Status::no_data,
                                                     fmt::format("{} windows are too few", windows)));
        return result;
    }
    const std::size_t block = options.block > 0 ? options.block : std::max<std::size_t>(16, 4 * options.lag);
    const auto atoms = static_cast<double>(trajectory.atoms());
    result.estimates.push_back(
        with_jackknife("self_susceptibility", place, values, block,
                       [&](const std::vector<double>& v) { return atoms * sample_variance(v); }));
    result.estimates.push_back(with_jackknife("self_correlation_width", place, values, block,
                                              [](const std::vector<double>& v) { return width_of_squares(v); }));
    return result;
}

double wavevectors_needed(double width, double entry_variance, double windows, double runs) {
    constexpr double alarm = 1.6449;
    constexpr double power = 0.8416;
    const double spread = std::sqrt(2 / (windows * runs));  // of a sample_variance, relative
    const double s = width / gaussian_width(share);
    // Relative excess r with r = alarm spread + power spread (1 + r).
    const double rest = 1 - power * spread;
    if (!(rest > 0)) return std::numeric_limits<double>::infinity();
    return (alarm + power) * spread / rest * entry_variance / (s * s);
}

}  // namespace vitrum::analysis
