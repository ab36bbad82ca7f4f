#include "vitrum/analysis/relaxation/master_curve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/random/chi_squared_distribution.hpp>
#include <boost/random/normal_distribution.hpp>
#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/stream.hpp"

namespace vitrum::analysis {

namespace {

struct Scaled {
    Curve curve;             // against dt/tau
    Eigen::MatrixXd factor;  // of its points, the fitted parameters' part in it
};

// A change of the points moves the fit too: (d y - J d p)/contrast to first order.
Scaled scale(const Curve& g2, const KwwFit& fit) {
    Scaled out;
    out.curve.name = out.curve.y_name = "scaled g2";
    out.curve.x_name = "lag / tau";
    std::vector<Eigen::RowVectorXd> rows;
    for (std::size_t i = 0; i < g2.size(); ++i) {
        if (g2.x[i] < fit.first_lag || g2.x[i] > fit.last_lag || !std::isfinite(g2.y[i])) continue;
        const double x = g2.x[i] / fit.tau;
        const double exponent = 2 * std::pow(x, fit.beta);
        const double law = std::exp(-exponent);
        const double y = (g2.y[i] - fit.baseline) / fit.contrast;
        // Only what scales the curve: contrast, tau (which shifts x along the law) and baseline.
        const double by_log_tau = law * exponent * fit.beta;
        rows.emplace_back(g2.covariance_factor.row(static_cast<Eigen::Index>(i)) / fit.contrast -
                          y * fit.parameter_factor.row(0) / fit.contrast - by_log_tau * fit.parameter_factor.row(1) -
                          fit.parameter_factor.row(3) / fit.contrast);
        out.curve.x.push_back(x);
        out.curve.y.push_back(y);
        out.curve.weight.push_back(g2.weight.empty() ? 1 : g2.weight[i]);
        out.curve.y_error.push_back(rows.back().norm());
    }
    out.factor.resize(static_cast<Eigen::Index>(rows.size()), g2.covariance_factor.cols());
    for (std::size_t i = 0; i < rows.size(); ++i) out.factor.row(static_cast<Eigen::Index>(i)) = rows[i];
    return out;
}

// Means over the bins: weights of the points, rows as bins. Empty if a bin is empty.
Eigen::MatrixXd averaging(const Curve& curve, double first, double width, std::size_t bins) {
    Eigen::MatrixXd w = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(bins), static_cast<Eigen::Index>(curve.size()));
    for (std::size_t i = 0; i < curve.size(); ++i) {
        const double place = std::floor((std::log(curve.x[i]) - first) / width);
        if (place < 0 || place >= static_cast<double>(bins)) continue;
        w(static_cast<Eigen::Index>(place), static_cast<Eigen::Index>(i)) = curve.weight[i];
    }
    for (Eigen::Index b = 0; b < w.rows(); ++b) {
        if (!(w.row(b).sum() > 0)) return {};
        w.row(b) /= w.row(b).sum();
    }
    return w;
}

struct Binned {
    std::vector<Eigen::VectorXd> value;
    std::vector<Eigen::MatrixXd> factor;
    std::vector<double> log_x;
};

// The law bends within a bin and curves have their points at different places in it: the mean of the fitted common law
// over the same points is taken out, so that only departures from it are compared.
Binned in_bins(const std::vector<Scaled>& curves, std::size_t bins, double common_beta) {
    double first = -std::numeric_limits<double>::infinity();
    double last = std::numeric_limits<double>::infinity();
    for (const auto& c : curves) {
        first = std::max(first, std::log(c.curve.x.front()));
        last = std::min({last, std::log(c.curve.x.back()), std::log(2.0)});
    }
    for (; bins >= 3; --bins) {
        const double width = (last - first) / static_cast<double>(bins) * (1 + 1e-9);
        Binned out;
        if (!(width > 0)) return out;
        bool full = true;
        for (const auto& c : curves) {
            const Eigen::MatrixXd w = averaging(c.curve, first - 1e-12, width, bins);
            full = full && w.size() > 0;
            if (!full) break;
            Eigen::VectorXd y(static_cast<Eigen::Index>(c.curve.size()));
            for (std::size_t i = 0; i < c.curve.size(); ++i)
                y(static_cast<Eigen::Index>(i)) = c.curve.y[i] - std::exp(-2 * std::pow(c.curve.x[i], common_beta));
            out.value.emplace_back(w * y);
            out.factor.emplace_back(w * c.factor);
        }
        if (!full) continue;
        for (std::size_t b = 0; b < bins; ++b) out.log_x.push_back(first + (static_cast<double>(b) + 0.5) * width);
        return out;
    }
    return {};
}

double statistic(const std::vector<Eigen::VectorXd>& values, const std::vector<Eigen::VectorXd>& weights) {
    double sum = 0;
    for (Eigen::Index b = 0; b < values.front().size(); ++b) {
        double mean = 0;
        double total = 0;
        for (std::size_t c = 0; c < values.size(); ++c) {
            mean += weights[c](b) * values[c](b);
            total += weights[c](b);
        }
        mean /= total;
        for (std::size_t c = 0; c < values.size(); ++c) sum += weights[c](b) * std::pow(values[c](b) - mean, 2);
    }
    return sum;
}

}  // namespace

