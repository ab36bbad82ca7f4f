#include "vitrum/pipeline/across/gather.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace vitrum::pipeline {

namespace {

bool among(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool wanted_source(const Gathering& what, const SeriesResult& series) {
    return series.failure.empty() && (what.sources.empty() || among(what.sources, series.source_name));
}

bool meets(const Gathering& what, const Abscissa& place) {
    return std::all_of(what.where.begin(), what.where.end(), [&](const auto& condition) {
        const Coordinate* c = place.find(condition.first);
        return c && (c->text == condition.second || fmt::format("{}", c->value) == condition.second);
    });
}

// One estimate that is gathered, and where.
struct Hit {
    const SeriesResult* series;
    const Estimate* estimate;
    Abscissa whole;
};

std::vector<Hit> hits(const Gathering& what, const Result& result) {
    std::vector<Hit> all;
    for (const auto& series : result.series) {
        if (!wanted_source(what, series)) continue;
        for (const auto& e : series.estimates) {
            if (e.quantity != what.of) continue;
            Abscissa whole = series.abscissa.with(e.abscissa);
            if (meets(what, whole)) all.push_back({&series, &e, std::move(whole)});
        }
    }
    return all;
}

// Where the row stands apart from `along` and repetitions; points of a sweep are numbered through, so that values tell.
Abscissa rest_of(const Gathering& what, const Abscissa& whole) {
    Abscissa rest = whole.without(what.along);
    for (const auto& name : what.over) rest = rest.without(name);
    return rest;
}

void count(std::map<Status, std::size_t>& dropped, Gathered& g) {
    std::vector<std::string> parts;
    for (const auto& [status, n] : dropped) {
        parts.push_back(fmt::format("{} {}", n, name(status)));
        g.left_out += n;
    }
    if (!parts.empty()) g.columns.remarks.push_back(fmt::format("left out: {}", fmt::join(parts, ", ")));
}

struct Collected {
    Gathered gathered;
    std::map<Status, std::size_t> dropped;
    std::vector<const SeriesResult*> series;  // of each row
};

Collected& place_for(std::vector<Collected>& all, const std::string& source, const Abscissa& rest) {
    const auto at = std::find_if(all.begin(), all.end(), [&](const Collected& c) {
        return c.gathered.source == source && same_values(c.gathered.place, rest);
    });
    if (at != all.end()) return *at;
    all.push_back({});
    all.back().gathered.source = source;
    all.back().gathered.place = rest;
    return all.back();
}

void add(Collected& to, double x, const SeriesResult& series, const Estimate& e) {
    if (e.status != Status::ok || !std::isfinite(e.value)) {
        ++to.dropped[e.status];
        return;
    }
    auto& columns = to.gathered.columns.columns;
    columns[0].values.push_back(x);
    columns[1].values.push_back(e.value);
    columns[2].values.push_back(e.standard_error);
    to.series.push_back(&series);
}

// Rows of each data set, in the order of the first of each.
std::vector<std::vector<std::size_t>> by_data_set(const Collected& c) {
    std::vector<std::vector<std::size_t>> sets;
    for (std::size_t row = 0; row < c.series.size(); ++row) {
        const auto at = std::find_if(sets.begin(), sets.end(), [&](const auto& rows) {
            return c.series[rows.front()]->data_set() == c.series[row]->data_set();
        });
        (at == sets.end() ? sets.emplace_back() : *at).push_back(row);
    }
    return sets;
}

// Rows x replicates; nothing where it is not known of all these rows of one data set.
std::optional<Eigen::MatrixXd> joint_factor(const Collected& c, const std::vector<std::size_t>& rows) {
    const auto& columns = c.gathered.columns.columns;
    const Column& along = columns[0];
    const Column& of = columns[1];
    if (rows.size() == 1) return Eigen::MatrixXd::Constant(1, 1, columns[2].values[rows.front()]);
    const auto& curves = c.series[rows.front()]->curves;
    const auto curve = std::find_if(curves.begin(), curves.end(), [&](const Curve& k) {
        return k.x_name == along.name && k.y_name == of.name && k.covariance_factor.size() > 0;
    });
    if (curve == curves.end()) return std::nullopt;
    Eigen::MatrixXd factor(static_cast<Eigen::Index>(rows.size()), curve->covariance_factor.cols());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::size_t k = 0;
        while (k < curve->size() && !(curve->x[k] == along.values[rows[i]] && curve->y[k] == of.values[rows[i]])) ++k;
        if (k == curve->size() || c.series[rows[i]] != c.series[rows.front()]) return std::nullopt;
        factor.row(static_cast<Eigen::Index>(i)) = curve->covariance_factor.row(static_cast<Eigen::Index>(k));
    }
    return factor;
}

void add_covariance(Collected& c) {
    const auto sets = by_data_set(c);
    if (sets.size() == c.series.size()) return;  // independent, every one
    auto& table = c.gathered.columns;
    const Column of = table.columns[1];
    std::vector<Column> columns;
    for (const auto& rows : sets) {
        const auto factor = joint_factor(c, rows);
        if (!factor || !factor->allFinite()) {
            table.remarks.push_back("rows of one data set, whose covariance is not known: errors taken as independent");
            return;
        }
        for (Eigen::Index k = 0; k < factor->cols(); ++k) {
            columns.push_back({fmt::format("{}_factor_{}", of.name, columns.size() + 1), of.unit,
                               std::vector<double>(c.series.size(), 0.0)});
            for (std::size_t i = 0; i < rows.size(); ++i)
                columns.back().values[rows[i]] = (*factor)(static_cast<Eigen::Index>(i), k);
        }
    }
    table.columns.insert(table.columns.end(), columns.begin(), columns.end());
}

std::vector<Gathered> finished(std::vector<Collected> all) {
    std::vector<Gathered> out;
    for (auto& c : all) {
        // Errors that nobody knows are no column.
        auto& columns = c.gathered.columns.columns;
        if (std::none_of(columns[2].values.begin(), columns[2].values.end(), [](double e) { return std::isfinite(e); }))
            columns.pop_back();
        else
            add_covariance(c);
        count(c.dropped, c.gathered);
        out.push_back(std::move(c.gathered));
    }
    return out;
}

}  // namespace

