#include "core/io/frame_choice.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"

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
    return first == 0 && !last && stride == 1 && bin == 1 && bin_rows == 1 && bin_columns == 1;
}

std::size_t FrameChoice::taken(std::size_t total, const std::string& where) const {
    if (last && *last > total)
        throw InputError(fmt::format("{}: --frames ends at {}, the run has {} frames", where, *last, total));
    const std::size_t end = last.value_or(total);
    if (first >= end)
        throw InputError(fmt::format("{}: --frames begins at {}, the run has {} frames", where, first, total));
    return (end - first + stride - 1) / stride;
}

std::size_t FrameChoice::remaining(std::size_t total, const std::string& where) const {
    const std::size_t frames = taken(total, where) / bin;
    if (frames < fewest_frames)
        throw InputError(
            fmt::format("{}: {} frames remain after --frames and --bin-frames; a correlation needs at "
                        "least 3",
                        where, frames));
    return frames;
}

void parse_frames(const std::string& text, FrameChoice& choice) {
    const auto parts = split(text, ':');
    const auto bad = [&](const std::string& why) {
        throw InputError(
            fmt::format("--frames {}: {}; write FIRST:LAST or FIRST:LAST:STRIDE, counted from 0, LAST not taken, as in "
                        "100:500 or ::2",
                        text, why));
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

void parse_pixel_bin(const std::string& text, FrameChoice& choice) {
    const auto parts = split(text, 'x');
    const auto rows = whole(parts.front());
    const auto columns = whole(parts.back());
    if (parts.size() > 2 || !rows || !columns || *rows == 0 || *columns == 0)
        throw InputError(fmt::format("--bin-pixels {}: write N (N x N pixels are added) or ROWSxCOLUMNS", text));
    choice.bin_rows = *rows;
    choice.bin_columns = *columns;
}

}  // namespace vitrum::io
