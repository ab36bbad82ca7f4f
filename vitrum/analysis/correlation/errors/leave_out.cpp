#include "vitrum/analysis/correlation/errors/leave_out.hpp"

#include <cmath>

#include <fmt/format.h>

#include "vitrum/analysis/correlation/g2.hpp"
#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/core/interrupt.hpp"

namespace vitrum::analysis {

std::size_t leave_out_each_group(const SpeckleSeries& series, const TwoTimeOptions& options,
                                 const std::function<void(std::size_t, const TwoTimeMap&)>& visit) {
    const auto pixels = in_patches(series, active_pixels(series, options.region), leave_out_groups);
    if (pixels.size() < 2 * leave_out_groups) return 0;
    std::vector<std::uint8_t> left_out(series.pixels());
    for (std::size_t group = 0; group < leave_out_groups; ++group) {
        check_interrupt();
        left_out.assign(series.pixels(), 0);
        for (std::size_t i = group * pixels.size() / leave_out_groups;
             i < (group + 1) * pixels.size() / leave_out_groups; ++i)
            left_out[pixels[i]] = 1;
        visit(group, two_time_without(series, options, left_out));
    }
    return leave_out_groups;
}

void set_jackknife(Curve& curve, const std::vector<std::vector<double>>& without) {
    if (without.size() < 2) return;
    const auto groups = static_cast<double>(without.size());
    const auto points = static_cast<Eigen::Index>(curve.size());
    curve.covariance_factor = Eigen::MatrixXd::Zero(points, static_cast<Eigen::Index>(without.size()));
    curve.y_error.assign(curve.size(), not_a_number);
    for (std::size_t i = 0; i < curve.size(); ++i) {
        double mean = 0;
        for (const auto& values : without) mean += values.at(i) / groups;
        if (!std::isfinite(mean)) continue;
        auto row = curve.covariance_factor.row(static_cast<Eigen::Index>(i));
        for (std::size_t g = 0; g < without.size(); ++g)
            row(static_cast<Eigen::Index>(g)) = (without[g][i] - mean) * std::sqrt((groups - 1) / groups);
        curve.y_error[i] = row.norm();
    }
    curve.degrees_of_freedom = groups - 1;
    curve.error_method = fmt::format("leaving out each of {} groups of pixels", without.size());
}

void add_leave_out_jackknife(Curve& g2, const SpeckleSeries& series, const TwoTimeOptions& options) {
    std::vector<std::vector<double>> without;
    leave_out_each_group(series, options,
                         [&](std::size_t, const TwoTimeMap& map) { without.push_back(g2_values(map).y); });
    set_jackknife(g2, without);
}

}  // namespace vitrum::analysis
