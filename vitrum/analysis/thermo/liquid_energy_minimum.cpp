#include "vitrum/analysis/thermo/liquid_energy_minimum.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <utility>

#include <Eigen/Dense>
#include <boost/math/distributions/fisher_f.hpp>
#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/numerics/least_squares.hpp"
#include "vitrum/core/numerics/statistics.hpp"

namespace vitrum::analysis {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

// A law that is linear in its coefficients, with their covariance.
struct Linear {
    Eigen::VectorXd coefficients;
    Eigen::MatrixXd covariance;
    double freedom = infinite;  // of the covariance
    double chi2 = 0;            // squares of the residuals, over the errors where they are given
    FitQuality quality;
};

Linear fit(const Eigen::MatrixXd& columns, const Eigen::VectorXd& y, const std::vector<double>& error) {
    const bool given = std::all_of(error.begin(), error.end(), [](double e) { return e > 0 && std::isfinite(e); });
    LinearFit found = fit_linear(columns, y, given ? std::span(error) : std::span<const double>{});
    Linear law;
    law.coefficients = std::move(found.parameters);
    law.covariance = std::move(found.covariance);
    law.chi2 = found.chi_square;
    const auto left = static_cast<double>(columns.rows() - columns.cols());
    if (given) {
        law.quality = chi_square_quality(law.chi2, left, "those of the columns");
    } else {
        law.freedom = left;
        law.covariance *= left > 0 ? law.chi2 / left : not_a_number;
        law.quality.errors = "scatter about the polynomial";
    }
    return law;
}

// Probability of a drop of chi^2 as large if the added terms are none.
double drop_probability(const Linear& low, const Linear& high, double added, double left, bool given) {
    const double drop = std::max(0.0, low.chi2 - high.chi2);
    if (given) return chi_square_quality(drop, added, "").p;
    if (!(left > 0)) return 1;
    if (!(high.chi2 > 1e-20 * low.chi2)) return low.chi2 > 0 ? 0 : 1;
    return boost::math::cdf(
        boost::math::complement(boost::math::fisher_f(added, left), drop / added * left / high.chi2));
}

// A root of f(x; coefficients) between low and high where f rises from below 0; nothing if there is none.
using Function = std::function<double(double, const Eigen::VectorXd&)>;
std::optional<double> rising_root(const Function& f, const Eigen::VectorXd& c, double low, double high) {
    constexpr int cells = 400;
    for (int i = 0; i < cells; ++i) {
        double a = low + (high - low) * i / cells;
        double b = low + (high - low) * (i + 1) / cells;
        if (!(f(a, c) < 0 && f(b, c) >= 0)) continue;
        for (int k = 0; k < 100; ++k) {
            const double middle = (a + b) / 2;
            (f(middle, c) < 0 ? a : b) = middle;
        }
        return (a + b) / 2;
    }
    return std::nullopt;
}

// Standard error of the root from the covariance of the coefficients: dx/dc = -(df/dc)/(df/dx).
double root_error(const Function& f, const Linear& law, double root, double scale) {
    const double step = 1e-5 * scale;
    const double slope = (f(root + step, law.coefficients) - f(root - step, law.coefficients)) / (2 * step);
    Eigen::VectorXd gradient(law.coefficients.size());
    for (Eigen::Index k = 0; k < gradient.size(); ++k) {
        Eigen::VectorXd c = law.coefficients;
        const double h = 1e-6 * std::max(std::abs(c(k)), 1e-6 * c.cwiseAbs().maxCoeff());
        c(k) += h;
        const double up = f(root, c);
        c(k) -= 2 * h;
        gradient(k) = (up - f(root, c)) / (2 * h);
    }
    return std::sqrt(gradient.dot(law.covariance * gradient)) / std::abs(slope);
}

struct Isotherm {
    double temperature;
    std::vector<LiquidState> states;
    [[nodiscard]] double low() const { return states.front().pressure; }
    [[nodiscard]] double high() const { return states.back().pressure; }
};

std::vector<Isotherm> isotherms_of(const std::vector<LiquidState>& states) {
    std::vector<Isotherm> all;
    for (const auto& s : states) {
        if (!(s.temperature > 0) || !std::isfinite(s.temperature) || !std::isfinite(s.pressure))
            throw InputError(
                fmt::format("temperature {} K, pressure {} GPa: a temperature is positive", s.temperature, s.pressure));
        if (s.volume <= 0)
            throw InputError(fmt::format("volume {} at {} K; a volume is positive", s.volume, s.temperature));
        const auto same = std::find_if(all.begin(), all.end(), [&](const Isotherm& i) {
            return std::abs(i.temperature / s.temperature - 1) < 1e-6;
        });
        if (same == all.end())
            all.push_back({s.temperature, {s}});
        else
            same->states.push_back(s);
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.temperature < b.temperature; });
    for (auto& isotherm : all)
        std::stable_sort(isotherm.states.begin(), isotherm.states.end(),
                         [](const auto& a, const auto& b) { return a.pressure < b.pressure; });
    return all;
}

