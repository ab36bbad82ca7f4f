#include "vitrum/outside/answers.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/name_match.hpp"
#include "vitrum/core/printable.hpp"
#include "vitrum/core/quantities/quantity.hpp"
#include "vitrum/io/text/text_table.hpp"
#include "vitrum/outside/answer_table.hpp"
#include "vitrum/outside/answer_units.hpp"

namespace vitrum::outside {

namespace {

constexpr std::array<std::string_view, fault_count> fault_names{"none",
                                                                "not_started",
                                                                "died",
                                                                "timed_out",
                                                                "out_of_memory",
                                                                "printed_too_much",
                                                                "wrote_too_much",
                                                                "no_answers",
                                                                "malformed",
                                                                "missing_column",
                                                                "unknown_replicate",
                                                                "unknown_data",
                                                                "unknown_quantity",
                                                                "wrong_unit",
                                                                "not_a_number",
                                                                "bad_error",
                                                                "bad_status",
                                                                "bad_coordinate",
                                                                "row_twice"};

struct Wrong {
    Fault fault;
    std::string detail;
};

// What others wrote, on its way into a message.
std::string shown(const std::string& text) { return '\'' + printable(text.substr(0, 60)) + '\''; }

const std::vector<std::string>& own_columns() {
    static const std::vector<std::string> names{"data",     "replicate", "quantity",          "unit",
                                                "estimate", "lower",     "standard_error",    "upper",
                                                "note",     "status",    "degrees_of_freedom"};
    return names;
}

struct CoordinateColumn {
    std::string name;
    std::size_t index;
    std::optional<std::size_t> value{};
    std::string unit{};
};

struct Layout {
    std::vector<std::string> names;
    std::vector<std::string> units;
    std::vector<CoordinateColumn> coordinates;

    [[nodiscard]] std::optional<std::size_t> find(const std::string& name) const {
        const auto at = std::find(names.begin(), names.end(), name);
        return at == names.end() ? std::nullopt : std::optional<std::size_t>(at - names.begin());
    }
    [[nodiscard]] std::string text(const TableRow& row, const std::string& name) const {
        const auto at = find(name);
        return at ? row.fields[*at] : "";
    }
};

void need(const Layout& layout, const std::string& name) {
    if (!layout.find(name)) throw Wrong{Fault::missing_column, "no column " + name};
}

void find_coordinates(Layout& layout) {
    const auto& own = own_columns();
    std::vector<std::pair<std::string, std::size_t>> values;
    for (std::size_t k = 0; k < layout.names.size(); ++k) {
        const std::string& name = layout.names[k];
        if (std::find(own.begin(), own.end(), name) != own.end()) continue;
        if (const auto meant = misspelled(name, own))
            throw Wrong{Fault::malformed, fmt::format("column {}: did you mean {}?", shown(name), *meant)};
        if (name.empty()) throw Wrong{Fault::malformed, fmt::format("column {} has no name", k + 1)};
        if (name.ends_with("_value"))
            values.emplace_back(name.substr(0, name.size() - 6), k);
        else
            layout.coordinates.push_back({name, k});
    }
    for (const auto& [name, k] : values) {
        const auto at = std::find_if(layout.coordinates.begin(), layout.coordinates.end(),
                                     [&, wanted = name](const CoordinateColumn& c) { return c.name == wanted; });
        if (at == layout.coordinates.end())
            throw Wrong{Fault::missing_column, fmt::format("no column {} beside {}_value", shown(name), name)};
        at->value = k;
        at->unit = layout.units[k];
    }
}

Layout layout_of(const Table& table, std::span<const HandedReplicate> asked, bool batch) {
    Layout layout;
    for (const std::string& field : table.header) {
        auto [name, unit] = io::name_and_unit(field);
        if (layout.find(name)) throw Wrong{Fault::malformed, fmt::format("two columns {}", shown(name))};
        layout.names.push_back(std::move(name));
        layout.units.push_back(std::move(unit));
    }
    find_coordinates(layout);
    need(layout, "quantity");
    need(layout, "estimate");
    if (batch) need(layout, "replicate");
    if (std::any_of(asked.begin(), asked.end(), [](const HandedReplicate& r) { return r.data.size() > 1; }))
        need(layout, "data");
    if (layout.find("lower").has_value() != layout.find("upper").has_value())
        throw Wrong{Fault::missing_column, "lower and upper go together"};
    if (layout.find("unit") && !layout.units[*layout.find("estimate")].empty())
        throw Wrong{Fault::malformed, "the unit of the estimate stands in the header and in the column unit"};
    return layout;
}

// One row, for the replicate that it names.
class RowReader {
public:
    RowReader(const Layout& layout, const TableRow& row, const HandedReplicate& asked)
        : layout_(layout), row_(row), asked_(asked) {}

