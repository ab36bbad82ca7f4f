#include "vitrum/pipeline/across/over_regions.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

#include <fmt/format.h>

#include "vitrum/analysis/relaxation/wavevector_exponent.hpp"
#include "vitrum/pipeline/across/across.hpp"
#include "vitrum/pipeline/estimators/correlation_rows.hpp"

namespace vitrum::pipeline {

namespace {

constexpr const char* exponent_name = "wavevector_exponent";
constexpr const char* prefactor_name = "wavevector_prefactor";

bool over_regions(const TruthRow& row) { return row.quantity == exponent_name || row.quantity == prefactor_name; }

// The coordinate of a q region that knows its q.
const Coordinate* region_of(const SeriesResult& series) {
    for (const auto& c : series.abscissa)
        if (c.name == "region" && c.unit == "1/angstrom") return &c;
    return nullptr;
}

struct DataSetRegions {
    std::string name;
    Abscissa place;  // without the region
    std::vector<SeriesResult*> series;
};

std::vector<DataSetRegions> data_sets_of(Result& result) {
    std::vector<DataSetRegions> sets;
    for (auto& series : result.series) {
        if (!region_of(series)) continue;
        const std::string& name = series.data_set();
        auto at = std::find_if(sets.begin(), sets.end(), [&](const auto& s) { return s.name == name; });
        if (at == sets.end()) {
            at = sets.insert(sets.end(), {name, series.abscissa, {}});
            std::erase_if(at->place, [](const Coordinate& c) { return c.name == "region"; });
        }
        at->series.push_back(&series);
    }
    return sets;
}

Curve tau_of_q(const DataSetRegions& set) {
    Curve tau;
    for (const auto* series : set.series)
        for (const auto& e : series->estimates) {
            if (!is_clean_tau(e)) continue;
            tau.x.push_back(region_of(*series)->value);
            tau.y.push_back(e.value);
            tau.y_error.push_back(e.standard_error);
            tau.y_unit = e.unit;
        }
    return tau;
}

// The law between the lowest and the highest q, for figures.
Curve exact_curve(const DataSetRegions& set, const std::string& source, double alpha, double c) {
    constexpr int points = 61;
    const auto [low, high] =
        std::minmax_element(set.series.begin(), set.series.end(),
                            [](const auto* a, const auto* b) { return region_of(*a)->value < region_of(*b)->value; });
    const double from = region_of(**low)->value;
    const double to = region_of(**high)->value;
    Curve curve;
    curve.name = "tau_of_region_" + source;
    curve.x_name = "region";
    curve.x_unit = "1/angstrom";
    curve.y_name = "tau";
    curve.y_unit = "s";
    for (int i = 0; i < points; ++i) {
        curve.x.push_back(from + (to - from) * i / (points - 1));
        curve.y.push_back(std::pow(curve.x.back(), -alpha) / c);
    }
    return curve;
}

std::string statement(const DataSetRegions& set, const Curve& tau, const Estimate& alpha) {
    const std::string where = set.place.empty() ? "" : " at " + set.place.label();
    const std::string head = fmt::format("'{}'{}: ", set.name, where);
    if (alpha.status == Status::law_rejected)
        return head + fmt::format(
                          "tau of {} q regions follows no power law of q ({}); the best fit's exponent is no "
                          "measurement.",
                          tau.size(), alpha.note);
    if (alpha.status != Status::ok || !std::isfinite(alpha.lower))
        return head + fmt::format("tau came out clean in {} of {} q regions; the exponent of tau(q) is not measured.",
                                  tau.size(), set.series.size());
    const auto [low, high] = std::minmax_element(tau.x.begin(), tau.x.end());
    const bool excludes = alpha.lower > 0 || alpha.upper < 0;
    return head + fmt::format(
                      "over {} regions that span {:.1f} % in q, alpha = {:.3g} +- {:.2g}, 95 % interval {:.3g} "
                      "to {:.3g}: {}. Errors of tau that all regions share, as of a fixed baseline, are not in it.",
                      tau.size(), 200 * (*high - *low) / (*high + *low), alpha.value, alpha.standard_error, alpha.lower,
                      alpha.upper, excludes ? "tau depends on q" : "these data do not show that tau depends on q");
}

}  // namespace

void add_wavevector_exponents(Result& result, const std::function<Coordinate(const std::string&)>& source_of) {
    for (auto& set : data_sets_of(result)) {
        const Coordinate source = source_of(set.name);
        Abscissa at{source};
        at.insert(at.end(), set.place.begin(), set.place.end());
        // Every region's series carries the law of the whole; it is kept once.
        std::vector<TruthRow> truth;
        for (auto* series : set.series) {
            auto& rows = series->truth.rows;
            if (truth.empty()) std::copy_if(rows.begin(), rows.end(), std::back_inserter(truth), over_regions);
            std::erase_if(rows, over_regions);
        }
        if (set.series.size() < 2) continue;
        double alpha = not_a_number;
        double c = not_a_number;
        for (auto& row : truth) {
            (row.quantity == exponent_name ? alpha : c) = row.value;
            row.abscissa = at;
            result.truth.rows.push_back(row);
        }
        if (set.place.empty() && std::isfinite(alpha) && std::isfinite(c))
            result.truth.add(exact_curve(set, source.text, alpha, c), truth.front().origin);
        const Curve tau = tau_of_q(set);
        auto rows = analysis::wavevector_exponent(tau);
        result.statements.push_back(statement(set, tau, rows.front()));
        for (auto& row : rows) {
            row.abscissa = at;
            result.estimates.push_back(std::move(row));
        }
    }
}

void add_wavevector_exponents(const std::vector<SourcePlan>& sources, Result& result) {
    add_wavevector_exponents(result, [&](const std::string& data_set) {
        for (const auto& source : sources)
            for (const auto& unit : source.units)
                if (unit.name == data_set) return source_coordinate(sources, source.name);
        return source_coordinate(sources, data_set);
    });
}

}  // namespace vitrum::pipeline
