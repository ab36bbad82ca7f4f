// Parts of a run: g2 of successive segments of frames, so that a change in time shows. Each segment stands alone: only
// pairs of frames inside it count.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "vitrum/analysis/chain/streamed_map.hpp"
#include "vitrum/analysis/correlation/multi_tau/multi_tau.hpp"
#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/data/speckle_series.hpp"
#include "vitrum/core/data/two_time_map.hpp"

namespace vitrum::analysis {

// Edges of `count` segments whose lengths differ by at most one frame: segment k = frames [edges[k], edges[k+1]).
// Fewer than `count` if a segment would have less than 3 frames; one segment at least.
[[nodiscard]] std::vector<std::size_t> segment_edges(std::size_t frames, std::size_t count);

// Frames [first, last) with mask, regions and times of the whole series.
[[nodiscard]] SpeckleSeries frames_of(const SpeckleSeries& series, std::size_t first, std::size_t last);

// Multi-tau g2 of each segment, with errors as multi_tau gives them. A segment without a photon in the region has NaN.
[[nodiscard]] std::vector<Curve> multi_tau_by_segment(const SpeckleSeries& series, const MultiTauOptions& options,
                                                      const std::vector<std::size_t>& edges);

// Mean of C(t, t+dt) over the pairs inside each segment; lag, value, pairs, no errors.
[[nodiscard]] std::vector<Curve> g2_by_segment(const TwoTimeMap& map, const std::vector<std::size_t>& edges);

// The same, to the bit, from rows of the map in order of time.
class SegmentSums {
public:
    SegmentSums(std::vector<std::size_t> edges, double frame_time, std::string time_unit);
    void add(const MapRows& rows);
    [[nodiscard]] std::vector<Curve> curves() const;

private:
    struct Sums {
        std::vector<double> values;  // by lag
        std::vector<double> pairs;
    };
    std::vector<std::size_t> edges_;
    double frame_time_;
    std::string time_unit_;
    std::vector<Sums> segments_;
};

}  // namespace vitrum::analysis
