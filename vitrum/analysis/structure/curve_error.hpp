// Errors of numbers taken from a curve: how they move with each independent part of the curve's error.
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/estimate/fit_quality.hpp"

namespace vitrum::analysis {

struct Propagated {
    std::vector<double> value;
    std::vector<double> error;      // NaN where unknown
    double degrees_of_freedom = 0;  // 0: no errors; infinity: errors of the points taken as known
};

// read(curve) gives numbers; NaN where there is none. Linear propagation: half the difference of read() at plus and
// minus each column of the covariance factor, or each point's error if there is no covariance.
template <class Read>
Propagated propagate(const Curve& curve, Read&& read) {
    Propagated result;
    result.value = read(curve);
    result.error.assign(result.value.size(), std::numeric_limits<double>::quiet_NaN());
    const auto replicates = static_cast<std::size_t>(curve.covariance_factor.cols());
    const std::size_t parts = replicates > 0 ? replicates : curve.y_error.size();
    if (parts == 0) return result;
    std::vector<double> variance(result.value.size(), 0.0);
    for (std::size_t part = 0; part < parts; ++part) {
        Curve up = curve;
        Curve down = curve;
        for (std::size_t i = 0; i < curve.size(); ++i) {
            double d = 0;
            if (replicates > 0)
                d = curve.covariance_factor(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(part));
            else if (i == part)
                d = curve.y_error[i];
            up.y[i] += d;
            down.y[i] -= d;
        }
        const std::vector<double> high = read(up);
        const std::vector<double> low = read(down);
        for (std::size_t k = 0; k < variance.size(); ++k) variance[k] += (high[k] - low[k]) * (high[k] - low[k]) / 4;
    }
    for (std::size_t k = 0; k < variance.size(); ++k) result.error[k] = std::sqrt(variance[k]);
    result.degrees_of_freedom = replicates > 0 ? curve.degrees_of_freedom : std::numeric_limits<double>::infinity();
    return result;
}

// The points of a peak above `level` of its height, around the highest point between low and high; none if that is at
// an edge.
struct PeakPoints {
    std::size_t first = 0, top = 0, last = 0;  // last < first: none
};
[[nodiscard]] PeakPoints peak_points(const Curve& curve, double low, double high, double level);

// Whether a parabola holds for them.
[[nodiscard]] FitQuality parabola_quality(const Curve& curve, const PeakPoints& points);

// Top of the parabola through them: {position, height}; NaN if there are none, or they do not bend down.
[[nodiscard]] std::vector<double> parabola_top(const Curve& curve, double low, double high, double level);

}  // namespace vitrum::analysis
