#include "vitrum/model/landscape/kinetics/sum_tree.hpp"

#include <algorithm>
#include <bit>

namespace vitrum::model {

void SumTree::set_rates(std::span<const double> left, std::span<const double> right, bool /*up*/) {
    rates_[0].assign(left.begin(), left.end());
    rates_[1].assign(right.begin(), right.end());
    leaves_ = std::max<std::size_t>(2, std::bit_ceil(left.size()));
}

void SumTree::place(std::span<const std::uint8_t> sides, std::span<const std::uint32_t> /*order*/) {
    for (std::size_t side = 0; side < 2; ++side) {
        sums_[side].assign(2 * leaves_, 0);
        for (std::size_t i = 0; i < sides.size(); ++i)
            if (sides[i] == side) sums_[side][leaves_ + i] = rates_[side][i];
        for (std::size_t i = leaves_; i-- > 1;) sums_[side][i] = sums_[side][2 * i] + sums_[side][2 * i + 1];
    }
}

std::uint32_t SumTree::pick(std::size_t side, double x, Stream& /*stream*/) {
    const auto& sums = sums_[side];
    std::size_t node = 1;
    while (node < leaves_) {
        node *= 2;
        // Rounding never leads to a branch without rates.
        if (x > sums[node] && sums[node + 1] > 0) {
            x -= sums[node];
            ++node;
        } else if (!(sums[node] > 0)) {
            ++node;
        }
    }
    side_ = side;
    well_ = node - leaves_;
    return static_cast<std::uint32_t>(well_);
}

void SumTree::set(std::size_t side, std::size_t well, double rate) {
    auto& sums = sums_[side];
    std::size_t node = leaves_ + well;
    sums[node] = rate;
    for (node /= 2; node >= 1; node /= 2) sums[node] = sums[2 * node] + sums[2 * node + 1];
}

void SumTree::flip_picked() {
    set(side_, well_, 0);
    set(1 - side_, well_, rates_[1 - side_][well_]);
}

}  // namespace vitrum::model
