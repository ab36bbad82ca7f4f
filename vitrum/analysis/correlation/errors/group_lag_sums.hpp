// What a group of pixels adds to g2, for the jackknife over pixels: sums over its pixels and over time of x(t)
// x(t+lag), and its mean in every frame, with x_p(t) = scale(t) I_p(t).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include <Eigen/Core>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/data/speckle_series.hpp"
#include "vitrum/core/data/two_time_map.hpp"

namespace vitrum::analysis {

struct GroupLagSums {
    Eigen::MatrixXd lag_sums;  // (lag, group), lags 0 .. frames - 1
    Eigen::MatrixXd means;     // (group, frame), means over the group's pixels
};

// Group g holds pixels[g n / groups] .. pixels[(g+1) n / groups), n = pixels.size(). Dense frames by Fourier transforms
// (relative error about 1e-15 of the largest sum); events pair by pair where that is less work.
[[nodiscard]] GroupLagSums group_lag_sums(const SpeckleSeries& series, const std::vector<std::uint32_t>& pixels,
                                          std::size_t groups, const std::vector<double>& scale);

// (lag, group): sum over t of C(t,t+lag) (m(t) + m(t+lag) - 1), m the group's mean; entries that are NaN are left out.
// Rows of the map come in order of time, row(t)[t + lag] = C(t,t+lag); the bits do not depend on how they are cut.
class NormalisationPull {
public:
    explicit NormalisationPull(const Eigen::MatrixXd& means);
    void add(std::size_t first_row, std::size_t last_row, const std::function<const double*(std::size_t)>& row);
    [[nodiscard]] Eigen::MatrixXd result() const;

private:
    Eigen::MatrixXd means_;
    Eigen::MatrixXd sums_;  // (group, lag)
    Eigen::VectorXd total_;
};
[[nodiscard]] Eigen::MatrixXd normalisation_pull(const TwoTimeMap& map, const Eigen::MatrixXd& means);

// Groups of the jackknife over pixels: 64, or as many patches as are three speckles wide (speckle_size.hpp), but at
// least 10; 0 if there are fewer than 8 pixels.
struct JackknifePatches {
    std::size_t groups = 0;
    double speckle = 1;      // [pixels], the wider axis
    double speckles = 0;     // that the pixels hold
    bool too_small = false;  // ten patches are narrower than two speckles: errors are too small
};
[[nodiscard]] JackknifePatches jackknife_patches(const SpeckleSeries& series, const std::vector<std::uint32_t>& pixels);
// x_p(t) = N I_p(t) / S(t), 0 in empty frames.
[[nodiscard]] std::vector<double> jackknife_scale(const SpeckleSeries& series,
                                                  const std::vector<std::uint32_t>& pixels);
// Errors and covariance of g2 from the sums of the groups. The method's name says so where the bias of the ratio
// (g2_errors.hpp) exceeds 0.3 of an error.
void set_pixel_jackknife(Curve& g2, const JackknifePatches& patches, std::size_t pixels, const GroupLagSums& own,
                         const Eigen::MatrixXd& pull);
// Where a lag has few pairs of photons the groups do not see their own noise: none found, no error. Counting alone
// gives each pair of frames at least the variance N/(S S'), known from the totals S of the frames: errors below that
// are raised to it (the covariance factor stays). Of frames whose values are whole numbers only.
void raise_to_counting_noise(Curve& g2, const SpeckleSeries& series, const std::vector<std::uint32_t>& pixels,
                             const std::vector<double>& scale);

}  // namespace vitrum::analysis
