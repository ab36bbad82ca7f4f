#include "vitrum/model/relaxation/scatterers.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <Eigen/Cholesky>
#include <boost/random/exponential_distribution.hpp>
#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_real_distribution.hpp>
#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/model/relaxation/wavevector_law.hpp"

namespace vitrum::model {

namespace {

constexpr double rounding = 1e-9;
constexpr std::size_t most_joint_times = 4000;

// <cos(s w)> = exp(-|s|^index).
double symmetric_stable(double index, Stream& stream) {
    constexpr double half_pi = std::numbers::pi / 2;
    const double u = boost::random::uniform_real_distribution<double>(-half_pi, half_pi)(stream);
    const double w = boost::random::exponential_distribution<double>(1.0)(stream);
    if (index == 1) return std::tan(u);
    return std::sin(index * u) / std::pow(std::cos(u), 1 / index) *
           std::pow(std::cos((1 - index) * u) / w, (1 - index) / index);
}

// <exp(-s a)> = exp(-s^index), 0 < index <= 1 (Kanter 1975).
double positive_stable(double index, Stream& stream) {
    if (index > 1 - rounding) return 1;
    const double u = boost::random::uniform_real_distribution<double>(0.0, std::numbers::pi)(stream);
    const double w = boost::random::exponential_distribution<double>(1.0)(stream);
    return std::sin(index * u) / std::pow(std::sin(u), 1 / index) *
           std::pow(std::sin((1 - index) * u) / w, (1 - index) / index);
}

// Lower factor of the covariance |s|^2H + |t|^2H - |s - t|^2H: variance 2 |t|^2H, so that x = sqrt(a) B has
// <cos(x(s) - x(t))> = <exp(-a |s-t|^2H)>.
Eigen::MatrixXd fractional_factor(double hurst, std::span<const double> clock) {
    const auto n = static_cast<Eigen::Index>(clock.size());
    Eigen::MatrixXd covariance(n, n);
    const auto power = [&](double s) { return std::pow(std::abs(s), 2 * hurst); };
    // From the first instant: displacements before it move no phase that counts.
    const auto at = [&](Eigen::Index i) { return clock[static_cast<std::size_t>(i)] - clock[0]; };
    for (Eigen::Index j = 0; j < n; ++j)
        for (Eigen::Index i = j; i < n; ++i)
            covariance(i, j) = covariance(j, i) = power(at(i)) + power(at(j)) - power(at(i) - at(j));
    covariance.diagonal().array() += 1e-12 * std::max(1e-300, covariance.diagonal().maxCoeff());
    const Eigen::LLT<Eigen::MatrixXd> llt(covariance);
    if (llt.info() != Eigen::Success)
        throw InputError("spectral_theta: these displacements have no factor on this clock; take theta = 1");
    return llt.matrixL();
}

}  // namespace

Eigen::Index Scatterers::column(double t) const {
    const auto next = std::lower_bound(times.begin(), times.end(), t);
    if (next == times.begin()) return 0;
    if (next == times.end()) return static_cast<Eigen::Index>(times.size()) - 1;
    const auto place = next - times.begin();
    return *next - t < t - *(next - 1) ? place : place - 1;
}

void check_scatterers(double theta, double beta, std::size_t terms) {
    check_displacement_pair(theta, beta / theta);
    if (theta > 1 + rounding && std::abs(beta - 1) > rounding)
        throw InputError(
            fmt::format("spectral_theta = {}: beyond theta = 1 only beta = 1 (independent increments) can be drawn; "
                        "this is beta = {}",
                        theta, beta));
    if (terms < 2) throw InputError(fmt::format("spectral_terms = {}: at least 2 scatterers", terms));
}

Scatterers draw_scatterers(double theta, double beta, std::size_t terms, std::span<const double> times,
                           std::span<const double> clock, Stream& stream) {
    const auto n = static_cast<Eigen::Index>(times.size());
    const auto count = static_cast<Eigen::Index>(terms);
    const double k = beta / theta;
    const bool ballistic = std::abs(theta - 1) <= rounding;
    const bool fractional = !ballistic && theta < 1;
    if (fractional && times.size() > most_joint_times)
        throw InputError(
            fmt::format("spectral_theta = {}: displacements below theta = 1 need a joint factor of all "
                        "{} instants, at most {}",
                        theta, times.size(), most_joint_times));
    const Eigen::MatrixXd factor = fractional ? fractional_factor(theta, clock) : Eigen::MatrixXd();
    Scatterers drawn;
    drawn.times.assign(times.begin(), times.end());
    drawn.waves.resize(2 * count, n);
    Eigen::VectorXd x(n);
    const double scale = 1 / std::sqrt(static_cast<double>(terms));
    for (Eigen::Index s = 0; s < count; ++s) {
        if (ballistic) {
            const double w = symmetric_stable(beta, stream);
            for (Eigen::Index i = 0; i < n; ++i) x(i) = w * (clock[static_cast<std::size_t>(i)] - clock[0]);
        } else if (fractional) {
            const double width = std::sqrt(positive_stable(k / 2, stream));
            boost::random::normal_distribution<double> normal;
            Eigen::VectorXd noise(n);
            for (double& value : noise) value = normal(stream);
            x.noalias() = factor.triangularView<Eigen::Lower>() * noise;
            x *= width;
        } else {
            x(0) = 0;
            for (Eigen::Index i = 1; i < n; ++i) {
                const double step = clock[static_cast<std::size_t>(i)] - clock[static_cast<std::size_t>(i - 1)];
                x(i) = x(i - 1) + std::pow(step, theta) * symmetric_stable(k, stream);
            }
        }
        for (Eigen::Index i = 0; i < n; ++i) {
            drawn.waves(s, i) = scale * std::cos(x(i));
            drawn.waves(count + s, i) = scale * std::sin(x(i));
        }
    }
    return drawn;
}

}  // namespace vitrum::model
