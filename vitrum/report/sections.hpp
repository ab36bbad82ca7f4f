// The part of the page about one source.
#pragma once

#include <string>

#include "vitrum/core/truth/source_text.hpp"
#include "vitrum/report/figures/grouping.hpp"
#include "vitrum/report/page/page.hpp"

namespace vitrum::report {

// Plain text: "Two-level landscape, 6 pressures from 0 to 5 GPa"; the series' title if it stands alone.
[[nodiscard]] std::string heading(const Group& group, const SourceTexts& texts);

void write_section(Page& page, const Group& group, const std::string& anchor, const SourceTexts& texts);

}  // namespace vitrum::report
