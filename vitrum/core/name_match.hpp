// Names that people write: which of the usual ones is meant.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace vitrum {

// Where the first of `usual` stands in `names`: as it is written, else but for upper case, blanks and hyphens.
[[nodiscard]] std::optional<std::size_t> find_name(const std::vector<std::string>& names,
                                                   const std::vector<std::string>& usual);

// Which of `usual` a name means that is one slip away from it: "g2_eror", "statsu".
[[nodiscard]] std::optional<std::string> misspelled(const std::string& name, const std::vector<std::string>& usual);

}  // namespace vitrum
