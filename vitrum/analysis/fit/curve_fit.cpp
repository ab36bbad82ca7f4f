#include "vitrum/analysis/fit/curve_fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <Eigen/Cholesky>
#include <ceres/ceres.h>
#include <fmt/format.h>
#include <glog/logging.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

namespace {

// The weight of every point of the curve under the wanted scheme, or the next one that the curve can give.
std::vector<double> weights_of(const Curve& g2, KwwWeights wanted) {
    constexpr double enough_pairs = 30;
    std::vector<double> weights(g2.size(), 1.0);
    const bool has_pairs = !g2.weight.empty();
    if (wanted == KwwWeights::scatter && !(has_pairs && !g2.scatter.empty())) wanted = KwwWeights::model;
    if (wanted == KwwWeights::covariance || wanted == KwwWeights::model)
        wanted = has_pairs ? KwwWeights::pairs : KwwWeights::errors;
    if (wanted == KwwWeights::scatter) {
        double variance = 0;
        for (std::size_t i = 0; i < g2.size(); ++i) {
            if (g2.weight[i] >= enough_pairs || variance == 0) variance = g2.scatter[i] * g2.scatter[i];
            weights[i] = g2.weight[i] / variance;
        }
        // A curve without noise has no scatter to weigh by.
        if (std::all_of(weights.begin(), weights.end(), [](double w) { return std::isfinite(w); })) return weights;
        wanted = KwwWeights::pairs;
    }
    if (wanted == KwwWeights::equal) return std::vector<double>(g2.size(), 1.0);
    if (wanted == KwwWeights::pairs || g2.y_error.empty())
        return has_pairs ? g2.weight : std::vector<double>(g2.size(), 1.0);
    for (std::size_t i = 0; i < g2.size(); ++i) weights[i] = 1 / (g2.y_error[i] * g2.y_error[i]);
    return weights;
}

Eigen::MatrixXd factor_of(const Curve& g2, const std::vector<FitPoint>& points) {
    Eigen::MatrixXd f(static_cast<Eigen::Index>(points.size()), g2.covariance_factor.cols());
    for (std::size_t i = 0; i < points.size(); ++i)
        f.row(static_cast<Eigen::Index>(i)) = g2.covariance_factor.row(static_cast<Eigen::Index>(points[i].index));
    return f;
}

// Share of the correlations between points that is noise of few replicates.
double shrinkage(const Eigen::MatrixXd& scaled) {
    const auto replicates = static_cast<double>(scaled.cols());
    const Eigen::MatrixXd r = scaled * scaled.transpose();
    // Sum over pairs of points of the variance of their correlation, from the spread of its terms.
    const Eigen::MatrixXd squares = scaled.cwiseAbs2();
    const double terms = (squares.colwise().sum().array().square().sum() - squares.array().square().sum());
    const double between = r.array().square().sum() - r.diagonal().array().square().sum();
    if (!(between > 0)) return 1;
    const double variance = (terms - between / replicates) * replicates / (replicates - 1);
    return std::clamp(variance / between, 0.0, 1.0);
}

Eigen::MatrixXd whitening_of(const Curve& g2, const std::vector<FitPoint>& points, std::string& note) {
    if (points.size() > most_covariance_points)
        throw InputError(fmt::format("weights = covariance: {} lags; at most {}: give a max_lag", points.size(),
                                     most_covariance_points));
    const Eigen::MatrixXd factor = factor_of(g2, points);
    const Eigen::VectorXd error = factor.rowwise().norm();
    if (!(error.minCoeff() > 0)) return {};
    const Eigen::MatrixXd scaled = error.cwiseInverse().asDiagonal() * factor;
    constexpr double rounding = 1e-8;
    const double share = std::isfinite(g2.degrees_of_freedom) ? std::max(rounding, shrinkage(scaled)) : rounding;
    Eigen::MatrixXd correlation = (1 - share) * (scaled * scaled.transpose());
    correlation.diagonal().setOnes();
    const Eigen::LLT<Eigen::MatrixXd> parts(correlation);
    if (parts.info() != Eigen::Success) return {};
    const bool few = std::isfinite(g2.degrees_of_freedom) && g2.degrees_of_freedom < static_cast<double>(scaled.rows());
    note = fmt::format("weighed by the covariance, shrunk by {:.3g}{}", share,
                       few ? "; from fewer replicates than lags: the errors are too small" : "");
    const Eigen::MatrixXd scale = error.cwiseInverse().asDiagonal();
    return parts.matrixL().solve(scale);
}

class Cost final : public ceres::CostFunction {
public:
    Cost(const CurveLaw& law, const FitPoints& points) : law_(law), points_(points) {
        mutable_parameter_block_sizes()->push_back(static_cast<int>(law.parameters()));
        set_num_residuals(static_cast<int>(points.size()));
    }
    bool Evaluate(double const* const* p, double* residuals, double** jacobians) const override {
        const auto n = static_cast<Eigen::Index>(points_.size());
        const auto k = static_cast<Eigen::Index>(law_.parameters());
        using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
        Rows all(n, k + 1);
        std::vector<double> gradient(law_.parameters());
        for (Eigen::Index i = 0; i < n; ++i) {
            const FitPoint& point = points_.points[static_cast<std::size_t>(i)];
            all(i, k) = law_.value(point.lag, p[0], gradient.data()) - point.value;
            for (Eigen::Index j = 0; j < k; ++j) all(i, j) = gradient[static_cast<std::size_t>(j)];
        }
        all = points_.weighed(all);
        for (Eigen::Index i = 0; i < n; ++i) residuals[i] = all(i, k);
        if (jacobians && jacobians[0]) Eigen::Map<Rows>(jacobians[0], n, k) = all.leftCols(k);
        return all.allFinite();
    }

private:
    const CurveLaw& law_;
    const FitPoints& points_;
};

}  // namespace

