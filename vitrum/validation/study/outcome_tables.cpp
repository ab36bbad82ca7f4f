#include "vitrum/validation/study/outcome_tables.hpp"

#include <limits>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"

namespace vitrum::validation {

namespace {

constexpr auto most_replicate = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());

// Indices and enumerations of a column, each below `end`.
std::vector<std::int64_t> below(const io::ColumnsReader& file, const std::string& column, std::size_t end) {
    auto values = file.integers(column);
    for (std::size_t i = 0; i < values.size(); ++i)
        if (values[i] < 0 || static_cast<std::size_t>(values[i]) >= end)
            throw InputError(fmt::format("{}::/entry/{}: is {} in row {}; it counts from 0 to below {}",
                                         file.path().string(), column, values[i], i, end));
    return values;
}

}  // namespace

Outcomes read_outcomes(const io::ColumnsReader& file, std::size_t cells) {
    Outcomes outcomes;
    const auto quantity = file.texts("estimands/quantity");
    const auto method = file.texts("estimands/method");
    const auto series = file.texts("estimands/series");
    const auto unit = file.texts("estimands/unit");
    const auto level = file.numbers("estimands/level");
    const auto places = file.places("estimands", quantity.size());
    for (std::size_t i = 0; i < quantity.size(); ++i)
        static_cast<void>(
            outcomes.index_of({method.at(i), series.at(i), quantity[i], unit.at(i), places[i], level.at(i)}));

    for (const double l : level)
        if (!(l > 0 && l < 1))
            throw InputError(fmt::format("{}::/entry/estimands/level: holds {}; a level lies between 0 and 1",
                                         file.path().string(), l));
    const std::size_t estimands = quantity.size();
    if (outcomes.estimands.size() != estimands)
        throw InputError(fmt::format("{}::/entry/estimands: holds the same estimand twice", file.path().string()));
    const auto cell = below(file, "replicates/cell", cells);
    const auto number = below(file, "replicates/replicate", most_replicate);
    const auto failure = file.texts("replicates/failure");
    const auto seconds = file.measured_time("replicate_seconds");
    for (std::size_t i = 0; i < cell.size(); ++i) {
        ReplicateRows r;
        r.cell = static_cast<std::uint32_t>(cell[i]);
        r.replicate = static_cast<std::uint64_t>(number.at(i));
        r.failure = failure.at(i);
        r.seconds = i < seconds.size() ? seconds[i] : 0;
        outcomes.replicates.push_back(std::move(r));
    }
    const auto of = below(file, "rows/replicate", cell.size());
    const auto estimand = below(file, "rows/estimand", estimands);
    const auto status = below(file, "rows/status", status_count);
    const auto origin = below(file, "rows/origin", origin_count);
    const auto truth = file.numbers("rows/truth");
    const auto estimate = file.numbers("rows/estimate");
    const auto error = file.numbers("rows/standard_error");
    const auto lower = file.numbers("rows/lower");
    const auto upper = file.numbers("rows/upper");
    for (std::size_t i = 0; i < of.size(); ++i)
        outcomes.replicates.at(static_cast<std::size_t>(of[i]))
            .rows.push_back({static_cast<std::uint32_t>(estimand.at(i)), static_cast<Status>(status.at(i)),
                             static_cast<Origin>(origin.at(i)), truth.at(i), estimate.at(i), error.at(i), lower.at(i),
                             upper.at(i)});
    outcomes.sort();
    return outcomes;
}

}  // namespace vitrum::validation
