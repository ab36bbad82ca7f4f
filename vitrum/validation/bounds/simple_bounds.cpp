#include "vitrum/validation/bounds/simple_bounds.hpp"

#include <cmath>

#include <Eigen/Dense>
#include <boost/math/special_functions/trigamma.hpp>
#include <fmt/format.h>

#include "vitrum/core/error.hpp"

namespace vitrum::validation {

namespace {

Eigen::MatrixXd independent(const std::vector<double>& error) {
    Eigen::VectorXd variance(static_cast<Eigen::Index>(error.size()));
    for (std::size_t i = 0; i < error.size(); ++i) variance(static_cast<Eigen::Index>(i)) = error[i] * error[i];
    return variance.asDiagonal();
}

void need(bool right, const std::string& message) {
    if (!right) throw InputError(message);
}

void check(const TwoLevelRates& rates) {
    need(rates.up > 0 && rates.down > 0 && std::isfinite(rates.up + rates.down),
         fmt::format("rates {} and {} 1/s: both are positive", rates.up, rates.down));
}

std::vector<Bound> rate_rows(const TwoLevelRates& rates, const Eigen::MatrixXd& information,
                             const std::string& source) {
    auto rows = bounds_from(information, {"rate_up", "rate_down"}, BoundKind::exact, source);
    // dtau/drate = -tau^2 for both.
    const double tau = 1 / (rates.up + rates.down);
    rows.push_back(of_function(information, Eigen::Vector2d::Constant(-tau * tau), "tau", BoundKind::exact, source));
    return rows;
}

}  // namespace

Eigen::MatrixXd curve_information(const Eigen::MatrixXd& derivatives, const Eigen::MatrixXd& covariance) {
    need(covariance.rows() == derivatives.rows() && covariance.cols() == derivatives.rows(),
         fmt::format("{} points with a covariance of {} x {}", derivatives.rows(), covariance.rows(),
                     covariance.cols()));
    const Eigen::LLT<Eigen::MatrixXd> factor(covariance);
    need(factor.info() == Eigen::Success, "the covariance of the points is not positive definite");
    const Eigen::MatrixXd whitened = factor.matrixL().solve(derivatives);
    return whitened.transpose() * whitened;
}

std::vector<Bound> line_bounds(const std::vector<double>& x, const std::vector<double>& error,
                               const std::string& intercept, const std::string& slope) {
    need(x.size() == error.size(), fmt::format("{} points with {} errors", x.size(), error.size()));
    Eigen::MatrixXd derivatives = Eigen::MatrixXd::Ones(static_cast<Eigen::Index>(x.size()), 2);
    for (std::size_t i = 0; i < x.size(); ++i) derivatives(static_cast<Eigen::Index>(i), 1) = x[i];
    return bounds_from(curve_information(derivatives, independent(error)), {intercept, slope}, BoundKind::exact,
                       "straight line, Gaussian errors of known size");
}

std::vector<Bound> kww_curve_bounds(const KwwCurve& curve, const std::vector<double>& lags,
                                    const Eigen::MatrixXd& covariance) {
    need(curve.tau > 0 && curve.beta > 0 && curve.contrast > 0,
         fmt::format("tau = {}, beta = {}, contrast = {}: all are positive", curve.tau, curve.beta, curve.contrast));
    Eigen::MatrixXd derivatives(static_cast<Eigen::Index>(lags.size()), 4);
    for (std::size_t i = 0; i < lags.size(); ++i) {
        const double s = lags[i] / curve.tau;
        const double power = std::pow(s, curve.beta);
        const double decay = curve.contrast * std::exp(-2 * power);
        const double by_beta = s > 0 ? -2 * decay * power * std::log(s) : 0;
        derivatives.row(static_cast<Eigen::Index>(i)) << 2 * decay * power * curve.beta / curve.tau, by_beta,
            decay / curve.contrast, 1;
    }
    std::vector<std::string> names{"tau", "beta", "contrast", "baseline"};
    if (curve.baseline_known) names.pop_back();
    const auto free = static_cast<Eigen::Index>(names.size());
    return bounds_from(curve_information(derivatives.leftCols(free), covariance), names, BoundKind::exact,
                       "from g2 at these lags alone, Gaussian errors of known covariance");
}

Bound power_law_bound(double alpha, std::size_t n) {
    need(alpha > 1 && n > 0, fmt::format("alpha = {} with {} sizes: alpha > 1 and one size or more", alpha, n));
    return {"power_law_exponent", (alpha - 1) * (alpha - 1) / static_cast<double>(n), BoundKind::exact,
            "independent sizes, x_min known"};
}

std::vector<Bound> jump_bounds(const TwoLevelRates& rates, std::size_t transitions) {
    check(rates);
    const std::string source = "times of the jumps of one system, all seen";
    const double ups = static_cast<double>((transitions + 1) / 2);
    const double downs = static_cast<double>(transitions / 2);
    if (transitions == 1) {
        const std::string reason = source + ": one jump says nothing of the way back";
        return {{"rate_up", rates.up * rates.up, BoundKind::exact, source},
                {"rate_down", not_a_number, BoundKind::none, reason},
                {"tau", not_a_number, BoundKind::none, reason}};
    }
    Eigen::Matrix2d information = Eigen::Matrix2d::Zero();
    information(0, 0) = ups / (rates.up * rates.up);
    information(1, 1) = downs / (rates.down * rates.down);
    return rate_rows(rates, information, source);
}

std::vector<Bound> relaxation_bounds(const TwoLevelRates& rates, double initial, const std::vector<double>& times,
                                     const std::vector<double>& error) {
    check(rates);
    need(times.size() == error.size(), fmt::format("{} times with {} errors", times.size(), error.size()));
    const double sum = rates.up + rates.down;
    const double equilibrium = rates.up / sum;
    Eigen::MatrixXd derivatives(static_cast<Eigen::Index>(times.size()), 2);
    for (std::size_t i = 0; i < times.size(); ++i) {
        const double left = std::exp(-sum * times[i]);
        const double by_time = -(initial - equilibrium) * times[i] * left;
        derivatives.row(static_cast<Eigen::Index>(i)) << (1 - left) * rates.down / (sum * sum) + by_time,
            -(1 - left) * rates.up / (sum * sum) + by_time;
    }
    return rate_rows(rates, curve_information(derivatives, independent(error)),
                     "occupation against time, Gaussian errors of known size");
}

Bound contrast_bound(double contrast, double mean, double values) {
    need(contrast > 0 && mean > 0 && values > 0,
         fmt::format("contrast = {}, mean = {} counts, {} values: all are positive", contrast, mean, values));
    // Mean and M are orthogonal. I_M = psi1(M) - E psi1(k + M) - mean/(M (M + mean)), summed in differences of
    // psi1(k + M) from psi1(M), which fall with k: -sum_k P(K > k)/(k + M)^2.
    const double m = 1 / contrast;
    double information = -mean / (m * (m + mean));
    double p = std::pow(1 + mean / m, -m);  // P(K = k)
    double above = -std::expm1(-m * std::log1p(mean / m));
    const double ratio = mean / (m + mean);
    for (double k = 0; k <= mean || p > 1e-17; ++k) {
        information += above / ((k + m) * (k + m));
        p *= (k + m) / (k + 1) * ratio;
        above -= p;
    }
    // d(1/M) = -dM/M^2.
    const double variance = 1 / (values * information * m * m * m * m);
    return {"contrast", variance, BoundKind::exact, "counts of independent pixels of one frame, negative binomial"};
}

}  // namespace vitrum::validation
