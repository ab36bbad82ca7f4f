// What multi-tau g2 is made of, however the frames came: sums per channel and group of pixels, and g2 with its errors
// from them. Used by multi_tau and by MultiTauAccumulator, so that both give the same bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "vitrum/core/data/curve.hpp"

namespace vitrum::analysis {

// Lag `lag` between frames of 2^level; `frames` of them exist, `pairs` of which have no lost frame.
struct MultiTauChannel {
    std::size_t level;
    std::size_t lag;
    std::size_t frames;
    std::size_t pairs;
};

// Lags 1 .. m, then m/2+1 .. m at each further level, while there are frames for pairs. lost: as in SpeckleSeries.
[[nodiscard]] std::vector<MultiTauChannel> multi_tau_channels(std::size_t frames, std::size_t m,
                                                              const std::vector<std::uint8_t>& lost = {});

// Of frames added in pairs: one is lost with either of its two.
[[nodiscard]] std::vector<std::uint8_t> lost_of_pairs(const std::vector<std::uint8_t>& lost);

inline constexpr std::size_t multi_tau_groups = 64;  // at most, of neighbouring pixels, for the jackknife

// One value per channel, of one group of pixels.
struct MultiTauSums {
    std::vector<double> products;  // sum over pixels and pairs of I(t) I(t+lag)
    std::vector<double> past;      // sum over pixels and pairs of I(t)
    std::vector<double> future;    // of I(t+lag)
    double pixels = 0;
};

// parts[static region][group]. Throws InputError if every frame of a static region is empty.
[[nodiscard]] Curve multi_tau_curve(const std::vector<MultiTauChannel>& channels, double frame_time,
                                    const std::string& time_unit, const std::vector<std::vector<MultiTauSums>>& parts);

}  // namespace vitrum::analysis
