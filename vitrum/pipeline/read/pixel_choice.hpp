// Which pixels of measured frames are correlated together: geometry, rings, sectors, a part of the detector, hot
// pixels.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vitrum/core/data/data_set.hpp"
#include "vitrum/io/text/frame_choice.hpp"

namespace vitrum::pipeline {

// What is given wins over what the file says.
struct PixelChoice {
    std::optional<double> energy{};                   // [keV]
    std::optional<double> distance{};                 // [m]
    std::optional<std::array<double, 2>> centre{};    // x along a row, y along a column [pixels] from the outer corner
    std::optional<double> pixel{};                    // [m]
    std::filesystem::path poni{};                     // of pyFAI; the others win over it
    std::size_t rings = 0;                            // of equal width in q; 0 = none asked for
    std::vector<double> q_edges{};                    // [1/angstrom], instead of rings
    std::size_t sectors = 1;                          // of each ring
    std::optional<std::array<std::size_t, 4>> roi{};  // rows [0, 1) and columns [2, 3): others are not used
    bool mask_hot = false;

    [[nodiscard]] bool geometry() const { return energy || distance || centre || pixel || !poni.empty(); }
    [[nodiscard]] bool regions() const { return rings > 0 || !q_edges.empty(); }
};

// "100:200,50:150": rows and columns, either end may be empty. "0.01,0.02": ascending. Throw InputError.
[[nodiscard]] std::array<std::size_t, 4> parse_roi(const std::string& text);
[[nodiscard]] std::vector<double> parse_edges(const std::string& text);

// Sets geometry, q, regions and mask of frames; `frames` says how many pixels were added. Pixels count as in the frames
// after --bin-pixels for the roi, as in the detector for the centre and the pixel size. Adds to the data set's notes
// and to `said`. A map is left as it is unless something is asked for: InputError. Hot pixels that hold a hundredth of
// the counts or more get a note, and with `mask_hot` all are left out. Throws InputError: what rings need is not known,
// no pixel is left.
void choose_pixels(const PixelChoice& choice, const io::FrameChoice& frames, DataSet& set,
                   std::vector<std::string>& said);

}  // namespace vitrum::pipeline
