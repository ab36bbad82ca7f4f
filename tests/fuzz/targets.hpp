// One entry for each reader: bytes of anybody's file go in, a value or an InputError comes out, never anything else.
// libFuzzer calls them (tests/fuzz/libfuzzer.cpp), and the ordinary tests do (tests/fuzz/replay_test.cpp).
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vitrum::fuzz {

struct Target {
    std::string_view name;  // "h5md": also the folder of its corpus
    bool hdf5 = false;
    void (*read)(const std::filesystem::path& file);  // throws what the reader throws
    // Small valid files to begin with.
    void (*seeds)(const std::filesystem::path& folder);
};

[[nodiscard]] std::span<const Target> targets();
// nullptr if there is none.
[[nodiscard]] const Target* target(std::string_view name);

// Reads `bytes` as a file of this target. True if it was taken, false if it was refused with a message; whatever else
// the reader throws goes through.
bool feed(const Target& target, std::string_view bytes);

void h5_seeds(const std::filesystem::path& folder, std::string_view layout);
void text_seeds(const std::filesystem::path& folder, std::string_view format);

}  // namespace vitrum::fuzz
