// Units of answers.
#pragma once

#include <optional>
#include <string>

namespace vitrum::outside {

// Factor from the unit that was given to `unit`, that of a quantity; none if it is no unit of it. "1" is no unit.
[[nodiscard]] std::optional<double> factor_between(const std::string& given, const std::string& unit);

}  // namespace vitrum::outside
