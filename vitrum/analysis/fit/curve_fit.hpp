// Bounded least squares of a law through the points of a curve (Ceres), with weights or a full covariance, and the
// covariance of the parameters that this very estimator has under the covariance of the points.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "vitrum/core/data/curve.hpp"

namespace vitrum::analysis {

// model: by pairs at first, then by pairs over the variance of one value that the fitted law gives (weigh_by_model), so
// that no weight carries the noise of its own point. scatter: pairs over the variance of C seen along the diagonal
// (lags of fewer than 30 pairs borrow the variance of the last lag that has them): at few photons the variance seen
// goes with the mean seen, and fits come out low. pairs: number of pairs; errors: 1/error^2, of counts tied to the
// value in the same way; equal; covariance: generalised least squares. What a curve does not carry falls back in the
// order covariance, model; without pairs errors, then equal.
enum class KwwWeights { scatter, pairs, errors, equal, covariance, model };

// A law y(x; p) with its derivatives by p.
class CurveLaw {
public:
    CurveLaw() = default;
    CurveLaw(const CurveLaw&) = delete;
    CurveLaw& operator=(const CurveLaw&) = delete;
    virtual ~CurveLaw() = default;
    [[nodiscard]] virtual std::size_t parameters() const = 0;
    [[nodiscard]] virtual double value(double x, const double* p, double* gradient) const = 0;
};

struct FitPoint {
    double lag, value, root_weight;
    std::size_t index;  // in the curve
};

// The points of a curve that a fit uses, and how they are weighed.
struct FitPoints {
    std::vector<FitPoint> points;
    // Rows and columns as points: residuals are multiplied by it. Empty: by root_weight.
    Eigen::MatrixXd whitening;
    bool by_model = false;  // pairs so far: weigh_by_model has something to add
    std::string note;       // of the weights; empty where there is nothing to say

    [[nodiscard]] std::size_t size() const { return points.size(); }
    [[nodiscard]] const FitPoint& front() const { return points.front(); }
    [[nodiscard]] const FitPoint& back() const { return points.back(); }
    // rows as points
    [[nodiscard]] Eigen::MatrixXd weighed(const Eigen::MatrixXd& rows) const;
};

inline constexpr std::size_t most_covariance_points = 1500;

// Finite points with lags in [min_lag, max_lag]. Covariance: Sigma = (1 - s) F F^T + s diag(F F^T), the shrinkage s
// estimated from the replicates of F (Schaefer and Strimmer 2005), next to nothing where F is exact. Throws InputError
// beyond most_covariance_points.
[[nodiscard]] FitPoints fit_points(const Curve& curve, double min_lag, double max_lag, KwwWeights weights);

struct Bounds {
    std::vector<double> lower, upper;
};

struct Minimum {
    std::vector<double> parameters;
    double sum_of_squares = 0;  // weighed
    bool converged = false;
};

// From `start`; parameters with fixed[k] stay.
[[nodiscard]] Minimum least_squares(const CurveLaw& law, const FitPoints& points, const Bounds& bounds,
                                    const std::vector<bool>& fixed, std::vector<double> start);

// The lowest minimum from all starts, the first of equals; no parameters where none was finite.
[[nodiscard]] Minimum best_of_starts(const CurveLaw& law, const FitPoints& points, const Bounds& bounds,
                                     const std::vector<bool>& fixed, const std::vector<std::vector<double>>& starts);

// Weights of points that are `by_model`, from the law fitted by pairs: pairs over a + b y, the straight line through
// the variances of single values (the scatter; error^2 times pairs where there is none) against the fitted value y, b
// no less than 0, a + b y nowhere below a tenth of its mean. Poisson counts have exactly such a line. False if nothing
// is changed.
bool weigh_by_model(FitPoints& points, const Curve& curve, const CurveLaw& law, const std::vector<double>& parameters);

// best_of_starts, then weigh_by_model and once more from that minimum.
[[nodiscard]] Minimum fit_law(const CurveLaw& law, const Curve& curve, FitPoints& points, const Bounds& bounds,
                              const std::vector<bool>& fixed, const std::vector<std::vector<double>>& starts);

struct ParameterErrors {
    Eigen::MatrixXd factor;      // parameters x replicates: covariance = factor factor^T; rows 0 where fixed
    Eigen::MatrixXd covariance;  // parameters x parameters
    Eigen::MatrixXd naive;       // (J^T W J)^-1, the inverse curvature of the sum of squares
    double degrees_of_freedom = 0;
    std::string note;
};

// A Sigma A^T with A = (J^T W J)^-1 J^T W; not the one that takes neighbouring lags for independent.
[[nodiscard]] ParameterErrors parameter_errors(const CurveLaw& law, const Curve& curve, const FitPoints& points,
                                               const std::vector<bool>& fixed, const std::vector<double>& parameters);

// Where the least sum of squares with parameter k held at a value exceeds the least of all by `rise`, the other free
// parameters fitted again; NaN where a bound comes first.
struct ProfileInterval {
    double lower, upper;
};
[[nodiscard]] ProfileInterval profile_interval(const CurveLaw& law, const FitPoints& points, const Bounds& bounds,
                                               const std::vector<bool>& fixed, const Minimum& minimum, std::size_t k,
                                               double rise, double first_step);

}  // namespace vitrum::analysis
