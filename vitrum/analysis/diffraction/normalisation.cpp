#include "vitrum/analysis/diffraction/normalisation.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <Eigen/Core>
#include <fmt/format.h>

#include "vitrum/analysis/diffraction/sine_transform.hpp"
#include "vitrum/core/atoms/form_factors.hpp"
#include "vitrum/core/error.hpp"

namespace vitrum::analysis {

namespace {

using std::numbers::pi;

struct Scattering {
    std::vector<double> mean2;   // <f>^2 at each q
    std::vector<double> square;  // <f^2>
    std::vector<double> compton;
};

double at(const Curve& c, double q) {
    const auto next = static_cast<std::size_t>(std::upper_bound(c.x.begin(), c.x.end(), q) - c.x.begin());
    if (next == 0) return c.y.front();
    if (next == c.size()) return c.y.back();
    const double u = (q - c.x[next - 1]) / (c.x[next] - c.x[next - 1]);
    return (1 - u) * c.y[next - 1] + u * c.y[next];
}

Scattering scattering(const Curve& intensity, const Curve& compton, const NormalisationOptions& o) {
    double sum = 0;
    for (const auto& [element, share] : o.composition) {
        if (!(share > 0)) throw InputError(fmt::format("composition: {} of '{}'", share, element));
        sum += share;
    }
    if (std::abs(sum - 1) > 1e-6)
        throw InputError(fmt::format("the shares of the composition add up to {}, not 1", sum));
    if (compton.size() > 0 &&
        (compton.x.front() > intensity.x.front() + 0.1 || compton.x.back() < intensity.x.back() - 0.1))
        throw InputError(fmt::format("the Compton scattering covers {} to {} 1/angstrom, not the intensity's {} to {}",
                                     compton.x.front(), compton.x.back(), intensity.x.front(), intensity.x.back()));
    Scattering s;
    for (const double q : intensity.x) {
        double mean = 0;
        double square = 0;
        for (const auto& [element, share] : o.composition) {
            const double f = find_form_factor(element)(q);
            mean += share * f;
            square += share * f * f;
        }
        s.mean2.push_back(mean * mean);
        s.square.push_back(square);
        s.compton.push_back(compton.size() > 0 ? at(compton, q) : 0);
    }
    return s;
}

// int y q^2 dq, the first value carried to q = 0, lines between points.
double moment(const std::vector<double>& q, const std::vector<double>& y) {
    double sum = y[0] * q[0] * q[0] * q[0] / 3;
    for (std::size_t i = 0; i + 1 < q.size(); ++i)
        sum += (q[i + 1] - q[i]) * (y[i] * q[i] * q[i] + y[i + 1] * q[i + 1] * q[i + 1]) / 2;
    return sum;
}

class Refinement {
public:
    Refinement(const Curve& intensity, const Scattering& s, const NormalisationOptions& o)
        : intensity_(intensity), s_(s), o_(o), q_max_(intensity.x.back()) {
        transform_.window = Window::lorch;
        transform_.r_step = std::min(0.02, o.r_min / 100);
        transform_.r_max = o.r_min;
    }

    [[nodiscard]] double scale(double density) const {
        std::vector<double> known;
        std::vector<double> measured;
        for (std::size_t i = 0; i < intensity_.size(); ++i) {
            known.push_back((s_.square[i] + s_.compton[i]) / s_.mean2[i]);
            measured.push_back(intensity_.y[i] / s_.mean2[i]);
        }
        return (-2 * pi * pi * density + moment(intensity_.x, known)) / moment(intensity_.x, measured);
    }

    [[nodiscard]] Curve structure_factor(double alpha) const {
        Curve s = make_curve("structure_factor_unrefined", "q", "1/angstrom", "S, x-ray", "");
        s.x = intensity_.x;
        for (std::size_t i = 0; i < s.size(); ++i)
            s.y.push_back((alpha * intensity_.y[i] - s_.compton[i] - s_.square[i] + s_.mean2[i]) / s_.mean2[i]);
        return s;
    }

    [[nodiscard]] double slope_density(const Curve& s) const {
        const Curve g = reduced_pair_distribution(s, transform_).curve;
        double rg = 0;
        double rr = 0;
        for (std::size_t i = 0; i < g.size(); ++i) {
            if (g.x[i] < 2 * pi / q_max_ || g.x[i] > o_.r_min - 2 * pi / q_max_) continue;
            rg += g.x[i] * g.y[i];
            rr += g.x[i] * g.x[i];
        }
        return -rg / rr / (4 * pi);
    }