Estimate row(const char* quantity, const Abscissa& at, const Linear& law, const Function& f,
             const std::optional<double>& root, double range, const std::string& absent, const std::string& note,
             double level) {
    if (!root) return make_estimate(quantity, at, not_a_number, not_a_number, infinite, Status::not_resolved, absent);
    return make_estimate(quantity, at, *root, root_error(f, law, *root, range), law.freedom,
                         judged_by(law.quality, level, Status::ok), note + "; " + describe(law.quality));
}

// Minimum of U(P) of one isotherm, and whether the polynomial holds.
std::pair<Estimate, FitQuality> minimum_of(const Isotherm& isotherm, const Abscissa& at, const LiquidEnergyOptions& o) {
    std::vector<LiquidState> used;
    for (const auto& s : isotherm.states)
        if (std::isfinite(s.energy)) used.push_back(s);
    std::vector<double> error;
    for (const auto& s : used) error.push_back(s.energy_error);
    const bool given = !error.empty() && std::all_of(error.begin(), error.end(), [](double e) { return e > 0; });
    const std::size_t least = given ? 3 : 4;
    if (used.size() < least) {
        const std::string why = fmt::format("{} pressures with an energy; at least {}", used.size(), least);
        return {
            make_estimate("energy_minimum_pressure", at, not_a_number, not_a_number, infinite, Status::no_data, why),
            {.errors = why}};
    }
    const double middle = (isotherm.low() + isotherm.high()) / 2;
    const double half = std::max((isotherm.high() - isotherm.low()) / 2, std::numeric_limits<double>::min());
    std::vector<double> energies;
    for (const auto& s : used) energies.push_back(s.energy);
    const double centre = mean(energies);
    const auto polynomial = [&](std::size_t degree) {
        Eigen::MatrixXd columns(static_cast<Eigen::Index>(used.size()), static_cast<Eigen::Index>(degree + 1));
        Eigen::VectorXd y(columns.rows());
        for (Eigen::Index i = 0; i < columns.rows(); ++i) {
            const auto& s = used[static_cast<std::size_t>(i)];
            y(i) = s.energy - centre;
            for (Eigen::Index k = 0; k < columns.cols(); ++k)
                columns(i, k) = std::pow((s.pressure - middle) / half, static_cast<int>(k));
        }
        return fit(columns, y, error);
    };
    constexpr std::size_t highest = 8;
    constexpr double worth_it = 0.1;
    const std::size_t most = used.size() - (given ? 1 : 2);
    std::size_t degree = std::clamp<std::size_t>(o.pressure_degree, 2, most);
    Linear law = polynomial(degree);
    // One degree of freedom stays for the test.
    while (degree < highest && degree + 1 < most) {
        const std::size_t next = std::min(degree + 2, most);
        const double p = drop_probability(law, polynomial(next), static_cast<double>(next - degree),
                                          static_cast<double>(used.size() - next - 1), given);
        if (!(p < worth_it)) break;
        law = polynomial(++degree);
    }
    const Function slope = [middle, half](double p, const Eigen::VectorXd& c) {
        double sum = 0;
        for (Eigen::Index k = 1; k < c.size(); ++k)
            sum += static_cast<double>(k) * c(k) * std::pow((p - middle) / half, static_cast<int>(k - 1));
        return sum;
    };
    const auto root = rising_root(slope, law.coefficients, isotherm.low(), isotherm.high());
    return {row("energy_minimum_pressure", at, law, slope, root, isotherm.high() - isotherm.low(),
                fmt::format("U(P) has no minimum between {:.6g} and {:.6g} GPa", isotherm.low(), isotherm.high()),
                fmt::format("polynomial of degree {} through {} pressures; errors: {}", degree, used.size(),
                            given ? "those of the energies" : "scatter about the polynomial"),
                o.rejection_level),
            law.quality};
}

// ln V(T, P) as a polynomial in t = T - T0 and p = P - P0: coefficient (j, k) of t^j p^k stands at j * pressures + k.
struct VolumeLaw {
    Linear law;
    double t0 = 0, p0 = 0;
    Eigen::Index temperatures = 0, pressures = 0;  // powers of each, with 0
    std::size_t points = 0;
    bool given = false;

    // T (dP/dT)_V
    [[nodiscard]] double thermal_pressure(double temperature, double pressure, const Eigen::VectorXd& c) const {
        const double t = temperature - t0;
        const double p = pressure - p0;
        double by_t = 0;
        double by_p = 0;
        for (Eigen::Index j = 0; j < temperatures; ++j)
            for (Eigen::Index k = 0; k < pressures; ++k) {
                const double a = c(j * pressures + k);
                if (j > 0) by_t += a * static_cast<double>(j) * std::pow(t, j - 1) * std::pow(p, k);
                if (k > 0) by_p += a * static_cast<double>(k) * std::pow(t, j) * std::pow(p, k - 1);
            }
        return -temperature * by_t / by_p;
    }
};

