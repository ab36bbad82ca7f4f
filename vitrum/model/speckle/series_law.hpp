// Exact first and second moments of the counts of one series, by formula, given the detector and the rearrangements
// that were drawn: nothing here is simulated.
//   <k(i)>_p      = s_i mu <G> + <D>
//   <k(i) k(j)>_p = s_i s_j mu^2 <G^2> (1 + (1-b)^2 gamma X) + mu <G D> (s_i + s_j) + <D^2>
//   X = (1-c)^2 f_q^2 R + c^2 K, R = mean of |g1|^2 over the instants of both exposures and over the pixels, K = 1 but
//   for pixels that average (spatial_law.hpp), gamma = sum of squared mode shares
// with averages over the pixels that are not masked, G their gain, D their dark counts; nothing in a lost frame.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/model/detector/detector.hpp"
#include "vitrum/model/field/entry_variance.hpp"
#include "vitrum/model/field/sample_times.hpp"
#include "vitrum/model/relaxation/kernel_on_times.hpp"
#include "vitrum/model/spatial/spatial_law.hpp"

namespace vitrum::model {

class SeriesLaw {
public:
    // mode_shares sum to 1; the heterodyne share is already part of the kernel's static fraction. Of a kernel with
    // random dynamics still to be drawn: the mean over the population of realisations.
    SeriesLaw(const Kernel& kernel, const SampleTimes& times, const Detector& detector, const DrawnDetector& drawn,
              double mean_count, const std::vector<double>& mode_shares,
              std::shared_ptr<const PatternLaw> pattern = nullptr);

    [[nodiscard]] double mean(std::size_t i) const;                         // counts per unmasked pixel in frame i
    [[nodiscard]] double product(std::size_t i, std::size_t j) const;       // of the counts; i == j without shot noise
    [[nodiscard]] double correlation(std::size_t i, std::size_t j) const;   // C(t_i, t_j)
    [[nodiscard]] double field_square(std::size_t i, std::size_t j) const;  // R
    // Variance of the entry C(t_i, t_j), i != j, of the map of this series to order 1/N: entry_variance.hpp. Of the
    // realised kernel: not given for an ensemble over random rearrangements.
    [[nodiscard]] double entry_variance(std::size_t i, std::size_t j) const;
    // C of two frames whose moving parts are independent, were the beam steady: the far baseline without f.
    [[nodiscard]] double correlation_of(double r) const;
    // Mean over t of C(t, t+dt) for every lag, pairs with an empty frame left out; x in seconds.
    [[nodiscard]] Curve g2() const;
    // Standard deviation of C(t, t+dt) from pixels and counting alone, root mean square over t, at lags spaced by
    // about 10 %; x in seconds. At most 64 evenly spaced t for each lag unless the lag alone decides.
    [[nodiscard]] Curve map_noise() const;
    // g1 of the field between the frames, at the middle instant of each exposure: for every first frame the frames
    // after it, x their lag [s] (the upper triangle, row by row).
    [[nodiscard]] Curve field_map() const;
    // C(t, t + lag) of this realisation without noise, over the pairs of frames that have a beam, 1 <= lag < frames.
    [[nodiscard]] std::vector<double> along(std::size_t lag) const;
    // Variance over t of C(t, t+dt) of this realisation, without noise.
    [[nodiscard]] Curve variance_over_time() const;
    // Mean over t of the variance of C(t, t+dt), without noise, over the realisations still to be drawn. For
    // instantaneous exposures where beam_cancels().
    [[nodiscard]] Curve variance_over_realisations() const;
    // The beam leaves C as it is: steady, or without dark counts, where it cancels.
    [[nodiscard]] bool beam_cancels() const { return steady_ || average(0, 1) == 0; }
    // The same C for every t of one lag.
    [[nodiscard]] bool lag_alone() const {
        return on_.kernel().stationary_in_law() && beam_cancels() && (!pattern_ || pattern_->steady());
    }
    [[nodiscard]] double coherence() const { return shares_[2]; }  // gamma

private:
    [[nodiscard]] bool delivered(std::size_t i) const;
    [[nodiscard]] double average(std::size_t gain, std::size_t dark) const;  // <G^gain D^dark>, gain up to 4
    [[nodiscard]] double product_of(double si, double sj, double r) const;

    // y(lag) = of(lag, starts): frames i, i + lag for every start i, or for the first alone where it is as all.
    template <class Of>
    [[nodiscard]] Curve each_lag(const char* name, const char* y_name, Of&& of) const;

    std::shared_ptr<const PatternLaw> pattern_;  // nullptr = independent pixels
    KernelOnTimes on_;
    bool population_;
    SampleTimes times_;
    double background_;
    double static_speckle_;
    double f_q_;
    std::vector<PixelClass> classes_;  // pixels that count, by their dark counts
    double mu_;
    std::array<double, 5> shares_{};  // [r]: sum over modes of share^r
    double pixels_ = 0;               // in use
    bool steady_ = true;              // the beam
    std::vector<std::uint8_t> lost_;
    std::vector<double> beam_;
};

}  // namespace vitrum::model
