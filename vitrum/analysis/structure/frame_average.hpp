// Which frames an estimator uses, and means over them with errors from blocks of frames.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <Eigen/Core>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/data/trajectory.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

struct FrameChoice {
    std::size_t first = 0;   // frames before it are left out
    std::size_t stride = 1;  // every stride-th frame after it
    std::size_t most = 0;    // then at most so many, evenly spaced; 0: all
};

// Indices of the chosen frames, at least one. Throws InputError if there is none, a stride of 0, a frame whose number
// of coordinates is not that of the atoms, or two atoms at one place, periodic images counted.
[[nodiscard]] std::vector<std::size_t> chosen_frames(const Trajectory& trajectory, const FrameChoice& choice);

// Most blocks of consecutive frames that errors are taken from.
inline constexpr std::size_t error_blocks = 10;

// y, y_error, covariance_factor, degrees_of_freedom and error_method of a curve from values[frame][point]: the mean
// over frames, and its error from the scatter of the means of up to error_blocks blocks of consecutive frames. It is
// honest if a block is longer than the memory of the structure. One frame: no error.
void average_frames(Curve& curve, const std::vector<std::vector<double>>& values);

// The same for one number per frame. NaN in frames: left out; all NaN: status no_data.
[[nodiscard]] Estimate average_frames(std::string_view quantity, Abscissa abscissa, const std::vector<double>& values,
                                      const std::string& note);

// "pair_distribution_" + "CuZr".
[[nodiscard]] std::string pair_name(std::string_view prefix, const Trajectory& trajectory, std::size_t a,
                                    std::size_t b);

// Atoms of each species.
[[nodiscard]] std::vector<std::size_t> species_counts(const Trajectory& trajectory);

}  // namespace vitrum::analysis
