#include "vitrum/core/option_text.hpp"

#include <algorithm>
#include <atomic>

#include <fmt/format.h>

namespace vitrum {

namespace {

std::atomic<OptionStyle> current{OptionStyle::flags};

}  // namespace

void set_option_style(OptionStyle style) { current = style; }

std::string option_text(std::string_view key, std::string_view value, std::string_view unit) {
    if (current == OptionStyle::flags) {
        std::string name(key);
        std::replace(name.begin(), name.end(), '_', '-');
        return fmt::format("--{}{}{}", name, value.empty() ? "" : " ", value);
    }
    if (value.empty()) return fmt::format("--set {}", key);
    return unit.empty() ? fmt::format("--set {}={}", key, value) : fmt::format("--set {}=\"{} {}\"", key, value, unit);
}

}  // namespace vitrum
