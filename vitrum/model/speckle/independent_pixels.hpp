// Speckle whose pixels are independent: paths of the field pixel by pixel and mode by mode.
#pragma once

#include <memory>

#include "vitrum/core/stream.hpp"
#include "vitrum/model/speckle/speckle_field.hpp"

namespace vitrum::model {

[[nodiscard]] std::unique_ptr<SpeckleField> independent_pixels(const SpeckleOptions& options, const StreamKey& key);

}  // namespace vitrum::model
