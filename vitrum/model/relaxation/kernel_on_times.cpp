#include "vitrum/model/relaxation/kernel_on_times.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace vitrum::model {

namespace {

// Of independent variables.
Powers times(const Powers& x, const Powers& y) {
    Powers z;
    for (std::size_t k = 0; k < z.size(); ++k) z[k] = x[k] * y[k];
    return z;
}

Powers plus(const Powers& x, const Powers& y) {
    Powers z{};
    for (std::size_t k = 0; k < z.size(); ++k) {
        double binomial = 1;
        for (std::size_t j = 0; j <= k; ++j) {
            z[k] += binomial * x[j] * y[k - j];
            binomial *= static_cast<double>(k - j) / static_cast<double>(j + 1);
        }
    }
    return z;
}

Powers of_number(double c) { return {1, c, c * c, c * c * c, c * c * c * c}; }

double kww(double s, double beta) {
    if (beta == 1) return std::exp(-s);
    return std::exp(-std::pow(s, beta));
}

}  // namespace

KernelOnTimes::KernelOnTimes(Kernel kernel, std::span<const double> instants)
    : kernel_(std::move(kernel)), times_(instants.begin(), instants.end()) {
    const Kernel& k = kernel_;
    for (const double t : times_) {
        lambda_.push_back(k.clock.at(t) + k.path.at(t));
        events_.push_back(static_cast<double>(std::upper_bound(k.event_times.begin(), k.event_times.end(), t) -
                                              k.event_times.begin()));
        if (k.form == KernelForm::paciorek_schervish) tau_.push_back(k.clock.tau(t));
        if (k.stored) row_.push_back(k.stored->row(t));
        if (k.scatterers) row_.push_back(k.scatterers->column(t));
    }
    for (const auto& part : k.sum) sum_.emplace_back(part.kernel, times_);
    for (const auto& part : k.product) product_.emplace_back(part.kernel, times_);
}

double KernelOnTimes::own(std::size_t i, std::size_t j) const {
    const Kernel& k = kernel_;
    if (k.stored) return k.stored->g1(row_[i], row_[j]);
    if (k.scatterers) return k.scatterers->g1(row_[i], row_[j]);
    switch (k.form) {
        case KernelForm::internal_clock: return kww(std::abs(lambda_[j] - lambda_[i]), k.beta);
        case KernelForm::paciorek_schervish: {
            const double square = (tau_[i] * tau_[i] + tau_[j] * tau_[j]) / 2;
            return std::sqrt(tau_[i] * tau_[j] / square) *
                   kww(std::abs(times_[j] - times_[i]) / std::sqrt(square), k.beta);
        }
        case KernelForm::midpoint:
            return kww(std::abs(times_[j] - times_[i]) / k.clock.tau((times_[i] + times_[j]) / 2), k.beta);
        case KernelForm::earlier_time:
            return kww(std::abs(times_[j] - times_[i]) / k.clock.tau(std::min(times_[i], times_[j])), k.beta);
    }
    return 0;
}

double KernelOnTimes::moving(std::size_t i, std::size_t j) const {
    return kernel_.translation_rate > 0 ? (*this)(i, j) : alone(i, j);
}

double KernelOnTimes::alone(std::size_t i, std::size_t j) const {
    double g1 = own(i, j);
    if (events_[i] != events_[j]) g1 *= std::pow(1 - kernel_.event_fraction, std::abs(events_[j] - events_[i]));
    for (const auto& part : product_) g1 *= part(i, j);
    if (sum_.empty()) return g1;
    double mixed = 0;
    for (std::size_t p = 0; p < sum_.size(); ++p) mixed += kernel_.sum[p].weight * sum_[p](i, j);
    return g1 * mixed;
}

double KernelOnTimes::operator()(std::size_t i, std::size_t j) const {
    const double g1 = kernel_.static_fraction + (1 - kernel_.static_fraction) * alone(i, j);
    return kernel_.translation_rate > 0 ? g1 * kernel_.overlap(times_[i], times_[j]) : g1;
}

Powers KernelOnTimes::moving_powers(std::size_t i, std::size_t j) const {
    const Kernel& k = kernel_;
    const double left = 1 - k.event_fraction;
    double base = own(i, j);
    if (events_[i] != events_[j]) base *= std::pow(left, std::abs(events_[j] - events_[i]));
    Powers m = of_number(base);
    const double lag = std::abs(times_[j] - times_[i]);
    for (std::size_t p = 1; p < m.size(); ++p) {
        const double power = static_cast<double>(p);
        if (k.event_rate > 0) m[p] *= std::exp(-k.event_rate * lag * (1 - std::pow(left, power)));
        if (k.random.kind != RandomClockKind::none) m[p] *= k.random.laplace(power, lag);
    }
    for (const auto& part : product_) m = times(m, part.powers(i, j));
    if (sum_.empty()) return m;
    Powers mixed = of_number(0);
    for (std::size_t p = 0; p < sum_.size(); ++p)
        mixed = plus(mixed, times(of_number(k.sum[p].weight), sum_[p].powers(i, j)));
    return times(m, mixed);
}

Powers KernelOnTimes::powers(std::size_t i, std::size_t j) const {
    const double f = kernel_.static_fraction;
    const Powers moves = moving_powers(i, j);
    const Powers all = f == 0 ? moves : plus(of_number(f), times(of_number(1 - f), moves));
    return times(of_number(kernel_.overlap(times_[i], times_[j])), all);
}

namespace {

template <class Entry>
Eigen::MatrixXd filled(std::size_t size, Entry&& entry) {
    const auto n = static_cast<Eigen::Index>(size);
    Eigen::MatrixXd m(n, n);
    for (Eigen::Index j = 0; j < n; ++j)
        for (Eigen::Index i = j; i < n; ++i)
            m(i, j) = m(j, i) = entry(static_cast<std::size_t>(j), static_cast<std::size_t>(i));
    return m;
}

}  // namespace

Eigen::MatrixXd KernelOnTimes::matrix() const {
    return filled(size(), [&](std::size_t i, std::size_t j) { return (*this)(i, j); });
}

Eigen::MatrixXd KernelOnTimes::moving_matrix() const {
    return filled(size(), [&](std::size_t i, std::size_t j) { return moving(i, j); });
}

}  // namespace vitrum::model
