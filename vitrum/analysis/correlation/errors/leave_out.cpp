#include "vitrum/analysis/correlation/errors/leave_out.hpp"

#include <fmt/format.h>

#include "vitrum/analysis/correlation/g2.hpp"
#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/core/data/curve_errors.hpp"
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

void set_leave_out_errors(Curve& curve, const std::vector<std::vector<double>>& without) {
    if (without.size() < 2) return;
    set_jackknife(curve, side_by_side(without), "groups of pixels");
    curve.error_method = fmt::format("leaving out each of {} groups of pixels", without.size());
}

void add_leave_out_jackknife(Curve& g2, const SpeckleSeries& series, const TwoTimeOptions& options) {
    std::vector<std::vector<double>> without;
    leave_out_each_group(series, options,
                         [&](std::size_t, const TwoTimeMap& map) { without.push_back(g2_values(map).y); });
    set_leave_out_errors(g2, without);
}

}  // namespace vitrum::analysis
