// Synthetic XPCS series: M modes of a complex Gaussian field per pixel with any admissible two-time correlation,
// partially coherent (contrast 1/M for equal modes), seen by a detector and counted as Poisson photons. Pixels are
// independent unless the pattern has a grain. Times are ages of the sample [s]; the first frame is taken at scan_start.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "vitrum/core/data/speckle_series.hpp"
#include "vitrum/core/stream.hpp"
#include "vitrum/core/truth/ground_truth.hpp"
#include "vitrum/core/truth/labelled.hpp"
#include "vitrum/model/detector/detector.hpp"
#include "vitrum/model/field/field_method.hpp"
#include "vitrum/model/field/sample_times.hpp"
#include "vitrum/model/relaxation/kernel.hpp"
#include "vitrum/model/relaxation/kww.hpp"
#include "vitrum/model/spatial/spatial_pattern.hpp"
#include "vitrum/model/speckle/q_regions.hpp"

namespace vitrum::model {

// How the counts are kept: every pixel of every frame, or the photons alone. `automatic`: sparse up to 0.01 counts per
// pixel and frame.
enum class Output { automatic, dense, sparse };
[[nodiscard]] std::vector<std::string> output_names();
[[nodiscard]] Output output_from(std::string_view name);  // throws InputError

struct SpeckleOptions {
    std::size_t frames = 1000;
    std::size_t rows = 64;
    std::size_t columns = 64;
    double frame_time = 1;                // [s]
    int modes = 5;                        // M, unless the detector names the modes' weights
    double mean_count = 0.5;              // photons per pixel and frame, dark counts apart
    Kww relaxation;                       // beta of every dynamics; tau of the stationary clock
    Origin origin = Origin::closed_form;  // of tau: `imposed` where another model put it on the clock
    Kernel dynamics;                      // its beta, and tau0 of a stationary clock, are taken from `relaxation`
    double scan_start = 0;                // [s] age at the first frame
    WavevectorDependence wavevector;      // of tau over the regions of the detector's layout
    Detector detector;
    PatternOptions pattern;  // grain and motion of the speckle; none = independent pixels
    Output output = Output::automatic;
};

// Throws InputError, one line.
void check(const SpeckleOptions& options);

// The dynamics before anything random is drawn, static shares put together.
[[nodiscard]] Kernel dynamics_of(const SpeckleOptions& options);
// Those of the realisation that `key` draws.
[[nodiscard]] Kernel kernel_of(const SpeckleOptions& options, const StreamKey& key);
[[nodiscard]] SampleTimes sample_times(const SpeckleOptions& options);
[[nodiscard]] std::vector<double> mode_shares(const SpeckleOptions& options);

// What `output` comes to, and whether the photons are then drawn one by one (sparse_series.hpp) at a cost that goes by
// photon; otherwise the counts of a dense series are turned into events.
[[nodiscard]] bool sparse_output(const SpeckleOptions& options);
[[nodiscard]] bool thinned(const SpeckleOptions& options);

// Same bits for any number of threads. `key` names study, data set and replicate.
[[nodiscard]] Labelled<SpeckleSeries> generate(const SpeckleOptions& options, const StreamKey& key);

// Homogeneous stationary dynamics in front of a perfect detector.
[[nodiscard]] bool plain(const SpeckleOptions& options);

// The truth alone, of the realisation that `key` draws. A quantity stands in it only where its definition holds: tau,
// beta, contrast and baseline where g2 is a KWW curve, the noise floor of Delta C for plain series, the spread of
// C(t, t + tau) without noise where dynamics change within the run, then the parameters of the clock, "tau_mid_scan"
// and the rearrangements, with times from the first frame, and the clock as a curve over the age; always g2(dt), the
// mean over t of C(t, t+dt) of this realisation without noise; g1(t1,t2) as a map where it is no function of the lag,
// up to 2000 frames. Random dynamics add chi4_run, g2_population, chi4_population. With q regions every row stands at
// {"region", index, q}, every curve is called NAME_region_INDEX, and beside them stand the exponent and prefactor of
// tau(q) where tau has a truth.
[[nodiscard]] GroundTruth truth_of(const SpeckleOptions& options, const StreamKey& key = {});

// Of all pixels that `drawn` has, whatever the layout.
[[nodiscard]] GroundTruth truth_of(const SpeckleOptions& options, const StreamKey& key, const DrawnDetector& drawn);

// How the field is made: "circulant embedding".
[[nodiscard]] std::string method_of(const SpeckleOptions& options);

}  // namespace vitrum::model
