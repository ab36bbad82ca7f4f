// Estimates joined with their truths, each at its full place: what tables and summary figures show.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vitrum/core/truth/result.hpp"

namespace vitrum::report {

struct Reading {
    std::optional<Estimate> estimate;  // empty: known, but nobody estimated it
    std::optional<TruthRow> truth;     // empty: not known
    double pull = not_a_number;        // (estimate - truth) / standard error; never against a reference truth

    [[nodiscard]] const std::string& quantity() const { return estimate ? estimate->quantity : truth->quantity; }
    [[nodiscard]] const std::string& unit() const { return estimate ? estimate->unit : truth->unit; }
    [[nodiscard]] const Abscissa& place() const { return estimate ? estimate->abscissa : truth->abscissa; }
    [[nodiscard]] bool clean() const;         // an estimate that may be shown as a number
    [[nodiscard]] double difference() const;  // estimate - truth, where both are numbers; else NaN
};

// `place` holds coordinates that rows of a series may leave out, since the series stands there.
[[nodiscard]] std::vector<Reading> read(const std::vector<Estimate>& estimates, const GroundTruth& truth,
                                        const Abscissa& place);

// The coordinate of this name, or nullptr.
[[nodiscard]] const Coordinate* find_coordinate(const Abscissa& abscissa, const std::string& name);
// The abscissa without that coordinate.
[[nodiscard]] Abscissa without(const Abscissa& abscissa, const std::string& name);

// "did not converge", "decay not reached"; "ok".
[[nodiscard]] std::string status_text(Status status);
// "closed form", "imposed", ...
[[nodiscard]] std::string origin_text(Origin origin);

}  // namespace vitrum::report