std::vector<Gathered> gather(const Gathering& what, const Result& result) {
    std::vector<Collected> all;
    for (const Hit& hit : hits(what, result)) {
        const Coordinate* along = hit.whole.find(what.along);
        if (!along) continue;
        Collected& to = place_for(all, hit.series->source_name, rest_of(what, hit.whole));
        if (to.gathered.columns.columns.empty())
            to.gathered.columns = {fmt::format("{} along {}", what.of, what.along),
                                   {{what.along, along->unit, {}},
                                    {what.of, hit.estimate->unit, {}},
                                    {what.of + "_error", hit.estimate->unit, {}}}};
        add(to, along->value, *hit.series, *hit.estimate);
    }
    return finished(std::move(all));
}

std::vector<Gathered> gather_groups(const Gathering& what, const Result& result) {
    std::vector<Collected> all;
    for (const Hit& hit : hits(what, result)) {
        const bool second = hit.series->source_name == what.sources.back();
        Collected& to = place_for(all, what.sources.back(), rest_of(what, hit.whole));
        if (to.gathered.columns.columns.empty())
            to.gathered.columns = {
                fmt::format("{} of {}", what.of, fmt::join(what.sources, " and ")),
                {{"group", "", {}}, {"value", hit.estimate->unit, {}}, {"error", hit.estimate->unit, {}}}};
        add(to, second ? 1 : 0, *hit.series, *hit.estimate);
    }
    return finished(std::move(all));
}

std::vector<GatheredCurves> gather_curves(const Gathering& what, const Result& result) {
    std::vector<GatheredCurves> all;
    std::map<std::string, std::set<std::string>> data_sets;
    for (const auto& series : result.series) {
        if (!wanted_source(what, series) || !meets(what, series.abscissa)) continue;
        std::vector<const Curve*> here;
        if (series.g2 && what.of == "g2") here.push_back(&*series.g2);
        for (const auto& curve : series.curves)
            if (curve.name == what.of) here.push_back(&curve);
        if (here.empty()) continue;
        auto at = std::find_if(all.begin(), all.end(), [&](const auto& g) { return g.source == series.source_name; });
        if (at == all.end()) at = all.insert(all.end(), {series.source_name, {}, false});
        at->one_data_set =
            at->one_data_set || here.size() > 1 || !data_sets[series.source_name].insert(series.data_set()).second;
        at->curves.insert(at->curves.end(), here.begin(), here.end());
    }
    return all;
}

}  // namespace vitrum::pipeline