    // Eggert's iterations until no value of S changes by more than the tolerance.
    struct Progress {
        int iterations = 0;
        double change = 0;
        double residual = 0;  // of G before the last iteration
    };
    Progress iterate(Curve& s, double density) const {
        // G at each r is linear in S: offset + weights S.
        Curve unit = s;
        std::fill(unit.y.begin(), unit.y.end(), 0.0);
        const Curve offset = reduced_pair_distribution(unit, transform_).curve;
        unit.covariance_factor =
            Eigen::MatrixXd::Identity(static_cast<Eigen::Index>(s.size()), static_cast<Eigen::Index>(s.size()));
        const Eigen::MatrixXd weights = reduced_pair_distribution(unit, transform_).curve.covariance_factor;
        const std::size_t points = offset.size();
        std::vector<std::vector<double>> sines(s.size(), std::vector<double>(points));
        for (std::size_t i = 0; i < s.size(); ++i)
            for (std::size_t k = 0; k < points; ++k)  // the rule of trapezoids; at r = 0 the integrand is 0
                sines[i][k] = (k + 1 < points ? 1 : 0.5) * std::sin(s.x[i] * offset.x[k]) * transform_.r_step / s.x[i];
        Progress p;
        std::vector<double> wrong(points);
        do {
            p.residual = 0;
            for (std::size_t k = 0; k < points; ++k) {
                wrong[k] = offset.y[k] + 4 * pi * density * offset.x[k];
                for (std::size_t i = 0; i < s.size(); ++i)
                    wrong[k] += weights(static_cast<Eigen::Index>(k), static_cast<Eigen::Index>(i)) * s.y[i];
                p.residual += wrong[k] * wrong[k] / static_cast<double>(points);
            }
            p.residual = std::sqrt(p.residual);
            p.change = 0;
            for (std::size_t i = 0; i < s.size(); ++i) {
                double sum = 0;
                for (std::size_t k = 0; k < points; ++k) sum += wrong[k] * sines[i][k];
                const double change = s.y[i] * sum;
                s.y[i] -= change;
                p.change = std::max(p.change, std::abs(change));
            }
            ++p.iterations;
        } while (p.change > o_.tolerance && p.iterations < o_.most_iterations);
        return p;
    }

private:
    const Curve& intensity_;
    const Scattering& s_;
    const NormalisationOptions& o_;
    double q_max_;
    ToDistanceOptions transform_;
};

}  // namespace

Normalised normalise_intensity(const Curve& whole, const Curve& compton, const NormalisationOptions& o) {
    Curve intensity = make_curve("intensity", "q", "1/angstrom", "I", "");
    for (std::size_t i = 0; i < whole.size(); ++i) {
        if (o.q_max > 0 && whole.x[i] > o.q_max) break;
        if (!(whole.x[i] > 0)) continue;  // carries no weight
        if (!std::isfinite(whole.y[i]) || (intensity.size() > 0 && !(whole.x[i] > intensity.x.back())))
            throw InputError(fmt::format("'{}': point {} is not finite, or q does not increase", whole.name, i));
        intensity.x.push_back(whole.x[i]);
        intensity.y.push_back(whole.y[i]);
    }
    if (intensity.size() < 20)
        throw InputError(fmt::format("'{}': {} points are too few", whole.name, intensity.size()));
    if (!(o.r_min >= 8 * pi / intensity.x.back()))
        throw InputError(fmt::format("r_min = {} angstrom; with data to {:.4g} 1/angstrom it must be {:.3g} or more",
                                     o.r_min, intensity.x.back(), 8 * pi / intensity.x.back()));
    if (o.density < 0 || o.most_iterations < 1 || !(o.tolerance > 0))
        throw InputError("normalisation: the density must not be negative, iterations and tolerance positive");
    const Scattering s = scattering(intensity, compton, o);
    const Refinement refinement(intensity, s, o);
    double density = o.density;
    double alpha = refinement.scale(density);
    for (int i = 0; o.density == 0 && i < 100; ++i) {
        const double next = refinement.slope_density(refinement.structure_factor(alpha));
        alpha = refinement.scale(next);
        const bool done = std::abs(next - density) < 1e-12;
        density = next;
        if (done) break;
    }
    Normalised result;
    const Curve first = refinement.structure_factor(alpha);
    Curve refined = first;
    const auto progress = refinement.iterate(refined, density);
    result.iterations = progress.iterations;
    result.residual = progress.residual;
    const bool converged = progress.change <= o.tolerance;
    refined.name = "structure_factor_xray";
    const Status status = converged ? Status::ok : Status::not_converged;
    const std::string note =
        fmt::format("data to {:.4g} 1/angstrom, no pairs below {:g} angstrom; {} iterations, {}", intensity.x.back(),
                    o.r_min, result.iterations, converged ? "converged" : "not converged");
    result.estimates.push_back(make_estimate("intensity_scale", {}, alpha, not_a_number, 0, status, note));
    result.estimates.push_back(make_estimate("number_density", {}, density, not_a_number, 0, status,
                                             (o.density > 0 ? "given; " : "slope of G(r); ") + note));
    result.curves = {refined, first};
    return result;
}

}  // namespace vitrum::analysis
