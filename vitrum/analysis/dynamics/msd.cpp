#include "vitrum/analysis/dynamics/msd.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "vitrum/analysis/fit/fit_test.hpp"
#include "vitrum/core/data/curve_errors.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

struct Moments {
    double count = 0, second = 0, fourth = 0;
    Moments& operator+=(const Moments& o) {
        count += o.count;
        second += o.second;
        fourth += o.fourth;
        return *this;
    }
    [[nodiscard]] Moments without(const Moments& o) const {
        return {count - o.count, second - o.second, fourth - o.fourth};
    }
    [[nodiscard]] double msd() const { return second / count; }
    [[nodiscard]] double alpha2() const {
        return second > 0 ? 3 * fourth * count / (5 * second * second) - 1 : not_a_number;
    }
};

// blocks x lags
std::vector<Moments> moments_of(const Paths& paths, const std::vector<std::size_t>& lags, std::size_t stride) {
    std::vector<Moments> out(paths.blocks() * lags.size());
    for_each_block(paths.blocks(), 1, [&](std::size_t b, std::size_t, std::size_t) {
        const std::vector<double> r = paths.positions(b);
        for (std::size_t i = 0; i < lags.size(); ++i) {
            const std::size_t lag = lags[i];
            std::array<double, path_lanes> second{};
            std::array<double, path_lanes> fourth{};
            for (std::size_t t = 0; t + lag < paths.frames; t += stride) {
                const double* from = r.data() + t * 3 * path_lanes;
                const double* to = r.data() + (t + lag) * 3 * path_lanes;
                for (std::size_t l = 0; l < path_lanes; ++l) {
                    const double x = to[l] - from[l];
                    const double y = to[path_lanes + l] - from[path_lanes + l];
                    const double z = to[2 * path_lanes + l] - from[2 * path_lanes + l];
                    const double r2 = x * x + y * y + z * z;
                    second[l] += r2;
                    fourth[l] += r2 * r2;
                }
            }
            Moments& m = out[b * lags.size() + i];
            m.count = static_cast<double>(paths.members[b] * origins_of(paths.frames, lag, stride));
            for (std::size_t l = 0; l < path_lanes; ++l) {  // the filling rests at 0
                m.second += second[l];
                m.fourth += fourth[l];
            }
        }
    });
    return out;
}

void add_curves(Findings& result, const Paths& paths, const std::vector<std::size_t>& lags,
                const std::vector<Moments>& moments, const std::string& suffix, std::ptrdiff_t element) {
    std::vector<std::size_t> blocks;
    for (std::size_t b = 0; b < paths.blocks(); ++b)
        if (element < 0 || paths.species[b] == static_cast<std::size_t>(element)) blocks.push_back(b);
    if (blocks.empty()) return;
    const std::size_t groups = std::min(jackknife_groups, blocks.size());
    Curve second = make_curve("msd" + suffix, "lag", "s", "<r^2>", "angstrom^2");
    Curve alpha = make_curve("non_gaussian" + suffix, "lag", "s", "alpha2", "");
    const auto points = static_cast<Eigen::Index>(lags.size());
    Eigen::MatrixXd second_left(points, static_cast<Eigen::Index>(groups));
    Eigen::MatrixXd alpha_left = second_left;
    for (std::size_t i = 0; i < lags.size(); ++i) {
        std::vector<Moments> group(groups);
        for (std::size_t k = 0; k < blocks.size(); ++k) group[k % groups] += moments[blocks[k] * lags.size() + i];
        Moments all;
        for (const Moments& m : group) all += m;
        second.x.push_back(static_cast<double>(lags[i]) * paths.interval);
        second.y.push_back(all.msd());
        second.weight.push_back(all.count);
        alpha.y.push_back(all.alpha2());
        for (std::size_t g = 0; g < groups && groups > 1; ++g) {
            const Moments left = all.without(group[g]);
            second_left(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(g)) = left.msd();
            alpha_left(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(g)) = left.alpha2();
        }
    }
    alpha.x = second.x;
    alpha.weight = second.weight;
    if (groups > 1) {
        set_jackknife(second, second_left, "groups of atoms");
        set_jackknife(alpha, alpha_left, "groups of atoms");
    }
    result.curves.push_back(std::move(second));
    result.curves.push_back(std::move(alpha));
}

