// Text of unknown origin made safe for a terminal.
#pragma once

#include <string>
#include <string_view>

namespace vitrum {

// Control characters, and bytes that are no UTF-8, as \x1b; newlines and tabs stay where `lines` says so.
[[nodiscard]] std::string printable(std::string_view text, bool lines = false);

}  // namespace vitrum
