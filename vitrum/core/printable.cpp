#include "vitrum/core/printable.hpp"

#include <cstdint>

#include <fmt/format.h>

namespace vitrum {

namespace {

// Bytes of the UTF-8 character at the beginning of `text`; 0 if it is none. Its code goes to `code`.
std::size_t character(std::string_view text, std::uint32_t& code) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const std::size_t size = byte(0) < 0x80                       ? 1
                             : byte(0) >= 0xc2 && byte(0) < 0xe0  ? 2
                             : (byte(0) & 0xf0U) == 0xe0          ? 3
                             : byte(0) >= 0xf0 && byte(0) <= 0xf4 ? 4
                                                                  : 0;
    if (size == 0 || size > text.size()) return 0;
    code = size == 1 ? byte(0) : byte(0) & (0x7fU >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xc0U) != 0x80) return 0;
        code = code << 6U | (byte(i) & 0x3fU);
    }
    const bool too_long = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
    const bool none = code > 0x10ffff || (code >= 0xd800 && code < 0xe000);
    return too_long || none ? 0 : size;
}

// C0, DEL, C1, and the marks that turn the direction of writing.
bool control(std::uint32_t c) {
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200e && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

std::string printable(std::string_view text, bool lines) {
    std::string safe;
    safe.reserve(text.size());
    while (!text.empty()) {
        std::uint32_t code = 0;
        std::size_t size = character(text, code);
        const bool kept = size > 0 && (!control(code) || (lines && (code == '\n' || code == '\t')));
        if (size == 0) size = 1;
        for (std::size_t i = 0; i < size; ++i)
            if (kept)
                safe += text[i];
            else
                safe += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(text[i])));
        text.remove_prefix(size);
    }
    return safe;
}

std::size_t first_not_utf8(std::string_view text) {
    std::uint32_t code = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t size = character(text.substr(at), code);
        if (size == 0) return at;
        at += size;
    }
    return std::string_view::npos;
}

}  // namespace vitrum
