#include "analysis/correlation/kww.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <ceres/ceres.h>
#include <fmt/format.h>

namespace vitrum::analysis {

namespace {

enum Parameter { contrast, log_tau, beta, baseline };
using Parameters = std::array<double, 4>;

struct Point {
    double lag, value, root_weight;
    std::size_t index;  // in the curve
};

struct Residual {
    Point point;
    template <class T>
    bool operator()(const T* p, T* residual) const {
        using std::exp;
        const T decay = exp(-2.0 * exp(p[beta] * (std::log(point.lag) - p[log_tau])));
        residual[0] = point.root_weight * (p[baseline] + p[contrast] * decay - point.value);
        return true;
    }
};

struct Bounds {
    Parameters lower, upper;
};

// The weight of every point of the curve under the wanted scheme, or the next one that the curve can give.
std::vector<double> weights_of(const Curve& g2, KwwWeights wanted) {
    constexpr double enough_pairs = 30;
    std::vector<double> weights(g2.size(), 1.0);
    const bool has_pairs = !g2.weight.empty();
    if (wanted == KwwWeights::scatter && has_pairs && !g2.scatter.empty()) {
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

std::vector<Point> points_of(const Curve& g2, const KwwOptions& options) {
    // Half a frame of slack, so that 0.3 ps is the lag of 6 frames of 0.05 ps whatever the rounding.
    const double slack = g2.size() > 1 ? 1e-6 * (g2.x[1] - g2.x[0]) : 0;
    const auto weights = weights_of(g2, options.weights);
    std::vector<Point> points;
    for (std::size_t i = 0; i < g2.size(); ++i) {
        if (g2.x[i] <= 0 || g2.x[i] < options.min_lag - slack || g2.x[i] > options.max_lag + slack) continue;
        if (!std::isfinite(g2.y[i]) || !std::isfinite(weights[i]) || weights[i] <= 0) continue;
        // A point without an error, where the others have one, would count as exact in the covariance.
        if (g2.y_error.size() == g2.size() && !std::isfinite(g2.y_error[i])) continue;
        points.push_back({g2.x[i], g2.y[i], std::sqrt(weights[i]), i});
    }
    double most = 0;
    for (const auto& p : points) most = std::max(most, p.root_weight);
    for (auto& p : points) p.root_weight /= most;
    return points;
}

double solve(const std::vector<Point>& points, const KwwOptions& options, const Bounds& bounds, Parameters& p,
             bool& converged) {
    ceres::Problem problem;
    for (const auto& point : points)
        problem.AddResidualBlock(new ceres::AutoDiffCostFunction<Residual, 1, 4>(new Residual{point}), nullptr,
                                 p.data());
    std::vector<int> fixed;
    if (options.contrast) fixed.push_back(contrast);
    if (options.beta) fixed.push_back(beta);
    if (options.baseline) fixed.push_back(baseline);
    if (!fixed.empty()) problem.SetManifold(p.data(), new ceres::SubsetManifold(4, fixed));
    for (int i = 0; i < 4; ++i) {
        if (std::find(fixed.begin(), fixed.end(), i) != fixed.end()) continue;
        const auto k = static_cast<std::size_t>(i);
        problem.SetParameterLowerBound(p.data(), i, bounds.lower.at(k));
        problem.SetParameterUpperBound(p.data(), i, bounds.upper.at(k));
    }
    ceres::Solver::Options solver;
    solver.linear_solver_type = ceres::DENSE_QR;
    solver.max_num_iterations = 200;
    solver.function_tolerance = 1e-14;
    solver.parameter_tolerance = 1e-12;
    solver.gradient_tolerance = 1e-16;
    solver.num_threads = 1;
    solver.logging_type = ceres::SILENT;
    ceres::Solver::Summary summary;
    ceres::Solve(solver, &problem, &summary);
    converged = summary.termination_type == ceres::CONVERGENCE;
    return summary.final_cost;
}

// Starting values read off the curve.
Parameters guess(const std::vector<Point>& points, const KwwOptions& options, const Bounds& bounds) {
    const std::size_t tail = std::max<std::size_t>(1, points.size() / 5);
    double level = 0;
    double weight = 0;
    for (std::size_t i = points.size() - tail; i < points.size(); ++i) {
        const double w = points[i].root_weight * points[i].root_weight;
        level += w * points[i].value;
        weight += w;
    }
    level = options.baseline.value_or(level / weight);
    const double amplitude = options.contrast.value_or(std::max(points.front().value - level, 1e-6));
    double tau = points.back().lag;
    for (const auto& point : points)
        if (point.value - level < std::exp(-2.0) * amplitude) {
            tau = point.lag;
            break;
        }
    Parameters p{amplitude, std::log(tau), options.beta.value_or(1.0), level};
    for (std::size_t i = 0; i < 4; ++i) p.at(i) = std::clamp(p.at(i), bounds.lower.at(i), bounds.upper.at(i));
    return p;
}

// Rows: points; columns: derivatives with respect to the four parameters, times the root of the weight.
Eigen::MatrixXd jacobian(const std::vector<Point>& points, const Parameters& p) {
    Eigen::MatrixXd j(static_cast<Eigen::Index>(points.size()), 4);
    for (std::size_t i = 0; i < points.size(); ++i) {
        std::array<ceres::Jet<double, 4>, 4> x;
        for (int k = 0; k < 4; ++k) x.at(static_cast<std::size_t>(k)) = {p.at(static_cast<std::size_t>(k)), k};
        ceres::Jet<double, 4> residual;
        Residual{points[i]}(x.data(), &residual);
        j.row(static_cast<Eigen::Index>(i)) = residual.v.transpose();
    }
    return j;
}

// Deviations of the points (columns) whose outer product is their covariance, times the root of the weight.
Eigen::MatrixXd deviations(const Curve& g2, const std::vector<Point>& points, KwwFit& fit) {
    const auto n = static_cast<Eigen::Index>(points.size());
    if (g2.covariance_factor.size() > 0) {
        Eigen::MatrixXd d(n, g2.covariance_factor.cols());
        for (Eigen::Index i = 0; i < n; ++i) {
            const Point& point = points[static_cast<std::size_t>(i)];
            d.row(i) = point.root_weight * g2.covariance_factor.row(static_cast<Eigen::Index>(point.index));
        }
        fit.degrees_of_freedom = g2.degrees_of_freedom;
        fit.note = "errors: " + g2.error_method;
        return d;
    }
    Eigen::VectorXd diagonal(n);
    if (!g2.y_error.empty()) {
        for (Eigen::Index i = 0; i < n; ++i) {
            const Point& point = points[static_cast<std::size_t>(i)];
            diagonal(i) = point.root_weight * g2.y_error[point.index];
        }
        fit.degrees_of_freedom = std::numeric_limits<double>::infinity();
        fit.note = "errors: those of the points, taken as independent; neighbouring lags are not, so too small";
    } else {
        double sum = 0;
        for (const auto& point : points) {
            const double r = point.root_weight * (fit(point.lag) - point.value);
            sum += r * r;
        }
        const double freedom = std::max(1.0, static_cast<double>(points.size()) - 4);
        diagonal.setConstant(std::sqrt(sum / freedom));
        fit.degrees_of_freedom = freedom;
        fit.note = "errors: scatter about the fit, taken as independent; neighbouring lags are not, so too small";
    }
    return diagonal.asDiagonal();
}

void add_covariance(const Curve& g2, const std::vector<Point>& points, const Parameters& p,
                    const std::vector<int>& free, KwwFit& fit) {
    const Eigen::MatrixXd all = jacobian(points, p);
    Eigen::MatrixXd j(all.rows(), static_cast<Eigen::Index>(free.size()));
    for (std::size_t k = 0; k < free.size(); ++k) j.col(static_cast<Eigen::Index>(k)) = all.col(free[k]);
    const Eigen::MatrixXd spread = deviations(g2, points, fit);
    const Eigen::MatrixXd moved = (j.transpose() * j).ldlt().solve(j.transpose() * spread);
    const Eigen::MatrixXd c = moved * moved.transpose();
    fit.parameter_factor = Eigen::MatrixXd::Zero(4, moved.cols());
    for (std::size_t a = 0; a < free.size(); ++a)
        fit.parameter_factor.row(free[a]) = moved.row(static_cast<Eigen::Index>(a));
    for (std::size_t a = 0; a < free.size(); ++a)
        for (std::size_t b = 0; b < free.size(); ++b)
            fit.covariance(free[a], free[b]) = c(static_cast<Eigen::Index>(a), static_cast<Eigen::Index>(b));
}

Status judge_fit(const KwwFit& fit, const KwwOptions& options, const std::vector<Point>& points, const Bounds& bounds) {
    const Parameters p{fit.contrast, std::log(fit.tau), fit.beta, fit.baseline};
    for (std::size_t i = 0; i < 4; ++i) {
        if ((i == contrast && options.contrast) || (i == beta && options.beta) || (i == baseline && options.baseline))
            continue;
        const double edge = 1e-6 * (bounds.upper.at(i) - bounds.lower.at(i));
        if (p.at(i) < bounds.lower.at(i) + edge || p.at(i) > bounds.upper.at(i) - edge) return Status::at_bound;
    }
    const double left = std::exp(-2 * std::pow(points.back().lag / fit.tau, fit.beta));
    if (options.baseline ? fit.tau > points.back().lag : left > 0.05) return Status::decay_not_reached;
    // At the second lag used, less than 1 % of the decay is left: nothing of its shape was seen.
    const double seen = std::exp(-2 * std::pow(points[1].lag / fit.tau, fit.beta));
    const double error = std::sqrt(fit.covariance(log_tau, log_tau));
    if (seen < 0.01 || !(error < 1)) return Status::not_resolved;
    return Status::ok;
}

}  // namespace

double KwwFit::operator()(double lag) const { return baseline + contrast * std::exp(-2 * std::pow(lag / tau, beta)); }

KwwFit fit_kww(const Curve& g2, const KwwOptions& options) {
    KwwFit fit;
    const auto points = points_of(g2, options);
    std::vector<int> free{log_tau};
    if (!options.contrast) free.insert(free.begin(), contrast);
    if (!options.beta) free.push_back(beta);
    if (!options.baseline) free.push_back(baseline);
    if (points.size() < free.size() + 2) {
        fit.note = fmt::format("{} lags in the range, {} are needed", points.size(), free.size() + 2);
        return fit;
    }
    fit.first_lag = points.front().lag;
    fit.last_lag = points.back().lag;
    fit.points = points.size();
    const Bounds bounds{{1e-9, std::log(points.front().lag / 10), 0.1, options.lowest_baseline},
                        {10.0, std::log(points.back().lag * 10), 3.0, 3.0}};
    const Parameters start = guess(points, options, bounds);
    Parameters best = start;
    double best_cost = std::numeric_limits<double>::infinity();
    bool best_converged = false;
    for (const double exponent : {0.6, 1.0, 1.7})
        for (const double stretch : {1.0, 3.0, 1.0 / 3}) {
            Parameters p = start;
            if (!options.beta) p[beta] = exponent;
            p[log_tau] = std::clamp(start[log_tau] + std::log(stretch), bounds.lower[log_tau], bounds.upper[log_tau]);
            bool converged = false;
            const double cost = solve(points, options, bounds, p, converged);
            if (std::isfinite(cost) && cost < best_cost) {
                best_cost = cost;
                best = p;
                best_converged = converged;
            }
        }
    if (!best_converged) {
        fit.status = Status::not_converged;
        fit.note = "no start converged within 200 iterations";
        return fit;
    }
    fit.contrast = best[contrast];
    fit.tau = std::exp(best[log_tau]);
    fit.beta = best[beta];
    fit.baseline = best[baseline];
    add_covariance(g2, points, best, free, fit);
    fit.status = judge_fit(fit, options, points, bounds);
    return fit;
}

std::vector<Estimate> estimates_of(const KwwFit& fit, const std::string& time_unit) {
    const std::string rate_unit = time_unit == "frames" ? "1/frame" : "1/" + time_unit;
    const double factor = fit.degrees_of_freedom > 0 ? student_factor(fit.degrees_of_freedom) : 1.96;
    const std::string note =
        fit.points == 0 ? fit.note
                        : fmt::format("lags {:.6g} to {:.6g} {}; {}", fit.first_lag, fit.last_lag, time_unit, fit.note);
    std::vector<Estimate> rows;
    const auto add = [&](const char* what, double value, int parameter, double derivative) {
        const double variance = fit.covariance(parameter, parameter);
        // A fixed parameter has no error.
        const double error = variance > 0 ? std::abs(derivative) * std::sqrt(variance) : not_a_number;
        Estimate e = make_estimate(what, {}, value, error, fit.degrees_of_freedom, fit.status, note);
        if (parameter == log_tau) {  // symmetric in ln tau
            e.lower = value * std::exp(-factor * std::sqrt(variance));
            e.upper = value * std::exp(factor * std::sqrt(variance));
        }
        rows.push_back(std::move(e));
    };
    add("tau", fit.tau, log_tau, fit.tau);
    rows.back().unit = time_unit;
    add("rate", 1 / fit.tau, log_tau, 1 / fit.tau);
    rows.back().unit = rate_unit;
    add("beta", fit.beta, beta, 1);
    add("contrast", fit.contrast, contrast, 1);
    add("baseline", fit.baseline, baseline, 1);
    return rows;
}

}  // namespace vitrum::analysis
