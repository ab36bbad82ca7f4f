// The seal of a challenge: what made its data sets and what is true of them, kept apart from the data. The data carry
// SHA-256(salt + contents) alone, so that nobody can read the truth from them, and nobody can change it afterwards.
//
// SEAL.json: { "format", "salt" (64 hexadecimal digits), "contents" (JSON as one text), "hash" }. Anyone can check it:
// hash = SHA-256 of the characters of salt followed by those of contents.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "vitrum/core/stream.hpp"
#include "vitrum/core/truth/ground_truth.hpp"

namespace vitrum::validation {

// 128 bits of seed and 256 of salt.
struct Secret {
    std::array<std::uint64_t, 2> seed{};
    std::string salt;

    // The 128 bits fill `seed` and `cell`, which together are the whole key of the generator; `number` tells the data
    // sets apart.
    [[nodiscard]] StreamKey key(std::uint64_t number) const { return {seed[0], seed[1], number}; }
};
// From the operating system (getrandom). Throws RunError.
[[nodiscard]] Secret draw_secret();

struct SealedSet {
    std::string name;  // "set_07": its file without its ending
    std::string ending = ".h5";
    std::string data_hash;  // of the file
    std::string setting;    // "tau = 10 s, mean_count = 0.1": those in which data sets differ
    std::vector<std::pair<std::string, std::string>> settings;  // key, TOML value; drawn ones included
    std::size_t replicate = 0;
    std::string unit;          // of the scenario
    std::uint64_t number = 0;  // of its random stream
    std::string scenario;      // TOML with all defaults
    std::vector<TruthRow> truth;

    [[nodiscard]] std::string file() const { return name + ending; }
};

struct SealContents {
    std::string title, question;
    std::array<std::uint64_t, 2> seed{};
    std::vector<std::string> quantities;
    std::vector<std::string> relative;  // quantities whose errors are judged in parts of the truth
    double level = 0.95;
    double most_missing = 0.2;
    std::string challenge;  // the challenge file, with its scenario
    std::vector<std::pair<std::string, std::string>> provenance;
    std::vector<SealedSet> sets;
};

struct Seal {
    std::string salt;
    std::string contents;

    [[nodiscard]] std::string hash() const;
};

[[nodiscard]] Seal make_seal(const SealContents& contents, const std::string& salt);
// Throws InputError, naming `file`.
[[nodiscard]] SealContents contents_of(const Seal& seal, const std::string& file);

// Readable by the user alone.
void write_seal(const std::filesystem::path& file, const Seal& seal);
// Throws InputError: no seal, damaged, or changed after it was made.
[[nodiscard]] Seal read_seal(const std::filesystem::path& file);

}  // namespace vitrum::validation
