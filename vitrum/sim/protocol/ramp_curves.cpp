#include "vitrum/sim/protocol/ramp_curves.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>

#include "vitrum/core/numerics/statistics.hpp"
#include "vitrum/core/units.hpp"

namespace vitrum::sim {

namespace {

constexpr std::size_t most_parts = 64;
constexpr std::size_t fewest_rows = 20;

struct Axis {
    const char* name;
    const char* unit;
    double begin, end;
    [[nodiscard]] double at(double fraction) const { return begin + (end - begin) * fraction; }
};

Axis axis_of(const StageSpan& span) {
    if (span.begin_temperature != span.end_temperature)
        return {"temperature", "K", span.begin_temperature, span.end_temperature};
    return {"pressure", "GPa", span.begin_pressure, span.end_pressure};
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

Curve named(const std::string& what, const Axis& axis, const char* symbol, const char* unit) {
    return make_curve(what + "_of_" + axis.name, axis.name, axis.unit, symbol, unit);
}

void sort_by_x(Curve& curve) {
    if (curve.x.size() < 2 || curve.x.front() < curve.x.back()) return;
    std::reverse(curve.x.begin(), curve.x.end());
    std::reverse(curve.y.begin(), curve.y.end());
    std::reverse(curve.y_error.begin(), curve.y_error.end());
}

Curve over_parts(Curve curve, const FinishedStage& ramp, const Axis& axis,
                 const std::function<double(const Row&, double)>& of) {
    const auto& rows = ramp.output.rows;
    const double steps = rows.back().step;
    const std::size_t parts = std::clamp<std::size_t>(rows.size() / fewest_rows, 1, most_parts);
    for (std::size_t p = 0; p < parts; ++p) {
        std::vector<double> y;
        double x = 0;
        const std::size_t end = (p + 1) * rows.size() / parts;
        for (std::size_t i = p * rows.size() / parts; i < end; ++i) {
            const double fraction = rows[i].step / steps;
            y.push_back(of(rows[i], fraction));
            x += axis.at(fraction);
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

}  // namespace

std::vector<Curve> ramp_curves(const ProtocolRun& run, std::size_t stage) {
    const FinishedStage& ramp = run.stages[stage];
    std::vector<Curve> curves;
    if (!ramp.span.ramp() || ramp.output.rows.size() < fewest_rows) return curves;
    const Axis axis = axis_of(ramp.span);
    const auto n = static_cast<double>(run.species.size());
    curves.push_back(over_parts(named("potential_energy", axis, "U/N", "eV/atom"), ramp, axis,
                                [n](const Row& r, double) { return r.potential_energy / n; }));
    const auto enthalpy = [&, n](const Row& r, double fraction) {
        const double pressure =
            ramp.span.begin_pressure + (ramp.span.end_pressure - ramp.span.begin_pressure) * fraction;
        return (r.total_energy + pressure * ev_per_gpa_a3 * r.volume) / n;
    };
    curves.push_back(over_parts(named("enthalpy", axis, "H/N", "eV/atom"), ramp, axis, enthalpy));
    curves.push_back(over_parts(named("atomic_volume", axis, "V/N", "angstrom^3"), ramp, axis,
                                [n](const Row& r, double) { return r.volume / n; }));
    if (ramp.inherent.rows.empty()) return curves;
    Curve energy = named("inherent_energy", axis, "e_IS", "eV/atom");
    Curve pressure = named("inherent_pressure", axis, "P_IS", "GPa");
    Curve volume = named("inherent_volume", axis, "V/N", "angstrom^3");
    for (std::size_t k = 0; k < ramp.inherent.rows.size(); ++k) {
        const Row& row = ramp.inherent.rows[k];
        const double x = axis.at(ramp.place[k] / ramp.span.time);
        for (Curve* c : {&energy, &pressure, &volume}) c->x.push_back(x);
        energy.y.push_back(row.potential_energy / n);
        pressure.y.push_back(row.pressure);
        volume.y.push_back(row.volume / n);
    }
    for (Curve* c : {&energy, &pressure, &volume}) {
        sort_by_x(*c);
        curves.push_back(std::move(*c));
    }
    return curves;
}

}  // namespace vitrum::sim
