// FFTW's plans and buffers as values that clean up after themselves. The planner is not safe for threads, execution is:
// plans are made and destroyed under one lock. ESTIMATE alone, so that the same plan comes out every time.
#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <utility>

#include <fftw3.h>

#include "vitrum/core/numerics/fft_planner.hpp"

namespace vitrum {

// `make` returns the fftw_plan.
class FftPlan {
public:
    FftPlan() = default;
    template <class Make>
    explicit FftPlan(Make&& make) {
        const auto lock = fft_planner_lock();
        plan_ = std::forward<Make>(make)();
    }
    ~FftPlan() { reset(); }
    FftPlan(FftPlan&& other) noexcept : plan_(std::exchange(other.plan_, nullptr)) {}
    FftPlan& operator=(FftPlan&& other) noexcept {
        std::swap(plan_, other.plan_);
        return *this;
    }
    FftPlan(const FftPlan&) = delete;
    FftPlan& operator=(const FftPlan&) = delete;

    void execute() const { fftw_execute(plan_); }
    [[nodiscard]] fftw_plan get() const { return plan_; }
    [[nodiscard]] fftw_plan release() { return std::exchange(plan_, nullptr); }

private:
    void reset() {
        if (!plan_) return;
        const auto lock = fft_planner_lock();
        fftw_destroy_plan(plan_);
        plan_ = nullptr;
    }
    fftw_plan plan_ = nullptr;
};

struct FftFree {
    void operator()(void* memory) const { fftw_free(memory); }
};
using FftReal = std::unique_ptr<double, FftFree>;
using FftComplex = std::unique_ptr<fftw_complex, FftFree>;

// Aligned as the plans want it: alignment keeps the bits.
[[nodiscard]] inline FftReal fft_real(std::size_t n) { return FftReal(fftw_alloc_real(n)); }
[[nodiscard]] inline FftComplex fft_complex(std::size_t n) { return FftComplex(fftw_alloc_complex(n)); }

}  // namespace vitrum
