#include "vitrum/analysis/relaxation/age_cuts.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "vitrum/analysis/correlation/errors/leave_out.hpp"
#include "vitrum/core/error.hpp"

namespace vitrum::analysis {

namespace {

std::vector<AgeWindow> windows_of(std::size_t frames, const AgeOptions& options) {
    std::vector<AgeWindow> windows = options.windows;
    if (windows.empty()) {
        if (options.ages < 1 || options.ages > frames)
            throw InputError(fmt::format("ages = {}; between 1 and the {} frames of the run", options.ages, frames));
        for (std::size_t k = 0; k < options.ages; ++k)
            windows.push_back({k * frames / options.ages, (k + 1) * frames / options.ages});
    }
    for (const auto& w : windows)
        if (w.first >= w.last || w.last > frames)
            throw InputError(fmt::format("window of ages {} to {} does not lie in the {} frames of the run", w.first,
                                         w.last, frames));
    return windows;
}

// Earlier frames t of the pairs (t, t + lag) of a window: begin .. end-1.
struct Range {
    std::size_t begin, end;
};
Range earlier_frames(const AgeWindow& w, AgeCut cut, std::size_t lag, std::size_t frames) {
    const std::size_t most = frames - lag;
    if (cut == AgeCut::forward) return {std::min(w.first, most), std::min(w.last, most)};
    // first <= t + lag/2 < last, in halves of a frame.
    const auto from = [&](std::size_t edge) { return 2 * edge > lag ? (2 * edge - lag + 1) / 2 : 0; };
    return {std::min(from(w.first), most), std::min(from(w.last), most)};
}

Curve g2_of_window(const TwoTimeMap& map, const AgeWindow& w, const AgeOptions& options) {
    Curve g2;
    g2.name = g2.y_name = "g2";
    g2.x_name = "lag";
    g2.x_unit = map.time_unit;
    const std::size_t longest = options.max_lag > 0 ? std::min(options.max_lag, map.frames - 1) : map.frames - 1;
    for (std::size_t lag = 1; lag <= longest; ++lag) {
        double sum = 0;
        double squares = 0;  // about 1, where C is near
        std::size_t pairs = 0;
        const Range range = earlier_frames(w, options.cut, lag, map.frames);
        for (std::size_t t = range.begin; t < range.end; ++t) {
            const double c = map(t, t + lag);
            if (std::isnan(c)) continue;
            sum += c;
            squares += (c - 1) * (c - 1);
            ++pairs;
        }
        if (pairs == 0) continue;
        const double mean = sum / static_cast<double>(pairs);
        g2.x.push_back(static_cast<double>(lag) * map.frame_time);
        g2.y.push_back(mean);
        g2.weight.push_back(static_cast<double>(pairs));
        g2.scatter.push_back(std::sqrt(std::max(0.0, squares / static_cast<double>(pairs) - (mean - 1) * (mean - 1))));
    }
    return g2;
}

}  // namespace

std::vector<AgeG2> g2_by_age(const TwoTimeMap& map, const AgeOptions& options) {
    std::vector<AgeG2> result;
    for (const auto& w : windows_of(map.frames, options)) {
        const double age =
            options.first_frame + (static_cast<double>(w.first) + static_cast<double>(w.last) - 1) / 2 * map.frame_time;
        result.push_back({result.size(), age, g2_of_window(map, w, options)});
    }
    return result;
}

std::vector<AgeG2> g2_by_age(const SpeckleSeries& series, const TwoTimeOptions& map_options,
                             const AgeOptions& options) {
    auto result = g2_by_age(two_time(series, map_options), options);
    std::vector<std::vector<std::vector<double>>> without(result.size());  // age, group, lag
    leave_out_each_group(series, map_options, [&](std::size_t, const TwoTimeMap& map) {
        const auto part = g2_by_age(map, options);
        for (std::size_t a = 0; a < result.size(); ++a) {
            // A group can take the last photon of a frame and with it a lag: matched by lag, not by place.
            std::vector<double> values(result[a].g2.size(), not_a_number);
            std::size_t k = 0;
            for (std::size_t i = 0; i < values.size(); ++i) {
                while (k < part[a].g2.size() && part[a].g2.x[k] < result[a].g2.x[i]) ++k;
                if (k < part[a].g2.size() && part[a].g2.x[k] == result[a].g2.x[i]) values[i] = part[a].g2.y[k];
            }
            without[a].push_back(std::move(values));
        }
    });
    for (std::size_t a = 0; a < result.size(); ++a) set_leave_out_errors(result[a].g2, without[a]);
    return result;
}

TauByAge tau_by_age(const std::vector<AgeG2>& ages, const KwwOptions& options) {
    TauByAge out;
    out.tau.name = out.tau.y_name = "tau";
    out.tau.x_name = "age";
    std::vector<Eigen::RowVectorXd> spread;  // of tau, per replicate of the errors
    bool with_errors = true;
    for (const auto& a : ages) {
        const std::string unit = a.g2.x_unit;
        out.tau.x_unit = out.tau.y_unit = unit;
        const KwwFit fit = fit_kww(a.g2, options);
        const Coordinate at{"age", static_cast<std::int64_t>(a.index), a.age, unit};
        for (auto& row : estimates_of(fit, unit)) {
            if (row.quantity != "tau" && row.quantity != "beta" && row.quantity != "kww_p") continue;
            row.abscissa.push_back(at);
            out.rows.push_back(std::move(row));
        }
        if (fit.status != Status::ok) continue;
        out.tau.x.push_back(a.age);
        out.tau.y.push_back(fit.tau);
        with_errors = with_errors && a.g2.covariance_factor.size() > 0;
        out.tau.degrees_of_freedom = fit.degrees_of_freedom;
        out.tau.error_method = a.g2.error_method;
        spread.emplace_back(fit.tau * fit.parameter_factor.row(1));
    }
    // The scatter about one fit says too little of tau's error; ages then weigh alike.
    if (!with_errors || spread.empty()) return out;
    out.tau.covariance_factor.resize(static_cast<Eigen::Index>(spread.size()), spread.front().size());
    for (std::size_t i = 0; i < spread.size(); ++i) {
        out.tau.covariance_factor.row(static_cast<Eigen::Index>(i)) = spread[i];
        out.tau.y_error.push_back(spread[i].norm());
    }
    return out;
}

}  // namespace vitrum::analysis
