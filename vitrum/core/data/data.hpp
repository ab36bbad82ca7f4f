// What an estimator gets: one of the kinds of data there are, and never a truth.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <variant>

#include "vitrum/core/data/columns.hpp"
#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/data/event_catalogue.hpp"
#include "vitrum/core/data/speckle_series.hpp"
#include "vitrum/core/data/trajectory.hpp"
#include "vitrum/core/data/two_time_map.hpp"

namespace vitrum {

using Data = std::variant<SpeckleSeries, TwoTimeMap, Trajectory, Curve, EventCatalogue, Columns>;

// In the order of the variant.
enum class DataKind : std::size_t { frames, map, trajectory, curve, events, columns };
inline constexpr std::array<std::string_view, std::variant_size_v<Data>> data_kind_names{
    "frames", "two-time map", "trajectory", "curve", "event catalogue", "columns"};

[[nodiscard]] inline DataKind kind_of(const Data& data) { return static_cast<DataKind>(data.index()); }
[[nodiscard]] inline std::string_view name(DataKind kind) { return data_kind_names.at(static_cast<std::size_t>(kind)); }

}  // namespace vitrum
