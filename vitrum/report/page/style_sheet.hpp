// The page's style: light, printable, system fonts.
#pragma once

#include <string_view>

namespace vitrum::report {

[[nodiscard]] std::string_view style_sheet();

}  // namespace vitrum::report
