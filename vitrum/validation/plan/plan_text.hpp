// A plan in words: for the terminal, and as one HTML page.
#pragma once

#include <string>

#include "vitrum/validation/plan/plan_domain.hpp"
#include "vitrum/validation/plan/plan_run.hpp"

namespace vitrum::validation {

[[nodiscard]] std::string plan_text(const Plan& plan, const Domain& domain);
[[nodiscard]] std::string plan_page(const Plan& plan, const Domain& domain);

}  // namespace vitrum::validation
