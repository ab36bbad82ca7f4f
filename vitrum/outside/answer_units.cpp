#include "vitrum/outside/answer_units.hpp"

#include <algorithm>

#include "vitrum/core/units.hpp"

namespace vitrum::outside {

std::optional<double> factor_between(const std::string& given, const std::string& unit) {
    if (given == unit || (given == "1" && unit.empty())) return 1.0;
    for (const Dimension dimension :
         {Dimension::time, Dimension::frequency, Dimension::temperature, Dimension::pressure, Dimension::length,
          Dimension::wavevector, Dimension::energy, Dimension::volume, Dimension::temperature_rate,
          Dimension::pressure_rate, Dimension::velocity, Dimension::memory}) {
        if (native_unit(dimension) != unit) continue;
        const auto known = known_units(dimension);
        if (std::find(known.begin(), known.end(), given) != known.end()) return unit_factor(given, dimension, "unit");
    }
    return std::nullopt;
}

}  // namespace vitrum::outside
