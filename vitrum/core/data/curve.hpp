// A measured or exact curve y(x) with units, errors and, where known, the covariance of its points.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Core>

namespace vitrum {

struct Curve {
    std::string name;    // "g2"
    std::string x_name;  // "lag"
    std::string x_unit;  // "s", or "frames" where no frame time is known
    std::string y_name;
    std::string y_unit;
    std::vector<double> x;
    std::vector<double> y;
    std::vector<double> y_error;  // standard errors; empty if unknown
    std::vector<double> weight;   // number of pairs behind each point; empty means equal
    std::vector<double> scatter;  // standard deviation of the single values behind each point; may be empty

    // Covariance of y = F F^T, F = covariance_factor (points x replicates); empty if unknown.
    Eigen::MatrixXd covariance_factor;
    double degrees_of_freedom = 0;  // of the covariance
    std::string error_method;       // "pixel jackknife, 64 groups"

    [[nodiscard]] std::size_t size() const { return x.size(); }
};

// A curve without points: make_curve("pair_distribution", "r", "angstrom", "g", "").
[[nodiscard]] inline Curve make_curve(std::string name, std::string x_name, std::string x_unit, std::string y_name,
                                      std::string y_unit) {
    Curve curve;
    curve.name = std::move(name);
    curve.x_name = std::move(x_name);
    curve.x_unit = std::move(x_unit);
    curve.y_name = std::move(y_name);
    curve.y_unit = std::move(y_unit);
    return curve;
}

}  // namespace vitrum
