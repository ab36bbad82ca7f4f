// Photon series of independent pixels at a cost that goes by photon, not by pixel and frame: thinning (Lewis and
// Shedler 1979). Each pixel draws candidate photons at a constant rate and at random heights below a cap; one is a
// photon if the intensity of the moving speckle at its instant is above its height. Flat background, static speckle and
// dark counts add Poisson photons of their own. The counts have the law of the dense generator but for a chance,
// bounded by `miss` for the whole series, that an intensity above the cap is not seen.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "vitrum/core/data/series_slab.hpp"
#include "vitrum/core/stream.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum::model {

// The chance that any photon of the whole series is missing, at most.
inline constexpr double sparse_miss = 1e-6;
// Pixels that share a random stream: slabs begin and end at multiples.
inline constexpr std::size_t sparse_block = 64;

class SparseGenerator {
public:
    // The realisation that `key` draws. Throws InputError as check(options) does.
    SparseGenerator(const SpeckleOptions& options, const StreamKey& key);
    ~SparseGenerator();
    SparseGenerator(const SparseGenerator&) = delete;
    SparseGenerator& operator=(const SparseGenerator&) = delete;

    // The events of the pixels begin .. end, sorted by frame, then pixel. `begin` is a multiple of sparse_block, `end`
    // too unless it is the last pixel. The same bits for any slabs and threads.
    [[nodiscard]] SeriesSlab slab(std::size_t begin, std::size_t end) const;

    [[nodiscard]] double cap() const;  // in units of the mean intensity of the moving speckle

private:
    struct Plan;
    std::unique_ptr<const Plan> plan_;
};

}  // namespace vitrum::model
