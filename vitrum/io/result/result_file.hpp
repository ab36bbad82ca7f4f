// Results on disk. One NXentry; every plotted thing is an NXdata with a default, so silx, h5web and NeXpy show it.
//
//   /entry/{title, question, scenario, statements}
//   /entry/truth, /entry/estimates      tables: series, quantity, unit, axis_k_*, value, ...
//   /entry/SERIES/{two_time, g2, fit, truth_curves, traces, title, source, notes, ...}
//   /entry/provenance                   who, when, which libraries; not part of the data hash
//   /entry, /entry_2, ...               NXxpcs of the first, second, ... data set of frames: nexus_xpcs.hpp
//   /xpcs                               of the first, for viewers
#pragma once

#include <filesystem>
#include <string>

#include "vitrum/core/memory.hpp"
#include "vitrum/core/truth/result.hpp"

namespace vitrum::io {

// Writes the file and its data hash; the caller renames it into place. Throws RunError.
void write_result(const std::filesystem::path& file, const Result& result);

// Names in /entry that a series cannot have.
[[nodiscard]] bool reserved_name(const std::string& series);

// Maps that together take more than `map_memory` [bytes] stay in the file and are read from it in rows (MapOnDisk):
// keep the file as long as the result. Throws InputError if the file is no result of Vitrum.
[[nodiscard]] Result read_result(const std::filesystem::path& file, double map_memory = memory_for_maps());

}  // namespace vitrum::io
