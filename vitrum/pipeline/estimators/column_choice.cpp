#include "vitrum/pipeline/estimators/column_choice.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/name_match.hpp"
#include "vitrum/pipeline/estimators/option_values.hpp"

namespace vitrum::pipeline {

ColumnChoice choose(Section& options, const std::string& key, std::vector<std::string> usual, std::size_t position,
                    bool needed) {
    ColumnChoice choice{key, std::move(usual), position, needed};
    if (options.has(key))
        choice.wanted = text_or_whole(options, key);
    else
        static_cast<void>(options.text(key, ""));
    return choice;
}

const Column* pick(const Columns& table, const ColumnChoice& choice, const std::string& first) {
    std::vector<std::string> usual = choice.usual;
    if (!first.empty()) usual.insert(usual.begin(), first);
    if (!choice.wanted.empty()) {
        if (choice.wanted == "none" && !choice.needed && !table.find({choice.wanted})) return nullptr;
        return &table.column(choice.wanted);
    }
    if (const auto* found = table.find(usual)) return found;
    const bool headless = table.columns.front().name.empty();
    if (headless && choice.position < table.columns.size()) return &table.columns[choice.position];
    if (!choice.needed) {
        for (const auto& c : table.columns)
            if (const auto meant = misspelled(c.name, usual))
                throw InputError(fmt::format("'{}' has a column '{}'; did you mean '{}'? Else give --set {}=none",
                                             table.file.string(), c.name, *meant, choice.key));
        return nullptr;
    }
    std::string names;
    for (const auto& c : table.columns) names += (names.empty() ? "" : ", ") + c.name;
    throw InputError(fmt::format("'{}' has no column '{}' (it has {}); name one with --set {}=COLUMN",
                                 table.file.string(), usual.front(), names, choice.key));
}

void arrange_rows(Columns& table, const std::vector<const Column*>& used, Repeats repeats) {
    const Column& axis = *used.front();
    std::vector<std::size_t> order;
    std::vector<std::size_t> gaps;
    for (std::size_t i = 0; i < axis.values.size(); ++i) {
        const bool whole =
            std::all_of(used.begin(), used.end(), [&](const auto* c) { return !c || std::isfinite(c->values[i]); });
        (whole ? order : gaps).push_back(i);
    }
    if (order.empty())
        throw InputError(fmt::format("'{}' has no row with a number in every column used", table.file.string()));
    if (!gaps.empty())
        table.remarks.push_back(fmt::format("{} row{} left out, not a finite number ({} {}{})", gaps.size(),
                                            gaps.size() > 1 ? "s" : "", table.lines.empty() ? "row" : "line",
                                            table.number_of_row(gaps.front()), gaps.size() > 1 ? " first" : ""));
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return axis.values[a] < axis.values[b]; });
    // A row written twice is one measurement; two values at one place are a question for who made them.
    const std::size_t before = order.size();
    if (repeats == Repeats::refused)
        order.erase(std::unique(order.begin(), order.end(),
                                [&](std::size_t a, std::size_t b) {
                                    return std::all_of(used.begin(), used.end(), [&](const auto* c) {
                                        return !c || c->values[a] == c->values[b];
                                    });
                                }),
                    order.end());
    if (const std::size_t twice = before - order.size(); twice > 0)
        table.remarks.push_back(fmt::format("{} row{} twice, taken once", twice, twice > 1 ? "s" : ""));
    for (std::size_t i = 1; i < order.size() && repeats == Repeats::refused; ++i)
        if (const double x = axis.values[order[i]]; x == axis.values[order[i - 1]])
            throw InputError(fmt::format("'{}': {} = {} stands twice, in {} {} and {}", table.file.string(),
                                         axis.name.empty() ? "the first column" : axis.name, x,
                                         table.lines.empty() ? "rows" : "lines", table.number_of_row(order[i - 1]),
                                         table.number_of_row(order[i])));
    std::vector<std::string> unused;
    bool joint = false;
    for (auto& c : table.columns) {
        if (std::find(used.begin(), used.end(), &c) == used.end() && !c.name.empty()) {
            const bool of_covariance = c.name.find("_factor_") != std::string::npos;
            joint = joint || of_covariance;
            if (!of_covariance) unused.push_back(c.name);
        }
        std::vector<double> arranged;
        for (const std::size_t i : order) arranged.push_back(c.values[i]);
        c.values = std::move(arranged);
    }
    std::vector<std::size_t> lines;
    for (const std::size_t i : order) lines.push_back(table.number_of_row(i));
    table.lines = std::move(lines);
    if (joint) table.remarks.push_back("the covariance of the rows is not used");
    if (!unused.empty()) table.remarks.push_back(fmt::format("columns not used: {}", fmt::join(unused, ", ")));
}

void check_positive(const Columns& table, const Column* column, std::string_view what) {
    for (std::size_t i = 0; column && i < column->values.size(); ++i)
        if (column->values[i] <= 0)
            throw InputError(fmt::format("{}: {} = {}; {} is positive", table.place_of_row(i),
                                         column->name.empty() ? "a number" : column->name, column->values[i], what));
}

void check_sign_of_pressures(Columns& table, const Column& pressure, const Column* volume) {
    const auto& p = pressure.values;
    const bool negative = std::all_of(p.begin(), p.end(), [](double x) { return x <= 0; }) &&
                          std::any_of(p.begin(), p.end(), [](double x) { return x < 0; });
    if (!negative) return;
    std::size_t rises = 0;
    std::size_t falls = 0;
    for (std::size_t i = 0; volume && i < p.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) {
            const double both = (p[i] - p[j]) * (volume->values[i] - volume->values[j]);
            rises += both > 0 ? 1 : 0;
            falls += both < 0 ? 1 : 0;
        }
    if (rises > 0 && falls == 0)
        throw InputError(
            fmt::format("'{}': the pressures are negative and rise with the volume: they are stresses, or beyond the "
                        "spinodal; a pressure is minus the mean stress",
                        table.file.string()));
    table.remarks.push_back("all pressures are negative; a stress has the other sign");
}

Findings with_remarks(Findings out, const std::vector<std::string>& remarks) {
    for (const auto& remark : remarks) {
        for (auto& row : out.estimates) row.note += (row.note.empty() ? "" : "; ") + remark;
        for (auto& curve : out.curves) curve.error_method += (curve.error_method.empty() ? "" : "; ") + remark;
    }
    return out;
}

double time_factor(const Column& c, std::string& unit) {
    const auto known = known_units(Dimension::time);
    if (std::find(known.begin(), known.end(), c.unit) != known.end()) {
        unit = "s";
        return unit_factor(c.unit, Dimension::time, c.name);
    }
    unit = c.unit.empty() ? own_unit : c.unit;
    return 1;
}

std::vector<double> native(const Column& column, Dimension dimension) {
    const double factor = column.unit.empty() ? 1 : unit_factor(column.unit, dimension, column.name);
    std::vector<double> values = column.values;
    for (double& v : values) v *= factor;
    return values;
}

TauColumns choose_tau(Section& options, std::vector<std::string> usual_x, bool error_needed) {
    return {choose(options, "x", std::move(usual_x), 0, true), choose(options, "y", {"tau"}, 1, true),
            choose(options, "error", {"tau_error", "tau_err", "error", "sigma"}, 2, error_needed)};
}

}  // namespace vitrum::pipeline
