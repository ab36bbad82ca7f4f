// What a pattern with grains adds to the moments of the counts. A pixel that stands at x'(t) on the pattern has
//   g1(t1,t2) = g1_dynamics(t1,t2) mu(x'(t1) - x'(t2)),
// so the mean of |g1|^2 over the pixels gains the factor decay(t1,t2) = mean of |mu(x'(t1) - x'(t2))|^2. A pixel that
// is the mean of n x n points has, for each axis, the mean of |mu|^2 over the n^2 pairs of points in its place.
// Covariance of the intensities of two pixels at one time, of mean 1: K/M, K = |mu|^2 for points.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "vitrum/model/field/sample_times.hpp"
#include "vitrum/model/spatial/spatial_pattern.hpp"
#include "vitrum/model/spatial/spatial_waves.hpp"

namespace vitrum::model {

struct PatternSize {
    std::size_t rows = 1;
    std::size_t columns = 1;
};

// Lengths [pixels] between the outermost points that one axis ever shows.
[[nodiscard]] double extent_of(const AxisView& view, std::size_t pixels, std::size_t subpixels);

class PatternLaw {
public:
    // `gain` of each pixel (0 = counts nothing): its square is the pixel's weight in a product of counts.
    PatternLaw(const PatternOptions& pattern, PatternSize size, const SampleTimes& times, const StreamKey& key,
               const std::vector<double>& gain);

    [[nodiscard]] double decay(std::size_t instant_a, std::size_t instant_b) const {
        return decay(view_, instant_a, instant_b);
    }
    // Of a steady pattern, after this lag [s]; no longer than the scan.
    [[nodiscard]] double steady_decay(double lag) const;
    // K of a pixel with itself: 1 for points, below 1 for pixels that average.
    [[nodiscard]] double self() const { return self_; }
    // K(rows, columns apart)/K(0, 0) at one time; strain, which changes it by its own size, left out.
    [[nodiscard]] double shared(double rows, double columns) const;
    [[nodiscard]] bool steady() const { return pattern_.steady(); }
    [[nodiscard]] bool moves() const { return pattern_.moves(); }
    [[nodiscard]] const PatternView& view() const { return view_; }

private:
    struct Axis {
        std::size_t pixels;
        PlaneWaves waves;
        GrainTable squared;
        double self;
    };
    static Axis make_axis(const PatternAxis& axis, const AxisView& view, std::size_t pixels, std::size_t subpixels);
    [[nodiscard]] double decay(const PatternView& view, std::size_t a, std::size_t b) const;
    [[nodiscard]] double pixel_decay(const Axis& axis, const AxisView& view, std::size_t a, std::size_t b,
                                     std::size_t pixel) const;
    [[nodiscard]] double mean_decay(const Axis& axis, const AxisView& view, std::size_t a, std::size_t b) const;

    PatternOptions pattern_;
    PatternView view_;
    std::vector<double> places_;
    Axis rows_;
    Axis columns_;
    double self_;
    std::vector<double> weight_;  // of each pixel, sum 1; empty = all alike
};

// Independent pixels that show as little speckle noise in an entry of a two-time map as these: N^2 / sum_pq K_pq^2
// over the pixels used (K = |mu|^2 of points). See grain_entry_variance.
[[nodiscard]] double effective_pixels(const PatternLaw& law, PatternSize size, const std::vector<std::uint8_t>& used);
// The same with the first power, N^2 / sum_pq K_pq: that of the mean intensity of a frame.
[[nodiscard]] double independent_speckles(const PatternLaw& law, PatternSize size,
                                          const std::vector<std::uint8_t>& used);

// Variance of one entry C = N sum k1 k2/(sum k1 sum k2) of a pattern at rest, to order 1/N, for point pixels and M
// equal modes: counting noise of N pixels, speckle noise of two numbers of speckles, N2 = independent_speckles and N4 =
// effective_pixels. With rho = |g1|^2 the covariance of two pixels' contributions is
//   F(K) = K^2 [(1 + rho^2)/M^2 + 2 rho/M^3] + K 2 rho (1 - rho)^2/M^3      (Gaussian moments)
// and Var = [V - F(1)]/N + F2/N2 + F4/N4, V/N the variance for independent pixels. The second term is smaller by 1/M
// and vanishes for rho = 0 and 1: at high counts an entry sees N4 independent pixels, at low counts N.
[[nodiscard]] double grain_entry_variance(double pixels, double effective, double speckles, double modes,
                                          double mean_count, double rho);

}  // namespace vitrum::model
