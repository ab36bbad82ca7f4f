#include "vitrum/validation/measures/score.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/validation/measures/named_table.hpp"

namespace vitrum::validation {

namespace {

struct Row {
    std::size_t line = 0;
    std::string method, replicate;
    double estimate = not_a_number, error = not_a_number, lower = not_a_number, upper = not_a_number,
           truth = not_a_number;
    bool failed = false;
};

// Rows of one group by method, in the order in which both first stand in the table.
struct Group {
    std::vector<std::string> values;
    std::vector<std::string> methods;
    std::map<std::string, std::vector<Row>> rows;
};

std::vector<Group> read(const NamedTable& table, const ScoreOptions& o, std::vector<std::string>& group_names) {
    const std::size_t estimate = table.column(o.estimate, {"estimate", "est", "theta", "b", "value"});
    if (estimate == NamedTable::absent)
        throw InputError(fmt::format("'{}' has no column of estimates; name it with --estimate COLUMN", table.file()));
    const std::size_t error = table.column(o.standard_error, {"standard_error", "se", "stderr", "error"});
    const std::size_t lower = table.column(o.lower, {"lower"});
    const std::size_t upper = table.column(o.upper, {"upper"});
    if ((lower == NamedTable::absent) != (upper == NamedTable::absent))
        throw InputError(
            fmt::format("'{}' has one limit of the intervals only; both or none are wanted", table.file()));
    const std::size_t method = table.column(o.method, {"method", "estimator"});
    const std::size_t replicate = table.column(o.replicate, {"replicate", "rep", "dataset", "i"});
    const std::size_t status = table.column("", {"status"});
    const auto fixed = o.truth.empty() ? std::nullopt : io::number_of(o.truth);
    const std::size_t truth = fixed ? NamedTable::absent : table.column(o.truth, {"truth", "true"});
    std::vector<std::size_t> by;
    for (const auto& name : o.group) by.push_back(table.column(name, {}));
    for (const std::size_t c : by) group_names.push_back(table.name(c));

    std::vector<Group> groups;
    std::set<std::vector<std::string>> seen;
    for (const auto& fields : table.rows()) {
        Row row;
        row.line = fields.line;
        row.method = method == NamedTable::absent ? "" : fields.fields[method];
        row.replicate = replicate == NamedTable::absent ? "" : fields.fields[replicate];
        row.estimate = table.number(fields, estimate);
        row.error = table.number(fields, error);
        row.lower = table.number(fields, lower);
        row.upper = table.number(fields, upper);
        row.truth = fixed ? *fixed : table.number(fields, truth);
        row.failed = !std::isfinite(row.estimate) || (status != NamedTable::absent && fields.fields[status] != "ok");
        const auto refuse = [&](const std::string& what) {
            throw InputError(fmt::format("{}:{}: {}", table.file(), row.line, what));
        };
        if (row.error < 0) refuse(fmt::format("standard error {}: it is not negative", row.error));
        if (row.lower > row.upper) refuse(fmt::format("limits {} and {} are crossed", row.lower, row.upper));
        if (truth != NamedTable::absent && !std::isfinite(row.truth)) refuse("the truth is missing");
        std::vector<std::string> values;
        for (const std::size_t c : by) values.push_back(fields.fields[c]);
        if (replicate != NamedTable::absent) {
            auto key = values;
            key.push_back(row.method);
            key.push_back(row.replicate);
            if (!seen.insert(key).second)
                refuse(
                    fmt::format("replicate {} of method '{}' stands twice; columns that tell them apart go to --group",
                                row.replicate, row.method));
        }
        auto group = std::find_if(groups.begin(), groups.end(), [&](const Group& g) { return g.values == values; });
        if (group == groups.end()) group = groups.insert(groups.end(), Group{values, {}, {}});
        if (group->rows.find(row.method) == group->rows.end()) group->methods.push_back(row.method);
        group->rows[row.method].push_back(std::move(row));
    }
    return groups;
}

template <class Keep>
Replicates successes(const std::vector<Row>& rows, Keep&& keep) {
    Replicates r;
    for (const auto& row : rows)
        if (!row.failed && keep(row)) r.add(row.estimate, row.error, row.lower, row.upper, row.truth);
    r.complete();
    return r;
}

std::map<std::string, double> errors_by_replicate(const std::vector<Row>& rows) {
    std::map<std::string, double> errors;
    for (const auto& row : rows)
        if (!row.failed) errors[row.replicate] = row.estimate - (std::isfinite(row.truth) ? row.truth : 0);
    return errors;
}

std::vector<Measure> compare(const std::vector<Row>& reference, const std::vector<Row>& rows) {
    const auto a = errors_by_replicate(reference);
    const auto b = errors_by_replicate(rows);
    std::vector<double> ea;
    std::vector<double> eb;
    for (const auto& [replicate, error] : a)
        if (const auto at = b.find(replicate); at != b.end()) {
            ea.push_back(error);
            eb.push_back(at->second);
        }
    return against(ea, eb);
}

}  // namespace

std::vector<GroupScore> score(const std::filesystem::path& file, const ScoreOptions& o) {
    const NamedTable table(file);
    std::vector<std::string> group_names;
    std::vector<GroupScore> scores;
    for (const auto& group : read(table, o, group_names)) {
        GroupScore s;
        for (std::size_t k = 0; k < group_names.size(); ++k) s.group.emplace_back(group_names[k], group.values[k]);
        if (!o.reference.empty() && group.rows.find(o.reference) == group.rows.end())
            throw InputError(fmt::format("'{}' has no method '{}'{}", table.file(), o.reference,
                                         suggestion(o.reference, group.methods)));
        const bool paired = !group.rows.begin()->second.front().replicate.empty();
        if (!o.reference.empty() && !paired)
            throw InputError(
                fmt::format("'{}' has no column of replicates: a comparison needs the same data in both; "
                            "name it with --replicate COLUMN",
                            table.file()));
        // Replicates of which every method has an estimate.
        std::map<std::string, std::size_t> good;
        std::set<std::string> all;
        bool any_failed = false;
        for (const auto& [method, rows] : group.rows)
            for (const auto& row : rows) {
                all.insert(row.replicate);
                good[row.replicate] += row.failed ? 0 : 1;
            }
        const auto everywhere = [&](const Row& row) { return good.at(row.replicate) == group.methods.size(); };
        for (const auto& [replicate, count] : good) s.common += count == group.methods.size() ? 1 : 0;
        s.replicates = paired ? all.size() : group.rows.begin()->second.size();
        if (paired) any_failed = s.common < all.size();
        for (const auto& method : group.methods) {
            const auto& rows = group.rows.at(method);
            MethodScore m;
            m.method = method;
            m.rows = rows.size();
            for (const auto& row : rows) {
                m.failed += row.failed ? 1 : 0;
                m.without_error += !row.failed && !std::isfinite(row.error) && !std::isfinite(row.lower) ? 1 : 0;
            }
            m.own = performance(successes(rows, [](const Row&) { return true; }), o.level);
            if (any_failed && group.methods.size() > 1) m.common = performance(successes(rows, everywhere), o.level);
            if (!o.reference.empty() && method != o.reference)
                m.against_reference = compare(group.rows.at(o.reference), rows);
            s.methods.push_back(std::move(m));
        }
        scores.push_back(std::move(s));
    }
    return scores;
}

}  // namespace vitrum::validation
