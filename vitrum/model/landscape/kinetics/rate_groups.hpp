// Selection of one of many wells in proportion to its rate out of its side, composition and rejection (Slepoy,
// Thompson, Plimpton, J. Chem. Phys. 128, 205101 (2008), doi:10.1063/1.2919546): groups by powers of two, a group by
// its total, a member at random, accepted with rate over bound; a member whose rate is the bound is always accepted. A
// rate is kept as 32 bits of its bound (right to 2.4e-10), so that the totals of groups are sums of whole numbers: no
// drift.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "vitrum/core/stream.hpp"

namespace vitrum::model {

class RateGroups {
public:
    // rates[side][well], not negative; side 0 is left, 1 is right. `up`: rates are bounds, rounded up.
    void set_rates(std::span<const double> left, std::span<const double> right, bool up);
    // Fills the groups with the wells in this order; sides has one entry for each well.
    void place(std::span<const std::uint8_t> sides, std::span<const std::uint32_t> order);

    [[nodiscard]] double total(std::size_t side) const { return total_[side]; }
    [[nodiscard]] double rate(std::size_t side, std::size_t well) const;  // as kept
    // A well of that side, 0 < x <= total(side) uniform.
    [[nodiscard]] std::uint32_t pick(std::size_t side, double x, Stream& stream) {
        auto& groups = groups_[side];
        std::size_t at = 0;
        std::size_t filled = 0;
        for (;; ++at) {
            // Rounding may leave a little of x behind the last group.
            if (at == groups.size()) {
                at = filled;
                break;
            }
            if (groups[at].members.empty()) continue;
            filled = at;
            x -= groups[at].weight();
            if (x <= 0) break;
        }
        side_ = side;
        group_ = at;
        const auto& members = groups[at].members;
        for (;;) {
            // One word: its product with the number of members has the member above and the height below.
            const Wide product = static_cast<Wide>(stream()) * members.size();
            slot_ = static_cast<std::size_t>(product >> 64U);
            const auto height = static_cast<std::uint32_t>(static_cast<std::uint64_t>(product) >> 32U);
            if (height <= members[slot_].last) return members[slot_].well;
        }
    }
    // Moves the well picked last to its other side.
    void flip_picked() {
        Group& from = groups_[side_][group_];
        const Member gone = from.members[slot_];
        from.members[slot_] = from.members.back();
        from.members.pop_back();
        from.ticks -= std::uint64_t{gone.last} + 1;
        total_[side_] -= (static_cast<double>(gone.last) + 1) * from.tick;
        const std::size_t other = 1 - side_;
        put(other, gone.well);
        if (++changes_ == refresh) sum_up();
    }

    // As if this well, which stands on this side, had been picked last.
    void pick_again(std::size_t side, std::uint32_t well);

    // Wells in the order of their groups, the running totals and the count of changes: with set_rates and place, all
    // that a stopped run needs.
    [[nodiscard]] std::vector<std::uint32_t> order() const;
    struct Sums {
        double left = 0, right = 0;
        std::uint64_t changes = 0;
    };
    [[nodiscard]] Sums sums() const { return {total_[0], total_[1], changes_}; }
    void restore(const Sums& sums) {
        total_[0] = sums.left;
        total_[1] = sums.right;
        changes_ = sums.changes;
    }

private:
    __extension__ typedef unsigned __int128 Wide;
    static constexpr std::uint32_t never = 0xffffffff;   // a rate of 0
    static constexpr std::uint64_t refresh = 1U << 16U;  // running totals are summed again after so many changes

    struct Code {
        std::uint32_t last;   // the rate is (last + 1) ticks of its group
        std::uint32_t group;  // from the fastest
    };
    struct Member {
        std::uint32_t well;
        std::uint32_t last;
    };
    struct Group {
        double tick = 0;  // bound/2^32
        std::uint64_t ticks = 0;
        std::vector<Member> members{};
        [[nodiscard]] double weight() const { return static_cast<double>(ticks) * tick; }
    };

    void put(std::size_t side, std::uint32_t well) {
        const Code code = codes_[2 * std::size_t{well} + side];
        if (code.group == never) {
            resting_.push_back(well);
            return;
        }
        Group& to = groups_[side][code.group];
        to.members.push_back({well, code.last});
        to.ticks += std::uint64_t{code.last} + 1;
        total_[side] += (static_cast<double>(code.last) + 1) * to.tick;
    }
    void sum_up();

    std::vector<Code> codes_;  // [2 well + side]
    std::vector<Group> groups_[2];
    std::vector<std::uint32_t> resting_;  // wells that cannot leave where they are
    double total_[2] = {0, 0};
    std::uint64_t changes_ = 0;
    std::size_t side_ = 0, group_ = 0, slot_ = 0;
};

}  // namespace vitrum::model
