#include "vitrum/model/landscape/kinetics/rate_groups.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace vitrum::model {

namespace {

struct Parts {
    double share;  // of the bound, in (1/2, 1]
    int exponent;  // the bound is 2^exponent
};

Parts parts_of(double rate) {
    Parts p{};
    p.share = std::frexp(rate, &p.exponent);
    if (p.share == 0.5) {  // at the bound of the group below
        p.share = 1;
        --p.exponent;
    }
    return p;
}

// Slower by more than this than the fastest: it does not happen.
constexpr int most_groups = 1000;

}  // namespace

void RateGroups::set_rates(std::span<const double> left, std::span<const double> right, bool up) {
    const double fastest =
        std::max(*std::max_element(left.begin(), left.end()), *std::max_element(right.begin(), right.end()));
    const int top = parts_of(fastest).exponent;
    std::uint32_t lowest = 0;
    codes_.resize(2 * left.size());
    for (std::size_t i = 0; i < codes_.size(); ++i) {
        const double rate = i % 2 == 0 ? left[i / 2] : right[i / 2];
        const Parts p = parts_of(rate);
        if (!(rate >= std::numeric_limits<double>::min()) || top - p.exponent > most_groups) {
            codes_[i] = {0, never};
            continue;
        }
        const double ticks = up ? std::ceil(p.share * 0x1p32) : std::round(p.share * 0x1p32);
        codes_[i] = {static_cast<std::uint32_t>(ticks - 1), static_cast<std::uint32_t>(top - p.exponent)};
        lowest = std::max(lowest, codes_[i].group);
    }
    for (auto& groups : groups_) {
        groups.assign(std::size_t{lowest} + 1, {});
        for (std::size_t g = 0; g < groups.size(); ++g)
            groups[g].tick = std::ldexp(1.0, top - static_cast<int>(g) - 32);
    }
}

void RateGroups::place(std::span<const std::uint8_t> sides, std::span<const std::uint32_t> order) {
    for (auto& groups : groups_)
        for (Group& g : groups) {
            g.ticks = 0;
            g.members.clear();
        }
    resting_.clear();
    for (const std::uint32_t well : order) put(sides[well], well);
    sum_up();
}

double RateGroups::rate(std::size_t side, std::size_t well) const {
    const Code code = codes_[2 * well + side];
    return code.group == never ? 0 : (static_cast<double>(code.last) + 1) * groups_[side][code.group].tick;
}

void RateGroups::pick_again(std::size_t side, std::uint32_t well) {
    side_ = side;
    group_ = codes_[2 * std::size_t{well} + side].group;
    const auto& members = groups_[side_][group_].members;
    slot_ = static_cast<std::size_t>(
        std::find_if(members.begin(), members.end(), [well](const Member& m) { return m.well == well; }) -
        members.begin());
}

std::vector<std::uint32_t> RateGroups::order() const {
    std::vector<std::uint32_t> all;
    for (const auto& groups : groups_)
        for (const Group& g : groups)
            for (const Member& m : g.members) all.push_back(m.well);
    all.insert(all.end(), resting_.begin(), resting_.end());
    return all;
}

void RateGroups::sum_up() {
    for (std::size_t side = 0; side < 2; ++side) {
        total_[side] = 0;
        for (const Group& g : groups_[side]) total_[side] += g.weight();
    }
    changes_ = 0;
}

}  // namespace vitrum::model
