// The few pieces of HTML that every part of the report needs.
#pragma once

#include <string>
#include <string_view>

namespace vitrum::report {

// Text made safe for element content and for quoted attributes.
[[nodiscard]] std::string escape(std::string_view text);

[[nodiscard]] std::string base64(std::string_view bytes);

void replace_all(std::string& text, std::string_view from, std::string_view to);

// The first letter in upper case (ASCII).
[[nodiscard]] std::string capitalised(std::string_view text);

}  // namespace vitrum::report
