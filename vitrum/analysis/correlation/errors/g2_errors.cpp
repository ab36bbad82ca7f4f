#include "vitrum/analysis/correlation/errors/g2_errors.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "vitrum/analysis/correlation/errors/group_lag_sums.hpp"
#include "vitrum/analysis/correlation/errors/speckle_size.hpp"
#include "vitrum/analysis/correlation/g2.hpp"
#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/core/data/curve_errors.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

JackknifePatches jackknife_patches(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels) {
    constexpr std::size_t most_groups = 64;
    constexpr std::size_t fewest_groups = 10;
    constexpr std::size_t fewest_pixels = 8;
    constexpr double width = 3;  // of a patch, in speckles
    JackknifePatches out;
    if (pixels.size() < fewest_pixels) return out;
    const SpeckleSize size = speckle_size(s, pixels);
    out.speckle = std::max(size.rows, size.columns);
    out.speckles = static_cast<double>(pixels.size()) / (size.rows * size.columns);
    out.groups = std::min(most_groups, pixels.size());
    // Where neighbours share nothing every pixel could be a group.
    if (out.speckle > 1) {
        const double patches = static_cast<double>(pixels.size()) / std::pow(width * out.speckle, 2);
        const auto fit = static_cast<std::size_t>(std::min(patches, static_cast<double>(most_groups)));
        out.groups = std::min(out.groups, std::max(fit, fewest_groups));
        out.too_small = patches * width * width < 4 * static_cast<double>(out.groups);
    }
    return out;
}

double ratio_bias(double signal, double contrast, double speckles) {
    return -signal * (1 + 2 * contrast - signal) / speckles;
}

std::vector<double> jackknife_scale(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels) {
    auto scale = frame_sums(s, pixels);
    for (double& v : scale) v = v > 0 ? static_cast<double>(pixels.size()) / v : 0;
    return scale;
}

void set_pixel_jackknife(Curve& g2, const JackknifePatches& patches, std::size_t pixels, const GroupLagSums& own,
                         const Eigen::MatrixXd& pull) {
    const auto groups = static_cast<std::size_t>(own.means.rows());
    const auto lags = static_cast<Eigen::Index>(g2.size());
    g2.covariance_factor = Eigen::MatrixXd::Zero(lags, own.means.rows());
    for (std::size_t group = 0; group < groups; ++group) {
        const auto size = static_cast<double>((group + 1) * pixels / groups - group * pixels / groups);
        const double share = size / static_cast<double>(pixels) *
                             std::sqrt(static_cast<double>(groups) / static_cast<double>(groups - 1));
        const auto g = static_cast<Eigen::Index>(group);
        // The group also pulls on the normalisation of both frames.
        for (Eigen::Index i = 0; i < lags; ++i)
            if (const double pairs = g2.weight[static_cast<std::size_t>(i)]; pairs > 0)
                g2.covariance_factor(i, g) = share * (own.lag_sums(i + 1, g) / size - pull(i + 1, g)) / pairs;
    }
    g2.degrees_of_freedom = static_cast<double>(groups - 1);
    g2.error_method = fmt::format("jackknife over {} groups of pixels", groups);
    if (patches.too_small)
        g2.error_method += fmt::format(", too small: speckles of {:.1f} pixels reach over them", patches.speckle);
    errors_from_factor(g2);
    constexpr double noticeable = 0.3;
    double most = 0;
    for (std::size_t i = 0; i < g2.size(); ++i)
        if (g2.y[i] > 1 && g2.y_error[i] > 0)
            most = std::max(most, -ratio_bias(g2.y[i] - 1, g2.y[0] - 1, patches.speckles) / g2.y_error[i]);
    if (most > noticeable)
        g2.error_method += fmt::format(", few speckles: g2 is too small by up to {:.1f} of its error", most);
}

