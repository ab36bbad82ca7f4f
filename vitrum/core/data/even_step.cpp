#include "vitrum/core/data/even_step.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace vitrum {

namespace {

constexpr double interval_share = 0.1;
constexpr double line_share = 0.25;
constexpr std::size_t worth_naming = 3;

}  // namespace

EvenStep even_step(const std::vector<double>& times, const std::string& unit, double resolution) {
    std::vector<std::size_t> frames;
    for (std::size_t i = 0; i < times.size(); ++i)
        if (!std::isnan(times[i])) frames.push_back(i);
    EvenStep out;
    if (frames.size() < 2) {
        out.fault = "holds fewer than two times";
        return out;
    }
    const auto slots = [&](std::size_t k) { return static_cast<double>(frames[k + 1] - frames[k]); };
    const auto interval = [&](std::size_t k) { return times[frames[k + 1]] - times[frames[k]]; };
    const std::string of_unit = unit.empty() ? "" : " " + unit;
    std::vector<double> per_slot(frames.size() - 1);
    for (std::size_t k = 0; k < per_slot.size(); ++k) {
        per_slot[k] = interval(k) / slots(k);
        if (std::isfinite(per_slot[k]) && per_slot[k] > 0) continue;
        out.fault = fmt::format("does not increase: {:.6g}{} at frame {}, {:.6g}{} at frame {}", times[frames[k]],
                                of_unit, frames[k], times[frames[k + 1]], of_unit, frames[k + 1]);
        return out;
    }
    std::vector<double> sorted = per_slot;
    std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2), sorted.end());
    const double median = sorted[sorted.size() / 2];
    const auto even = [&](std::size_t k) {
        return std::abs(interval(k) - slots(k) * median) <= interval_share * median + resolution;
    };
    out.step = (times[frames.back()] - times[frames.front()]) / static_cast<double>(frames.back() - frames.front());
    std::size_t begin = 0;
    for (std::size_t k = 0; k <= per_slot.size(); ++k) {
        if (k < per_slot.size() && even(k)) continue;
        if (frames[k] - frames[begin] + 1 > out.last - out.first) {
            out.first = frames[begin];
            out.last = frames[k] + 1;
        }
        begin = k + 1;
        if (k < per_slot.size() && out.fault.empty())
            out.fault = fmt::format("is not equally spaced: {:.6g}{} from frame {} to {}, usual is {:.6g}{}",
                                    interval(k), of_unit, frames[k], frames[k + 1], slots(k) * median, of_unit);
    }
    if (out.fault.empty()) {
        out.first = out.last = 0;
        for (const std::size_t f : frames) {
            const double line = times[frames.front()] + out.step * static_cast<double>(f - frames.front());
            if (std::abs(times[f] - line) <= line_share * median + resolution) continue;
            out.fault = fmt::format("is not equally spaced: frame {} is {:.3g}{} away from even steps of {:.6g}{}", f,
                                    std::abs(times[f] - line), of_unit, out.step, of_unit);
            break;
        }
    }
    if (out.last - out.first < std::max(worth_naming, times.size() / 10)) out.first = out.last = 0;
    return out;
}

}  // namespace vitrum
