// Which frames of a run are analysed, and what is added together.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace vitrum::io {

struct FrameChoice {
    std::size_t first = 0;              // counted from 0
    std::optional<std::size_t> last{};  // not taken itself; none = to the end
    std::size_t stride = 1;
    std::size_t bin = 1;       // so many chosen frames in a row are added; a rest falls away
    std::size_t bin_rows = 1;  // so many pixels are added; a rest falls away
    std::size_t bin_columns = 1;

    [[nodiscard]] bool everything() const;
    // Of a run of `total` frames: how many are taken, and how many remain after adding. Throws InputError: outside the
    // run, or fewer than 3 remain; `where` names the data.
    [[nodiscard]] std::size_t taken(std::size_t total, const std::string& where) const;
    [[nodiscard]] std::size_t remaining(std::size_t total, const std::string& where) const;
};

// "FIRST:LAST", "FIRST:LAST:STRIDE", either end empty, into `choice`. Throws InputError.
void parse_frames(const std::string& text, FrameChoice& choice);
// "4" (4 x 4 pixels) or "ROWSxCOLUMNS".
void parse_pixel_bin(const std::string& text, FrameChoice& choice);

}  // namespace vitrum::io
