#include "vitrum/model/laws/law_points.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <utility>

#include <boost/random/normal_distribution.hpp>
#include <fmt/format.h>

#include "vitrum/core/atoms/form_factors.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/uniform.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/model/atoms/percus_yevick.hpp"

namespace vitrum::model {

namespace {

constexpr std::array<std::string_view, 13> names{"correlation",     "activation", "two_wells", "ageing", "wavevector",
                                                 "birch_murnaghan", "kink",       "line",      "liquid", "peak",
                                                 "intensity",       "avalanches", "log"};

struct Axes {
    const char *x, *x_unit, *y, *y_unit;
};
Axes axes_of(Law law) {
    switch (law) {
        case Law::correlation: return {"lag", "s", "g2", ""};
        case Law::activation:
        case Law::two_wells: return {"pressure", "GPa", "tau", "s"};
        case Law::ageing: return {"age", "s", "tau", "s"};
        case Law::wavevector: return {"q", "1/angstrom", "tau", "s"};
        case Law::birch_murnaghan: return {"volume", "angstrom^3", "pressure", "GPa"};
        case Law::kink: return {"temperature", "K", "volume", "angstrom^3"};
        case Law::line: return {"pressure", "GPa", "tg", "K"};
        case Law::peak: return {"q", "1/angstrom", "S", ""};
        case Law::intensity: return {"q", "1/angstrom", "intensity", ""};
        case Law::log: return {"time", "s", "temperature", "K"};
        case Law::liquid:
        case Law::avalanches: break;
    }
    return {"pressure", "GPa", "energy", "eV"};
}

double at(const LawPoints& p, std::size_t i) {
    return p.points == 1 ? p.low
                         : p.low + (p.high - p.low) * static_cast<double>(i) / static_cast<double>(p.points - 1);
}

// |F| at the lags of the points, for those who invert g2.
Curve field_of(const LawPoints& p) {
    Curve field = make_curve("field_correlation", "lag", "s", "|F|", "");
    for (std::size_t i = 0; i < p.points; ++i) {
        field.x.push_back(at(p, i));
        field.y.push_back(std::exp(-std::pow(at(p, i) / p.tau, p.beta)));
    }
    return field;
}

Abscissa middle(std::size_t i, double pressure) {
    return {{"pressure", static_cast<std::int64_t>(i), pressure, "GPa"}};
}

// [eV] per atom at rest, by equipartition.
double total_energy(const LawPoints& p) { return p.offset + 1.5 * boltzmann_ev * p.temperature; }

// [1/angstrom^3] of spheres that fill the share `packing`.
double density_of(const LawPoints& p) { return 6 * p.packing / (std::numbers::pi * std::pow(p.diameter, 3)); }

void add_truth(const LawPoints& p, GroundTruth& truth) {
    const auto add = [&](const char* what, double v) { truth.add(what, {}, v, Origin::closed_form); };
    switch (p.law) {
        case Law::correlation:
            add("tau", p.tau);
            add("rate", 1 / p.tau);
            add("beta", p.beta);
            add("contrast", p.contrast);
            add("baseline", 1);
            truth.add(field_of(p), Origin::closed_form);
            break;
        case Law::activation:
            add("activation_volume_slope", p.volume);
            for (std::size_t i = 0; i + 1 < p.points; ++i)
                truth.add("activation_volume", middle(i, (at(p, i) + at(p, i + 1)) / 2), p.volume, Origin::closed_form);
            break;
        case Law::two_wells: {
            const double top = p.crossing + std::atanh(p.asymmetry / p.sharpness) / p.sharpness;
            add("crossover_pressure", top);
            add("crossover_pressure_parabola", top);
            break;
        }
        case Law::ageing:
            add("ageing_tau0", p.tau);
            add("ageing_tau_star", p.tau_star);
            add("ageing_rate", 1 / p.tau_star);
            break;
        case Law::wavevector:
            add("wavevector_exponent", p.exponent);
            add("wavevector_prefactor", p.prefactor);
            break;
        case Law::birch_murnaghan: {
            add("equilibrium_volume", p.volume);
            add("bulk_modulus", p.modulus);
            add("bulk_modulus_derivative", p.derivative);
            // From the lowest pressure, the largest volume, on.
            std::size_t n = 0;
            for (std::size_t i = p.points - 1; i > 0; --i, ++n) {
                const double a = value(p, at(p, i));
                const double b = value(p, at(p, i - 1));
                truth.add("local_bulk_modulus", middle(n, (a + b) / 2), -(b - a) / std::log(at(p, i - 1) / at(p, i)),
                          Origin::closed_form);
            }
            break;
        }
        case Law::kink:
            add("glass_transition_temperature", p.glass_transition);
            add("slope_below", p.slope_below);
            add("slope_above", p.slope_above);
            break;
        case Law::line:
            add("tg_ambient", p.glass_transition);
            add("tg_pressure_slope", p.slope_below);
            break;
        case Law::peak:
            add("fsdp_position", p.position);
            add("fsdp_height", 1 + p.height);
            break;
        case Law::intensity:
            add("intensity_scale", p.scale);
            add("number_density", density_of(p));
            break;
        case Law::log:
            add("temperature", p.temperature);
            add("pressure", p.crossing);
            add("potential_energy", p.offset);
            add("atomic_volume", p.volume);
            add("enthalpy", total_energy(p) + ev_per_gpa_a3 * p.crossing * p.volume);
            add("energy_drift", 0);
            break;
        case Law::liquid: break;
        case Law::avalanches: add("power_law_exponent", p.exponent); break;
    }
}

struct Errors {
    Errors(const LawPoints& p, const StreamKey& key) : points(p), stream(key, Purpose::field, 0) {}
    double sd(double y) const { return points.relative ? points.noise * std::abs(y) : points.noise; }
    double draw(double y) { return y + sd(y) * normal(stream); }
    const LawPoints& points;
    Stream stream;
    boost::random::normal_distribution<double> normal;
};

// P = b T - K ln(V/V0): ln V is a plane in T and P, and U = K V0 [e^s (s - 1) + 1] with s = (b T - P)/K is exactly the
// energy that goes with it, so that both ways to the pressure of least energy give b T.
void draw_liquid(const LawPoints& p, Labelled<Columns>& made, Errors& errors) {
    const double thermal = p.crossing / p.temperature;  // b [GPa/K]: the minimum stands at `crossing` at `temperature`
    constexpr std::array steps{-2, -1, 0, 1, 2};
    std::vector<Column> c{{"temperature", "K", {}},     {"pressure", "GPa", {}},    {"energy", "eV", {}},
                          {"volume", "angstrom^3", {}}, {"energy_error", "eV", {}}, {"volume_error", "angstrom^3", {}}};
    std::int64_t isotherm = 0;
    for (const int step : steps) {
        const double t = p.temperature * (1 + 0.06 * step);
        for (std::size_t i = 0; i < p.points; ++i) {
            const double s = (thermal * t - at(p, i)) / p.modulus;
            const double v = p.volume * std::exp(s);
            const double u = ev_per_gpa_a3 * p.modulus * p.volume * (std::exp(s) * (s - 1) + 1);
            const double v_error = errors.sd(v);
            c[0].values.push_back(t);
            c[1].values.push_back(at(p, i));
            c[3].values.push_back(errors.draw(v));
            // Of the energy the size of its change, whose zero has no meaning.
            const double u_error = p.noise * ev_per_gpa_a3 * p.volume;
            c[2].values.push_back(u + u_error * errors.normal(errors.stream));
            c[4].values.push_back(u_error);
            c[5].values.push_back(v_error);
        }
        const Abscissa place{{"temperature", isotherm++, t, "K"}};
        for (const char* what : {"energy_minimum_pressure", "thermal_pressure_equality"})
            made.truth.add(what, place, thermal * t, Origin::closed_form);
        made.truth.add("energy_minimum_difference", place, 0, Origin::closed_form);
    }
    made.data.columns = std::move(c);
}

// Elastic steps dissipate nothing; a step in `share` of them drops by a size of the power law from `smallest` on.
void draw_avalanches(const LawPoints& p, Labelled<Columns>& made, Errors& errors) {
    std::vector<Column> c{{"pressure", "GPa", {}}, {"energy", "eV", {}}, {"volume", "angstrom^3", {}}};
    double energy = 0;
    double count = 0;
    const double shrink = p.volume / 10 / static_cast<double>(p.points);
    for (std::size_t i = 0; i < p.points; ++i) {
        if (i > 0) {
            energy += ev_per_gpa_a3 * (at(p, i - 1) + at(p, i)) / 2 * shrink;
            if (uniform(errors.stream) < p.share) {
                energy -= p.smallest * std::pow(uniform(errors.stream), -1 / (p.exponent - 1));
                count += 1;
            }
        }
        c[0].values.push_back(at(p, i));
        c[1].values.push_back(energy + p.noise * errors.normal(errors.stream));
        c[2].values.push_back(p.volume - shrink * static_cast<double>(i));
    }
    made.truth.add("energy_drop_count", {}, count, Origin::recorded);
    made.data.columns = std::move(c);
}

// Each quantity fluctuates by itself about its mean and forgets as exp(-t/tau): its mean over rows is off by more than
// rows that are independent would say.
void draw_log(const LawPoints& p, Labelled<Columns>& made, Errors& errors) {
    struct Quantity {
        const char *name, *unit;
        double mean, sd;
    };
    const double thermal = boltzmann_ev * p.temperature;  // energies have no zero: their noise is a share of kT
    const std::array quantities{Quantity{"temperature", "K", p.temperature, p.noise * p.temperature},
                                Quantity{"pressure", "GPa", p.crossing, p.noise * std::max(1.0, std::abs(p.crossing))},
                                Quantity{"potential_energy", "eV", p.offset, p.noise * thermal},
                                Quantity{"total_energy", "eV", total_energy(p), p.noise * thermal},
                                Quantity{"conserved_energy", "eV", total_energy(p), p.noise * thermal},
                                Quantity{"volume", "angstrom^3", p.volume, p.noise * p.volume}};
    std::vector<Column> c{{"time", "s", {}}};
    for (std::size_t i = 0; i < p.points; ++i) c[0].values.push_back(at(p, i));
    const double kept = std::exp(-(p.high - p.low) / static_cast<double>(p.points - 1) / p.tau);
    const double fresh = std::sqrt(1 - kept * kept);
    for (const Quantity& q : quantities) {
        c.push_back({q.name, q.unit, {}});
        double state = errors.normal(errors.stream);
        for (std::size_t i = 0; i < p.points; ++i) {
            c.back().values.push_back(q.mean + q.sd * state);
            state = kept * state + fresh * errors.normal(errors.stream);
        }
    }
    c.push_back({"target_temperature", "K", std::vector<double>(p.points, p.temperature)});
    c.push_back({"target_pressure", "GPa", std::vector<double>(p.points, p.crossing)});
    made.data.columns = std::move(c);
}

}  // namespace

std::string_view name(Law law) { return names.at(static_cast<std::size_t>(law)); }

Law law_from(std::string_view text) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names.at(i) == text) return static_cast<Law>(i);
    throw std::invalid_argument("unknown law " + std::string(text));
}

