// The same selection by binary trees of sums, one for each side: no rejection, the logarithm of the number of wells in
// steps. Every sum is that of its two children, so nothing drifts and the tree follows from the sides alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "vitrum/core/stream.hpp"

namespace vitrum::model {

class SumTree {
public:
    void set_rates(std::span<const double> left, std::span<const double> right, bool up);
    void place(std::span<const std::uint8_t> sides, std::span<const std::uint32_t> order);
    [[nodiscard]] double total(std::size_t side) const { return sums_[side][1]; }
    [[nodiscard]] double rate(std::size_t side, std::size_t well) const { return rates_[side][well]; }
    [[nodiscard]] std::uint32_t pick(std::size_t side, double x, Stream& stream);
    void flip_picked();

    // As if this well, which stands on this side, had been picked last.
    void pick_again(std::size_t side, std::uint32_t well) {
        side_ = side;
        well_ = well;
    }
    // The tree knows no order.
    [[nodiscard]] std::vector<std::uint32_t> order() const { return {}; }

private:
    void set(std::size_t side, std::size_t well, double rate);

    std::vector<double> rates_[2];
    std::vector<double> sums_[2];  // 1 is the root, leaves from leaves_ on
    std::size_t leaves_ = 1;
    std::size_t side_ = 0, well_ = 0;
};

}  // namespace vitrum::model
