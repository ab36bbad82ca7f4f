// Events of sparse frames gathered by pixel, and from them rows of P(i,j) = sum_p I_p(i) I_p(j): each photon of frame i
// meets the later photons of its pixel; the row is summed in an array that stays in cache. Work grows as the number of
// pairs of photons in one pixel, not as pixels or frames squared.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "vitrum/core/data/speckle_series.hpp"

namespace vitrum::analysis {

inline constexpr std::size_t default_list_bytes = std::size_t{48} << 20;

// Consecutive places of a pixel list whose events fit into memory together.
struct PixelBlock {
    std::size_t first = 0;
    std::size_t last = 0;
};

// Events of a block of pixels, from frame `from` on. Sums are exact while they stay below 2^53.
class EventLists {
public:
    // Memory: at most 8 bytes per event (12 beyond 65535 frames or photons), 2 per pixel; while slices of the pixels
    // are filled side by side, 12 per pixel.
    EventLists(const SpeckleSeries& series, const std::vector<std::uint32_t>& pixels, PixelBlock block,
               std::size_t from = 0);
    ~EventLists();
    EventLists(EventLists&& other) noexcept;
    EventLists& operator=(EventLists&& other) noexcept;

    // Work space of one thread.
    struct Row {
        std::vector<std::int32_t> whole;  // zeros between two calls
        std::vector<double> wide;
    };
    // Calls use(sums) with row i of P, sums[j - i] for j = i .. frames - 1, as std::int32_t* where every sum fits,
    // else as double*.
    template <class Use>
    void with_row(std::size_t i, Row& row, Use&& use) const {
        if (fits(i))
            with(i, row.whole, use);
        else
            with(i, row.wide, use);
    }
    // Adds row i of P to sums[j - i].
    void add_row(std::size_t i, Row& row, double* sums) const;

    [[nodiscard]] std::size_t bytes() const;

    class Slice;

private:
    template <class Sum, class Use>
    void with(std::size_t i, std::vector<Sum>& sums, Use&& use) const {
        if (sums.size() < frames_) sums.assign(frames_, Sum{0});
        gather(i, sums.data());
        use(static_cast<const Sum*>(sums.data() + i));
        std::fill(sums.begin() + static_cast<std::ptrdiff_t>(i), sums.end(), Sum{0});
    }
    [[nodiscard]] bool fits(std::size_t i) const;
    // sums[j] for j >= i.
    void gather(std::size_t i, std::int32_t* sums) const;
    void gather(std::size_t i, double* sums) const;

    std::size_t frames_;
    std::vector<std::unique_ptr<Slice>> slices_;
    std::uint32_t most_ = 0;              // photons of one event
    std::vector<std::uint64_t> photons_;  // of each frame, from `from` on
    std::size_t from_;
};

// Blocks of pixels whose lists take at most `bytes` (or one pixel).
[[nodiscard]] std::vector<PixelBlock> pixel_blocks(const SpeckleSeries& series,
                                                   const std::vector<std::uint32_t>& pixels,
                                                   std::size_t bytes = default_list_bytes);

}  // namespace vitrum::analysis
