#include "vitrum/analysis/dynamics/jackknife.hpp"

#include <cmath>

#include "vitrum/core/numerics/statistics.hpp"

namespace vitrum::analysis {

Estimate read_off(const Curve& curve, std::string_view quantity,
                  const std::function<double(const std::vector<double>&)>& read, std::string note) {
    const double value = read(curve.y);
    if (!std::isfinite(value))
        return make_estimate(quantity, {}, not_a_number, not_a_number, 1, Status::no_data, std::move(note));
    const Eigen::Index groups = curve.covariance_factor.cols();
    if (groups < 2)
        return make_estimate(quantity, {}, value, not_a_number, 1, Status::ok,
                             std::move(note) + "; no error: too few groups");
    // Column g of the factor is the deviation of the curve without group g, times sqrt((G-1)/G).
    const double scale = std::sqrt(static_cast<double>(groups) / static_cast<double>(groups - 1));
    std::vector<double> values;
    std::vector<double> y(curve.size());
    for (Eigen::Index g = 0; g < groups; ++g) {
        for (std::size_t i = 0; i < y.size(); ++i)
            y[i] = curve.y[i] + scale * curve.covariance_factor(static_cast<Eigen::Index>(i), g);
        if (const double v = read(y); std::isfinite(v)) values.push_back(v);
    }
    if (values.size() < 2)
        return make_estimate(quantity, {}, value, not_a_number, 1, Status::not_resolved, std::move(note));
    const auto n = static_cast<double>(values.size());
    return make_estimate(quantity, {}, value, jackknife_error(values), n - 1, Status::ok,
                         std::move(note) + "; " + curve.error_method);
}

}  // namespace vitrum::analysis
