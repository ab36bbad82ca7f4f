// Bounds of tau, beta and contrast from a run of speckle: N independent pixels, each the sum of M equal, independent
// modes of a stationary complex Gaussian field with g1(t) = exp(-(t/tau)^beta), seen at equally spaced instants; counts
// are Poisson of the intensity. Three models of what is seen:
//   field      the complex field of every mode, without noise. Circular Gaussian vectors with covariance K:
//              I_ab = N M tr(K^-1 dK/da K^-1 dK/db)  (Slepian 1954, Bangs 1971; no factor 1/2, the field is complex)
//   photons    any measurement of the light that carries these photons, interference between frames included: quantum
//              Fisher information of a thermal state with occupations G = (mu/M) g1,
//              I_ab = 2 N M sum_ij (U^T dG/da U)_ij (U^T dG/db U)_ij / (d_i + d_j + 2 d_i d_j),   G = U diag(d) U^T
//              (no measurement has more: Braunstein and Caves 1994). One mode and frame gives the exact dmu^2/(mu (1 +
//              mu)); many photons give the field's
//   low count  the counts, when pixels rarely see three photons within a correlation time: pairs of photons,
//              I_ab = N sum_(i<j) mu^2 dC_ij/da dC_ij/db / C_ij,  C = 1 + contrast |g1|^2, and within a frame half of
//              that
// Phases are not seen in intensities, nor is each mode: the first two are loose lower bounds for every estimator that
// works on counts, the looser the fewer the counts. They are no figure to aim at; the third is.
#pragma once

#include <cstddef>
#include <vector>

#include <Eigen/Core>

#include "vitrum/validation/bounds/bound.hpp"

namespace vitrum::validation {

struct SpeckleRun {
    double tau = 10;           // [s], or in the unit of frame_time
    double beta = 1;           // in (0, 2]
    double frame_time = 1;     // between instants; exposures are instantaneous
    std::size_t frames = 100;  // field: up to 4000; photons: up to 2000; low count: any number
    double pixels = 1;         // N, independent
    double modes = 1;          // M = 1/contrast; whole where the field is asked for
    bool beta_known = false;   // fixed in the fit
    bool mean_known = false;   // the mean intensity: else one more unknown of field and photons
};

// Information about tau, beta (unless known) and the logarithm of the mean intensity (unless known), in this order.
// Throws InputError: parameters out of range, too many frames, or a field so smooth against the frame time that its
// information is beyond double precision (beta near 2).
[[nodiscard]] Eigen::MatrixXd field_information(const SpeckleRun& run);
[[nodiscard]] Eigen::MatrixXd photon_information(const SpeckleRun& run, double mean_counts);
// About tau, beta (unless known), contrast.
[[nodiscard]] Eigen::MatrixXd low_count_information(const SpeckleRun& run, double mean_counts);

// Photons of one mode of a pixel within a correlation time: (mean_counts/M) sum over lags of both signs of |g1|^2. Up
// to 0.05 the exact information of the counts is within 10 % below that of the limit (enumerated for 2 to 4 frames).
[[nodiscard]] double photons_per_correlation(const SpeckleRun& run, double mean_counts);

// Rows tau, beta (unless known), contrast. Of the contrast the field says nothing: the number of modes is no parameter
// of it. field_bounds is of kind loose, or none where the field is too smooth.
[[nodiscard]] std::vector<Bound> field_bounds(const SpeckleRun& run);
// Kind loose.
[[nodiscard]] std::vector<Bound> photon_bounds(const SpeckleRun& run, double mean_counts);
// Kind limit up to 0.05 photons_per_correlation, none beyond.
[[nodiscard]] std::vector<Bound> low_count_bounds(const SpeckleRun& run, double mean_counts);

}  // namespace vitrum::validation
