#include "vitrum/analysis/chain/segments.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

constexpr std::size_t fewest_frames = 3;

template <class T>
auto at(const std::vector<T>& values, std::size_t index) {
    return values.begin() + static_cast<std::ptrdiff_t>(index);
}

}  // namespace

std::vector<std::size_t> segment_edges(std::size_t frames, std::size_t count) {
    count = std::clamp<std::size_t>(count, 1, std::max<std::size_t>(1, frames / fewest_frames));
    std::vector<std::size_t> edges;
    for (std::size_t k = 0; k <= count; ++k) edges.push_back(k * frames / count);
    return edges;
}

SpeckleSeries frames_of(const SpeckleSeries& s, std::size_t first, std::size_t last) {
    if (first >= last || last > s.frames) throw std::logic_error("frames_of: no such frames");
    SpeckleSeries part;
    part.frames = last - first;
    part.rows = s.rows;
    part.columns = s.columns;
    part.frame_time = s.frame_time;
    part.time_unit = s.time_unit;
    part.exposure = s.exposure;
    part.used = s.used;
    part.region = s.region;
    part.static_region = s.static_region;
    part.q = s.q;
    if (!s.lost.empty()) part.lost.assign(at(s.lost, first), at(s.lost, last));
    if (s.sparse()) {
        const auto begin = s.frame_ptr[first];
        for (std::size_t f = first; f <= last; ++f) part.frame_ptr.push_back(s.frame_ptr[f] - begin);
        part.index.assign(at(s.index, begin), at(s.index, s.frame_ptr[last]));
        part.intensity.assign(at(s.intensity, begin), at(s.intensity, s.frame_ptr[last]));
    } else {
        part.counts.assign(at(s.counts, first * s.pixels()), at(s.counts, last * s.pixels()));
    }
    return part;
}

std::vector<Curve> multi_tau_by_segment(const SpeckleSeries& s, const MultiTauOptions& options,
                                        const std::vector<std::size_t>& edges) {
    std::vector<Curve> curves;
    const auto pixels = active_pixels(s, options.region);
    for (std::size_t k = 0; k + 1 < edges.size(); ++k) {
        const SpeckleSeries part = frames_of(s, edges[k], edges[k + 1]);
        const auto sums = frame_sums(part, pixels);
        if (std::any_of(sums.begin(), sums.end(), [](double v) { return v > 0; }))
            curves.push_back(multi_tau(part, options));
        else
            curves.emplace_back();
    }
    return curves;
}

std::vector<Curve> g2_by_segment(const TwoTimeMap& map, const std::vector<std::size_t>& edges) {
    SegmentSums sums(edges, map.frame_time, map.time_unit);
    sums.add({0, map.frames, map.frames, map.values.data()});
    return sums.curves();
}

SegmentSums::SegmentSums(std::vector<std::size_t> edges, double frame_time, std::string time_unit)
    : edges_(std::move(edges)), frame_time_(frame_time), time_unit_(std::move(time_unit)) {
    for (std::size_t k = 0; k + 1 < edges_.size(); ++k) {
        const std::size_t frames = edges_[k + 1] - edges_[k];
        segments_.push_back({std::vector<double>(frames, 0.0), std::vector<double>(frames, 0.0)});
    }
}

void SegmentSums::add(const MapRows& rows) {
    for_each_block(segments_.size(), 1, [&](std::size_t k, std::size_t, std::size_t) {
        Sums& own = segments_[k];
        const std::size_t begin = std::max(rows.first, edges_[k]);
        const std::size_t end = std::min(rows.first + rows.count, edges_[k + 1]);
        for (std::size_t t = begin; t < end; ++t)
            for (std::size_t lag = 1; t + lag < edges_[k + 1]; ++lag) {
                const double c = rows(t, t + lag);
                const bool known = !std::isnan(c);
                own.values[lag] += known ? c : 0;
                own.pairs[lag] += known ? 1 : 0;
            }
    });
}

std::vector<Curve> SegmentSums::curves() const {
    std::vector<Curve> curves;
    for (const Sums& own : segments_) {
        Curve g2;
        g2.name = g2.y_name = "g2";
        g2.x_name = "lag";
        g2.x_unit = time_unit_;
        for (std::size_t lag = 1; lag < own.values.size(); ++lag) {
            g2.x.push_back(static_cast<double>(lag) * frame_time_);
            g2.y.push_back(own.pairs[lag] > 0 ? own.values[lag] / own.pairs[lag]
                                              : std::numeric_limits<double>::quiet_NaN());
            g2.weight.push_back(own.pairs[lag]);
        }
        curves.push_back(std::move(g2));
    }
    return curves;
}

}  // namespace vitrum::analysis
