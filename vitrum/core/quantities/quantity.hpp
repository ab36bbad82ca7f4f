// Named estimands. Two normalisations, or two definitions, are two quantities: most reported "bias" is a
// mismatch of definitions, so truth and estimate meet only under the same name.
#pragma once

#include <span>
#include <string_view>

namespace vitrum {

struct Quantity {
    std::string_view name;
    std::string_view symbol;      // for figures
    std::string_view unit;        // "s"; "" if dimensionless
    std::string_view definition;  // exact
    std::string_view source;      // where the definition comes from
};

// All quantities, in the order of reports.
[[nodiscard]] std::span<const Quantity> quantities();

// The rows of lack of fit, one for each law: the last of `quantities`.
[[nodiscard]] std::span<const Quantity> law_quantities();

// Throws std::logic_error on an unknown name: a quantity is spelled in the program, never by a user.
[[nodiscard]] const Quantity& quantity(std::string_view name);

}  // namespace vitrum
