// An estimate and its place as the subcommands print them in JSON.
#pragma once

#include "vitrum/app/json.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::app {

[[nodiscard]] Json as_json(const Abscissa& abscissa);
[[nodiscard]] Json as_json(const Estimate& e);

}  // namespace vitrum::app
