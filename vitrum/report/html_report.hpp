// The report of a run: one HTML file that needs nothing else, with figures drawn by gnuplot.
#pragma once

#include <filesystem>
#include <string>

#include "vitrum/core/truth/result.hpp"
#include "vitrum/core/truth/source_text.hpp"

namespace vitrum {

// Throws InputError, in one line, if gnuplot is missing or cannot draw what the report needs.
void check_figure_program();

// The page as text; a source without a text goes by its name. Throws RunError with gnuplot's message if a figure fails.
[[nodiscard]] std::string render_report(const Result& result, const SourceTexts& texts = {});

// Writes beside `html` and renames, so that nobody meets half a page. Throws RunError.
void write_report(const Result& result, const std::filesystem::path& html, const SourceTexts& texts = {});

}  // namespace vitrum
