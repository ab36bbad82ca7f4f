// The chemical elements: symbol and standard atomic weight.
//
// Source: IUPAC abridged standard atomic weights (2013 values; for elements without a stable isotope the mass number of
// the longest-lived one).
#pragma once

#include <string>
#include <string_view>

namespace vitrum {

// [g/mol]; NaN if there is no such element (a model species such as "A").
[[nodiscard]] double atomic_weight(std::string_view symbol);

// The element whose weight is nearest to this mass, if it is within 0.1 g/mol; "" if there is none.
[[nodiscard]] std::string element_of_mass(double mass);

// Symbol of an atomic number, 1 to 103; "" outside.
[[nodiscard]] std::string element_of_number(long number);

}  // namespace vitrum
