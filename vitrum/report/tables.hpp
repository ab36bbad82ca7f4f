// Tables of the report, as HTML.
#pragma once

#include <string>
#include <vector>

#include "vitrum/core/truth/result.hpp"
#include "vitrum/report/figures/grouping.hpp"
#include "vitrum/report/figures/readings.hpp"

namespace vitrum::report {

// quantity, at, truth, estimate, standard error, interval, pull, status: one row a reading, 2000 at
// most.
[[nodiscard]] std::string full_table(const std::vector<Reading>& readings);

// One row a quantity, one column a member; readings at other coordinates than the group's axis are left out.
[[nodiscard]] std::string summary_table(const Group& group);

[[nodiscard]] std::string provenance_table(const Result& result);

// Definition and source of every quantity that the readings name, in the order of vitrum/core/quantities/quantity.hpp.
[[nodiscard]] std::string definitions_table(const std::vector<Reading>& readings);

}  // namespace vitrum::report