std::optional<VolumeLaw> volume_law(const std::vector<Isotherm>& isotherms, const LiquidEnergyOptions& o) {
    std::vector<LiquidState> used;
    std::size_t fewest = std::numeric_limits<std::size_t>::max();
    std::size_t temperatures = 0;
    for (const auto& isotherm : isotherms) {
        std::size_t here = 0;
        for (const auto& s : isotherm.states)
            if (std::isfinite(s.volume)) {
                used.push_back(s);
                ++here;
            }
        if (here == 0) continue;
        ++temperatures;
        fewest = std::min(fewest, here);
    }
    if (temperatures < 2 || fewest < 3) return std::nullopt;
    VolumeLaw v;
    v.temperatures = static_cast<Eigen::Index>(std::min(o.temperature_degree, temperatures - 1) + 1);
    v.pressures = static_cast<Eigen::Index>(std::min(o.pressure_degree, fewest - 1) + 1);
    for (const auto& s : used) {
        v.t0 += s.temperature / static_cast<double>(used.size());
        v.p0 += s.pressure / static_cast<double>(used.size());
    }
    Eigen::MatrixXd columns(static_cast<Eigen::Index>(used.size()), v.temperatures * v.pressures);
    Eigen::VectorXd y(columns.rows());
    std::vector<double> error;
    for (Eigen::Index i = 0; i < columns.rows(); ++i) {
        const auto& s = used[static_cast<std::size_t>(i)];
        y(i) = std::log(s.volume);
        error.push_back(s.volume_error / s.volume);
        for (Eigen::Index j = 0; j < v.temperatures; ++j)
            for (Eigen::Index k = 0; k < v.pressures; ++k)
                columns(i, j * v.pressures + k) = std::pow(s.temperature - v.t0, j) * std::pow(s.pressure - v.p0, k);
    }
    v.points = used.size();
    v.given = std::all_of(error.begin(), error.end(), [](double e) { return e > 0; });
    if (columns.rows() < columns.cols()) return std::nullopt;
    v.law = fit(columns, y, error);
    return v;
}

Estimate difference_of(const Estimate& a, const Estimate& b, const Abscissa& at) {
    const bool known = a.status == Status::ok && b.status == Status::ok;
    return make_estimate("energy_minimum_difference", at, known ? a.value - b.value : not_a_number,
                         known ? std::hypot(a.standard_error, b.standard_error) : not_a_number, infinite,
                         known ? Status::ok : Status::no_data,
                         known ? "0 where energies, volumes and pressures agree" : "one of the two is missing");
}

}  // namespace

Findings liquid_energy_minimum(const std::vector<LiquidState>& states, const LiquidEnergyOptions& o) {
    const auto isotherms = isotherms_of(states);
    const auto volumes = volume_law(isotherms, o);
    Findings out;
    for (std::size_t i = 0; i < isotherms.size(); ++i) {
        const Isotherm& isotherm = isotherms[i];
        const double t = isotherm.temperature;
        const Abscissa at{{"temperature", static_cast<std::int64_t>(i), t, "K"}};
        const auto [minimum, quality] = minimum_of(isotherm, at, o);
        Estimate equality =
            make_estimate("thermal_pressure_equality", at, not_a_number, not_a_number, infinite, Status::no_data,
                          "needs volumes at two or more temperatures, three pressures each");
        if (volumes) {
            const Function excess = [&](double p, const Eigen::VectorXd& c) {
                return p - volumes->thermal_pressure(t, p, c);
            };
            const auto root = rising_root(excess, volumes->law.coefficients, isotherm.low(), isotherm.high());
            equality = row(
                "thermal_pressure_equality", at, volumes->law, excess, root, isotherm.high() - isotherm.low(),
                fmt::format("P = T (dP/dT)_V nowhere between {:.6g} and {:.6g} GPa", isotherm.low(), isotherm.high()),
                fmt::format("ln V(T, P) of degrees {} and {} through {} points; errors: {}", volumes->temperatures - 1,
                            volumes->pressures - 1, volumes->points,
                            volumes->given ? "those of the volumes" : "scatter about the polynomial"),
                o.rejection_level);
            Curve curve =
                make_curve(fmt::format("thermal_pressure_{:.0f}K", t), "pressure", "GPa", "T (dP/dT)_V", "GPa");
            for (const auto& s : isotherm.states) {
                curve.x.push_back(s.pressure);
                curve.y.push_back(volumes->thermal_pressure(t, s.pressure, volumes->law.coefficients));
            }
            out.curves.push_back(std::move(curve));
        }
        out.estimates.push_back(minimum);
        out.estimates.push_back(equality);
        out.estimates.push_back(difference_of(minimum, equality, at));
        out.estimates.push_back(quality_row("energy_minimum_p", at, quality));
    }
    return out;
}

}  // namespace vitrum::analysis
