#include "vitrum/pipeline/across/compare_preparations.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <Eigen/Dense>
#include <fmt/format.h>

#include "vitrum/analysis/fit/weighted_line.hpp"
#include "vitrum/analysis/thermo/group_difference.hpp"
#include "vitrum/analysis/thermo/liquid_energy_minimum.hpp"
#include "vitrum/core/numerics/least_squares.hpp"
#include "vitrum/core/numerics/statistics.hpp"
#include "vitrum/pipeline/across/across.hpp"

namespace vitrum::pipeline {

namespace {

struct Series {
    std::int64_t point;
    const SeriesResult* series;
};

std::vector<Series> series_of(const Result& result, const std::string& source) {
    std::vector<Series> all;
    for (const auto& series : result.series)
        if (series.source_name == source && series.failure.empty() && series.abscissa.find("quench"))
            all.push_back({series.abscissa.front().index, &series});
    return all;
}

// What two preparations share: the stage by its name, the state by its values, all else by index.
bool comparable(const Estimate& a, const Estimate& b) {
    if (a.quantity != b.quantity || !a.abscissa.find("stage")) return false;
    return std::equal(a.abscissa.begin(), a.abscissa.end(), b.abscissa.begin(), b.abscissa.end(),
                      [](const Coordinate& x, const Coordinate& y) {
                          if (x.name != y.name) return false;
                          if (x.name == "stage") return x.text == y.text;
                          if (x.name == "pressure" || x.name == "temperature") return x.value == y.value;
                          return x.index == y.index;
                      });
}

std::vector<analysis::MeasuredSample> samples(const std::vector<Series>& group, const Estimate& row) {
    std::vector<analysis::MeasuredSample> values;
    for (const Series& one : group)
        for (const Estimate& e : one.series->estimates)
            if (comparable(e, row) && e.status == Status::ok && std::isfinite(e.value))
                values.push_back({e.value, e.standard_error});
    return values;
}

std::vector<Series> at_point(const std::vector<Series>& all, std::int64_t point, bool any) {
    std::vector<Series> some;
    for (const Series& one : all)
        if (any || one.point == point) some.push_back(one);
    return some;
}

const Curve* curve_of(const SeriesResult& series, const char* name) {
    const auto at =
        std::find_if(series.curves.begin(), series.curves.end(), [&](const Curve& c) { return c.name == name; });
    return at == series.curves.end() ? nullptr : &*at;
}

// Mean over quenches with the error of their spread; of one quench its own error.
struct Averaged {
    double mean = not_a_number;
    double error = not_a_number;
};
Averaged average(const std::vector<Averaged>& all) {
    if (all.size() == 1) return all.front();
    std::vector<double> means;
    for (const Averaged& a : all) means.push_back(a.mean);
    const Spread s = spread_of(means);
    return {s.mean, s.error()};
}

constexpr double window = 250;  // [K] on either side of an isotherm

// Value at `at` of the weighted parabola through the points of the window.
Averaged at_temperature(const Curve& curve, double at) {
    std::vector<std::size_t> used;
    for (std::size_t i = 0; i < curve.size(); ++i)
        if (std::abs(curve.x[i] - at) <= window && curve.y_error[i] > 0) used.push_back(i);
    constexpr std::size_t fewest = 6;
    if (used.size() < fewest) return {};
    Eigen::MatrixXd a(static_cast<Eigen::Index>(used.size()), 3);
    Eigen::VectorXd y(a.rows());
    std::vector<double> error;
    for (Eigen::Index k = 0; k < a.rows(); ++k) {
        const std::size_t i = used[static_cast<std::size_t>(k)];
        const double x = (curve.x[i] - at) / window;
        a.row(k) << 1, x, x * x;
        y(k) = curve.y[i];
        error.push_back(curve.y_error[i]);
    }
    const LinearFit fit = fit_linear(a, y, error);
    return {fit.parameters(0), std::sqrt(fit.covariance(0, 0))};
}

// Energies at the isotherm, smoothed over the window; volumes at the temperatures of the window.
std::vector<analysis::LiquidState> liquid_states(const std::vector<Series>& all, double temperature) {
    std::map<std::int64_t, std::vector<Averaged>> energies;
    std::map<std::int64_t, double> pressures;
    std::map<std::pair<std::int64_t, double>, std::vector<Averaged>> volumes;
    for (const Series& one : all) {
        const Curve* energy = curve_of(*one.series, "potential_energy_of_temperature");
        const Curve* volume = curve_of(*one.series, "atomic_volume_of_temperature");
        if (!energy || !volume) continue;
        const Averaged u = at_temperature(*energy, temperature);
        if (!std::isfinite(u.mean)) continue;
        pressures[one.point] = one.series->abscissa.front().value;
        energies[one.point].push_back(u);
        for (std::size_t i = 0; i < volume->size(); ++i)
            if (std::abs(volume->x[i] - temperature) <= window)
                volumes[{one.point, volume->x[i]}].push_back({volume->y[i], volume->y_error[i]});
    }
    std::vector<analysis::LiquidState> states;
    for (const auto& [point, values] : energies) {
        const Averaged u = average(values);
        states.push_back({temperature, pressures[point], u.mean, not_a_number, u.error, not_a_number});
    }
    for (const auto& [place, values] : volumes) {
        const Averaged v = average(values);
        states.push_back({place.second, pressures[place.first], not_a_number, v.mean, not_a_number, v.error});
    }
    return states;
}

std::string sentence(const std::string& source, double temperature, const std::vector<Estimate>& rows) {
    const std::string head = fmt::format("Source '{}' at {:g} K: ", source, temperature);
    if (rows.size() < 3 || rows[2].status != Status::ok)
        return head + "no minimum of the potential energy inside the pressures that were run.";
    return head + fmt::format(
                      "the potential energy is least at {:.2f} +- {:.2f} GPa; P = T (dP/dT)_V holds at {:.2f} +- "
                      "{:.2f} GPa. Their difference, {:.2f} +- {:.2f} GPa, is 0 in equilibrium.",
                      rows[0].value, rows[0].standard_error, rows[1].value, rows[1].standard_error, rows[2].value,
                      rows[2].standard_error);
}

}  // namespace

void add_differences(const std::vector<SourcePlan>& sources, const std::string& source, const std::string& other,
                     Result& result) {
    const auto mine = series_of(result, source);
    const auto others = series_of(result, other);
    if (mine.empty() || others.empty()) return;
    const bool single = std::all_of(others.begin(), others.end(), [](const Series& o) { return o.point == 0; });
    std::vector<std::int64_t> points;
    for (const Series& one : mine)
        if (std::find(points.begin(), points.end(), one.point) == points.end()) points.push_back(one.point);
    std::vector<Estimate> found;
    for (const std::int64_t point : points) {
        const auto here = at_point(mine, point, false);
        const auto there = at_point(others, point, single);
        std::int64_t number = 0;
        for (const Estimate& row : here.front().series->estimates) {
            const auto b = samples(here, row);
            const auto a = samples(there, row);
            if (a.empty() || b.empty()) continue;
            for (Estimate e : analysis::group_difference(a, b, analysis::GroupErrors::samples)) {
                e.unit = row.unit;
                e.abscissa = {
                    source_coordinate(sources, source),
                    {"point", point, static_cast<double>(point + 1), ""},
                    named("quantity", number, fmt::format("{} at {}", row.quantity, row.abscissa.find("stage")->text))};
                e.note = fmt::format("{} less {}; {}", source, other, e.note);
                found.push_back(std::move(e));
            }
            ++number;
        }
    }
    result.estimates.insert(result.estimates.end(), found.begin(), found.end());
}

void add_energy_minima(const std::vector<SourcePlan>& sources, const std::string& source,
                       const std::vector<double>& isotherms, Result& result) {
    analysis::LiquidEnergyOptions options;
    options.pressure_degree = 4;  // up to tens of GPa
    for (std::size_t t = 0; t < isotherms.size(); ++t) {
        const double temperature = isotherms[t];
        std::vector<Estimate> rows;
        for (Estimate& e :
             analysis::liquid_energy_minimum(liquid_states(series_of(result, source), temperature), options).estimates)
            if (std::abs(e.abscissa.front().value / temperature - 1) < 1e-6) {
                e.abscissa = {source_coordinate(sources, source),
                              {"temperature", static_cast<std::int64_t>(t), temperature, "K"}};
                rows.push_back(std::move(e));
            }
        result.statements.push_back(sentence(source, temperature, rows));
        result.estimates.insert(result.estimates.end(), rows.begin(), rows.end());
    }
}

void add_tg_slopes(const std::vector<SourcePlan>& sources, Result& result) {
    for (const auto& source : sources) {
        std::map<std::string, analysis::LinePoints> curves;
        std::map<std::string, Coordinate> places;
        for (const Series& one : series_of(result, source.name))
            for (const Estimate& e : one.series->estimates) {
                const Coordinate* curve = e.abscissa.find("curve");
                const Coordinate* pressure = e.abscissa.find("pressure");
                if (e.quantity != "glass_transition_temperature" || e.status != Status::ok || !curve || !pressure)
                    continue;
                curves[curve->text].x.push_back(pressure->value);
                curves[curve->text].y.push_back(e.value);
                places[curve->text] = *curve;
            }
        for (const auto& [name, points] : curves) {
            if (std::all_of(points.x.begin(), points.x.end(), [&](double p) { return p == points.x.front(); }))
                continue;
            const Abscissa at{source_coordinate(sources, source.name), places[name]};
            if (!analysis::enough(points)) {
                result.estimates.push_back(make_estimate("tg_pressure_slope", at, not_a_number, not_a_number, 1,
                                                         Status::no_data, "fewer than 3 quenches with a Tg"));
                continue;
            }
            const analysis::Line line = analysis::weighted_line(points);
            result.estimates.push_back(
                make_estimate("tg_pressure_slope", at, line.slope, std::sqrt(line.covariance(1, 1)),
                              line.degrees_of_freedom, judged_by(line.quality, rejection_level, Status::ok),
                              fmt::format("line through {} quenches; {}", points.x.size(), line.note)));
            result.estimates.push_back(quality_row("tg_slope_p", at, line.quality));
        }
    }
}

}  // namespace vitrum::pipeline
