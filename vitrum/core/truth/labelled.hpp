// Data with its truth. A generator returns this; a runner hands only `data` to an estimator.
#pragma once

#include "vitrum/core/truth/ground_truth.hpp"

namespace vitrum {

template <class Data>
struct Labelled {
    Data data;
    GroundTruth truth;
};

}  // namespace vitrum
