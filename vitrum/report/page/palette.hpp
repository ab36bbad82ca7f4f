// Colours: viridis for maps and for ordered curves, a few fixed ones for data, fit and truth.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace vitrum::report {

// Perceptually uniform; S. van der Walt and N. Smith, 2015. Twenty equal steps from low to high.
inline constexpr std::array<std::string_view, 20> viridis{
    "#440154", "#481567", "#482677", "#453781", "#404788", "#39568c", "#33638d", "#2d708e", "#287d8e", "#238a8d",
    "#1f968b", "#20a387", "#29af7f", "#3cbb75", "#55c667", "#73d055", "#95d840", "#b8de29", "#dce319", "#fde725"};

inline constexpr std::string_view data_colour = "#1f5fa8";
inline constexpr std::string_view band_colour = "#a9c4e2";
inline constexpr std::string_view fit_colour = "#d9730d";
inline constexpr std::string_view truth_colour = "#222222";
inline constexpr std::string_view doubtful_colour = "#b3261e";
inline constexpr std::string_view frame_colour = "#555555";
inline constexpr std::string_view grid_colour = "#e4e4e4";

[[nodiscard]] inline std::string viridis_palette() {
    std::string text = "set palette defined (";
    for (std::size_t i = 0; i < viridis.size(); ++i)
        text += fmt::format("{}{} '{}'", i == 0 ? "" : ", ", i, viridis[i]);
    return text + ")\n";
}

// Colour of curve i of n, in order; stops short of the yellow that is invisible on white.
[[nodiscard]] inline std::string_view ordered_colour(std::size_t i, std::size_t n) {
    constexpr double last = 16;
    const double at = n < 2 ? 0.0 : last * static_cast<double>(i) / static_cast<double>(n - 1);
    return viridis[std::min<std::size_t>(static_cast<std::size_t>(std::lround(at)), viridis.size() - 1)];
}

}  // namespace vitrum::report
