// How messages name an option of measured data: as the command that runs takes it.
#pragma once

#include <string>
#include <string_view>

namespace vitrum {

enum class OptionStyle {
    flags,     // --frame-time SECONDS
    settings,  // --set frame_time="SECONDS s"
};

// Once, before any work; flags until then.
void set_option_style(OptionStyle style);

// The option `key` with such a value; `unit` stands behind the value where a setting wants one.
[[nodiscard]] std::string option_text(std::string_view key, std::string_view value = {}, std::string_view unit = {});

}  // namespace vitrum
