#include "vitrum/analysis/chain/frames_summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "vitrum/analysis/correlation/products/active_pixels.hpp"

namespace vitrum::analysis {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// Regions of the used pixels, numbered 1, 2, ...; `number` = what they are called in the data.
std::vector<std::int32_t> numbered(const SpeckleSeries& s, const std::vector<std::int32_t>& region,
                                   std::vector<std::int32_t>& number) {
    const auto used = active_pixels(s, 0);
    std::vector<std::int32_t> map(s.pixels(), 0);
    if (region.empty()) {
        for (const auto p : used) map[p] = 1;
        number = {0};
        return map;
    }
    std::vector<std::int32_t> place(static_cast<std::size_t>(*std::max_element(region.begin(), region.end())) + 1, 0);
    for (const auto p : used)
        if (region[p] > 0) place[static_cast<std::size_t>(region[p])] = 1;
    number.clear();
    for (std::size_t r = 1; r < place.size(); ++r)
        if (place[r] > 0) {
            number.push_back(static_cast<std::int32_t>(r));
            place[r] = static_cast<std::int32_t>(number.size());
        }
    for (const auto p : used)
        if (region[p] > 0) map[p] = place[static_cast<std::size_t>(region[p])];
    return map;
}

std::vector<double> mean_by_region(const std::vector<double>& value, const std::vector<std::int32_t>& map,
                                   std::size_t regions) {
    std::vector<double> sum(regions, 0.0);
    std::vector<double> pixels(regions, 0.0);
    for (std::size_t p = 0; p < map.size(); ++p)
        if (map[p] > 0) {
            sum[static_cast<std::size_t>(map[p]) - 1] += value.empty() ? nan : value[p];
            pixels[static_cast<std::size_t>(map[p]) - 1] += 1;
        }
    for (std::size_t r = 0; r < regions; ++r) sum[r] /= pixels[r];
    return sum;
}

// Sum over frames [first, last) of each pixel.
std::vector<double> sum_image(const SpeckleSeries& s, std::size_t first, std::size_t last) {
    std::vector<double> image(s.pixels(), 0.0);
    for (std::size_t f = first; f < last; ++f)
        if (s.sparse())
            for (std::size_t e = s.frame_ptr[f]; e < s.frame_ptr[f + 1]; ++e) image[s.index[e]] += s.intensity[e];
        else
            for (std::size_t p = 0; p < s.pixels(); ++p) image[p] += static_cast<double>(s.counts[f * s.pixels() + p]);
    for (std::size_t p = 0; p < s.used.size(); ++p)
        if (!s.used[p]) image[p] = 0;
    return image;
}

void scale(std::vector<double>& values, double factor) {
    for (double& v : values) v *= factor;
}

void add_means(FramesSummary& out, const SpeckleSeries& s, std::size_t static_regions) {
    const auto used = active_pixels(s, 0);
    out.mean_of_frame = frame_sums(s, used);
    scale(out.mean_of_frame, 1 / static_cast<double>(used.size()));
    out.mean_image.assign(s.pixels(), 0.0);
    for (std::size_t k = 0; k < out.segment_count(); ++k) {
        auto image = sum_image(s, out.segments[k], out.segments[k + 1]);
        for (std::size_t p = 0; p < s.pixels(); ++p) out.mean_image[p] += image[p];
        std::size_t known = 0;
        for (std::size_t f = out.segments[k]; f < out.segments[k + 1]; ++f) known += s.is_lost(f) ? 0 : 1;
        scale(image, 1 / static_cast<double>(known));  // NaN where all are lost
        const auto mean = mean_by_region(image, out.static_region, static_regions);
        out.static_segment.insert(out.static_segment.end(), mean.begin(), mean.end());
    }
    scale(out.mean_image, 1 / static_cast<double>(s.known_frames()));
    out.static_mean = mean_by_region(out.mean_image, out.static_region, static_regions);
}

void add_multi_tau(FramesSummary& out, const SpeckleSeries& s, const SummaryOptions& options) {
    const std::size_t regions = out.regions();
    const std::size_t segments = out.segment_count();
    for (std::size_t r = 0; r < regions; ++r) {
        MultiTauOptions own;
        own.region = out.region_number[r];
        own.channels = options.channels;
        own.static_region = s.static_region;
        const Curve whole = multi_tau(s, own);
        const auto delay_of = [&](double lag) { return std::llround(lag / s.frame_time); };
        if (r == 0) {
            for (const double lag : whole.x) out.delay.push_back(delay_of(lag));
            out.g2.assign(out.delay.size() * regions, nan);
            out.g2_error = out.g2;
            out.g2_by_segment.assign(segments * out.g2.size(), nan);
            out.g2_error_by_segment = out.g2_by_segment;
        }
        const auto store = [&](const Curve& curve, std::size_t base, std::vector<double>& g2,
                               std::vector<double>& error) {
            for (std::size_t i = 0; i < curve.size(); ++i) {
                const auto at = std::lower_bound(out.delay.begin(), out.delay.end(), delay_of(curve.x[i]));
                const std::size_t cell = base + static_cast<std::size_t>(at - out.delay.begin()) * regions + r;
                g2[cell] = curve.y[i];
                if (!curve.y_error.empty()) error[cell] = curve.y_error[i];
            }
        };
        store(whole, 0, out.g2, out.g2_error);
        const auto parts = multi_tau_by_segment(s, own, out.segments);
        for (std::size_t k = 0; k < segments; ++k)
            store(parts[k], k * out.g2.size(), out.g2_by_segment, out.g2_error_by_segment);
    }
}

}  // namespace

FramesSummary summarise(const SpeckleSeries& s, const SummaryOptions& options) {
    expect_consistent(s);
    FramesSummary out;
    out.frames = s.frames;
    out.rows = s.rows;
    out.columns = s.columns;
    out.frame_time = s.frame_time;
    out.time_unit = s.time_unit;
    out.exposure = s.exposure;
    out.used.assign(s.pixels(), 0);
    for (const auto p : active_pixels(s, 0)) out.used[p] = 1;
    out.dynamic_region = numbered(s, s.region, out.region_number);
    std::vector<std::int32_t> static_number;
    out.static_region = numbered(s, s.static_region.empty() ? s.region : s.static_region, static_number);
    out.dynamic_q = mean_by_region(s.q, out.dynamic_region, out.regions());
    out.static_q = mean_by_region(s.q, out.static_region, static_number.size());
    out.segments = segment_edges(s.frames, options.segments);
    add_means(out, s, static_number.size());
    add_multi_tau(out, s, options);
    out.map_g2_by_segment.assign(out.shortest_segment() * out.segment_count() * out.regions(), nan);
    return out;
}

void add_map(FramesSummary& out, std::size_t place, const std::vector<Curve>& parts) {
    const std::size_t lags = out.shortest_segment();
    for (std::size_t k = 0; k < parts.size(); ++k)
        for (std::size_t lag = 1; lag < lags; ++lag)
            out.map_g2_by_segment[(lag * parts.size() + k) * out.regions() + place] = parts[k].y[lag - 1];
}

}  // namespace vitrum::analysis
