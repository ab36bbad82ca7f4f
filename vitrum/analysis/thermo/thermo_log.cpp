#include "vitrum/analysis/thermo/thermo_log.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "vitrum/analysis/thermo/glass_transition.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/numerics/drift.hpp"
#include "vitrum/core/numerics/statistics.hpp"
#include "vitrum/core/units.hpp"

namespace vitrum::analysis {

namespace {

constexpr double gram_per_mol_a3 = 1.66053906660;  // 1 g/mol per angstrom^3 in g/cm^3: 1e24 / Avogadro
constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr std::size_t most_parts = 64;
constexpr std::size_t fewest_rows = 20;  // of a part of a ramp

bool varies(const std::vector<double>& target) { return !target.empty() && target.front() != target.back(); }

struct Axis {
    const char* name;
    const char* unit;
    const std::vector<double>& at;
};

std::optional<Axis> axis_of(const ThermoLog& log) {
    if (varies(log.target_temperature)) return Axis{"temperature", "K", log.target_temperature};
    if (varies(log.target_pressure)) return Axis{"pressure", "GPa", log.target_pressure};
    return std::nullopt;
}

Curve along(const std::string& what, const Axis& axis, const char* symbol, const char* unit) {
    return make_curve(what + "_of_" + axis.name, axis.name, axis.unit, symbol, unit);
}

// Kinetic + potential + P V.
double enthalpy(const ThermoLog& log, std::size_t row, double pressure) {
    return log.total_energy[row] + pressure * ev_per_gpa_a3 * log.volume[row];
}

bool has_enthalpy(const ThermoLog& log) { return !log.total_energy.empty() && !log.volume.empty(); }

// Rows that remember each other count as fewer independent ones: (sd/error)^2 of them. The study thermo_log: of 60
// intervals hold, of 16 in 89 %.
std::string too_few(std::span<const double> values, double error) {
    constexpr double enough = 40;
    const double independent = sample_variance(values) / (error * error);
    if (!(independent < enough)) return "";
    return fmt::format("; as good as {:.0f} independent rows: the error is too small, a longer stage is needed",
                       independent);
}

void add_means(const ThermoLog& log, std::size_t first, Findings& result) {
    const auto put = [&](const char* what, double mean, double error, const std::string& more) {
        result.estimates.push_back(
            make_estimate(what, {}, mean, error, infinite, Status::ok, "time average, blocked error" + more));
    };
    const auto mean_of = [&](const std::vector<double>& values) {
        return blocked_mean(std::span(values).subspan(first));
    };
    const auto add = [&](const char* what, const std::vector<double>& values) {
        if (values.empty()) return;
        const BlockedMean mean = mean_of(values);
        put(what, mean.mean, mean.error, too_few(std::span(values).subspan(first), mean.error));
    };
    add("temperature", log.temperature);
    add("pressure", log.pressure);
    add("potential_energy", log.potential_energy);
    if (has_enthalpy(log) && (!log.target_pressure.empty() || !log.pressure.empty())) {
        const double pressure = log.target_pressure.empty() ? mean_of(log.pressure).mean : log.target_pressure.back();
        std::vector<double> values;
        for (std::size_t i = 0; i < log.rows(); ++i) values.push_back(enthalpy(log, i, pressure));
        add("enthalpy", values);
    }
    add("atomic_volume", log.volume);
    if (!log.volume.empty() && !log.mass.empty()) {
        const BlockedMean volume = mean_of(log.volume);
        const double density = log.mass.front() * gram_per_mol_a3 / volume.mean;
        put("density", density, density * volume.error / volume.mean,
            too_few(std::span(log.volume).subspan(first), volume.error));
    }
}

void add_drift(const ThermoLog& log, Findings& result) {
    if (const auto drift = drift_over(log.conserved_energy))
        result.estimates.push_back(make_estimate("energy_drift", {}, drift->mean, drift->error, infinite, Status::ok,
                                                 "last quarter less first quarter, times 4/3"));
}

void add_minimum(const ThermoLog& log, Findings& result) {
    const auto put = [&](const char* what, const std::vector<double>& values) {
        if (!values.empty())
            result.estimates.push_back(make_estimate(what, {}, values.front(), not_a_number, infinite, Status::ok,
                                                     "one minimised configuration"));
    };
    put("inherent_energy", log.inherent_energy);
    put("inherent_pressure", log.inherent_pressure);
}

// Mean of a part, and the error of its residuals from a straight line: the ramp itself is no noise.
BlockedMean about_line(const std::vector<double>& y) {
    const auto n = static_cast<double>(y.size());
    double mean = 0;
    for (const double v : y) mean += v / n;
    double sxy = 0;
    double sxx = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
        const double x = static_cast<double>(i) - (n - 1) / 2;
        sxy += x * (y[i] - mean);
        sxx += x * x;
    }
    std::vector<double> residual(y.size());
    for (std::size_t i = 0; i < y.size(); ++i)
        residual[i] = y[i] - mean - sxy / sxx * (static_cast<double>(i) - (n - 1) / 2);
    return {mean, blocked_mean(residual).error};
}

void sort_by_x(Curve& curve) {
    if (curve.x.size() < 2 || curve.x.front() < curve.x.back()) return;
    std::reverse(curve.x.begin(), curve.x.end());
    std::reverse(curve.y.begin(), curve.y.end());
    std::reverse(curve.y_error.begin(), curve.y_error.end());
}

Curve over_parts(Curve curve, const Axis& axis, const std::function<double(std::size_t)>& of) {
    const std::size_t rows = axis.at.size();
    const std::size_t parts = std::clamp<std::size_t>(rows / fewest_rows, 1, most_parts);
    for (std::size_t p = 0; p < parts; ++p) {
        std::vector<double> y;
        double x = 0;
        const std::size_t end = (p + 1) * rows / parts;
        for (std::size_t i = p * rows / parts; i < end; ++i) {
            y.push_back(of(i));
            x += axis.at[i];
        }
        const BlockedMean mean = about_line(y);
        curve.x.push_back(x / static_cast<double>(y.size()));
        curve.y.push_back(mean.mean);
        curve.y_error.push_back(mean.error);
    }
    curve.error_method = "blocked, about a straight line in each part of the ramp";
    sort_by_x(curve);
    return curve;
}

void add_ramp(const ThermoLog& log, const Axis& axis, Findings& result) {
    if (log.rows() < fewest_rows) return;
    const auto put = [&](const char* what, const char* symbol, const char* unit,
                         const std::function<double(std::size_t)>& of) {
        result.curves.push_back(over_parts(along(what, axis, symbol, unit), axis, of));
    };
    if (!log.potential_energy.empty())
        put("potential_energy", "U/N", "eV/atom", [&](std::size_t i) { return log.potential_energy[i]; });
    if (has_enthalpy(log) && !log.target_pressure.empty())
        put("enthalpy", "H/N", "eV/atom", [&](std::size_t i) { return enthalpy(log, i, log.target_pressure[i]); });
    if (!log.volume.empty()) put("atomic_volume", "V/N", "angstrom^3", [&](std::size_t i) { return log.volume[i]; });
}

void add_minima(const ThermoLog& log, const Axis& axis, Findings& result) {
    const auto put = [&](const char* what, const char* symbol, const char* unit, const std::vector<double>& values) {
        if (values.empty()) return;
        Curve curve = along(what, axis, symbol, unit);
        curve.x = axis.at;
        curve.y = values;
        sort_by_x(curve);
        result.curves.push_back(std::move(curve));
    };
    put("inherent_energy", "e_IS", "eV/atom", log.inherent_energy);
    put("inherent_pressure", "P_IS", "GPa", log.inherent_pressure);
    put("inherent_volume", "V/N", "angstrom^3", log.inherent_volume);
}

void add_glass_transition(Findings& result) {
    std::int64_t number = 0;
    for (const Curve& curve : result.curves) {
        const std::string what = curve.name.substr(0, curve.name.rfind("_of_"));
        if (what != "enthalpy" && what != "atomic_volume") continue;
        const Coordinate of = named("curve", number, what);
        ++number;
        for (Estimate& e : glass_transition(curve).estimates) {
            const bool of_window = e.quantity == "glass_transition_temperature" && !e.abscissa.empty();
            if (of_window || !e.quantity.starts_with("glass_transition_")) continue;
            e.abscissa = Abscissa{of}.with(e.abscissa);
            result.estimates.push_back(std::move(e));
        }
    }
}

std::array<const std::vector<double>*, 12> columns_of(const ThermoLog& log) {
    return {&log.temperature,
            &log.pressure,
            &log.potential_energy,
            &log.total_energy,
            &log.conserved_energy,
            &log.volume,
            &log.mass,
            &log.target_temperature,
            &log.target_pressure,
            &log.inherent_energy,
            &log.inherent_pressure,
            &log.inherent_volume};
}

}  // namespace

