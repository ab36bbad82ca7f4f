// What a group of pixels adds to g2, for the jackknife over pixels: sums over its pixels and over time of x(t)
// x(t+lag), and its mean in every frame, with x_p(t) = scale(t) I_p(t).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include <Eigen/Core>

#include "core/curve.hpp"
#include "core/speckle_series.hpp"
#include "core/two_time_map.hpp"

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

// Groups of the jackknife over pixels, 0 if there are too few pixels; x_p(t) = N I_p(t) / S(t), 0 in empty frames; and
// errors and covariance of g2 from the sums of the groups.
[[nodiscard]] std::size_t jackknife_groups(std::size_t pixels);
[[nodiscard]] std::vector<double> jackknife_scale(const SpeckleSeries& series,
                                                  const std::vector<std::uint32_t>& pixels);
void set_pixel_jackknife(Curve& g2, std::size_t pixels, const GroupLagSums& own, const Eigen::MatrixXd& pull);

}  // namespace vitrum::analysis
