// Which frames of a run are analysed, and what is added together.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace vitrum::io {

struct FrameChoice {
    std::size_t first = 0;              // counted from 0
    std::optional<std::size_t> last{};  // not taken itself; none = to the end
    std::size_t stride = 1;
    std::size_t bin = 1;       // so many chosen frames in a row are added; a rest falls away
    std::size_t bin_rows = 1;  // so many pixels are added; a rest falls away
    std::size_t bin_columns = 1;
    std::vector<std::pair<std::size_t, std::size_t>> bad{};  // [first, last) of the run: lost, their pairs are left out

    [[nodiscard]] bool everything() const;
    [[nodiscard]] bool is_bad(std::size_t frame) const;
    // Throws InputError if a bad frame lies outside a run of `total` frames.
    void expect_bad_within(std::size_t total, const std::string& where) const;
    // Of a run of `total` frames: how many are taken, and how many remain after adding. Throws InputError: outside the
    // run, or fewer than 3 remain; `where` names the data.
    [[nodiscard]] std::size_t taken(std::size_t total, const std::string& where) const;
    [[nodiscard]] std::size_t remaining(std::size_t total, const std::string& where) const;
};

// "FIRST:LAST", "FIRST:LAST:STRIDE", either end empty, into `choice`. Throws InputError.
void parse_frames(const std::string& text, FrameChoice& choice);
// "12,50:60": frames and ranges FIRST:LAST, LAST not among them. Throws InputError.
void parse_bad_frames(const std::string& text, FrameChoice& choice);
[[nodiscard]] std::string bad_frames_text(const FrameChoice& choice);  // the same text again
// "4" (4 x 4 pixels) or "ROWSxCOLUMNS".
void parse_pixel_bin(const std::string& text, FrameChoice& choice);

}  // namespace vitrum::io
