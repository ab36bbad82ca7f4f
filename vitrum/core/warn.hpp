// Standard error: what is said while a program works. Where nobody can hear it, the work goes on.
#pragma once

#include <string_view>

namespace vitrum {

// One line "vitrum: ...", of bounded length; whatever came from a file is text. Never throws for a stream that is full
// or closed.
void warn(std::string_view message);

// The text as it is, flushed.
void write_to_standard_error(std::string_view text);

}  // namespace vitrum
