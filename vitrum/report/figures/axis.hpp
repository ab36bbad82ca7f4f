// Axes: ranges with room around the data, and readable tics.
#pragma once

#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vitrum::report {

struct Range {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();

    void include(double x) {
        if (!std::isfinite(x)) return;
        low = x < low ? x : low;
        high = x > high ? x : high;
    }
    [[nodiscard]] bool empty() const { return !(low <= high); }
};

// The range widened by `share` of its width at both ends; never of zero width.
[[nodiscard]] Range padded(Range range, double share);
// The same in the logarithm, for positive ranges.
[[nodiscard]] Range padded_log(Range range, double share);

// Value below which a share `p` (0..1) of the finite values lies; NaN if there are none. Reorders a copy.
[[nodiscard]] double percentile(std::vector<double> values, double p);

// "set xrange [1:2]" with all digits.
[[nodiscard]] std::string range_command(char axis, const Range& range);
// Logarithmic axis with decades written out ("0.1", "1", "10⁴") and short tics between them; `labels` false leaves
// the numbers out, for a panel that shares its axis with the one below.
[[nodiscard]] std::string log_axis(char axis, const Range& range, bool labels = true);
// A round step that divides the range into about `intervals`.
[[nodiscard]] double round_step(const Range& range, int intervals);
// Linear axis with about `intervals` round steps.
[[nodiscard]] std::string linear_axis(char axis, const Range& range, int intervals);

// A label that runs upwards at a fixed place of the picture: gnuplot's own would leave it when numbers are wide.
// `number` identifies it within the figure; a later one replaces it.
[[nodiscard]] std::string upright_label(int number, std::string_view text, double x, double y);

// Frame, grid, tics and key that all figures share.
[[nodiscard]] std::string common_style();

// Factor and label of a time axis whose largest value is `largest` [unit]: {1e12, "ps"}; {1, "frames"}.
[[nodiscard]] std::pair<double, std::string> time_axis(double largest, std::string_view unit);

}  // namespace vitrum::report
