#include "vitrum/pipeline/across/combine_quenches.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <fmt/format.h>

#include "vitrum/core/numerics/statistics.hpp"

namespace vitrum::pipeline {

namespace {

constexpr double wanted_effect = 1e-3;  // [eV] per atom
constexpr std::array energies{"potential_energy", "enthalpy", "inherent_energy"};

// The quenches of one preparation: one source, one point of its sweep, one kind of series.
struct Preparation {
    std::size_t source = 0;
    Abscissa place;  // of the point
    std::vector<const SeriesResult*> quenches;
};

std::vector<Preparation> preparations(const std::vector<SourcePlan>& sources, const Result& result) {
    std::vector<Preparation> all;
    for (std::size_t s = 0; s < sources.size(); ++s)
        for (const auto& series : result.series) {
            if (series.source_name != sources[s].name || !series.abscissa.find("quench") || !series.failure.empty())
                continue;
            const Abscissa place = series.abscissa.without("quench");
            auto at = std::find_if(all.begin(), all.end(), [&](const Preparation& p) {
                return p.source == s && same_place(p.place, place) &&
                       (p.quenches.front()->map.has_value() == series.map.has_value());
            });
            if (at == all.end()) at = all.insert(all.end(), {s, place, {}});
            at->quenches.push_back(&series);
        }
    return all;
}

const Estimate* same_row(const SeriesResult& series, const Estimate& row) {
    const auto at = std::find_if(series.estimates.begin(), series.estimates.end(), [&](const Estimate& e) {
        return e.quantity == row.quantity && same_place(e.abscissa, row.abscissa);
    });
    return at == series.estimates.end() ? nullptr : &*at;
}

// {source, point, place of the row}; a coordinate that the row has itself is not said twice.
Abscissa placed(const std::vector<SourcePlan>& sources, const Preparation& p, const Abscissa& row) {
    Abscissa at{named("source", static_cast<std::int64_t>(p.source), sources[p.source].name)};
    for (const Coordinate& c : p.place) {
        Coordinate of_point = c;
        const bool said = std::any_of(row.begin(), row.end(), [&](const Coordinate& r) { return r.name == c.name; });
        if (said) of_point.name = c.name + " of the sweep";
        at.push_back(std::move(of_point));
    }
    at.insert(at.end(), row.begin(), row.end());
    return at;
}

// With the interval that the uncertainty of the spread gives.
Estimate needed(const Spread& s, Abscissa place, const std::string& of) {
    const auto index = std::find(energies.begin(), energies.end(), of) - energies.begin();
    place.push_back(named("quantity", index, of));
    const auto dof = static_cast<double>(s.n - 1);
    const boost::math::chi_squared chi(dof);
    Estimate e = make_estimate(
        "quenches_needed", std::move(place), quenches_needed(s.sd, wanted_effect), not_a_number, dof, Status::ok,
        fmt::format("spread of {} quenches: {:.2g} meV; interval from chi squared", s.n, s.sd * 1e3));
    e.lower = quenches_needed(s.sd * std::sqrt(dof / boost::math::quantile(chi, 0.975)), wanted_effect);
    e.upper = quenches_needed(s.sd * std::sqrt(dof / boost::math::quantile(chi, 0.025)), wanted_effect);
    return e;
}

void add_rows(const std::vector<SourcePlan>& sources, const Preparation& p, Result& result) {
    for (const Estimate& row : p.quenches.front()->estimates) {
        std::vector<double> values;
        for (const SeriesResult* quench : p.quenches) {
            const Estimate* e = same_row(*quench, row);
            if (e && e->status == Status::ok && std::isfinite(e->value)) values.push_back(e->value);
        }
        const Spread s = spread_of(values);
        if (s.n < 2) continue;
        const auto n = static_cast<double>(s.n);
        Estimate mean = make_estimate(
            row.quantity, placed(sources, p, row.abscissa), s.mean, s.sd / std::sqrt(n), n - 1, Status::ok,
            fmt::format("mean of {} of {} quenches, error from their spread {:.3g}", s.n, p.quenches.size(), s.sd));
        if (s.sd > 0 && std::find(energies.begin(), energies.end(), row.quantity) != energies.end())
            result.estimates.push_back(needed(s, mean.abscissa, row.quantity));
        result.estimates.push_back(std::move(mean));
    }
}

bool same_axis(const Curve& a, const Curve& b) {
    return a.name == b.name && std::equal(a.x.begin(), a.x.end(), b.x.begin(), b.x.end(), [](double x, double y) {
               return std::abs(x - y) <= 1e-9 * std::max(std::abs(x), std::abs(y));
           });
}

void add_curves(const std::vector<SourcePlan>& sources, const Preparation& p, Result& result) {
    for (const Curve& first : p.quenches.front()->curves) {
        std::vector<const Curve*> all;
        for (const SeriesResult* quench : p.quenches)
            for (const Curve& curve : quench->curves)
                if (same_axis(first, curve)) all.push_back(&curve);
        if (all.size() < 2) continue;
        const std::int64_t point = p.place.empty() ? 0 : p.place.front().index;
        Curve mean = make_curve(fmt::format("{}_{}_{}", first.name, sources[p.source].name, point + 1), first.x_name,
                                first.x_unit, first.y_name, first.y_unit);
        mean.x = first.x;
        for (std::size_t i = 0; i < first.size(); ++i) {
            std::vector<double> values;
            for (const Curve* curve : all)
                if (std::isfinite(curve->y[i])) values.push_back(curve->y[i]);
            const Spread s = spread_of(values);
            mean.y.push_back(s.mean);
            mean.y_error.push_back(s.sd / std::sqrt(static_cast<double>(std::max<std::size_t>(1, s.n))));
            mean.scatter.push_back(s.sd);
        }
        mean.error_method = fmt::format("spread of {} quenches", all.size());
        result.curves.push_back(std::move(mean));
    }
}

}  // namespace

double quenches_needed(double spread, double effect) {
    using boost::math::quantile;
    using boost::math::students_t;
    const double ratio = spread / effect;
    double n = 2;
    for (int i = 0; i < 100; ++i) {
        const students_t t(2 * n - 2);
        const double factor = quantile(t, 0.975) + quantile(t, 0.8);
        // Half-way steps: from few quenches on, Student's factor and n would take turns.
        const double next = std::max(2.0, 2 * factor * factor * ratio * ratio);
        if (std::abs(next - n) < 1e-9 * n) break;
        n = (n + next) / 2;
    }
    return std::ceil(n - 1e-6);
}

void add_quench_means(const std::vector<SourcePlan>& sources, Result& result) {
    for (const Preparation& p : preparations(sources, result)) {
        if (p.quenches.size() < 2) continue;
        add_rows(sources, p, result);
        add_curves(sources, p, result);
    }
}

}  // namespace vitrum::pipeline