std::size_t ThermoLog::rows() const {
    std::size_t most = 0;
    for (const auto* values : columns_of(*this)) most = std::max(most, values->size());
    return most;
}

Findings thermo_log(const ThermoLog& log, const ThermoLogOptions& options) {
    const std::size_t rows = log.rows();
    if (rows == 0) throw InputError("the log has no rows");
    for (const auto* values : columns_of(log))
        if (!values->empty() && values->size() != rows)
            throw InputError(fmt::format("columns of the log have {} and {} rows", values->size(), rows));
    const bool controlled = !log.target_temperature.empty() || !log.target_pressure.empty();
    const double discard = options.discard.value_or(controlled ? 0.5 : 0.0);
    if (!(discard >= 0 && discard < 1))
        throw InputError(fmt::format("discard = {}; a share of the rows, from 0 to below 1", discard));
    Findings result;
    const auto axis = axis_of(log);
    const bool minimised = !log.inherent_energy.empty() || !log.inherent_pressure.empty();
    if (minimised && axis) {
        add_minima(log, *axis, result);
    } else if (minimised) {
        if (rows > 1) throw InputError("minimised configurations stand at one target: give one, or a ramp of them");
        add_minimum(log, result);
    } else if (axis) {
        add_ramp(log, *axis, result);
        // The first row stands an interval behind the ramp's begin.
        const double whole = static_cast<double>(rows) / static_cast<double>(rows - 1);
        if (axis->name == std::string("temperature") &&
            std::abs(axis->at.back() - axis->at.front()) * whole >= options.long_ramp)
            add_glass_transition(result);
    } else {
        add_means(log, static_cast<std::size_t>(discard * static_cast<double>(rows)), result);
        add_drift(log, result);
    }
    return result;
}

}  // namespace vitrum::analysis
