#include "vitrum/analysis/speckle/speckle_visibility.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/analysis/speckle/photon_statistics.hpp"

namespace vitrum::analysis {

SpeckleSeries summed_frames(const SpeckleSeries& series, std::size_t n) {
    SpeckleSeries out = series;
    out.frames = series.frames / n;
    out.frame_time = series.frame_time * static_cast<double>(n);
    const std::size_t pixels = series.pixels();
    if (!series.lost.empty()) {
        out.lost.assign(out.frames, 0);
        for (std::size_t f = 0; f < out.frames * n; ++f)
            if (series.lost[f]) out.lost[f / n] = 1;
    }
    if (!series.sparse()) {
        out.counts.assign(out.frames * pixels, 0.0F);
        for (std::size_t f = 0; f < out.frames * n; ++f)
            for (std::size_t p = 0; p < pixels && !out.is_lost(f / n); ++p)
                out.counts[f / n * pixels + p] += series.counts[f * pixels + p];
        return out;
    }
    out.index.clear();
    out.intensity.clear();
    out.frame_ptr = {0};
    std::vector<std::uint32_t> sum(pixels, 0);
    std::vector<std::uint32_t> seen;
    for (std::size_t f = 0; f < out.frames; ++f) {
        seen.clear();
        for (std::size_t e = series.frame_ptr[f * n]; e < series.frame_ptr[(f + 1) * n] && !out.is_lost(f); ++e) {
            if (sum[series.index[e]] == 0) seen.push_back(series.index[e]);
            sum[series.index[e]] += static_cast<std::uint32_t>(series.intensity[e]);
        }
        std::sort(seen.begin(), seen.end());
        for (const auto p : seen) {
            out.index.push_back(p);
            out.intensity.push_back(sum[p]);
            sum[p] = 0;
        }
        out.frame_ptr.push_back(out.index.size());
    }
    return out;
}

std::vector<Estimate> speckle_visibility(const SpeckleSeries& series, const Curve& g2, std::int32_t region) {
    const auto pixels = active_pixels(series, region);
    std::vector<Estimate> rows;
    PhotonStatistics single;
    for (std::size_t n = 1; n == 1 || n <= series.frames / 10; n *= 2) {
        std::optional<SpeckleSeries> summed;
        if (n > 1) summed = summed_frames(series, n);
        const SpeckleSeries& sums = summed ? *summed : series;
        const auto counts = photon_statistics(sums, pixels);
        if (n == 1) single = counts;
        const Abscissa at{
            {"exposure", static_cast<std::int64_t>(n), static_cast<double>(n) * series.frame_time, series.time_unit}};
        const bool known = std::isfinite(counts.contrast) && std::isfinite(counts.contrast_error);
        const std::string note = fmt::format("{} pixels, {} sums of {} frames", pixels.size(), sums.known_frames(), n);
        rows.push_back(make_estimate("speckle_visibility", at, known ? counts.contrast : not_a_number,
                                     known ? counts.contrast_error : not_a_number, 63,
                                     known ? Status::ok : Status::no_data, note));
        if (!known || n - 1 > g2.size()) continue;
        double value = single.contrast;
        Eigen::RowVectorXd moved = Eigen::RowVectorXd::Zero(g2.covariance_factor.cols());
        const auto exposure = static_cast<double>(n);
        for (std::size_t k = 1; k < n; ++k) {
            const double share = 2 * (1 - static_cast<double>(k) / exposure);
            value += share * (g2.y[k - 1] - 1);
            if (moved.size() > 0) moved += share * g2.covariance_factor.row(static_cast<Eigen::Index>(k) - 1);
        }
        const double error = moved.size() > 0 ? (single.contrast_error + moved.norm()) / exposure : not_a_number;
        rows.push_back(make_estimate("speckle_visibility_from_g2", at, value / exposure, error, 63,
                                     std::isfinite(value) ? Status::ok : Status::no_data, note));
    }
    return rows;
}

}  // namespace vitrum::analysis
