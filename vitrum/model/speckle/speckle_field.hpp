// Speckle before the detector: intensities of mean 1, summed over the coherent modes and averaged over the exposure.
#pragma once

#include <cstddef>
#include <memory>

#include "vitrum/core/stream.hpp"

namespace vitrum::model {

struct SpeckleOptions;

class SpeckleField {
public:
    virtual ~SpeckleField() = default;
    // out[frame * (end - begin) + pixel - begin] of the pixels begin .. end; `block` is their number in the order of
    // pixels. The same bits on any thread and in any order of blocks.
    virtual void fill(std::size_t block, std::size_t begin, std::size_t end, float* out) const = 0;
};

// Of the realisation that `key` draws.
[[nodiscard]] std::unique_ptr<SpeckleField> make_speckle_field(const SpeckleOptions& options, const StreamKey& key);

}  // namespace vitrum::model