std::size_t largest(const std::vector<double>& y) {
    return static_cast<std::size_t>(std::max_element(y.begin(), y.end()) - y.begin());
}

// Of a straight line through the points first .. last.
FitQuality line_quality(const Curve& curve, std::size_t first, std::size_t last) {
    const auto n = static_cast<Eigen::Index>(last - first + 1);
    if (curve.covariance_factor.cols() < 2) return {.errors = "no errors: too few groups"};
    FittedPoints p{Eigen::VectorXd(n), Eigen::VectorXd(n), Eigen::VectorXd(n), Eigen::MatrixXd::Ones(n, 2)};
    for (Eigen::Index i = 0; i < n; ++i) {
        const std::size_t k = first + static_cast<std::size_t>(i);
        p.place(i) = curve.x[k];
        p.derivatives(i, 1) = curve.x[k] / curve.x[last];
        p.value(i) = p.residual(i) = curve.y[k];  // less any line: contrasts do not see one
    }
    return quality_of_correlated(p, curve.covariance_factor.middleRows(static_cast<Eigen::Index>(first), n),
                                 curve.degrees_of_freedom, curve.error_method);
}

void add_estimates(Findings& result, double level) {
    const Curve second = result.curves[0];
    const Curve alpha = result.curves[1];
    const std::size_t last = second.size() - 1;
    std::size_t half = 0;
    while (half + 1 < last && second.x[half + 1] <= 0.5001 * second.x[last]) ++half;
    if (half < last) {
        const double span = second.x[last] - second.x[half];
        Estimate d = read_off(
            second, "diffusion_coefficient",
            [&](const std::vector<double>& y) { return (y[last] - y[half]) / (6 * span); },
            fmt::format("slope of the msd between {:.4g} and {:.4g} s", second.x[half], second.x[last]));
        const double rise = std::log(second.y[last] / second.y[half]) / std::log(second.x[last] / second.x[half]);
        const FitQuality quality = line_quality(second, half, last);
        d.status = judged_by(quality, level, d.status);
        d.note += "; " + describe(quality);
        // Flight, and drift that all atoms share, rise as t^2.
        if (!(rise >= 0.8 && rise <= 1.25)) {
            d.status = Status::not_resolved;
            d.note = fmt::format("not diffusive: the msd rises as t^{:.2f} there; ", rise) + d.note;
        }
        result.estimates.push_back(std::move(d));
        result.estimates.push_back(quality_row("diffusion_p", {}, quality));
    }
    if (!std::all_of(alpha.y.begin(), alpha.y.end(), [](double y) { return std::isfinite(y); })) return;
    const std::size_t peak = largest(alpha.y);
    const auto height = [](const std::vector<double>& y) { return y[largest(y)]; };
    const auto time = [&](const std::vector<double>& y) { return alpha.x[largest(y)]; };
    for (Estimate e : {read_off(alpha, "non_gaussian_peak", height, "largest point"),
                       read_off(alpha, "non_gaussian_peak_time", time, "lag of the largest point")}) {
        if (peak == 0 || peak + 1 == alpha.size()) {
            e.status = Status::not_resolved;
            e.note += "; the largest is the first or last lag: no peak";
        }
        result.estimates.push_back(std::move(e));
    }
}

}  // namespace

Findings msd(const Paths& paths, const LagOptions& options, double level) {
    const std::vector<std::size_t> lags = lags_of(paths.frames, options);
    const std::vector<Moments> moments = moments_of(paths, lags, options.origin_stride);
    Findings result;
    add_curves(result, paths, lags, moments, "", -1);
    add_estimates(result, level);
    for (std::size_t a = 0; a < paths.elements.size(); ++a)
        add_curves(result, paths, lags, moments, "_" + paths.elements[a], static_cast<std::ptrdiff_t>(a));
    return result;
}

Findings msd(const Trajectory& trajectory, const MsdOptions& options) {
    return msd(paths_of(trajectory, options.paths), options.lags, options.rejection_level);
}

}  // namespace vitrum::analysis