std::vector<std::string> law_names() { return {names.begin(), names.end()}; }

double value(const LawPoints& p, double x) {
    switch (p.law) {
        case Law::correlation: return 1 + p.contrast * std::exp(-2 * std::pow(x / p.tau, p.beta));
        case Law::activation: return p.tau * std::exp(p.volume * x / (boltzmann_gpa_a3 * p.temperature));
        case Law::two_wells: return p.tau * std::exp(p.asymmetry * x) / std::cosh(p.sharpness * (x - p.crossing));
        case Law::ageing: return p.tau * std::exp(x / p.tau_star);
        case Law::wavevector: return 1 / (p.prefactor * std::pow(x, p.exponent));
        case Law::birch_murnaghan: {
            const double r = std::cbrt(p.volume / x);
            return 1.5 * p.modulus * (std::pow(r, 7) - std::pow(r, 5)) * (1 + 0.75 * (p.derivative - 4) * (r * r - 1));
        }
        case Law::kink: {
            const double d = x - p.glass_transition;
            return p.offset + (d < 0 ? p.slope_below : p.slope_above) * d;
        }
        case Law::line: return p.glass_transition + p.slope_below * x;
        case Law::peak: {
            const double d = (x - p.position) / p.width;
            return 1 + p.height * std::exp(-d * d);
        }
        case Law::intensity: {
            const double f = copper(x);
            return f * f * percus_yevick(p.packing, x * p.diameter) / p.scale;
        }
        case Law::liquid:
        case Law::log:
        case Law::avalanches: break;
    }
    throw InputError(fmt::format("the law '{}' is no single curve", name(p.law)));
}

