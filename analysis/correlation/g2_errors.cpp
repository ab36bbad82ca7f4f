#include <algorithm>
#include <cmath>
#include <complex>

#include <fftw3.h>
#include <fmt/format.h>

#include "analysis/correlation/active_pixels.hpp"
#include "analysis/correlation/g2.hpp"
#include "core/estimate.hpp"
#include "core/fft_planner.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"

namespace vitrum::analysis {

namespace {

void errors_from_factor(Curve& g2) {
    g2.y_error.assign(g2.size(), 0.0);
    for (std::size_t i = 0; i < g2.size(); ++i)
        g2.y_error[i] = g2.covariance_factor.row(static_cast<Eigen::Index>(i)).norm();
}

// sum_t x(t) x(t+lag) for all lags, added up over many series: power spectra are summed, one transform goes back.
class AutocorrelationSum {
public:
    explicit AutocorrelationSum(std::size_t frames) : frames_(frames) {
        length_ = 1;
        while (length_ < 2 * frames) length_ *= 2;
        real_ = fftw_alloc_real(length_);
        spectrum_ = fftw_alloc_complex(length_ / 2 + 1);
        const auto lock = fft_planner_lock();
        forward_ = fftw_plan_dft_r2c_1d(static_cast<int>(length_), real_, spectrum_, FFTW_ESTIMATE);
        backward_ = fftw_plan_dft_c2r_1d(static_cast<int>(length_), spectrum_, real_, FFTW_ESTIMATE);
        power_.assign(length_ / 2 + 1, 0.0);
    }
    ~AutocorrelationSum() {
        const auto lock = fft_planner_lock();
        fftw_destroy_plan(forward_);
        fftw_destroy_plan(backward_);
        fftw_free(real_);
        fftw_free(spectrum_);
    }
    AutocorrelationSum(const AutocorrelationSum&) = delete;
    AutocorrelationSum& operator=(const AutocorrelationSum&) = delete;

