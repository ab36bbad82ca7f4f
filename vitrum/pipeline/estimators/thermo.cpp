// Thermodynamics on columns.
#include <cmath>

#include <fmt/format.h>

#include "vitrum/analysis/fit/weighted_line.hpp"
#include "vitrum/analysis/thermo/activation_volume.hpp"
#include "vitrum/analysis/thermo/crossover_pressure.hpp"
#include "vitrum/analysis/thermo/equation_of_state.hpp"
#include "vitrum/analysis/thermo/glass_transition.hpp"
#include "vitrum/analysis/thermo/liquid_energy_minimum.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/pipeline/estimators/analysis_options.hpp"
#include "vitrum/pipeline/estimators/column_choice.hpp"
#include "vitrum/pipeline/estimators/rows.hpp"

namespace vitrum::pipeline {

namespace {

void check_errors(const Columns& table, const Column* error) { check_positive(table, error, "an error"); }

// Columns volume, pressure and error of the pressure.
struct VolumesAndPressures {
    ColumnChoice volume, pressure, error;
};
VolumesAndPressures choose_volumes(Section& options) {
    return {choose(options, "x", {"volume", "V", "atomic_volume"}, 0, true),
            choose(options, "y", {"pressure", "P"}, 1, true),
            choose(options, "error", {"pressure_error", "P_error", "error", "sigma"}, 2, false)};
}

Curve volumes_and_pressures(Columns& table, const VolumesAndPressures& of) {
    const Column* volume = pick(table, of.volume);
    const Column* pressure = pick(table, of.pressure);
    const Column* error = pick(table, of.error);
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
    return points;
}

// tau against pressure, each pressure once.
Curve tau_of_pressure(Columns& table, const TauColumns& of) {
    const Column* pressure = pick(table, of.x);
    const Column* value = pick(table, of.tau);
    const Column* error = pick(table, of.error);
    check_positive(table, value, "a relaxation time");
    check_errors(table, error);
    arrange_rows(table, {pressure, value, error}, Repeats::refused);
    check_sign_of_pressures(table, *pressure, nullptr);
    Curve tau = make_curve("tau", "pressure", "GPa", "tau", value->unit);
    tau.x = native(*pressure, Dimension::pressure);
    tau.y = value->values;
    if (error) tau.y_error = error->values;
    return tau;
}

}  // namespace

Estimator read_activation_volume(Section& options, DataKind) {
    analysis::ActivationVolumeOptions o;
    o.temperature = options.quantity("temperature", Dimension::temperature);
    for (const char* key : {"low", "high"}) static_cast<void>(options.raw(key));
    if (options.has("low")) o.low = options.quantity("low", Dimension::pressure);
    if (options.has("high")) o.high = options.quantity("high", Dimension::pressure);
    o.rejection_level = read_rejection_level(options);
    return on<Columns>([o, of = choose_tau(options, {"pressure", "P"})](Columns table) {
        const Curve tau = tau_of_pressure(table, of);
        Findings out;
        out.estimates = analysis::activation_volume(tau, o);
        return with_remarks(std::move(out), table.remarks);
    });
}

Estimator read_crossover_pressure(Section& options, DataKind) {
    const double level = read_rejection_level(options);
    return on<Columns>([level, of = choose_tau(options, {"pressure", "P"}, true)](Columns table) {
        const Curve tau = tau_of_pressure(table, of);
        Findings out;
        out.estimates = analysis::crossover_pressure(tau, level);
        return with_remarks(std::move(out), table.remarks);
    });
}

Estimator read_equation_of_state(Section& options, DataKind) {
    analysis::EquationOfStateOptions o;
    o.fixed_derivative = options.optional_number("fixed_derivative");
    o.rejection_level = read_rejection_level(options);
    return on<Columns>([o, of = choose_volumes(options)](Columns table) {
        const Curve points = volumes_and_pressures(table, of);
        const auto fit = analysis::equation_of_state(points, o);
        Findings out;
        out.estimates = fit.estimates;
        if (fit.status == Status::ok || fit.status == Status::law_rejected) out.curves.push_back(fit.fit);
        return with_remarks(std::move(out), table.remarks);
    });
}

Estimator read_local_bulk_modulus(Section& options, DataKind) {
    return on<Columns>([of = choose_volumes(options)](Columns table) {
        const Curve points = volumes_and_pressures(table, of);
        Findings out;
        out.estimates = analysis::local_bulk_modulus(points);
        return with_remarks(std::move(out), table.remarks);
    });
}

Estimator read_glass_transition(Section& options, DataKind) {
    analysis::GlassTransitionOptions o;
    for (const char* key : {"low", "high"}) static_cast<void>(options.raw(key));
    if (options.has("low")) o.low = options.quantity("low", Dimension::temperature);
    if (options.has("high")) o.high = options.quantity("high", Dimension::temperature);
    o.width = options.quantity("width", Dimension::temperature, 0.0);
    o.free_width = options.flag("free_width", false);
    o.rejection_level = read_rejection_level(options);
    if (o.free_width && o.width > 0) options.fail("width", "is given, and free_width too");
    const auto at = choose(options, "x", {"temperature", "T"}, 0, true);
    const auto of = choose(options, "y", {"volume", "V", "enthalpy", "H", "energy", "U", "potential_energy"}, 1, true);
    const auto sigma = choose(options, "error", {"error", "sigma"}, 2, false);
    return on<Columns>([=](Columns table) {
        const Column* temperature = pick(table, at);
        const Column* value = pick(table, of);
        const Column* error = pick(table, sigma, value->name + "_error");
        check_errors(table, error);
        check_positive(table, temperature, "a temperature");
        arrange_rows(table, {temperature, value, error}, Repeats::allowed);
        Curve points = make_curve("glass_transition", "temperature", "K", value->name, value->unit);
        points.x = native(*temperature, Dimension::temperature);
        points.y = value->values;
        if (error) points.y_error = error->values;
        return with_remarks(analysis::glass_transition(points, o), table.remarks);
    });
}

Estimator read_tg_of_pressure(Section& options, DataKind) {
    const double level = read_rejection_level(options);
    const auto at = choose(options, "x", {"pressure", "P"}, 0, true);
    const auto of = choose(options, "y", {"tg", "Tg", "glass_transition_temperature"}, 1, true);
    const auto sigma = choose(options, "error", {"tg_error", "Tg_error", "error", "sigma"}, 2, false);
    return on<Columns>([=](Columns table) {
        const Column* pressure = pick(table, at);
        const Column* tg = pick(table, of);
        const Column* error = pick(table, sigma);
        check_errors(table, error);
        arrange_rows(table, {pressure, tg, error}, Repeats::allowed);
        check_sign_of_pressures(table, *pressure, nullptr);
        analysis::LinePoints points;
        points.x = native(*pressure, Dimension::pressure);
        points.y = native(*tg, Dimension::temperature);
        if (error) points.error = error->values;
        points = analysis::usable(points);
        Findings out;
        if (!analysis::enough(points)) {
            out.estimates.push_back(make_estimate("tg_pressure_slope", {}, not_a_number, not_a_number, 1,
                                                  Status::no_data,
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
    });
}

Estimator read_liquid_energy_minimum(Section& options, DataKind) {
    analysis::LiquidEnergyOptions o;
    o.pressure_degree = options.count("pressure_degree", o.pressure_degree);
    o.temperature_degree = options.count("temperature_degree", o.temperature_degree);
    o.rejection_level = read_rejection_level(options);
    const auto temperatures = choose(options, "temperature", {"temperature", "T"}, 0, true);
    const auto pressures = choose(options, "pressure", {"pressure", "P"}, 1, true);
    const auto energies = choose(options, "energy", {"energy", "U", "potential_energy"}, 2, true);
    const auto volumes = choose(options, "volume", {"volume", "V"}, 3, false);
    const auto energy_errors = choose(options, "energy_error", {"energy_error", "U_error"}, 4, false);
    const auto volume_errors = choose(options, "volume_error", {"volume_error", "V_error"}, 5, false);
    return on<Columns>([=](Columns table) {
        const Column* temperature = pick(table, temperatures);
        const Column* pressure = pick(table, pressures);
        const Column* energy = pick(table, energies);
        const Column* volume = pick(table, volumes);
        const Column* energy_error = pick(table, energy_errors);
        const Column* volume_error = pick(table, volume_errors);
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
        return with_remarks(analysis::liquid_energy_minimum(states, o), table.remarks);
    });
}

}  // namespace vitrum::pipeline
