// The correlation chain on files made by anyone.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vitrum/core/truth/result.hpp"
#include "vitrum/io/measured/measured_file.hpp"
#include "vitrum/pipeline/read/pixel_choice.hpp"
#include "vitrum/pipeline/run/runner.hpp"

namespace vitrum::pipeline {

struct AnalyzeRequest {
    std::vector<std::filesystem::path> data;  // each a scan of its own, or with `join` parts of one run
    io::MeasuredOptions measured;
    std::vector<std::string> settings;  // keys of [analysis]: "min_lag=1"
    std::size_t segments = 5;           // parts of the run whose g2 viewers show
    std::optional<double> map_memory;   // [bytes] for two-time maps; memory_for_maps() if empty
    std::filesystem::path scratch;      // how the names of files begin that hold maps which do not fit
    bool join = false;
    PixelChoice pixels{};
};

// Maps that together take more than `map_memory` are made in rows and kept in scratch files, which go with the result.
// Files are read one after the other: the frames of one are in memory at a time. Scans that know their pressure or
// temperature are one source of the result (scan_places.hpp). Throws InputError, of several files with the file's name.
// Files of `vitrum generate` bring the [analysis] options of their own scenario and their truth; `settings` win.
[[nodiscard]] Result analyze(const AnalyzeRequest& request, const RunControl& control);

}  // namespace vitrum::pipeline
