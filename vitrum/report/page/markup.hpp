// Pieces of HTML in which text is text: what is put into them is escaped unless it is markup itself.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "vitrum/report/page/html.hpp"

namespace vitrum::report {

// Markup as it stands, told apart from text.
struct Markup {
    std::string html;
};

namespace detail {
inline const std::string& safe(const Markup& markup) { return markup.html; }
inline std::string safe(std::string_view text) { return escape(text); }
template <class T>
    requires(!std::convertible_to<T, std::string_view>)
T safe(T value) {
    return value;
}
}  // namespace detail

// A piece of HTML: `form` as it stands, every text among the arguments escaped unless it is Markup.
template <class... Arguments>
[[nodiscard]] std::string html(std::string_view form, const Arguments&... arguments) {
    const auto format = [&](const auto&... safe) { return fmt::format(fmt::runtime(form), safe...); };
    return format(detail::safe(arguments)...);
}

}  // namespace vitrum::report