    void add(const std::vector<double>& x) {
        std::copy(x.begin(), x.end(), real_);
        std::fill(real_ + frames_, real_ + length_, 0.0);
        fftw_execute(forward_);
        for (std::size_t k = 0; k < power_.size(); ++k)
            power_[k] += spectrum_[k][0] * spectrum_[k][0] + spectrum_[k][1] * spectrum_[k][1];
    }
    const double* sums() {
        for (std::size_t k = 0; k < power_.size(); ++k) {
            spectrum_[k][0] = power_[k] / static_cast<double>(length_);
            spectrum_[k][1] = 0;
        }
        fftw_execute(backward_);
        return real_;
    }

private:
    std::size_t frames_;
    std::size_t length_ = 0;
    double* real_ = nullptr;
    fftw_complex* spectrum_ = nullptr;
    fftw_plan forward_{};
    fftw_plan backward_{};
    std::vector<double> power_;
};

// Normalised intensity x_p(t) = N I_p(t) / S(t) of consecutive active pixels; 0 in empty frames.
class NormalisedPixels {
public:
    NormalisedPixels(const SpeckleSeries& series, const std::vector<std::uint32_t>& pixels)
        : series_(series), pixels_(pixels), scale_(frame_sums(series, pixels)) {
        for (double& v : scale_) v = v > 0 ? static_cast<double>(pixels.size()) / v : 0;
        if (!series.sparse()) return;
        const auto place = positions(series, pixels);
        events_.resize(pixels.size());
        for (std::size_t f = 0; f < series.frames; ++f)
            for (std::size_t e = series.frame_ptr[f]; e < series.frame_ptr[f + 1]; ++e)
                if (const auto i = place[series.index[e]]; i >= 0)
                    events_[static_cast<std::size_t>(i)].emplace_back(f, series.intensity[e]);
    }
    void read(std::size_t i, std::vector<double>& x) const {
        if (series_.sparse()) {
            std::fill(x.begin(), x.end(), 0.0);
            for (const auto& [f, count] : events_[i]) x[f] = scale_[f] * count;
        } else {
            for (std::size_t f = 0; f < series_.frames; ++f)
                x[f] = scale_[f] * static_cast<double>(series_.counts[f * series_.pixels() + pixels_[i]]);
        }
    }

private:
    const SpeckleSeries& series_;
    const std::vector<std::uint32_t>& pixels_;
    std::vector<double> scale_;
    std::vector<std::vector<std::pair<std::size_t, double>>> events_;
};

}  // namespace

void add_pixel_jackknife(Curve& g2, const SpeckleSeries& s, const TwoTimeMap& map, std::int32_t region) {
    const auto pixels = active_pixels(s, region);
    constexpr std::size_t most_groups = 64;
    constexpr std::size_t fewest_pixels = 8;
    if (pixels.size() < fewest_pixels) return;
    const std::size_t groups = std::min(most_groups, pixels.size());
    const NormalisedPixels normalised(s, pixels);
    const auto lags = static_cast<Eigen::Index>(g2.size());
    g2.covariance_factor = Eigen::MatrixXd::Zero(lags, static_cast<Eigen::Index>(groups));
    const auto all = static_cast<double>(pixels.size());
    for_each_block(groups, 1, [&](std::size_t group, std::size_t, std::size_t) {
        check_interrupt();
        const std::size_t first = group * pixels.size() / groups;
        const std::size_t last = (group + 1) * pixels.size() / groups;
        const auto size = static_cast<double>(last - first);
        AutocorrelationSum autocorrelation(s.frames);
        std::vector<double> x(s.frames);
        std::vector<double> mean(s.frames, 0.0);
        for (std::size_t i = first; i < last; ++i) {
            normalised.read(i, x);
            autocorrelation.add(x);
            for (std::size_t f = 0; f < s.frames; ++f) mean[f] += x[f] / size;
        }
        const double* sums = autocorrelation.sums();
        for (std::size_t lag = 1; lag < s.frames; ++lag) {
            // The group also pulls on the normalisation of both frames.
            double pull = 0;
            for (std::size_t t = 0; t + lag < s.frames; ++t)
                if (const double c = map(t, t + lag); !std::isnan(c)) pull += c * (mean[t] + mean[t + lag] - 1);
            const double pairs = g2.weight[lag - 1];
            const double deviation = pairs > 0 ? (sums[lag] / size - pull) / pairs : 0;
            g2.covariance_factor(static_cast<Eigen::Index>(lag) - 1, static_cast<Eigen::Index>(group)) =
                size / all * deviation * std::sqrt(static_cast<double>(groups) / static_cast<double>(groups - 1));
        }
    });
    g2.degrees_of_freedom = static_cast<double>(groups - 1);
    g2.error_method = fmt::format("jackknife over {} groups of pixels", groups);
    errors_from_factor(g2);
}

void add_frame_jackknife(Curve& g2, const TwoTimeMap& map) {
    constexpr std::size_t most_blocks = 20;
    const std::size_t n = map.frames;
    const std::size_t blocks = std::min(most_blocks, n / 2);
    if (blocks < 4) return;
    const auto lags = static_cast<Eigen::Index>(g2.size());
    g2.covariance_factor = Eigen::MatrixXd::Zero(lags, static_cast<Eigen::Index>(blocks));
    std::vector<std::uint8_t> left_empty(g2.size(), 0);
    for (std::size_t b = 0; b < blocks; ++b) {
        const std::size_t first = b * n / blocks;
        const std::size_t last = (b + 1) * n / blocks;
        const auto inside = [&](std::size_t t) { return t >= first && t < last; };
        std::vector<double> sum(n, 0.0);
        std::vector<double> count(n, 0.0);
        for (std::size_t i = first; i < last; ++i)
            for (std::size_t j = 0; j < n; ++j) {
                if (j == i || (inside(j) && j < i)) continue;  // a pair inside the block counts once
                const double c = map(i, j);
                if (std::isnan(c)) continue;
                const std::size_t lag = i < j ? j - i : i - j;
                sum[lag] += c;
                count[lag] += 1;
            }
        for (std::size_t lag = 1; lag < n; ++lag) {
            const double pairs = g2.weight[lag - 1];
            const double rest = pairs - count[lag];
            if (rest <= 0) {
                left_empty[lag - 1] = 1;
                continue;
            }
            const double without = (pairs * g2.y[lag - 1] - sum[lag]) / rest;
            g2.covariance_factor(static_cast<Eigen::Index>(lag) - 1, static_cast<Eigen::Index>(b)) =
                without - g2.y[lag - 1];
        }
    }
    const auto k = static_cast<double>(blocks);
    for (Eigen::Index i = 0; i < lags; ++i) {
        auto row = g2.covariance_factor.row(i);
        const double mean = row.mean();
        for (Eigen::Index b = 0; b < row.size(); ++b) row(b) = (row(b) - mean) * std::sqrt((k - 1) / k);
    }
    g2.degrees_of_freedom = k - 1;
    g2.error_method = fmt::format("jackknife over {} blocks of frames", blocks);
    errors_from_factor(g2);
    // Lags that live on one block alone have no error of their own.
    for (std::size_t i = 0; i < g2.size(); ++i)
        if (left_empty[i]) g2.y_error[i] = not_a_number;
}

}  // namespace vitrum::analysis
