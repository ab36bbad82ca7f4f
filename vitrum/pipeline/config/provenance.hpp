// Who made a file: version, commit, libraries and the class of processor on which its bits are promised.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace vitrum::pipeline {

[[nodiscard]] std::string version();  // "0.1.0"
// Instruction set that the build uses and the processor offers: bits are promised within one class.
[[nodiscard]] std::string processor_class();
// version, commit, libraries, processor class, kernel of the dense maps; plus the time of writing in UTC.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> provenance();

}  // namespace vitrum::pipeline
