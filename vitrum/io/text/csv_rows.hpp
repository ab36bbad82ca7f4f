// A table of numbers whose rows may be left out and sorted: where each stood, and what the results should say of it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "vitrum/io/text/csv.hpp"

namespace vitrum::io {

struct CsvRows : CsvTable {
    std::vector<std::size_t> lines;    // of the file, from 1, of each row
    std::vector<std::string> remarks;  // rows left out, columns not used
};

// As read_csv(). Names of columns are found in upper or lower case, with blanks or hyphens: "Tau error" is tau_error;
// units stand in brackets of either kind: tau (s).
[[nodiscard]] CsvRows read_csv_rows(const std::filesystem::path& file);

}  // namespace vitrum::io