Eigen::MatrixXd FitPoints::weighed(const Eigen::MatrixXd& rows) const {
    if (whitening.size() > 0) return whitening.triangularView<Eigen::Lower>() * rows;
    Eigen::MatrixXd out = rows;
    for (std::size_t i = 0; i < points.size(); ++i) out.row(static_cast<Eigen::Index>(i)) *= points[i].root_weight;
    return out;
}

FitPoints fit_points(const Curve& g2, double min_lag, double max_lag, KwwWeights wanted) {
    // A thousandth of a frame of slack, so that 0.3 ps is the lag of 6 frames of 0.05 ps whatever the rounding.
    const double slack = g2.size() > 1 ? 1e-6 * (g2.x[1] - g2.x[0]) : 0;
    const auto weights = weights_of(g2, wanted);
    FitPoints out;
    for (std::size_t i = 0; i < g2.size(); ++i) {
        if (g2.x[i] <= 0 || g2.x[i] < min_lag - slack || g2.x[i] > max_lag + slack) continue;
        if (!std::isfinite(g2.y[i]) || !std::isfinite(weights[i]) || weights[i] <= 0) continue;
        // A point without an error, where the others have one, would count as exact in the covariance.
        if (g2.y_error.size() == g2.size() && !std::isfinite(g2.y_error[i])) continue;
        out.points.push_back({g2.x[i], g2.y[i], std::sqrt(weights[i]), i});
    }
    double most = 0;
    for (const auto& p : out.points) most = std::max(most, p.root_weight);
    for (auto& p : out.points) p.root_weight /= most;
    if (wanted == KwwWeights::covariance && g2.covariance_factor.size() > 0 && !out.points.empty())
        out.whitening = whitening_of(g2, out.points, out.note);
    if (wanted == KwwWeights::covariance && out.whitening.size() == 0)
        out.note = "no covariance of these points: weighed as model";
    const bool has_scatter = !g2.scatter.empty();
    out.by_model = out.whitening.size() == 0 && !g2.weight.empty() && (has_scatter || !g2.y_error.empty()) &&
                   (wanted == KwwWeights::model || wanted == KwwWeights::covariance ||
                    (wanted == KwwWeights::scatter && !has_scatter));
    return out;
}