    Answer read() {
        Answer answer;
        Estimate& e = answer.estimate;
        answer.data = data();
        take_quantity(e, answer.data);
        e.status = status();
        e.abscissa = place(answer.data);
        take_numbers(e);
        e.note = printable(text("note").substr(0, 1000));
        return answer;
    }

private:
    [[nodiscard]] std::string text(const std::string& column) const { return layout_.text(row_, column); }
    [[noreturn]] void wrong(Fault fault, const std::string& what) const {
        throw Wrong{fault, fmt::format("line {}: {}", row_.line, what)};
    }

    std::optional<std::size_t> data() const {
        if (!layout_.find("data")) return 0;
        const std::string given = text("data");
        if (given.empty()) return std::nullopt;
        const auto number = whole_number(given);
        if (!number || *number < 1 || static_cast<std::size_t>(*number) > asked_.data.size())
            wrong(Fault::unknown_data, fmt::format("data {} is not one of 1 to {}", shown(given), asked_.data.size()));
        return static_cast<std::size_t>(*number - 1);
    }

    void take_quantity(Estimate& e, std::optional<std::size_t> data_set) {
        const std::string given = text("quantity");
        const auto known = quantities();
        const auto found = std::find_if(known.begin(), known.end(), [&](const Quantity& q) { return q.name == given; });
        if (found == known.end()) {
            std::vector<std::string> names;
            for (const Quantity& q : known) names.emplace_back(q.name);
            const std::string near = nearest(given, names);
            wrong(Fault::unknown_quantity, fmt::format("no quantity {}{}", shown(given),
                                                       near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
        }
        e.quantity = found->name;
        e.unit = found->unit;
        // Of data without a frame time no other unit can be known.
        const std::string unit = unit_of("estimate");
        const HandedValues* values = asked_.data.empty() ? nullptr : &asked_.data[data_set.value_or(0)].values;
        if (e.unit == "s" && unit == "frames" && values && time_unit_of(*values) == "frames") e.unit = "frames";
    }

    std::string unit_of(const std::string& column) const {
        const std::string& own = layout_.units[*layout_.find(column)];
        if (!own.empty() || column != "estimate") return own.empty() ? unit_of("estimate") : own;
        return text("unit");
    }

    Status status() const {
        const std::string given = text("status");
        if (given.empty()) return Status::ok;
        for (std::size_t i = 0; i < status_count; ++i)
            if (name(static_cast<Status>(i)) == given) return static_cast<Status>(i);
        wrong(Fault::bad_status, fmt::format("no status {}", shown(given)));
    }

    Abscissa place(std::optional<std::size_t> data_set) const {
        Abscissa at = data_set ? asked_.data.at(*data_set).place : Abscissa{};
        const std::size_t given_places = at.size();
        for (const CoordinateColumn& c : layout_.coordinates) {
            const std::string& given = row_.fields[c.index];
            if (given.empty()) continue;
            const auto index = whole_number(given);
            if (!index)
                wrong(Fault::bad_coordinate, fmt::format("{} {} is no whole number", shown(c.name), shown(given)));
            const auto known = std::find_if(at.begin(), at.begin() + static_cast<std::ptrdiff_t>(given_places),
                                            [&](const Coordinate& k) { return k.name == c.name; });
            if (known != at.begin() + static_cast<std::ptrdiff_t>(given_places)) {
                if (known->index != *index)
                    wrong(Fault::bad_coordinate,
                          fmt::format("{} is {} in these data, not {}", shown(c.name), known->index, *index));
                continue;
            }
            at.push_back({c.name, *index, static_cast<double>(*index), ""});
            if (c.value && !row_.fields[*c.value].empty()) {
                const auto value = real_number(row_.fields[*c.value]);
                if (!value)
                    wrong(Fault::bad_coordinate,
                          fmt::format("{}_value {} is no number", c.name, shown(row_.fields[*c.value])));
                at.back().value = *value;
                at.back().unit = c.unit;
            }
        }
        return at;
    }

    // NaN for a field that is empty or a column that is not there.
    double number(const std::string& column, const std::string& to, Fault fault) const {
        const std::string given = text(column);
        if (given.empty()) return not_a_number;
        const auto value = real_number(given);
        if (!value || std::isnan(*value)) wrong(fault, fmt::format("{} is {}", column, shown(given)));
        const std::string unit = unit_of(column);
        const auto factor = factor_between(unit, to);
        if (!factor) {
            const std::string wanted = to.empty() ? "has no unit" : "is in " + to;
            wrong(Fault::wrong_unit, unit.empty() ? fmt::format("{} without a unit; it {}", column, wanted)
                                                  : fmt::format("{} in {}; it {}", column, shown(unit), wanted));
        }
        return *value * *factor;
    }

    void take_numbers(Estimate& e) const {
        const bool claims = e.status == Status::ok || e.status == Status::at_bound || e.status == Status::law_rejected;
        // A fit that failed may say so by NaN.
        const auto given = real_number(text("estimate"));
        if (claims || !given || std::isfinite(*given)) e.value = number("estimate", e.unit, Fault::not_a_number);
        if (claims && !std::isfinite(e.value))
            wrong(Fault::not_a_number,
                  fmt::format("estimate is {}, status {}", shown(text("estimate")), name(e.status)));
        if (!claims && !std::isfinite(e.value)) return;
        e.standard_error = number("standard_error", e.unit, Fault::bad_error);
        if (std::isinf(e.standard_error) || e.standard_error < 0)
            wrong(Fault::bad_error, fmt::format("standard_error is {}", shown(text("standard_error"))));
        e.lower = number("lower", e.unit, Fault::bad_error);
        e.upper = number("upper", e.unit, Fault::bad_error);
        if (std::isnan(e.lower) != std::isnan(e.upper)) wrong(Fault::bad_error, "lower and upper go together");
        if (e.lower > e.upper) wrong(Fault::bad_error, "lower is above upper");
        if (!std::isnan(e.lower) || std::isnan(e.standard_error)) return;
        const double half = factor() * e.standard_error;
        e.lower = e.value - half;
        e.upper = e.value + half;
    }

    double factor() const {
        const std::string given = text("degrees_of_freedom");
        if (given.empty()) return normal_factor(0.95);
        const auto freedom = real_number(given);
        if (!freedom || !(*freedom >= 1))
            wrong(Fault::bad_error, fmt::format("degrees_of_freedom is {}", shown(given)));
        return student_factor(*freedom);
    }

    const Layout& layout_;
    const TableRow& row_;
    const HandedReplicate& asked_;
};

// Which of `asked` a row belongs to.
std::size_t replicate_of(const Layout& layout, const TableRow& row, std::size_t asked, bool batch) {
    const std::string given = layout.text(row, "replicate");
    if (!batch && given.empty()) return 0;
    const auto number = whole_number(given);
    if (!number || *number < 1 || static_cast<std::size_t>(*number) > asked)
        throw Wrong{Fault::unknown_replicate,
                    fmt::format("line {}: replicate {} is not one of 1 to {}", row.line, shown(given), asked)};
    return static_cast<std::size_t>(*number - 1);
}

using Key = std::tuple<std::size_t, std::size_t, std::string, std::vector<std::pair<std::string, std::int64_t>>>;

Key key_of(std::size_t replicate, const Answer& answer) {
    Key key{replicate, answer.data ? *answer.data + 1 : 0, answer.estimate.quantity, {}};
    for (const Coordinate& c : answer.estimate.abscissa) std::get<3>(key).emplace_back(c.name, c.index);
    return key;
}

void read_rows(const Table& table, std::span<const HandedReplicate> asked, bool batch, AnswersRead& result) {
    const Layout layout = layout_of(table, asked, batch);
    std::set<Key> seen;
    for (const TableRow& row : table.rows) {
        const std::size_t r = replicate_of(layout, row, asked.size(), batch);
        ReplicateAnswers& into = result.replicates[r];
        if (into.fault != Fault::none) continue;
        try {
            Answer answer = RowReader(layout, row, asked[r]).read();
            if (!seen.insert(key_of(r, answer)).second)
                throw Wrong{Fault::row_twice,
                            fmt::format("line {}: a second row for {}", row.line, shown(answer.estimate.quantity))};
            into.answers.push_back(std::move(answer));
        } catch (const Wrong& wrong) {
            into = {wrong.fault, wrong.detail, {}};
        }
    }
    for (ReplicateAnswers& one : result.replicates)
        if (one.fault == Fault::none && one.answers.empty()) one = {Fault::no_answers, "no row for this replicate", {}};
}

}  // namespace

std::string_view name(Fault fault) { return fault_names.at(static_cast<std::size_t>(fault)); }

AnswersRead read_answers(const std::filesystem::path& file, std::span<const HandedReplicate> asked, bool batch) {
    AnswersRead result;
    std::error_code failed;
    // A link could lead anywhere, a pipe would never end.
    const auto status = std::filesystem::symlink_status(file, failed);
    if (!std::filesystem::exists(status)) return {Fault::no_answers, "no answers.csv", {}};
    if (!std::filesystem::is_regular_file(status)) return {Fault::no_answers, "answers.csv is no ordinary file", {}};
    const Table table = read_table(file);
    if (!table.fault.empty()) return {Fault::malformed, "answers.csv: " + table.fault, {}};
    result.replicates.resize(asked.size());
    try {
        read_rows(table, asked, batch, result);
    } catch (const Wrong& wrong) {
        return {wrong.fault, wrong.detail, {}};
    }
    return result;
}

}  // namespace vitrum::outside
