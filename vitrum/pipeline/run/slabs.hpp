// Data sets of which only a slab of pixels is in memory at a time, and the file that `vitrum generate` writes of them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "vitrum/io/frames/frames_file.hpp"
#include "vitrum/io/frames/slab_store.hpp"
#include "vitrum/pipeline/sources/sources.hpp"

namespace vitrum::pipeline {

// The counts of a set are in its series, or in slabs on disk.
struct GeneratedSet {
    io::LabelledData set;
    std::optional<io::SlabStore> slabs{};
};

// Makes the slabs of a unit that has them, into files of its scratch folder; those of an earlier run are taken up.
// `at_a_time`: data sets that are made at once and share the memory.
[[nodiscard]] GeneratedSet in_slabs(const Unit& unit, const UnitContext& context, std::size_t at_a_time);

void write_generated(const std::filesystem::path& file, std::vector<GeneratedSet> sets, const std::string& scenario,
                     const std::vector<std::pair<std::string, std::string>>& provenance);

}  // namespace vitrum::pipeline
