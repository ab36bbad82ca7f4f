// JSON that the subcommands print.
#pragma once

#include <cmath>

#include <nlohmann/json.hpp>

namespace vitrum::app {

using Json = nlohmann::ordered_json;

// null where there is no number: JSON has neither NaN nor infinity.
inline Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

}  // namespace vitrum::app
