// Text of unknown origin made safe for a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vitrum {

// Control characters, and bytes that are no UTF-8, as \x1b; newlines and tabs stay where `lines` says so.
[[nodiscard]] std::string printable(std::string_view text, bool lines = false);

// The first byte of `text` that begins no UTF-8 character; npos if there is none.
[[nodiscard]] std::size_t first_not_utf8(std::string_view text);

}  // namespace vitrum
