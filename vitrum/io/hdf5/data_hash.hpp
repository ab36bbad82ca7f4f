// The data hash of an HDF5 file: SHA-256 over sorted (path, type, shape, units, bytes) of every dataset, less
// provenance and times. Two files with the same hash hold the same numbers, bit for bit.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace vitrum::io {

// Computed from the file's contents. Throws InputError if the file cannot be read.
[[nodiscard]] std::string compute_data_hash(const std::filesystem::path& file);

// Computes the hash and stores it as attribute data_hash of the root group; call on a closed file.
void store_data_hash(const std::filesystem::path& file);

struct CheckedFile {
    std::string stored;  // "" if the file carries no hash
    std::string computed;
    std::string creator;   // "vitrum 0.1.0", "" if unknown
    std::string scenario;  // "" if it carries none
    std::vector<std::pair<std::string, std::string>> provenance;
};
[[nodiscard]] CheckedFile check_file(const std::filesystem::path& file);

}  // namespace vitrum::io
