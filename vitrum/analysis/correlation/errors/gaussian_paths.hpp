// Stationary Gaussian paths of given covariance, for the distribution of what has no formula: the largest of correlated
// values, the shortest interval of a finite run. Circulant embedding; negative eigenvalues, which an estimated
// covariance may have, are cut and the variance restored.
#pragma once

#include <complex>
#include <functional>
#include <vector>

#include "vitrum/core/stream.hpp"

namespace vitrum::analysis {

// visit(path) for `count` paths of `length` values, covariance[k] between values k apart (zero beyond its end). The
// same stream key gives the same paths.
void for_each_gaussian_path(const std::vector<double>& covariance, std::size_t length, std::size_t count,
                            const StreamKey& key, const std::function<void(std::vector<double>&)>& visit);

}  // namespace vitrum::analysis