void check(const LawPoints& p) {
    const auto refuse = [](const std::string& what) { throw InputError(what); };
    if (!(p.low < p.high)) refuse(fmt::format("low = {} is not below high = {}", p.low, p.high));
    if (p.points < 3) refuse(fmt::format("points = {}; at least 3", p.points));
    if (!(p.noise >= 0) || !std::isfinite(p.noise)) refuse(fmt::format("noise = {} is negative", p.noise));
    const bool positive_x = p.law == Law::correlation || p.law == Law::wavevector || p.law == Law::birch_murnaghan ||
                            p.law == Law::kink || p.law == Law::peak || p.law == Law::intensity;
    if (positive_x && !(p.low > 0)) refuse(fmt::format("low = {}; {} is positive", p.low, axes_of(p.law).x));
    for (const auto& [what, v] : {std::pair{"tau", p.tau},
                                  {"beta", p.beta},
                                  {"contrast", p.contrast},
                                  {"temperature", p.temperature},
                                  {"tau_star", p.tau_star},
                                  {"prefactor", p.prefactor},
                                  {"modulus", p.modulus},
                                  {"width", p.width},
                                  {"diameter", p.diameter},
                                  {"scale", p.scale},
                                  {"sharpness", p.sharpness}})
        if (!(v > 0)) refuse(fmt::format("{} = {}; it is positive", what, v));
    if (!(std::abs(p.asymmetry) < p.sharpness))
        refuse(fmt::format("asymmetry = {} is not below sharpness = {}: tau has no maximum", p.asymmetry, p.sharpness));
    if ((p.law == Law::birch_murnaghan || p.law == Law::liquid || p.law == Law::avalanches || p.law == Law::log) &&
        !(p.volume > 0))
        refuse(fmt::format("volume = {}; it is positive", p.volume));
    if (p.law == Law::avalanches && (!(p.exponent > 1) || !(p.smallest > 0) || !(p.share > 0 && p.share < 1)))
        refuse("avalanches need exponent > 1, smallest > 0 and a share between 0 and 1");
}

Labelled<Columns> generate(const LawPoints& p, const StreamKey& key) {
    check(p);
    Labelled<Columns> made;
    Errors errors(p, key);
    made.data.file = std::string(name(p.law));
    add_truth(p, made.truth);
    if (p.law == Law::liquid) {
        draw_liquid(p, made, errors);
        return made;
    }
    if (p.law == Law::avalanches) {
        draw_avalanches(p, made, errors);
        return made;
    }
    if (p.law == Law::log) {
        draw_log(p, made, errors);
        return made;
    }
    const Axes axes = axes_of(p.law);
    std::vector<Column> c{
        {axes.x, axes.x_unit, {}}, {axes.y, axes.y_unit, {}}, {axes.y + std::string("_error"), axes.y_unit, {}}};
    for (std::size_t i = 0; i < p.points; ++i) {
        const double x = at(p, i);
        const double y = value(p, x);
        c[0].values.push_back(x);
        c[1].values.push_back(errors.draw(y));
        c[2].values.push_back(errors.sd(y));
    }
    // Exact points have no error to weigh by.
    if (p.noise == 0) c.pop_back();
    made.data.columns = std::move(c);
    return made;
}

}  // namespace vitrum::model
