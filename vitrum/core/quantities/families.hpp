// The tables of quantities, one for each family.
#pragma once

#include "vitrum/core/quantities/quantity.hpp"

namespace vitrum {

[[nodiscard]] std::span<const Quantity> speckle_quantities();
[[nodiscard]] std::span<const Quantity> atom_quantities();
[[nodiscard]] std::span<const Quantity> thermo_quantities();

}  // namespace vitrum
