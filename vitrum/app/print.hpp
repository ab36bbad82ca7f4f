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

// The exit status of a command whose own is `status`: another where what it had to say could not be written.
[[nodiscard]] int status_of_output(int status);
// Standard streams that are closed are opened on nothing: a file of ours that got their number would take our messages.
void open_standard_streams();
// Writing into a pipe that nobody reads is an error, not the end.
void ignore_closed_pipes();

// Signals that end a program without a word get one: what happened, and which file was being read.
void install_crash_handler();

}  // namespace vitrum::app
