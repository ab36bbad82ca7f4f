#include "vitrum/analysis/heterogeneity/heterogeneity_width.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <boost/random/uniform_int_distribution.hpp>
#include <fmt/format.h>

#include "vitrum/core/numerics/shortest_interval.hpp"
#include "vitrum/core/numerics/statistics.hpp"
#include "vitrum/core/stream.hpp"

namespace vitrum::analysis {

namespace {

struct Width {
    const char* quantity;
    double fraction;
};
constexpr std::array widths{Width{"heterogeneity_width", 0.9}, Width{"heterogeneity_width_80", 0.8},
                            Width{"heterogeneity_width_70", 0.7}, Width{"heterogeneity_width_60", 0.6}};
constexpr std::size_t resamples = 400;

// Standard deviation of each width over moving-block resamples.
std::array<double, widths.size()> bootstrap_errors(const std::vector<double>& values, std::size_t block) {
    std::array<std::vector<double>, widths.size()> drawn;
    Stream stream({0, cell_id("heterogeneity_width"), 0}, Purpose::bootstrap, 0);
    boost::random::uniform_int_distribution<std::size_t> start(0, values.size() - block);
    std::vector<double> sample(values.size());
    for (std::size_t r = 0; r < resamples; ++r) {
        for (std::size_t filled = 0; filled < sample.size(); filled += block) {
            const std::size_t from = start(stream);
            const std::size_t count = std::min(block, sample.size() - filled);
            std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(from), count,
                        sample.begin() + static_cast<std::ptrdiff_t>(filled));
        }
        std::sort(sample.begin(), sample.end());
        for (std::size_t k = 0; k < widths.size(); ++k)
            drawn.at(k).push_back(shortest_interval(sample, widths.at(k).fraction));
    }
    std::array<double, widths.size()> errors{};
    for (std::size_t k = 0; k < widths.size(); ++k) errors.at(k) = spread_of(drawn.at(k)).sd;
    return errors;
}

}  // namespace

std::vector<Estimate> heterogeneity_width(const TwoTimeMap& map, const HeterogeneityOptions& options) {
    return heterogeneity_width(map.frames, map.frame_time, options, [&](std::size_t lag) {
        std::vector<double> values;
        for (std::size_t t = 0; t + lag < map.frames; ++t) values.push_back(map(t, t + lag));
        return values;
    });
}

std::vector<Estimate> heterogeneity_width(std::size_t frames, double frame_time, const HeterogeneityOptions& options,
                                          const std::function<std::vector<double>(std::size_t)>& along) {
    constexpr std::size_t fewest = 20;
    constexpr double infinite = std::numeric_limits<double>::infinity();
    const auto nothing = [](Status status, const std::string& why) {
        std::vector<Estimate> rows;
        for (const auto& w : widths)
            rows.push_back(make_estimate(w.quantity, {}, not_a_number, not_a_number, infinite, status, why));
        rows.push_back(
            make_estimate("relative_heterogeneity_width", {}, not_a_number, not_a_number, infinite, status, why));
        return rows;
    };
    if (!(options.tau > 0)) return nothing(Status::no_data, "tau is not known");
    const double lag_frames = std::round(options.tau / frame_time);
    if (lag_frames < 1) return nothing(Status::not_resolved, "tau is shorter than a frame");
    if (lag_frames + static_cast<double>(fewest) > static_cast<double>(frames))
        return nothing(Status::decay_not_reached, "tau leaves fewer than 20 values of C(t, t + tau)");
    const auto lag = static_cast<std::size_t>(lag_frames);
    std::vector<double> values = along(lag);
    std::erase_if(values, [](double c) { return std::isnan(c); });
    if (values.size() < fewest) return nothing(Status::no_data, "fewer than 20 values of C(t, t + tau)");

    const std::size_t block = std::max<std::size_t>(2 * lag, 4);
    std::array<double, widths.size()> errors;
    errors.fill(not_a_number);
    std::string note = fmt::format("lag {} frames, {} values", lag, values.size());
    if (values.size() >= 4 * block) {
        errors = bootstrap_errors(values, block);
        note += fmt::format("; errors: block bootstrap, {} frames a block", block);
    } else {
        note += "; no error: the run is shorter than eight tau";
    }
    std::sort(values.begin(), values.end());
    std::vector<Estimate> rows;
    for (std::size_t k = 0; k < widths.size(); ++k)
        rows.push_back(make_estimate(widths.at(k).quantity, {}, shortest_interval(values, widths.at(k).fraction),
                                     errors.at(k), infinite, Status::ok, note));
    const Estimate& whole = rows.front();
    const double ratio = whole.value / options.contrast;
    const double relative = std::hypot(whole.standard_error / whole.value, options.contrast_error / options.contrast);
    rows.push_back(make_estimate("relative_heterogeneity_width", {}, ratio, ratio * relative, infinite,
                                 std::isfinite(ratio) ? Status::ok : Status::no_data, note));
    return rows;
}

}  // namespace vitrum::analysis
