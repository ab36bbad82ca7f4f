#include "vitrum/model/field/gaussian_field.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <boost/random/normal_distribution.hpp>
#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/numerics/fft.hpp"

namespace vitrum::model {

namespace {

fftw_complex* as_fftw(std::complex<double>* data) { return reinterpret_cast<fftw_complex*>(data); }

std::size_t smooth_length(std::size_t at_least) {
    std::size_t n = 1;
    while (n < at_least) n *= 2;
    return n;
}

}  // namespace

GaussianField::Work::Work(std::size_t length)
    : data(reinterpret_cast<std::complex<double>*>(fftw_alloc_complex(length))) {}

GaussianField::Work::~Work() { fftw_free(data); }

GaussianField::Work GaussianField::make_work() const { return Work(embedding()); }

GaussianField::GaussianField(std::size_t frames, const std::function<double(double)>& g1) : frames_(frames) {
    constexpr double tolerance = 1e-8;
    const std::size_t shortest = smooth_length(2 * frames);
    for (std::size_t length = shortest;; length *= 2) {
        Work work(length);
        FftPlan plan([&] {
            return fftw_plan_dft_1d(static_cast<int>(length), as_fftw(work.data), as_fftw(work.data), FFTW_FORWARD,
                                    FFTW_ESTIMATE);
        });
        for (std::size_t k = 0; k < length; ++k) work.data[k] = g1(static_cast<double>(std::min(k, length - k)));
        fftw_execute_dft(plan.get(), as_fftw(work.data), as_fftw(work.data));
        double largest = 0;
        double smallest = 0;
        double negative = 0;
        double positive = 0;
        for (std::size_t k = 0; k < length; ++k) {
            const double value = work.data[k].real();
            largest = std::max(largest, value);
            smallest = std::min(smallest, value);
            (value < 0 ? negative : positive) += std::abs(value);
        }
        if (smallest >= -tolerance * largest) {
            clipped_ = negative / positive;
            amplitude_.resize(length);
            for (std::size_t k = 0; k < length; ++k)
                amplitude_[k] = std::sqrt(std::max(0.0, work.data[k].real()) / static_cast<double>(length));
            plan_ = plan.release();
            return;
        }
        if (length >= 64 * shortest)
            throw InputError(
                fmt::format("the correlation of the field is not positive definite: smallest eigenvalue "
                            "{:.3g} of the largest",
                            smallest / largest));
    }
}

GaussianField::~GaussianField() {
    const auto lock = fft_planner_lock();
    if (plan_) fftw_destroy_plan(static_cast<fftw_plan>(plan_));
}

const std::complex<double>* GaussianField::draw(Stream& stream, Work& work) const {
    // A complex normal of unit mean square: each part has variance 1/2.
    boost::random::normal_distribution<double> normal(0.0, std::numbers::sqrt2 / 2);
    for (std::size_t k = 0; k < amplitude_.size(); ++k) {
        const double re = normal(stream);
        const double im = normal(stream);
        work.data[k] = {amplitude_[k] * re, amplitude_[k] * im};
    }
    fftw_execute_dft(static_cast<fftw_plan>(plan_), as_fftw(work.data), as_fftw(work.data));
    return work.data;
}

}  // namespace vitrum::model
