// One figure drawn by a gnuplot process of its own, in a temporary folder that is gone afterwards.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vitrum::report {

enum class Picture { svg, png };

struct Plot {
    Picture picture = Picture::svg;
    int width = 640;  // svg: units of the view box; png: pixels
    int height = 420;
    double font_size = 14;
    std::string script;                                      // without terminal and output
    std::vector<std::pair<std::string, std::string>> files;  // name, bytes: data beside the script
};

// The picture's bytes. Throws RunError with gnuplot's message if it fails, InputError if gnuplot is missing.
[[nodiscard]] std::string draw(const Plot& plot);

// Text as a gnuplot string in single quotes: nothing in it is expanded or run.
[[nodiscard]] std::string gnuplot_string(std::string_view text);

}  // namespace vitrum::report
