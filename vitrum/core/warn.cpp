#include "vitrum/core/warn.hpp"

#include <cstdio>
#include <string>

#include "vitrum/core/printable.hpp"

namespace vitrum {

namespace {

// Names and values from files may be of any length.
constexpr std::size_t longest = 2000;

std::string shortened(std::string_view message) {
    if (message.size() <= longest) return printable(message);
    // Half a character at the cut would come out as \x..
    std::size_t end = longest / 2;
    while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xc0U) == 0x80) --end;
    std::size_t rest = message.size() - longest / 2;
    while (rest < message.size() && (static_cast<unsigned char>(message[rest]) & 0xc0U) == 0x80) ++rest;
    return printable(message.substr(0, end)) + " [...] " + printable(message.substr(rest));
}

}  // namespace

void warn(std::string_view message) { write_to_standard_error("vitrum: " + shortened(message) + "\n"); }

void write_to_standard_error(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fflush(stderr);
}

}  // namespace vitrum
