// Estimators of thermodynamics on columns of CSV.
#include <cmath>

#include <fmt/format.h>

#include "vitrum/analysis/fit/weighted_line.hpp"
#include "vitrum/analysis/thermo/crossover_pressure.hpp"
#include "vitrum/analysis/thermo/equation_of_state.hpp"
#include "vitrum/analysis/thermo/glass_transition.hpp"
#include "vitrum/analysis/thermo/liquid_energy_minimum.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/pipeline/estimators/analysis_options.hpp"
#include "vitrum/pipeline/estimators/estimator_input.hpp"
#include "vitrum/pipeline/estimators/estimator_rows.hpp"

namespace vitrum::pipeline {

namespace {

namespace fs = std::filesystem;

// A column in the native unit of its dimension; without a unit it is in that unit already.
std::vector<double> native(const io::CsvColumn& column, Dimension dimension) {
    const double factor = column.unit.empty() ? 1 : unit_factor(column.unit, dimension, column.name);
    std::vector<double> values = column.values;
    for (double& v : values) v *= factor;
    return values;
}

void check_errors(const io::CsvRows& table, const io::CsvColumn* error) { check_positive(table, error, "an error"); }

// Columns volume, pressure and error of the pressure.
CsvCurve volumes_and_pressures(const fs::path& path, Section& options) {
    io::CsvRows table = io::read_csv_rows(path);
    const auto* volume = column(table, options, "x", {"volume", "V", "atomic_volume"}, 0, true);
    const auto* pressure = column(table, options, "y", {"pressure", "P"}, 1, true);
    const auto* error = column(table, options, "error", {"pressure_error", "P_error", "error", "sigma"}, 2, false);
    check_errors(table, error);
    check_positive(table, volume, "a volume");
    arrange_rows(table, {volume, pressure, error}, Repeats::allowed);
    check_sign_of_pressures(table, *pressure, volume);
    Curve points = make_curve("pressure", "volume", volume->unit, "pressure", "GPa");
    points.x = volume->values;
    points.y = native(*pressure, Dimension::pressure);
    if (error)
        points.y_error = native({error->name, error->unit.empty() ? pressure->unit : error->unit, error->values},
                                Dimension::pressure);
    return {std::move(points), std::move(table.remarks)};
}

}  // namespace

EstimatorOutput estimate_equation_of_state(const fs::path& path, Section& options) {
    analysis::EquationOfStateOptions o;
    o.fixed_derivative = options.optional_number("fixed_derivative");
    o.rejection_level = read_rejection_level(options);
    const auto [points, remarks] = volumes_and_pressures(path, options);
    options.finish();
    const auto fit = analysis::equation_of_state(points, o);
    EstimatorOutput out;
    out.estimates = fit.estimates;
    if (fit.status == Status::ok || fit.status == Status::law_rejected) out.curves.push_back(fit.fit);
    return with_remarks(std::move(out), remarks);
}

EstimatorOutput estimate_local_bulk_modulus(const fs::path& path, Section& options) {
    const auto [points, remarks] = volumes_and_pressures(path, options);
    options.finish();
    EstimatorOutput out;
    out.estimates = analysis::local_bulk_modulus(points);
    return with_remarks(std::move(out), remarks);
}

EstimatorOutput estimate_glass_transition(const fs::path& path, Section& options) {
    analysis::GlassTransitionOptions o;
    for (const char* key : {"low", "high"}) static_cast<void>(options.raw(key));
    if (options.has("low")) o.low = options.quantity("low", Dimension::temperature);
    if (options.has("high")) o.high = options.quantity("high", Dimension::temperature);
    o.width = options.quantity("width", Dimension::temperature, 0.0);
    o.free_width = options.flag("free_width", false);
    o.rejection_level = read_rejection_level(options);
    if (o.free_width && o.width > 0) options.fail("width", "is given, and free_width too");
    io::CsvRows table = io::read_csv_rows(path);
    const auto* temperature = column(table, options, "x", {"temperature", "T"}, 0, true);
    const auto* value =
        column(table, options, "y", {"volume", "V", "enthalpy", "H", "energy", "U", "potential_energy"}, 1, true);
    const auto* error = column(table, options, "error", {value->name + "_error", "error", "sigma"}, 2, false);
    options.finish();
    check_errors(table, error);
    check_positive(table, temperature, "a temperature");
    arrange_rows(table, {temperature, value, error}, Repeats::allowed);
    Curve points = make_curve("glass_transition", "temperature", "K", value->name, value->unit);
    points.x = native(*temperature, Dimension::temperature);
    points.y = value->values;
    if (error) points.y_error = error->values;
    auto result = analysis::glass_transition(points, o);
    EstimatorOutput out;
    out.estimates = std::move(result.estimates);
    if (result.fit.size() > 0) out.curves.push_back(std::move(result.fit));
    return with_remarks(std::move(out), table.remarks);
}

EstimatorOutput estimate_tg_of_pressure(const fs::path& path, Section& options) {
    const double level = read_rejection_level(options);
    io::CsvRows table = io::read_csv_rows(path);
    const auto* pressure = column(table, options, "x", {"pressure", "P"}, 0, true);
    const auto* tg = column(table, options, "y", {"tg", "Tg", "glass_transition_temperature"}, 1, true);
    const auto* error = column(table, options, "error", {"tg_error", "Tg_error", "error", "sigma"}, 2, false);
    options.finish();
    check_errors(table, error);
    arrange_rows(table, {pressure, tg, error}, Repeats::allowed);
    check_sign_of_pressures(table, *pressure, nullptr);
    analysis::LinePoints points;
    points.x = native(*pressure, Dimension::pressure);
    points.y = native(*tg, Dimension::temperature);
    if (error) points.error = error->values;
    points = analysis::usable(points);
    EstimatorOutput out;
    if (!analysis::enough(points)) {
        out.estimates.push_back(make_estimate("tg_pressure_slope", {}, not_a_number, not_a_number, 1, Status::no_data,
                                              "two pressures with errors of Tg, or three without"));
        return with_remarks(std::move(out), table.remarks);
    }
    const auto line = analysis::weighted_line(points);
    const std::string note = line.note + "; put the spread of Tg with the fit window into its errors";
    const double slope_error = std::sqrt(line.covariance(1, 1));
    const bool resolved = slope_error < std::abs(line.slope);
    out.estimates.push_back(make_estimate("tg_pressure_slope", {}, line.slope, slope_error, line.degrees_of_freedom,
                                          resolved ? Status::ok : Status::not_resolved, note));
    out.estimates.push_back(make_estimate("tg_ambient", {}, line.intercept, std::sqrt(line.covariance(0, 0)),
                                          line.degrees_of_freedom, Status::ok, note));
    judge_by(line.quality, level, out.estimates);
    out.estimates.push_back(quality_row("tg_slope_p", {}, line.quality));
    out.covariance_of = {"tg_ambient", "tg_pressure_slope"};
    out.covariance = line.covariance;
    return with_remarks(std::move(out), table.remarks);
}

EstimatorOutput estimate_crossover_pressure(const fs::path& path, Section& options) {
    const double level = read_rejection_level(options);
    io::CsvRows table = io::read_csv_rows(path);
    const auto* pressure = column(table, options, "x", {"pressure", "P"}, 0, true);
    const auto* value = column(table, options, "y", {"tau"}, 1, true);
    const auto* error = column(table, options, "error", {"tau_error", "tau_err", "error", "sigma"}, 2, true);
    options.finish();
    check_errors(table, error);
    check_positive(table, value, "a relaxation time");
    arrange_rows(table, {pressure, value, error}, Repeats::refused);
    check_sign_of_pressures(table, *pressure, nullptr);
    Curve tau = make_curve("tau", "pressure", "GPa", "tau", value->unit);
    tau.x = native(*pressure, Dimension::pressure);
    tau.y = value->values;
    tau.y_error = error->values;
    EstimatorOutput out;
    out.estimates = analysis::crossover_pressure(tau, level);
    return with_remarks(std::move(out), table.remarks);
}

EstimatorOutput estimate_liquid_energy_minimum(const fs::path& path, Section& options) {
    analysis::LiquidEnergyOptions o;
    o.pressure_degree = options.count("pressure_degree", o.pressure_degree);
    o.temperature_degree = options.count("temperature_degree", o.temperature_degree);
    o.rejection_level = read_rejection_level(options);
    io::CsvRows table = io::read_csv_rows(path);
    const auto* temperature = column(table, options, "temperature", {"temperature", "T"}, 0, true);
    const auto* pressure = column(table, options, "pressure", {"pressure", "P"}, 1, true);
    const auto* energy = column(table, options, "energy", {"energy", "U", "potential_energy"}, 2, true);
    const auto* volume = column(table, options, "volume", {"volume", "V"}, 3, false);
    const auto* energy_error = column(table, options, "energy_error", {"energy_error", "U_error"}, 4, false);
    const auto* volume_error = column(table, options, "volume_error", {"volume_error", "V_error"}, 5, false);
    options.finish();
    check_errors(table, energy_error);
    check_errors(table, volume_error);
    check_positive(table, temperature, "a temperature");
    check_positive(table, volume, "a volume");
    arrange_rows(table, {temperature, pressure, energy, volume, energy_error, volume_error}, Repeats::allowed);
    check_sign_of_pressures(table, *pressure, volume);
    const auto t = native(*temperature, Dimension::temperature);
    const auto p = native(*pressure, Dimension::pressure);
    std::vector<analysis::LiquidState> states;
    for (std::size_t i = 0; i < t.size(); ++i) {
        analysis::LiquidState s;
        s.temperature = t[i];
        s.pressure = p[i];
        s.energy = energy->values[i];
        if (volume) s.volume = volume->values[i];
        if (energy_error) s.energy_error = energy_error->values[i];
        if (volume_error) s.volume_error = volume_error->values[i];
        states.push_back(s);
    }
    auto result = analysis::liquid_energy_minimum(states, o);
    EstimatorOutput out;
    out.estimates = std::move(result.estimates);
    out.curves = std::move(result.curves);
    return with_remarks(std::move(out), table.remarks);
}

}  // namespace vitrum::pipeline
