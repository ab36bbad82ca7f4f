// Dynamics that depend on the wavevector: every q region of a detector has a Gaussian field of its own, independent of
// the others, whose clock runs with tau(q) = 1/(c q^alpha) (relaxation/wavevector_law.hpp). tau is taken at the mean q
// of the region's pixels in use, the same for all of them, so that the truth of a region is exact. Sudden
// rearrangements hit all regions at once.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "vitrum/core/stream.hpp"
#include "vitrum/core/truth/ground_truth.hpp"
#include "vitrum/model/detector/detector.hpp"
#include "vitrum/model/speckle/speckle_field.hpp"

namespace vitrum::model {

struct SpeckleOptions;

// tau(q) = tau (q/reference)^-alpha: every tau of the options is the one at q = reference.
struct WavevectorDependence {
    double exponent = 0;   // alpha
    double reference = 0;  // [1/angstrom]; 0 where alpha = 0

    [[nodiscard]] double factor(double q) const;       // tau(q)/tau(reference)
    [[nodiscard]] double prefactor(double tau) const;  // c [angstrom^alpha/s] of tau(reference) = tau
};

// Throws InputError: an exponent without regions or without a reference.
void check_wavevectors(const SpeckleOptions& options);

[[nodiscard]] bool has_regions(const SpeckleOptions& options);

// The series of one region alone: its pixels in a row, a layout of none, tau(q) on its clock.
[[nodiscard]] SpeckleOptions region_options(const SpeckleOptions& options, const DetectorLayout::Region& region);

// What the detector drew, on the pixels of one region.
[[nodiscard]] DrawnDetector region_detector(const DetectorLayout& layout, std::int32_t region,
                                            const DrawnDetector& drawn);

// truth_of each region at {"region", index, q}; see speckle_source.hpp. A region whose pixels are all dead has none.
[[nodiscard]] GroundTruth truth_of_regions(const SpeckleOptions& options, const StreamKey& key,
                                           const DrawnDetector& drawn);

// A field for each region; pixels of no region have one at the reference.
[[nodiscard]] std::unique_ptr<SpeckleField> region_field(const SpeckleOptions& options, const StreamKey& key);

}  // namespace vitrum::model
