// A measurement that is being planned: what is known before beamtime, and the numbers that follow from it.
//
//   [experiment]  title
//     time        frames, frame_time, tau, beta
//     speckle     contrast, speckle_size (pixels; [radial, transverse] or one number; 1) directly
//     or optics   energy, distance, pixel_size, beam_size, wavevector or angle, bandwidth, thickness, coherence_length,
//                 background; a contrast given beside them replaces theirs
//     pixels      pixels, or detector_rows and detector_columns
//     counts      mean_count, or counted_flux, or flux and counted_share
//     drift       of the beam over the sample, with optics or beam_size
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::validation {

struct Fact {
    std::string name;
    double value = not_a_number;
    std::string unit;
    std::string formula;       // "given", or what it follows from
    bool from_memory = false;  // a formula that only its limits were checked of
};

struct Experiment {
    std::string title;
    std::size_t frames = 0;
    double frame_time = 0;  // [s]
    double tau = 0;         // [s]
    double beta = 0;
    double contrast = 0;
    double pixels = 0;
    double mean_count = 0;           // photons per pixel and frame
    double grain_radial = 1;         // [pixels]
    double grain_transverse = 1;     // [pixels]
    double drift = 0;                // [angstrom/s]
    double beam_size = 0;            // [um], of a drift
    std::vector<Fact> facts;         // in the order they are told
    std::vector<std::string> notes;  // what is assumed

    [[nodiscard]] double run_time() const { return static_cast<double>(frames) * frame_time; }  // [s]
};

// Throws InputError, one line with file, line and key.
[[nodiscard]] Experiment read_experiment(const std::filesystem::path& file);
[[nodiscard]] Experiment experiment_from_text(const std::string& text, const std::string& called);

}  // namespace vitrum::validation
