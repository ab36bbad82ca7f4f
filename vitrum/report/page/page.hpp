// The page under construction: text, and figures that are being drawn while the rest is written.
#pragma once

#include <cstddef>
#include <future>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "vitrum/report/page/gnuplot.hpp"

namespace vitrum::report {

inline constexpr std::size_t most_figures = 240;  // some 20 MB where each holds a map

class Page {
public:
    Page& operator<<(std::string_view html);

    // Starts drawing now, in a thread of its own. `description` (plain text) is what a screen reader says. Beyond
    // most_figures a line says what is not drawn: a page has to open.
    void figure(Plot plot, const std::string& description);

    // Waits for all figures; throws what the first failed one threw.
    [[nodiscard]] std::string str();

private:
    std::vector<std::variant<std::string, std::future<std::string>>> pieces_;
    std::size_t figures_ = 0;
};

}  // namespace vitrum::report
