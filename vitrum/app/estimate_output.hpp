// What `vitrum estimate -o` writes: curves and estimates as HDF5, or as text that gnuplot and CSV readers take.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "vitrum/core/data/findings.hpp"

namespace vitrum::app {

// Throws InputError if the name ends neither in .h5 nor in .csv, .txt, .dat.
void check_estimate_output(const std::filesystem::path& output);

// HDF5: /entry/curves/NAME (NXdata), /entry/estimates (table as in results), provenance. Text: curves that share their
// x as one table, others as blocks with two blank lines between them (gnuplot's index); without curves the estimates.
// Written beside its place and renamed. Throws RunError.
void write_estimate_output(const std::filesystem::path& output, const std::string& title, const Findings& out,
                           const std::vector<std::pair<std::string, std::string>>& provenance);

}  // namespace vitrum::app
