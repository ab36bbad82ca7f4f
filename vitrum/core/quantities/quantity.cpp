#include "vitrum/core/quantities/quantity.hpp"

#include <stdexcept>
#include <string>
#include <vector>

#include "vitrum/core/quantities/families.hpp"

namespace vitrum {

std::span<const Quantity> quantities() {
    static const std::vector<Quantity> all = [] {
        std::vector<Quantity> rows;
        for (const auto family : {speckle_quantities(), thermo_quantities(), atom_quantities(), law_quantities()})
            rows.insert(rows.end(), family.begin(), family.end());
        return rows;
    }();
    return all;
}

const Quantity& quantity(std::string_view name) {
    for (const auto& row : quantities())
        if (row.name == name) return row;
    throw std::logic_error("no such quantity: " + std::string(name));
}

}  // namespace vitrum