void raise_to_counting_noise(Curve& g2, const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels,
                             const std::vector<double>& scale) {
    constexpr double enough_photon_pairs = 100;
    const auto n = static_cast<double>(pixels.size());
    // N/S on average: frames without light have none.
    double lit = 0;
    double mean = 0;
    for (const double v : scale)
        if (v > 0) {
            lit += 1;
            mean += 1 / v;
        }
    mean /= lit;
    const auto few = [&](std::size_t lag) { return g2.weight[lag - 1] * n * mean * mean < enough_photon_pairs; };
    if (!few(g2.size())) return;
    if (!s.sparse())
        for (const float v : s.counts)
            if (v != std::floor(v)) return;
    std::size_t raised = 0;
    for (std::size_t lag = 1; lag <= g2.size(); ++lag) {
        if (!(g2.weight[lag - 1] > 0) || !few(lag)) continue;
        double sum = 0;
        for (std::size_t t = 0; t + lag < scale.size(); ++t) sum += scale[t] * scale[t + lag];
        const double least = std::sqrt(sum / n) / g2.weight[lag - 1];
        raised += g2.y_error[lag - 1] < least ? 1 : 0;
        g2.y_error[lag - 1] = std::max(g2.y_error[lag - 1], least);
    }
    if (raised > 0)
        g2.error_method += fmt::format(", raised to the counting noise at {} lags of few photon pairs", raised);
}

void add_pixel_jackknife(Curve& g2, const SpeckleSeries& s, const TwoTimeMap& map, std::int32_t region) {
    const auto active = active_pixels(s, region);
    const auto patches = jackknife_patches(s, active);
    if (patches.groups == 0) return;
    const auto pixels = in_patches(s, active, patches.groups);
    const auto scale = jackknife_scale(s, pixels);
    const auto own = group_lag_sums(s, pixels, patches.groups, scale);
    set_pixel_jackknife(g2, patches, pixels.size(), own, normalisation_pull(map, own.means));
    raise_to_counting_noise(g2, s, pixels, scale);
}

void add_frame_jackknife(Curve& g2, const TwoTimeMap& map) {
    constexpr std::size_t most_blocks = 20;
    const std::size_t n = map.frames;
    const std::size_t blocks = std::min(most_blocks, n / 2);
    if (blocks < 4) return;
    const auto lags = static_cast<Eigen::Index>(g2.size());
    Eigen::MatrixXd moved = Eigen::MatrixXd::Zero(lags, static_cast<Eigen::Index>(blocks));  // by leaving a block out
    std::vector<std::uint8_t> left_empty(g2.size(), 0);
    for (std::size_t b = 0; b < blocks; ++b) {
        const std::size_t first = b * n / blocks;
        const std::size_t last = (b + 1) * n / blocks;
        const auto inside = [&](std::size_t t) { return t >= first && t < last; };
        std::vector<double> sum(n, 0.0);
        std::vector<double> count(n, 0.0);
        for (std::size_t i = first; i < last; ++i)
            for (std::size_t j = 0; j < n; ++j) {
                if (j == i || (inside(j) && j < i)) continue;  // a pair inside the block counts once
                const double c = map(i, j);
                if (std::isnan(c)) continue;
                const std::size_t lag = i < j ? j - i : i - j;
                sum[lag] += c;
                count[lag] += 1;
            }
        for (std::size_t lag = 1; lag < n; ++lag) {
            const double pairs = g2.weight[lag - 1];
            const double rest = pairs - count[lag];
            if (rest <= 0) {
                left_empty[lag - 1] = 1;
                continue;
            }
            const double without = (pairs * g2.y[lag - 1] - sum[lag]) / rest;
            moved(static_cast<Eigen::Index>(lag) - 1, static_cast<Eigen::Index>(b)) = without - g2.y[lag - 1];
        }
    }
    set_jackknife(g2, moved, "blocks of frames");
    // Lags that live on one block alone have no error of their own.
    for (std::size_t i = 0; i < g2.size(); ++i)
        if (left_empty[i]) g2.y_error[i] = not_a_number;
}

}  // namespace vitrum::analysis