bool weigh_by_model(FitPoints& points, const Curve& g2, const CurveLaw& law, const std::vector<double>& parameters) {
    if (!points.by_model) return false;
    constexpr double least = 0.1;
    std::vector<double> gradient(law.parameters());
    std::vector<double> fitted;
    double pairs = 0, y = 0, v = 0, yy = 0, yv = 0;
    double lowest = std::numeric_limits<double>::infinity();
    for (const auto& p : points.points) {
        const double n = g2.weight[p.index];
        const double one = g2.scatter.empty() ? g2.y_error[p.index] * std::sqrt(n) : g2.scatter[p.index];
        fitted.push_back(law.value(p.lag, parameters.data(), gradient.data()));
        lowest = std::min(lowest, fitted.back());
        pairs += n;
        y += n * (fitted.back() - 1);
        yy += n * (fitted.back() - 1) * (fitted.back() - 1);
        v += n * one * one;
        yv += n * (fitted.back() - 1) * one * one;
    }
    y /= pairs;
    v /= pairs;
    const double spread = yy / pairs - y * y;
    if (!(v > 0) || !std::isfinite(v) || !(spread > 0)) return false;
    double slope = std::max(0.0, (yv / pairs - y * v) / spread);
    if (const double below = y + 1 - lowest; slope * below > (1 - least) * v) slope = (1 - least) * v / below;
    double most = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        FitPoint& p = points.points[i];
        p.root_weight = std::sqrt(g2.weight[p.index] / (v + slope * (fitted[i] - 1 - y)));
        most = std::max(most, p.root_weight);
    }
    for (auto& p : points.points) p.root_weight /= most;
    return true;
}

Minimum least_squares(const CurveLaw& law, const FitPoints& points, const Bounds& bounds,
                      const std::vector<bool>& fixed, std::vector<double> start) {
    Minimum out;
    out.parameters = std::move(start);
    double* p = out.parameters.data();
    const auto count = static_cast<int>(law.parameters());
    ceres::Problem problem;
    problem.AddResidualBlock(new Cost(law, points), nullptr, p);
    std::vector<int> held;
    for (int i = 0; i < count; ++i)
        if (fixed[static_cast<std::size_t>(i)]) held.push_back(i);
    if (static_cast<int>(held.size()) == count) {
        problem.SetParameterBlockConstant(p);
    } else if (!held.empty()) {
        problem.SetManifold(p, new ceres::SubsetManifold(count, held));
    }
    for (int i = 0; i < count; ++i) {
        const auto k = static_cast<std::size_t>(i);
        if (fixed[k]) continue;
        p[k] = std::clamp(p[k], bounds.lower[k], bounds.upper[k]);
        problem.SetParameterLowerBound(p, i, bounds.lower[k]);
        problem.SetParameterUpperBound(p, i, bounds.upper[k]);
    }
    ceres::Solver::Options solver;
    solver.linear_solver_type = ceres::DENSE_QR;
    solver.max_num_iterations = 200;
    solver.function_tolerance = 1e-14;
    solver.parameter_tolerance = 1e-12;
    solver.gradient_tolerance = 1e-16;
    solver.num_threads = 1;
    solver.logging_type = ceres::SILENT;
    // A fit that fails is a status, not a line of the library's log.
    static const int quiet = FLAGS_minloglevel = google::GLOG_FATAL;
    static_cast<void>(quiet);
    ceres::Solver::Summary summary;
    ceres::Solve(solver, &problem, &summary);
    out.converged = summary.termination_type == ceres::CONVERGENCE;
    out.sum_of_squares = 2 * summary.final_cost;
    return out;
}

Minimum best_of_starts(const CurveLaw& law, const FitPoints& points, const Bounds& bounds,
                       const std::vector<bool>& fixed, const std::vector<std::vector<double>>& starts) {
    Minimum best;
    for (const auto& start : starts) {
        Minimum found = least_squares(law, points, bounds, fixed, start);
        if (std::isfinite(found.sum_of_squares) &&
            (best.parameters.empty() || found.sum_of_squares < best.sum_of_squares))
            best = std::move(found);
    }
    return best;
}

Minimum fit_law(const CurveLaw& law, const Curve& curve, FitPoints& points, const Bounds& bounds,
                const std::vector<bool>& fixed, const std::vector<std::vector<double>>& starts) {
    Minimum best = best_of_starts(law, points, bounds, fixed, starts);
    if (!best.parameters.empty() && weigh_by_model(points, curve, law, best.parameters))
        best = least_squares(law, points, bounds, fixed, best.parameters);
    return best;
}

