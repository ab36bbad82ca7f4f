// What a report says of a kind of source. The table of sources has the texts; a report gets them beside its result.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

namespace vitrum {

struct SourceText {
    std::string_view kind;               // "speckle", "file"
    std::string_view title;              // of a section with several of its series
    std::string_view description;        // markup
    std::string_view pixels = "pixels";  // what one column of a series is
};

using SourceTexts = std::vector<SourceText>;

// nullptr if there is none.
[[nodiscard]] inline const SourceText* find_text(const SourceTexts& texts, std::string_view kind) {
    const auto at = std::find_if(texts.begin(), texts.end(), [&](const SourceText& t) { return t.kind == kind; });
    return at == texts.end() ? nullptr : &*at;
}

}  // namespace vitrum
