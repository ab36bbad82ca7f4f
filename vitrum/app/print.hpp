// The one place where the program writes to the terminal: whatever came from a file is text, never a command to it.
#pragma once

#include <cstdio>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "vitrum/app/json.hpp"

namespace vitrum::app {

// Control characters are written as \x1b; lines and tabs stay.
void write_text(std::FILE* stream, std::string_view text);
// One line "vitrum: ..." on standard error.
void say(std::string_view message);

template <class... Arguments>
void print(std::FILE* stream, fmt::format_string<Arguments...> form, Arguments&&... arguments) {
    write_text(stream, fmt::format(form, std::forward<Arguments>(arguments)...));
}
template <class... Arguments>
void print(fmt::format_string<Arguments...> form, Arguments&&... arguments) {
    write_text(stdout, fmt::format(form, std::forward<Arguments>(arguments)...));
}

void print_json(const Json& document);

// Signals that end a program without a word get one: what happened, and which file was being read.
void install_crash_handler();

}  // namespace vitrum::app
