// Values of options that many estimators share.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "vitrum/analysis/structure/frame_average.hpp"
#include "vitrum/pipeline/config/section.hpp"

namespace vitrum::pipeline {

// Above 0; from 0 on (0, or absent: found from the data); a whole number from 0 on.
[[nodiscard]] double positive(Section& options, const char* key, Dimension dimension, double fallback);
[[nodiscard]] double not_negative(Section& options, const char* key, Dimension dimension = Dimension::length);
[[nodiscard]] std::size_t whole(Section& options, const char* key, std::size_t fallback);

// most_frames: of a trajectory, evenly spaced; absent or 0: all.
[[nodiscard]] analysis::FrameChoice frame_choice(Section& options);

// Names between commas (none if absent); "Cu:1.28,Zr:1.6" (empty if absent).
[[nodiscard]] std::vector<std::string> names_of(Section& options, const char* key, const char* example);
[[nodiscard]] std::vector<std::pair<std::string, double>> numbers_by_element(Section& options, const char* key,
                                                                             const char* example);

// Text, also as a number without quotes, as the shell gives it; or a list of whole numbers as well.
[[nodiscard]] std::string text_or_whole(Section& options, const std::string& key);
[[nodiscard]] std::string text_or_list(Section& options, const std::string& key);

}  // namespace vitrum::pipeline
