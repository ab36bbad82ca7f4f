#include "vitrum/model/field/instant_kernel.hpp"

#include <algorithm>
#include <numbers>

#include <Eigen/LU>

namespace vitrum::model {

namespace {

std::uint64_t bits_of(double x) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &x, sizeof bits);
    return bits;
}

double from_bits(std::uint64_t bits) {
    double x = 0;
    std::memcpy(&x, &bits, sizeof x);
    return x;
}

}  // namespace

StretchedExponential::StretchedExponential(double beta) : beta_(beta) {
    constexpr double least = 1e-17;
    constexpr double below = 0x1p-200;
    smallest_ = std::max(std::pow(least, 1 / beta), below);
    unity_below_ = std::pow(below, beta) < least || smallest_ > below;
    largest_ = std::pow(-std::log(InstantKernel::negligible), 1 / beta);
    // Both ends on the boundary of a stretch.
    first_ = bits_of(smallest_) >> low_bits;
    const std::uint64_t last = bits_of(largest_) >> low_bits;
    smallest_ = from_bits(first_ << low_bits);

    constexpr int n = 6;
    Eigen::Matrix<double, n, n> powers;
    Eigen::Matrix<double, n, 1> nodes;
    for (int i = 0; i < n; ++i) {
        nodes(i) = std::cos(std::numbers::pi * (i + 0.5) / n);
        for (int j = 0; j < n; ++j) powers(i, j) = std::pow(nodes(i), j);
    }
    const Eigen::Matrix<double, n, n> inverse = powers.inverse();
    for (std::uint64_t s = first_; s <= last; ++s) {
        const double begin = from_bits(s << low_bits);
        const double width = from_bits((s + 1) << low_bits) - begin;
        Eigen::Matrix<double, n, 1> values;
        for (int i = 0; i < n; ++i) values(i) = std::exp(-std::pow(begin + width * (nodes(i) + 1) / 2, beta));
        const Eigen::Matrix<double, n, 1> c = inverse * values;
        stretches_.push_back({c(0), c(1), c(2), c(3), c(4), c(5)});
    }
}

InstantKernel::InstantKernel(const Kernel& kernel, const SampleTimes& times)
    : on_(kernel, times.all()), times_(times), phi_(kernel.beta) {
    if (kernel.stationary() && times.stride() > 0)
        by_lag();
    else if (kernel.form == KernelForm::internal_clock)
        by_clock();
    if (!agrees()) way_ = Way::any;
}

double InstantKernel::exact(std::size_t a, std::size_t b) const { return on_.moving(a, b); }

void InstantKernel::by_lag() {
    way_ = Way::lag;
    const std::size_t stride = times_.stride();
    of_lag_.resize(times_.frames * stride);
    for (std::size_t lag = 0; lag < of_lag_.size(); ++lag) {
        const double g =
            on_.kernel().moving(0, static_cast<double>(lag) * times_.frame_time / static_cast<double>(stride));
        of_lag_[lag] = g < negligible ? 0 : g;
    }
    if (!std::is_sorted(of_lag_.rbegin(), of_lag_.rend())) way_ = Way::any;
    for (std::size_t i = 0; i < times_.size(); ++i)
        grid_.push_back(static_cast<std::uint32_t>(i / times_.substeps * stride + i % times_.substeps));
}

void InstantKernel::by_clock() {
    way_ = Way::clock;
    const auto instants = times_.all();
    for (std::size_t i = 0; i < on_.size(); ++i) lambda_.push_back(on_.clock(i));
    const auto& at = on_.kernel().event_times;
    if (at.empty()) return;
    for (const double t : instants)
        events_.push_back(static_cast<std::int32_t>(std::upper_bound(at.begin(), at.end(), t) - at.begin()));
    for (std::size_t n = 0; n <= at.size(); ++n)
        left_.push_back(n == 0 ? 1 : std::pow(1 - on_.kernel().event_fraction, static_cast<double>(n)));
}

// At pairs of all distances, all over the series.
bool InstantKernel::agrees() const {
    const std::size_t n = times_.size();
    for (std::size_t lag = 0; lag < n; lag += 1 + lag / 8)
        for (std::size_t i = 0; i < 16; ++i) {
            const std::size_t a = (n - 1 - lag) * i / 15;
            if (!(std::abs((*this)(a, a + lag) - exact(a, a + lag)) < 1e-10)) return false;
        }
    return true;
}

}  // namespace vitrum::model
