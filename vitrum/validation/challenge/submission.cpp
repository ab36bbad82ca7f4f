#include "vitrum/validation/challenge/submission.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/validation/measures/named_table.hpp"

namespace vitrum::validation {

namespace {

using Place = std::tuple<std::string, std::string, std::string>;  // data set, quantity, region

std::size_t needed(const NamedTable& table, const std::string& name) { return table.column(name, {}); }

Answer read_answer(const NamedTable& table, const io::TextRow& row, const std::string& where) {
    const auto optional = [&](const std::vector<std::string>& names) {
        return table.number(row, table.column("", names));
    };
    Answer a;
    a.estimate = table.number(row, needed(table, "estimate"));
    a.standard_error = optional({"standard_error", "se", "stderr"});
    a.lower = optional({"lower"});
    a.upper = optional({"upper"});
    if (a.standard_error < 0)
        throw InputError(fmt::format("{}: standard_error {}: it is not negative", where, a.standard_error));
    if (std::isnan(a.lower) != std::isnan(a.upper))
        throw InputError(fmt::format("{}: one limit of the interval alone; both or none are wanted", where));
    if (a.lower > a.upper) throw InputError(fmt::format("{}: limits {} and {} are crossed", where, a.lower, a.upper));
    const std::size_t status = table.column("", {"status"});
    if (!std::isfinite(a.estimate) || (status != NamedTable::absent && row.fields[status] != "ok")) return {};
    return a;
}

// Which of the three words of a place is unknown, and what there is.
[[noreturn]] void refuse_place(const Place& place, const SealContents& contents, const std::vector<Asked>& asked,
                               const std::string& where) {
    const auto& [set, quantity, region] = place;
    std::vector<std::string> sets;
    for (const auto& s : contents.sets) sets.push_back(s.name);
    if (std::find(sets.begin(), sets.end(), set) == sets.end()) {
        std::string near = nearest(set, sets);
        throw InputError(fmt::format("{}: no data set '{}'; {}", where, set,
                                     near.empty() ? fmt::format("they are {} to {}", sets.front(), sets.back())
                                                  : fmt::format("did you mean '{}'?", near)));
    }
    const auto& known = contents.quantities;
    if (std::find(known.begin(), known.end(), quantity) == known.end())
        throw InputError(fmt::format("{}: '{}' is not asked for{}", where, quantity, suggestion(quantity, known)));
    const bool whole = std::any_of(asked.begin(), asked.end(), [&](const Asked& a) {
        return contents.sets[a.set].name == set && a.quantity == quantity && a.region.empty();
    });
    throw InputError(
        region.empty()
            ? fmt::format("{}: '{}' is asked for in each q region; name it in a column region", where, quantity)
        : whole ? fmt::format("{}: '{}' belongs to the whole data set; leave region empty", where, quantity)
                : fmt::format("{}: '{}' has no q region '{}'", where, set, region));
}

}  // namespace

std::vector<Submission> read_submissions(const std::vector<std::filesystem::path>& files, const SealContents& contents,
                                         const std::vector<Asked>& asked) {
    std::map<Place, std::size_t> places;
    for (std::size_t i = 0; i < asked.size(); ++i)
        places[{contents.sets[asked[i].set].name, asked[i].quantity, asked[i].region}] = i;
    std::vector<Submission> all;
    for (const auto& file : files) {
        const NamedTable table(file);
        const std::size_t set = needed(table, "dataset");
        const std::size_t quantity = needed(table, "quantity");
        const std::size_t region = table.column("", {"region"});
        const std::size_t method = table.column("", {"method"});
        static_cast<void>(needed(table, "estimate"));
        for (const auto& row : table.rows()) {
            const std::string where = fmt::format("{}:{}", table.file(), row.line);
            const Place place{row.fields[set], row.fields[quantity],
                              region == NamedTable::absent ? "" : row.fields[region]};
            const auto at = places.find(place);
            if (at == places.end()) refuse_place(place, contents, asked, where);
            std::string called = method == NamedTable::absent ? "" : row.fields[method];
            if (called.empty()) called = file.stem().string();
            auto own = std::find_if(all.begin(), all.end(), [&](const Submission& s) { return s.method == called; });
            if (own == all.end())
                own = all.insert(all.end(), {called, std::vector<std::optional<Answer>>(asked.size())});
            auto& answer = own->answers[at->second];
            if (answer)
                throw InputError(
                    fmt::format("{}: {} of {} by method '{}' stands twice; a column `method` tells several "
                                "methods apart",
                                where, std::get<1>(place), std::get<0>(place), called));
            answer = read_answer(table, row, where);
        }
    }
    return all;
}

}  // namespace vitrum::validation
