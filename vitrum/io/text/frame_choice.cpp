#include "vitrum/io/text/frame_choice.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/option_text.hpp"

namespace vitrum::io {

namespace {

constexpr std::size_t fewest_frames = 3;

std::optional<std::size_t> whole(std::string_view text) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto end = text.find(at);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

}  // namespace

bool FrameChoice::everything() const {
    return first == 0 && !last && stride == 1 && bin == 1 && bin_rows == 1 && bin_columns == 1 && bad.empty();
}

bool FrameChoice::is_bad(std::size_t frame) const {
    return std::any_of(bad.begin(), bad.end(),
                       [&](const auto& range) { return frame >= range.first && frame < range.second; });
}

void FrameChoice::expect_bad_within(std::size_t total, const std::string& where) const {
    for (const auto& [begin, end] : bad)
        if (end > total)
            throw InputError(fmt::format("{}: {} names frame {}, the run has {} frames", where,
                                         option_text("bad_frames"), end - 1, total));
}

std::size_t FrameChoice::taken(std::size_t total, const std::string& where) const {
    if (last && *last > total)
        throw InputError(
            fmt::format("{}: {} ends at {}, the run has {} frames", where, option_text("frames"), *last, total));
    const std::size_t end = last.value_or(total);
    if (first >= end)
        throw InputError(
            fmt::format("{}: {} begins at {}, the run has {} frames", where, option_text("frames"), first, total));
    return (end - first + stride - 1) / stride;
}

std::size_t FrameChoice::remaining(std::size_t total, const std::string& where) const {
    const std::size_t frames = taken(total, where) / bin;
    if (frames < fewest_frames)
        throw InputError(fmt::format("{}: {} frames remain after {} and {}; a correlation needs at least 3", where,
                                     frames, option_text("frames"), option_text("bin_frames")));
    return frames;
}

void parse_frames(const std::string& text, FrameChoice& choice) {
    const auto parts = split(text, ':');
    const auto bad = [&](const std::string& why) {
        throw InputError(
            fmt::format("{}: {}; write FIRST:LAST or FIRST:LAST:STRIDE, counted from 0, LAST not taken, as in "
                        "100:500 or ::2",
                        option_text("frames", text), why));
    };
    if (parts.size() < 2 || parts.size() > 3) bad("has not two or three parts");
    for (const auto part : parts)
        if (!part.empty() && !whole(part)) bad(fmt::format("'{}' is not a whole number", part));
    choice.first = whole(parts[0]).value_or(0);
    choice.last = whole(parts[1]);
    choice.stride = parts.size() == 3 ? whole(parts[2]).value_or(1) : 1;
    if (choice.stride == 0) bad("a stride is at least 1");
    if (choice.last && *choice.last <= choice.first) bad("takes no frame");
}

void parse_bad_frames(const std::string& text, FrameChoice& choice) {
    choice.bad.clear();
    for (auto part : split(text, ',')) {
        while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
        while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
        const auto ends = split(part, ':');
        const auto first = whole(ends.front());
        const auto last = ends.size() == 1 ? (first ? std::optional(*first + 1) : first) : whole(ends.back());
        if (ends.size() > 2 || !first || !last || *last <= *first)
            throw InputError(
                fmt::format("{}: '{}' names no frames; write numbers counted from 0 and ranges FIRST:LAST, LAST not "
                            "among them, as in 12,50:60",
                            option_text("bad_frames", text), part));
        choice.bad.emplace_back(*first, *last);
    }
}

std::string bad_frames_text(const FrameChoice& choice) {
    std::string text;
    for (const auto& [begin, end] : choice.bad)
        text += fmt::format("{}{}{}", text.empty() ? "" : ",", begin, end == begin + 1 ? "" : fmt::format(":{}", end));
    return text;
}

void parse_pixel_bin(const std::string& text, FrameChoice& choice) {
    const auto parts = split(text, 'x');
    const auto rows = whole(parts.front());
    const auto columns = whole(parts.back());
    if (parts.size() > 2 || !rows || !columns || *rows == 0 || *columns == 0)
        throw InputError(
            fmt::format("{}: write N (N x N pixels are added) or ROWSxCOLUMNS", option_text("bin_pixels", text)));
    choice.bin_rows = *rows;
    choice.bin_columns = *columns;
}

}  // namespace vitrum::io
