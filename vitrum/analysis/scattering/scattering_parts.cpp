#include "vitrum/analysis/scattering/scattering_parts.hpp"

#include <array>

#include <fmt/format.h>

#include "vitrum/core/atoms/cell.hpp"
#include "vitrum/core/atoms/form_factors.hpp"
#include "vitrum/core/data/curve_errors.hpp"
#include "vitrum/core/error.hpp"

namespace vitrum::analysis {

std::vector<Wavevector> shell(const Paths& paths, const ScatteringOptions& options, std::size_t most) {
    if (!(options.q_low > 0) || !(options.q_high >= options.q_low))
        throw InputError(
            fmt::format("q_low = {}, q_high = {}: need 0 < q_low <= q_high", options.q_low, options.q_high));
    const std::vector<Wavevector> all = wavevectors(paths.reference, options.q_low, options.q_high);
    if (all.empty())
        throw InputError(fmt::format("no wavevector of the cell between {} and {} 1/angstrom: widen the shell",
                                     options.q_low, options.q_high));
    if (most == 0 || all.size() <= most) return all;
    std::vector<Wavevector> some;
    for (std::size_t i = 0; i < most; ++i) some.push_back(all[i * all.size() / most]);
    return some;
}

std::vector<double> phase_coordinates(const Paths& paths, std::size_t block, std::size_t first_frame,
                                      std::size_t end_frame, bool lab) {
    const double* begin = paths.at(block, first_frame);
    std::vector<double> s(begin, begin + (end_frame - first_frame) * 3 * path_lanes);
    if (!lab) return s;
    const CellMatrix back = inverse(paths.reference);
    for (std::size_t f = first_frame; f < end_frame; ++f) {
        double* x = s.data() + (f - first_frame) * 3 * path_lanes;
        for (std::size_t l = 0; l < path_lanes; ++l) {
            const Vector3 r = product(paths.box[f], {x[l] - 0.5, x[path_lanes + l] - 0.5, x[2 * path_lanes + l] - 0.5});
            const Vector3 t = product(back, r);
            for (std::size_t k = 0; k < 3; ++k) x[k * path_lanes + l] = t[k];
        }
    }
    return s;
}

std::optional<std::vector<double>> form_factors(const std::vector<std::string>& elements, double q) {
    std::vector<double> f;
    for (const std::string& e : elements) {
        const std::size_t before = f.size();
        for (const FormFactor& known : vitrum::form_factors())
            if (known.element == e) f.push_back(known(q));
        if (f.size() == before) return std::nullopt;
    }
    return f;
}

Curve ratio_curve(const std::string& name, const Paths& paths, const std::vector<std::size_t>& lags,
                  const std::vector<double>& above, const std::vector<double>& below, const std::string& method) {
    const std::size_t groups = above.size() / lags.size();
    Curve curve = make_curve(name, "lag", "s", "F", "");
    std::vector<double> a(lags.size(), 0.0);
    std::vector<double> b(lags.size(), 0.0);
    std::vector<std::size_t> filled;  // a block of time at the end of the run has no origins of long lags
    for (std::size_t g = 0; g < groups; ++g) {
        bool any = false;
        for (std::size_t i = 0; i < lags.size(); ++i) {
            a[i] += above[g * lags.size() + i];
            b[i] += below[g * lags.size() + i];
            any = any || below[g * lags.size() + i] > 0;
        }
        if (any) filled.push_back(g);
    }
    for (std::size_t i = 0; i < lags.size(); ++i) {
        curve.x.push_back(static_cast<double>(lags[i]) * paths.interval);
        curve.y.push_back(a[i] / b[i]);
    }
    if (filled.size() < 2) return curve;
    Eigen::MatrixXd left(static_cast<Eigen::Index>(lags.size()), static_cast<Eigen::Index>(filled.size()));
    for (std::size_t k = 0; k < filled.size(); ++k)
        for (std::size_t i = 0; i < lags.size(); ++i) {
            const std::size_t at = filled[k] * lags.size() + i;
            const double rest = b[i] - below[at];
            left(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(k)) =
                rest > 1e-12 * b[i] ? (a[i] - above[at]) / rest : curve.y[i];
        }
    set_jackknife(curve, left, method);
    return curve;
}

}  // namespace vitrum::analysis
