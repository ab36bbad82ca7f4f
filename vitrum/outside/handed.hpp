// Data on their way to a program that is not ours, and the files that it gets. docs/outside.md describes them.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "vitrum/core/data/columns.hpp"
#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/data/event_catalogue.hpp"
#include "vitrum/core/data/speckle_series.hpp"
#include "vitrum/core/data/trajectory.hpp"
#include "vitrum/core/data/two_time_map.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::outside {

// Looked at, never copied: what it points to outlives the call it is given to.
using HandedValues = std::variant<const SpeckleSeries*, const TwoTimeMap*, const Trajectory*, const Curve*,
                                  const EventCatalogue*, const Columns*>;

struct HandedData {
    HandedValues values;
    Abscissa place;  // pressure, ...: what an experimenter knows of these data
};

struct HandedReplicate {
    std::vector<HandedData> data;
};

// "frames", "two_time_map", "trajectory", "curve", "events", "columns".
[[nodiscard]] std::string_view kind_of(const HandedValues& values);

// Unit of times in the data: "s", or "frames" where no frame time is known.
[[nodiscard]] std::string time_unit_of(const HandedValues& values);

// Writes manifest.json and a file for each data set into `folder`, which exists: data_1.h5, data_2.csv, ...; with
// `batch` in folders replicate_1, replicate_2, ... Each file is made from a list of what may be told; names, titles,
// notes and origins are not on it. The same values give the same bytes. Throws RunError where a file cannot be written,
// InputError for a trajectory whose steps are no whole numbers, std::logic_error for columns of different lengths.
void hand_over(std::span<const HandedReplicate> replicates, bool batch, const std::filesystem::path& folder);

}  // namespace vitrum::outside
