// The replicates of a study as they stand in the tables of its file.
#pragma once

#include <cstddef>

#include "vitrum/io/result/columns_file.hpp"
#include "vitrum/validation/study/outcomes.hpp"

namespace vitrum::validation {

// Files and journals store numbers of Origin.
inline constexpr std::size_t origin_count = static_cast<std::size_t>(Origin::numerical) + 1;

// Tables estimands, replicates and rows. Throws InputError: an index, status or origin that does not exist. `cells`:
// how many the study has.
[[nodiscard]] Outcomes read_outcomes(const io::ColumnsReader& file, std::size_t cells);

}  // namespace vitrum::validation
