#include "vitrum/analysis/fit/fit_test.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <Eigen/Dense>
#include <fmt/format.h>

namespace vitrum::analysis {

namespace {

constexpr Eigen::Index most_contrasts = 20;
constexpr double replicates_per_contrast = 3;
constexpr double rounding = 1e-9;  // of a value, against its error

FitQuality no_test(std::string why) {
    FitQuality q;
    q.errors = std::move(why);
    return q;
}

// Bin of each point: at most `most` bins of equal width that hold a point.
std::vector<Eigen::Index> bins_of(const Eigen::VectorXd& place, Eigen::Index most) {
    const Eigen::Index n = place.size();
    std::vector<Eigen::Index> bin(static_cast<std::size_t>(n));
    for (Eigen::Index i = 0; i < n; ++i) bin[static_cast<std::size_t>(i)] = i;
    if (n <= most) return bin;
    const double low = place(0);
    const double range = place(n - 1) - low;
    const auto numbered = [&](Eigen::Index cells) {
        std::vector<Eigen::Index> out;
        std::set<Eigen::Index> seen;
        for (Eigen::Index i = 0; i < n; ++i) {
            const auto cell = static_cast<Eigen::Index>((place(i) - low) / range * static_cast<double>(cells));
            seen.insert(std::min(cell, cells - 1));
            out.push_back(static_cast<Eigen::Index>(seen.size()) - 1);  // places ascend
        }
        return out;
    };
    // Cells of short lags are empty: as many cells as leave `most` that are not.
    bin = numbered(most);
    for (Eigen::Index cells = most + 1; cells <= 4 * most; ++cells) {
        auto finer = numbered(cells);
        if (finer.back() + 1 > most) break;
        bin = std::move(finer);
    }
    return bin;
}

// Rows of the points to means of bins. Alike: weights by errors that come from few replicates would prefer the points
// whose error came out small.
Eigen::MatrixXd averaging(const std::vector<Eigen::Index>& bin) {
    Eigen::MatrixXd g = Eigen::MatrixXd::Zero(bin.back() + 1, static_cast<Eigen::Index>(bin.size()));
    for (std::size_t i = 0; i < bin.size(); ++i) g(bin[i], static_cast<Eigen::Index>(i)) = 1;
    const Eigen::VectorXd sums = g.rowwise().sum();
    return sums.cwiseInverse().asDiagonal() * g;
}

struct Tangent {
    Eigen::MatrixXd within;  // orthonormal: what parameters can reach
    Eigen::MatrixXd beyond;  // what they cannot; empty unless asked for
};

Tangent tangent(const Eigen::MatrixXd& derivatives, bool beyond) {
    const Eigen::Index n = derivatives.rows();
    // Columns of one size: parameters have units.
    const Eigen::VectorXd norm = derivatives.colwise().norm().cwiseMax(std::numeric_limits<double>::min());
    const Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr(derivatives * norm.cwiseInverse().asDiagonal());
    const Eigen::Index rank = std::min(qr.rank(), n);
    Tangent out;
    out.within = qr.householderQ() * Eigen::MatrixXd::Identity(n, rank);
    if (beyond) {
        const Eigen::MatrixXd all = qr.householderQ() * Eigen::MatrixXd::Identity(n, n);
        out.beyond = all.rightCols(n - rank);
    }
    return out;
}

bool finite(const FittedPoints& p) {
    return p.residual.size() > 0 && p.residual.allFinite() && p.derivatives.allFinite();
}

}  // namespace

FitQuality quality_of_independent(const FittedPoints& points, const Eigen::VectorXd& error, std::string errors) {
    if (!finite(points)) return no_test("no fit");
    if (!(error.minCoeff() > 0) || !error.allFinite()) return no_test("points without an error");
    const Eigen::MatrixXd j = error.cwiseInverse().asDiagonal() * points.derivatives;
    const Eigen::VectorXd z = points.residual.cwiseQuotient(error);
    const Tangent t = tangent(j, false);
    const Eigen::VectorXd rest = z - t.within * (t.within.transpose() * z);
    const double least = rounding * points.value.cwiseQuotient(error).cwiseAbs().maxCoeff();
    const double chi2 = rest.norm() < least ? 0 : rest.squaredNorm();
    return chi_square_quality(chi2, static_cast<double>(z.size() - t.within.cols()), std::move(errors));
}

FitQuality quality_of_correlated(const FittedPoints& points, const Eigen::MatrixXd& factor, double freedom,
                                 std::string errors) {
    if (!finite(points) || !factor.allFinite()) return no_test("no fit");
    const Eigen::VectorXd error = factor.rowwise().norm();
    if (!(error.minCoeff() > 0)) return no_test("points without an error");
    const Eigen::Index parameters = points.derivatives.cols();
    Eigen::Index contrasts = std::min(most_contrasts, points.residual.size() - parameters);
    if (std::isfinite(freedom))
        contrasts = std::min(contrasts, static_cast<Eigen::Index>(std::floor(freedom / replicates_per_contrast)));
    if (contrasts < 1)
        return no_test(points.residual.size() > parameters ? errors + ": too few replicates"
                                                           : errors + ": as many parameters as points");
    const auto bin = bins_of(points.place, contrasts + parameters);
    const Eigen::MatrixXd mean = averaging(bin);
    const Eigen::MatrixXd spread = mean * factor;
    const Eigen::VectorXd scale = spread.rowwise().norm().cwiseInverse();
    if (!scale.allFinite()) return no_test("points without an error");
    const Tangent t = tangent(scale.asDiagonal() * (mean * points.derivatives), true);
    if (t.beyond.cols() < 1) return no_test(errors + ": as many parameters as points");
    const Eigen::VectorXd c = t.beyond.transpose() * scale.cwiseProduct(mean * points.residual);
    const Eigen::MatrixXd f = t.beyond.transpose() * (scale.asDiagonal() * spread);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> parts(f * f.transpose());
    const double least = rounding * scale.cwiseProduct(mean * points.value).cwiseAbs().maxCoeff();
    double t2 = 0;
    Eigen::Index seen = 0;
    for (Eigen::Index k = 0; k < c.size(); ++k) {
        const double along = parts.eigenvectors().col(k).dot(c);
        // Points that move together leave directions without noise: a misfit there is certain, rounding is none.
        if (parts.eigenvalues()(k) < least * least) {
            if (std::abs(along) < std::max(least, rounding)) continue;
            t2 = std::numeric_limits<double>::infinity();
        } else {
            t2 += along * along / parts.eigenvalues()(k);
        }
        ++seen;
    }
    if (bin.back() + 1 < points.residual.size())
        errors += fmt::format(", {} points in {} bins", points.residual.size(), bin.back() + 1);
    if (seen == 0) return chi_square_quality(0, static_cast<double>(c.size()), std::move(errors));
    return hotelling_quality(t2, static_cast<double>(seen), freedom, std::move(errors));
}

FitQuality quality_of_curve_fit(const CurveLaw& law, const Curve& curve, const FitPoints& points,
                                const std::vector<bool>& fixed, const std::vector<double>& parameters) {
    const std::string& method = curve.error_method;
    const bool covariance = curve.covariance_factor.size() > 0;
    if (!covariance && curve.y_error.empty()) return no_test("scatter about the law");
    for (const char* poor : {"along the diagonal", "bootstrap", ", too small: speckles"})
        if (method.find(poor) != std::string::npos) return no_test(method + ": too poor to tell");
    const auto n = static_cast<Eigen::Index>(points.size());
    const auto free = std::count(fixed.begin(), fixed.end(), false);
    FittedPoints p{Eigen::VectorXd(n), Eigen::VectorXd(n), Eigen::VectorXd(n), Eigen::MatrixXd(n, free)};
    Eigen::VectorXd error(n);
    Eigen::MatrixXd factor(covariance ? n : 0, curve.covariance_factor.cols());
    std::vector<double> gradient(law.parameters());
    for (Eigen::Index i = 0; i < n; ++i) {
        const FitPoint& point = points.points[static_cast<std::size_t>(i)];
        p.place(i) = std::log(point.lag);
        p.value(i) = point.value;
        p.residual(i) = law.value(point.lag, parameters.data(), gradient.data()) - point.value;
        Eigen::Index column = 0;
        for (std::size_t k = 0; k < fixed.size(); ++k)
            if (!fixed[k]) p.derivatives(i, column++) = gradient[k];
        if (covariance)
            factor.row(i) = curve.covariance_factor.row(static_cast<Eigen::Index>(point.index));
        else
            error(i) = curve.y_error[point.index];
    }
    if (covariance) return quality_of_correlated(p, factor, curve.degrees_of_freedom, method);
    return quality_of_independent(p, error, "those of the points, taken as independent");
}

}  // namespace vitrum::analysis
