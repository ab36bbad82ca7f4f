// The one path from data to numbers, whatever the source: two-time map, g2 with errors, KWW fit, Delta C.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "vitrum/analysis/chain/chain_heterogeneity.hpp"
#include "vitrum/analysis/chain/streamed_map.hpp"
#include "vitrum/analysis/correlation/errors/g2_errors.hpp"
#include "vitrum/analysis/correlation/two_time.hpp"
#include "vitrum/analysis/relaxation/age_cuts.hpp"
#include "vitrum/analysis/relaxation/kww.hpp"
#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/data/data.hpp"
#include "vitrum/core/data/two_time_map.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

// A lag as users give it: a time, or a number of frames.
struct Lag {
    double value = 0;
    bool in_frames = true;
    [[nodiscard]] double in_unit_of(const TwoTimeMap& map) const;  // throws InputError: a time without a frame time
};

struct ChainOptions {
    Lag min_lag{1, true};
    std::optional<Lag> max_lag;
    KwwWeights weights = KwwWeights::model;
    std::optional<double> baseline;  // fixed, else free
    std::optional<double> beta;      // fixed, else free
    bool profile = false;            // profile-likelihood intervals of the fit
    // Of maps made from frames; a map that is given stays as it is. Forms with a static map need one in the series:
    // two_time.hpp.
    Normalisation normalisation = Normalisation::symmetric;
    Diagonal diagonal = Diagonal::raw;
    G2Errors errors = G2Errors::automatic;
    std::optional<Lag> block_length{};       // of errors = bootstrap; automatic if empty
    std::size_t shift_window = 0;            // [frames] of pattern_shift between windows of frames; 0 = not asked for
    NoiseSource noise = NoiseSource::split;  // of C(t, t + tau), for what is corrected for it
    bool heterogeneity = true;               // false: no Delta C, chi4, tests of stationarity, events
    std::size_t ages = 0;                    // windows of age for tau(age) and its ageing law; 0 = none
    AgeCut cut = AgeCut::centred;
    double rejection_level = vitrum::rejection_level;  // of p of the KWW fit and of the ageing law
};

// Where the rows of maps go that are larger than memory.
struct MapStream {
    std::function<MapSink(std::int32_t region)> sink;
    std::size_t tile = 256;                     // rows come in multiples of it
    std::size_t memory = std::size_t{4} << 30;  // bytes for events gathered by pixel; less means more passes
};

struct ChainResult {
    std::int32_t region = 0;
    std::size_t frames = 0;
    std::size_t pixels = 0;  // 0 for a map
    TwoTimeMap map;          // without values if its rows went to a stream
    Curve g2;
    Curve fit;         // empty if there is none
    Curve trace;       // C(t, t + tau) of frames, y_error = noise of one value; empty if there is none
    Curve tau_of_age;  // clean tau of windows of age with their covariance; empty if none were asked for
    std::vector<Estimate> estimates;
    std::vector<std::string> notes;
};

// Only the options' part that g2 needs: from a curve to the KWW estimates and the fitted curve.
[[nodiscard]] KwwOptions kww_options(const ChainOptions& options, const TwoTimeMap& map);

// The quantity that g2 with such errors is: "g2" of this run, or "g2_population".
[[nodiscard]] std::string_view g2_quantity(const ChainOptions& options);

// One result per region of the region map; one for all pixels if there is none. With another normalisation than the
// symmetric one errors come from leaving out groups of pixels, every estimate's note names it, and of Pearson
// correlations contrast, baseline and Delta C, which are other quantities there, are left out. Throws InputError:
// errors from pixels or formula of a map, which has no pixels; formula with another normalisation; shift_window of a
// map, or of frames that pattern_shift refuses.
//
// With `stream` maps made from frames are not held: their rows go to a sink, and the result's map has no values. Counts
// give the same bits either way, intensities agree to rounding. Throws InputError if the options need a map in memory.
[[nodiscard]] std::vector<ChainResult> correlate(const Data& data, const ChainOptions& options,
                                                 const MapStream* stream = nullptr);

// Throws InputError, saying what does, if these options need whole maps in memory: errors = frames, bootstrap; any
// normalisation but symmetric.
void expect_streamable(const ChainOptions& options);

}  // namespace vitrum::analysis
