#include "vitrum/analysis/correlation/errors/gaussian_paths.hpp"

#include <algorithm>
#include <cmath>

#include <boost/random/normal_distribution.hpp>

#include "vitrum/core/numerics/fft.hpp"

namespace vitrum::analysis {

void for_each_gaussian_path(const std::vector<double>& covariance, std::size_t length, std::size_t count,
                            const StreamKey& key, const std::function<void(std::vector<double>&)>& visit) {
    std::size_t size = 1;
    while (size < length + std::min(length, covariance.size())) size *= 2;
    const FftComplex work = fft_complex(size);
    auto* data = reinterpret_cast<std::complex<double>*>(work.get());
    const FftPlan plan(
        [&] { return fftw_plan_dft_1d(static_cast<int>(size), work.get(), work.get(), FFTW_FORWARD, FFTW_ESTIMATE); });
    for (std::size_t k = 0; k < size; ++k) {
        const std::size_t apart = std::min(k, size - k);
        data[k] = apart < covariance.size() ? covariance[apart] : 0.0;
    }
    plan.execute();
    std::vector<double> amplitude(size);
    double kept = 0;
    for (std::size_t k = 0; k < size; ++k) {
        amplitude[k] = std::max(0.0, data[k].real());
        kept += amplitude[k] / static_cast<double>(size);
    }
    const double restore = kept > 0 ? covariance.front() / kept : 0;
    for (double& a : amplitude) a = std::sqrt(a * restore / static_cast<double>(size));
    std::vector<double> path(length);
    // Real and imaginary part are two independent paths.
    for (std::size_t pair = 0; 2 * pair < count; ++pair) {
        Stream stream(key, Purpose::bootstrap, pair);
        boost::random::normal_distribution<double> normal;
        for (std::size_t k = 0; k < size; ++k) {
            const double re = normal(stream);
            const double im = normal(stream);
            data[k] = {amplitude[k] * re, amplitude[k] * im};
        }
        plan.execute();
        for (std::size_t k = 0; k < length; ++k) path[k] = data[k].real();
        std::vector<double> other(length);
        for (std::size_t k = 0; k < length; ++k) other[k] = data[k].imag();
        visit(path);
        if (2 * pair + 1 < count) visit(other);
    }
}

}  // namespace vitrum::analysis
