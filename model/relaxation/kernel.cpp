#include "model/relaxation/kernel.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <fmt/format.h>

#include "core/error.hpp"
#include "model/relaxation/kww.hpp"

namespace vitrum::model {

namespace {

constexpr std::array names{"internal_clock", "midpoint", "earlier_time"};

// Number of events at or before t.
double events_until(const Kernel& k, double t) {
    return static_cast<double>(std::upper_bound(k.event_times.begin(), k.event_times.end(), t) - k.event_times.begin());
}

double left_by_events(const Kernel& k, double t1, double t2) {
    if (k.event_times.empty()) return 1;
    const double between = std::abs(events_until(k, t2) - events_until(k, t1));
    return between == 0 ? 1 : std::pow(1 - k.event_fraction, between);
}

double phi(const Kernel& k, double t1, double t2) {
    const auto power = [&](double s) { return std::exp(-std::pow(std::abs(s), k.beta)); };
    switch (k.form) {
        case KernelForm::internal_clock: return power(k.clock.at(t2) - k.clock.at(t1));
        case KernelForm::midpoint: return power((t2 - t1) / k.clock.tau((t1 + t2) / 2));
        case KernelForm::earlier_time: return power((t2 - t1) / k.clock.tau(std::min(t1, t2)));
    }
    return 0;
}

double dynamics_alone(const Kernel& k, double t1, double t2) { return phi(k, t1, t2) * left_by_events(k, t1, t2); }

template <class Entry>
Eigen::MatrixXd filled(std::span<const double> times, Entry&& entry) {
    const auto n = static_cast<Eigen::Index>(times.size());
    Eigen::MatrixXd m(n, n);
    for (Eigen::Index j = 0; j < n; ++j)
        for (Eigen::Index i = j; i < n; ++i)
            m(i, j) = m(j, i) = entry(times[static_cast<std::size_t>(j)], times[static_cast<std::size_t>(i)]);
    return m;
}

}  // namespace

std::vector<std::string> kernel_names() { return {names.begin(), names.end()}; }

KernelForm kernel_from(std::string_view text) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names.at(i) == text) return static_cast<KernelForm>(i);
    throw InputError(fmt::format("kernel = \"{}\" is unknown{}", text, suggestion(text, kernel_names())));
}

double Kernel::overlap(double t1, double t2) const {
    const double u = translation_rate * (t2 - t1);
    return std::exp(-u * u / 2);
}

double Kernel::moving(double t1, double t2) const {
    return translation_rate > 0 ? (*this)(t1, t2) : dynamics_alone(*this, t1, t2);
}

double Kernel::operator()(double t1, double t2) const {
    return overlap(t1, t2) * (static_fraction + (1 - static_fraction) * dynamics_alone(*this, t1, t2));
}

Eigen::MatrixXd Kernel::matrix(std::span<const double> times) const {
    return filled(times, [&](double a, double b) { return (*this)(a, b); });
}

Eigen::MatrixXd Kernel::moving_matrix(std::span<const double> times) const {
    return filled(times, [&](double a, double b) { return moving(a, b); });
}

void check(const Kernel& k) {
    const auto need = [](bool holds, const std::string& message) {
        if (!holds) throw InputError(message);
    };
    check(k.clock);
    check(Kww{1, k.beta});
    need(k.form != KernelForm::earlier_time,
         "kernel = \"earlier_time\": exp(-((t2-t1)/tau(t1))^beta) with tau of the earlier time is not positive "
         "definite, "
         "so no speckle field ages like this; take kernel = \"internal_clock\"");
    need(k.form == KernelForm::internal_clock || k.clock.jump_times.empty(),
         "jump_times: only the internal clock jumps; take kernel = \"internal_clock\"");
    for (std::size_t i = 0; i < k.event_times.size(); ++i)
        need(std::isfinite(k.event_times[i]) && (i == 0 || k.event_times[i] > k.event_times[i - 1]),
             fmt::format("event_times: {} s at place {} does not increase", k.event_times[i], i + 1));
    need(k.event_fraction >= 0 && k.event_fraction <= 1,
         fmt::format("event_fraction = {}: a rearrangement takes a part between 0 and 1", k.event_fraction));
    need(k.static_fraction >= 0 && k.static_fraction < 1,
         fmt::format("static_fraction = {}: the part that never moves is at least 0 and below 1", k.static_fraction));
    need(k.translation_rate >= 0 && std::isfinite(k.translation_rate),
         fmt::format("translation_rate = {} 1/s: speed over beam radius, not negative", k.translation_rate));
}

double smallest_relative_eigenvalue(const Eigen::MatrixXd& matrix) {
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix, Eigen::EigenvaluesOnly);
    return solver.eigenvalues().minCoeff() / solver.eigenvalues().maxCoeff();
}

void check_positive(const Eigen::MatrixXd& g1, const std::string& called) {
    constexpr double tolerance = 1e-8;
    // A Cholesky factor of the shifted matrix exists exactly if no eigenvalue lies below the shift; only a refusal
    // pays for the eigenvalues. The largest one is at least the mean of the diagonal.
    Eigen::MatrixXd shifted = g1;
    shifted.diagonal().array() += tolerance * g1.diagonal().mean();
    if (Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>>(shifted).info() == Eigen::Success) return;
    const double smallest = smallest_relative_eigenvalue(g1);
    if (!(smallest >= -tolerance))
        throw InputError(
            fmt::format("{}: this correlation is not positive definite: smallest eigenvalue {:.3g} of the "
                        "largest, so no speckle field has it; take kernel = \"internal_clock\"",
                        called, smallest));
}

double mean_square_over_events(const Kernel& k, double rate, double t1, double t2) {
    const double expected = rate * std::abs(t2 - t1);
    const double left = 1 - k.event_fraction;
    const double f = k.static_fraction;
    const double m = dynamics_alone(k, t1, t2);
    const double h = k.overlap(t1, t2);
    return h * h *
           (f * f + 2 * f * (1 - f) * m * std::exp(-expected * (1 - left)) +
            (1 - f) * (1 - f) * m * m * std::exp(-expected * (1 - left * left)));
}

}  // namespace vitrum::model
