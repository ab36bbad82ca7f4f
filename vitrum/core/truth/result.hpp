// Everything that a run found: what a result file holds and a report shows.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/data/frames_summary.hpp"
#include "vitrum/core/data/time_series.hpp"
#include "vitrum/core/data/two_time_map.hpp"
#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/core/truth/ground_truth.hpp"

namespace vitrum {

// One data set, whatever its source, after the correlation chain.
struct SeriesResult {
    std::string name;         // "speckle", "landscape_3"
    std::string source;       // kind of the source: "speckle", "landscape_speckle", "cuzr", "file"
    std::string source_name;  // of the source in its scenario: "landscape"
    std::string title;        // "Two-level landscape at 2.4 GPa"
    Abscissa abscissa;        // where it stands in its source, e.g. pressure; empty if it stands alone
    std::size_t frames = 0;
    std::size_t pixels = 0;  // that took part; 0 for a map without frames
    std::optional<TwoTimeMap> map;
    std::optional<Curve> g2;
    std::optional<Curve> fit;    // the fitted model at the lags of g2
    std::optional<Curve> trace;  // C(t, t + tau), y_error = noise of one value
    std::vector<Curve> curves;   // whatever else was measured as a curve: S(q), g(r), U(T), msd(t)
    std::vector<Estimate> estimates;
    GroundTruth truth;                                    // rows, and the curve "g2" without noise
    std::shared_ptr<const FramesSummary> frames_summary;  // shared by the regions of a data set; null for a map
    std::vector<TimeSeries> traces;
    std::vector<std::string> notes;  // one sentence each
    std::string failure;             // non-empty: the source died, and why

    // The name that the regions of one data set share.
    [[nodiscard]] const std::string& data_set() const { return frames_summary ? frames_summary->name : name; }
};

struct Result {
    std::string title;
    std::string question;
    std::string scenario;  // the whole input, defaults filled in: TOML that runs again
    std::vector<SeriesResult> series;
    std::vector<Estimate> estimates;  // over several series: activation volume
    std::vector<Curve> curves;        // over several series: the mean S(q) of independent quenches
    GroundTruth truth;
    std::vector<std::string> statements;  // what this run can and cannot show

    // What made it: ("seed", "7"), ("version", ...). Not part of the data hash.
    std::vector<std::pair<std::string, std::string>> provenance;
};

// Truth of one estimate, if its generator knew it.
struct Judged {
    const Estimate* estimate = nullptr;
    const TruthRow* truth = nullptr;
    double pull = not_a_number;  // (estimate - truth) / standard error; not given against a reference truth
};

// Joins estimates and truth on quantity and abscissa.
[[nodiscard]] std::vector<Judged> judge(const std::vector<Estimate>& estimates, const GroundTruth& truth);

}  // namespace vitrum
