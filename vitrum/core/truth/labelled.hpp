// Data with its truth. A generator returns this; a runner hands only `data` to an estimator.
#pragma once

#include "core/ground_truth.hpp"

namespace vitrum {

template <class Data>
struct Labelled {
    Data data;
    GroundTruth truth;
};

}  // namespace vitrum