ParameterErrors parameter_errors(const CurveLaw& law, const Curve& g2, const FitPoints& points,
                                 const std::vector<bool>& fixed, const std::vector<double>& parameters) {
    const auto n = static_cast<Eigen::Index>(points.size());
    const auto all = static_cast<Eigen::Index>(law.parameters());
    std::vector<Eigen::Index> free;
    for (Eigen::Index k = 0; k < all; ++k)
        if (!fixed[static_cast<std::size_t>(k)]) free.push_back(k);
    Eigen::MatrixXd gradients(n, all);
    Eigen::VectorXd residual(n);
    std::vector<double> gradient(law.parameters());
    for (Eigen::Index i = 0; i < n; ++i) {
        const FitPoint& point = points.points[static_cast<std::size_t>(i)];
        residual(i) = law.value(point.lag, parameters.data(), gradient.data()) - point.value;
        for (Eigen::Index k = 0; k < all; ++k) gradients(i, k) = gradient[static_cast<std::size_t>(k)];
    }
    ParameterErrors out;
    Eigen::MatrixXd spread;
    if (g2.covariance_factor.size() > 0) {
        spread = points.weighed(factor_of(g2, points.points));
        out.degrees_of_freedom = g2.degrees_of_freedom;
        out.note = "errors: " + g2.error_method;
    } else if (!g2.y_error.empty()) {
        Eigen::VectorXd error(n);
        for (Eigen::Index i = 0; i < n; ++i) error(i) = g2.y_error[points.points[static_cast<std::size_t>(i)].index];
        spread = points.weighed(error.asDiagonal());
        out.degrees_of_freedom = std::numeric_limits<double>::infinity();
        out.note = "errors: those of the points, taken as independent; neighbouring lags are not, so too small";
    } else {
        out.degrees_of_freedom = std::max(1.0, static_cast<double>(n - all));
        const double sigma = std::sqrt(points.weighed(residual).squaredNorm() / out.degrees_of_freedom);
        spread = Eigen::MatrixXd(Eigen::VectorXd::Constant(n, sigma).asDiagonal());
        out.note = "errors: scatter about the fit, taken as independent; neighbouring lags are not, so too small";
    }
    if (!points.note.empty()) out.note += "; " + points.note;
    const Eigen::MatrixXd weighed = points.weighed(gradients);
    Eigen::MatrixXd j(n, static_cast<Eigen::Index>(free.size()));
    for (std::size_t k = 0; k < free.size(); ++k) j.col(static_cast<Eigen::Index>(k)) = weighed.col(free[k]);
    const auto normal = (j.transpose() * j).ldlt();
    const Eigen::MatrixXd moved = normal.solve(j.transpose() * spread);
    const Eigen::MatrixXd inverse = normal.solve(Eigen::MatrixXd::Identity(j.cols(), j.cols()));
    out.factor = Eigen::MatrixXd::Zero(all, moved.cols());
    out.naive = Eigen::MatrixXd::Zero(all, all);
    for (std::size_t a = 0; a < free.size(); ++a) {
        out.factor.row(free[a]) = moved.row(static_cast<Eigen::Index>(a));
        for (std::size_t b = 0; b < free.size(); ++b)
            out.naive(free[a], free[b]) = inverse(static_cast<Eigen::Index>(a), static_cast<Eigen::Index>(b));
    }
    out.covariance = out.factor * out.factor.transpose();
    return out;
}

ProfileInterval profile_interval(const CurveLaw& law, const FitPoints& points, const Bounds& bounds,
                                 const std::vector<bool>& fixed, const Minimum& minimum, std::size_t k, double rise,
                                 double first_step) {
    std::vector<bool> held = fixed;
    held[k] = true;
    ProfileInterval out{not_a_number, not_a_number};
    for (const int side : {-1, 1}) {
        std::vector<double> from = minimum.parameters;
        const auto excess = [&](double x) {
            std::vector<double> start = from;
            start[k] = x;
            const Minimum at = least_squares(law, points, bounds, held, start);
            return at.sum_of_squares - minimum.sum_of_squares - rise;
        };
        const double centre = minimum.parameters[k];
        const double edge = side < 0 ? bounds.lower[k] : bounds.upper[k];
        double inside = centre;
        double outside = centre;
        double step = first_step;
        bool found = false;
        for (int i = 0; i < 40 && !found; ++i) {
            outside = inside + side * step;
            if (side * (outside - edge) >= 0) outside = edge;
            if (excess(outside) > 0)
                found = true;
            else if (outside == edge)
                break;
            else {
                inside = outside;
                step *= 1.6;
            }
        }
        if (!found) continue;
        for (int i = 0; i < 30 && std::abs(outside - inside) > 1e-4 * std::abs(outside - centre); ++i) {
            const double middle = (inside + outside) / 2;
            (excess(middle) > 0 ? outside : inside) = middle;
        }
        (side < 0 ? out.lower : out.upper) = (inside + outside) / 2;
    }
    return out;
}

}  // namespace vitrum::analysis