MasterCurve master_curve(const std::vector<Curve>& g2, const MasterCurveOptions& options) {
    if (options.bins < 3) throw InputError(fmt::format("bins = {}; three or more", options.bins));
    if (options.draws < 100) throw InputError(fmt::format("draws = {}; 100 or more", options.draws));
    MasterCurve out;
    std::vector<Scaled> curves;
    std::vector<double> betas;
    std::vector<double> freedom;
    std::size_t left_out = 0;
    for (const auto& curve : g2) {
        const KwwFit fit = fit_kww(curve, options.kww);
        if (fit.status != Status::ok || curve.covariance_factor.size() == 0) {
            ++left_out;
            continue;
        }
        curves.push_back(scale(curve, fit));
        out.scaled.push_back(curves.back().curve);
        betas.push_back(fit.beta);
        freedom.push_back(curve.degrees_of_freedom);
    }
    const auto nothing = [&](const std::string& why) {
        for (const char* what : {"master_curve_statistic", "master_curve_p_value", "master_curve_beta"})
            out.rows.push_back(make_estimate(what, {}, not_a_number, not_a_number, 1, Status::no_data, why));
    };
    if (curves.size() < 2) {
        nothing(
            fmt::format("{} of {} curves have a clean fit and a covariance; two are needed", curves.size(), g2.size()));
        return out;
    }
    double common = 0;
    for (const double b : betas) common += b / static_cast<double>(betas.size());
    const Binned binned = in_bins(curves, options.bins, common);
    if (binned.value.empty()) {
        nothing("the curves share no range of dt/tau with lags in three bins");
        return out;
    }
    std::vector<Eigen::VectorXd> weights;
    for (const auto& f : binned.factor) weights.emplace_back(f.rowwise().squaredNorm().cwiseInverse());
    const double seen = statistic(binned.value, weights);
    std::size_t as_large = 0;
    double expected = 0;
    for (std::size_t d = 0; d < options.draws; ++d) {
        Stream stream({options.seed, cell_id("master curve"), d}, Purpose::bootstrap, 0);
        boost::random::normal_distribution<double> normal;
        std::vector<Eigen::VectorXd> noise;
        for (std::size_t c = 0; c < curves.size(); ++c) {
            Eigen::VectorXd z(binned.factor[c].cols());
            for (auto& v : z) v = normal(stream);
            // The variances that weigh are estimates themselves, of so many degrees of freedom.
            double stretch = 1;
            if (std::isfinite(freedom[c])) {
                boost::random::chi_squared_distribution<double> chi(freedom[c]);
                stretch = std::sqrt(freedom[c] / chi(stream));
            }
            noise.emplace_back(stretch * (binned.factor[c] * z));
        }
        const double drawn = statistic(noise, weights);
        expected += drawn / static_cast<double>(options.draws);
        as_large += drawn >= seen;
    }
    const auto n = static_cast<double>(options.draws);
    const double p = (static_cast<double>(as_large) + 1) / (n + 1);
    const std::string note = fmt::format(
        "{} curves, {} bins; {} left out; {} at {:.3g} false alarms", curves.size(), binned.log_x.size(), left_out,
        p < options.false_alarms ? "no collapse" : "compatible with collapse", options.false_alarms);
    out.rows.push_back(make_estimate("master_curve_statistic", {}, seen / expected, not_a_number, 1, Status::ok, note));
    out.rows.push_back(make_estimate("master_curve_p_value", {}, p, std::sqrt(p * (1 - p) / n), n, Status::ok, note));
    out.master.name = out.master.y_name = "master curve";
    out.master.x_name = "lag / tau";
    for (std::size_t b = 0; b < binned.log_x.size(); ++b) {
        double mean = 0;
        double total = 0;
        for (std::size_t c = 0; c < curves.size(); ++c) {
            const double w = weights[c](static_cast<Eigen::Index>(b));
            mean += w * binned.value[c](static_cast<Eigen::Index>(b));
            total += w;
        }
        const double x = std::exp(binned.log_x[b]);
        out.master.x.push_back(x);
        out.master.y.push_back(mean / total + std::exp(-2 * std::pow(x, common)));
        out.master.y_error.push_back(1 / std::sqrt(total));
    }
    const KwwFit one =
        fit_kww(out.master, {.weights = KwwWeights::errors, .baseline = 0.0, .contrast = 1.0, .lowest_baseline = -1});
    out.rows.push_back(make_estimate("master_curve_beta", {}, one.beta, not_a_number, 1,
                                     one.status == Status::ok ? Status::ok : Status::not_resolved, note));
    return out;
}

}  // namespace vitrum::analysis
