// The moving part of a kernel between two instants of a series, by their numbers and fast: exp(-x^beta) is interpolated
// to 1e-11, and correlations below `negligible` count as zero.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "vitrum/model/field/sample_times.hpp"
#include "vitrum/model/relaxation/kernel_on_times.hpp"

namespace vitrum::model {

// exp(-x^beta) for x >= 0: polynomials of degree 5 over 32 stretches of every octave of x; exactly 0 where it is
// negligible, exactly 1 where 1 - exp(-x^beta) < 1e-17.
class StretchedExponential {
public:
    explicit StretchedExponential(double beta);

    [[nodiscard]] double operator()(double x) const {
        if (!(x < largest_)) return 0;
        if (x < smallest_) return x == 0 || unity_below_ ? 1 : std::exp(-std::pow(x, beta_));
        std::uint64_t bits = 0;
        std::memcpy(&bits, &x, sizeof bits);
        const Stretch& c = stretches_[(bits >> low_bits) - first_];
        // The mantissa within the stretch, from -1 to 1.
        const double v = static_cast<double>(bits & ((std::uint64_t{1} << low_bits) - 1)) * 0x1p-46 - 1;
        return c[0] + v * (c[1] + v * (c[2] + v * (c[3] + v * (c[4] + v * c[5]))));
    }

private:
    static constexpr unsigned low_bits = 47;  // of the mantissa's 52: 5 bits choose among 32 stretches
    using Stretch = std::array<double, 6>;
    double beta_;
    double smallest_ = 0;
    double largest_ = 0;
    bool unity_below_ = true;
    std::uint64_t first_ = 0;
    std::vector<Stretch> stretches_;
};

class InstantKernel {
public:
    static constexpr double negligible = 1e-12;  // in g1; far below the jitter of a factor

    // Whatever the kernel, g1 is its moving part: a fast way is taken only where it agrees with it at many pairs.
    InstantKernel(const Kernel& kernel, const SampleTimes& times);

    [[nodiscard]] double operator()(std::size_t a, std::size_t b) const {
        switch (way_) {
            case Way::lag: return of_lag_[grid_[b] > grid_[a] ? grid_[b] - grid_[a] : grid_[a] - grid_[b]];
            case Way::clock: {
                const double still = phi_(std::abs(lambda_[b] - lambda_[a]));
                return events_.empty() ? still
                                       : still * left_[static_cast<std::size_t>(std::abs(events_[b] - events_[a]))];
            }
            case Way::any: break;
        }
        return exact(a, b);
    }
    // Falls with the distance of the instants: what is negligible stays so further away.
    [[nodiscard]] bool monotone() const { return way_ != Way::any; }
    [[nodiscard]] bool markov() const { return on_.kernel().markov(); }

private:
    enum class Way { lag, clock, any };
    [[nodiscard]] double exact(std::size_t a, std::size_t b) const;
    void by_lag();
    void by_clock();
    [[nodiscard]] bool agrees() const;
    KernelOnTimes on_;
    SampleTimes times_;
    Way way_ = Way::any;
    StretchedExponential phi_;
    std::vector<std::uint32_t> grid_;  // of each instant, on the uniform grid
    std::vector<double> of_lag_;
    std::vector<double> lambda_;        // internal clock at each instant
    std::vector<std::int32_t> events_;  // rearrangements until each instant
    std::vector<double> left_;          // (1-a)^n
};

}  // namespace vitrum::model
