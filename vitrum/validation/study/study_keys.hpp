// Reading of the parts of a study file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <toml.hpp>

#include "vitrum/pipeline/config/section.hpp"
#include "vitrum/validation/study/study.hpp"

namespace vitrum::validation {

// The tables [scenario], [analysis] and [source.*]: those in `root` itself (`file`, a `what`: "study"), or those of the
// scenario that `named` names, beside `file` or with Vitrum. Throws InputError.
[[nodiscard]] toml::value scenario_tables(const toml::value& root, const std::string& named,
                                          const std::filesystem::path& file, pipeline::Section& head,
                                          const std::string& what);

// Cells of [grid] and [[cells]], without their scenarios. Throws InputError.
[[nodiscard]] std::vector<Cell> read_cells(const toml::value& root, const std::string& file);

[[nodiscard]] std::vector<Judge> read_judges(const toml::value& root, const std::string& file);

// KEY=VALUE settings of a table, in the order of their keys.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> settings_of(const toml::value& table,
                                                                           const std::string& where);

// Whether the cell has all these settings.
[[nodiscard]] bool matches(const Cell& cell, const std::vector<std::pair<std::string, std::string>>& settings);

// "tau = 10 s, mean_count = 0.1": the last words of the keys, text without quotes.
[[nodiscard]] std::string label_of(const std::vector<std::pair<std::string, std::string>>& settings);

// The number in a setting, "10 s" or 0.5; NaN if there is none.
[[nodiscard]] double number_in(const std::string& value);

}  // namespace vitrum::validation
