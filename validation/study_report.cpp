#include "validation/study_report.hpp"

namespace vitrum::validation {

void write_study_report(const StoredStudy&, const std::filesystem::path&) {}

}  // namespace vitrum::validation
