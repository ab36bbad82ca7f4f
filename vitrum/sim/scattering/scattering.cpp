#include "vitrum/sim/scattering/scattering.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <Eigen/Dense>

#include "vitrum/core/atoms/density_modes.hpp"
#include "vitrum/core/atoms/form_factors.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::sim {

std::vector<std::complex<double>> xray_amplitudes(std::span<const Frame> frames, std::span<const int> species,
                                                  std::span<const Wavevector> vectors) {
    std::vector<int> index;
    for (const int s : species) index.push_back(s - 1);
    const std::vector<std::complex<double>> modes = density_modes(frames, index, 2, vectors);
    const std::size_t n = vectors.size();
    std::vector<std::complex<double>> result(frames.size() * n);
    for (std::size_t f = 0; f < frames.size(); ++f)
        for (std::size_t v = 0; v < n; ++v)
            result[f * n + v] =
                copper(vectors[v].q) * modes[2 * f * n + v] + zirconium(vectors[v].q) * modes[(2 * f + 1) * n + v];
    return result;
}

double structure_factor(double intensity_per_atom, double copper_fraction, double q) {
    const double cu = copper(q);
    const double zr = zirconium(q);
    const double mean = copper_fraction * cu + (1 - copper_fraction) * zr;
    const double mean_square = copper_fraction * cu * cu + (1 - copper_fraction) * zr * zr;
    return (intensity_per_atom - (mean_square - mean * mean)) / (mean * mean);
}

Peak first_peak(std::span<const Frame> frames, std::span<const int> species, double q_low, double q_high) {
    constexpr double width = 0.04;  // [1/angstrom]
    constexpr double reach = 0.2;   // half width of the parabola's range
    constexpr std::size_t most_frames = 64;
    std::vector<Frame> chosen;
    const std::size_t stride = (frames.size() + most_frames - 1) / most_frames;
    for (std::size_t f = 0; f < frames.size(); f += stride) chosen.push_back(frames[f]);
    const std::vector<Wavevector> vectors = wavevectors(chosen.front().box, q_low, q_high);
    const std::vector<std::complex<double>> amplitudes = xray_amplitudes(chosen, species, vectors);

    const auto atoms = static_cast<double>(species.size());
    const double c = static_cast<double>(std::count(species.begin(), species.end(), 1)) / atoms;
    const auto bins = static_cast<std::size_t>(std::ceil((q_high - q_low) / width));
    std::vector<double> sum(bins, 0.0);
    std::vector<double> q_sum(bins, 0.0);
    std::vector<double> count(bins, 0.0);
    for (std::size_t k = 0; k < vectors.size(); ++k) {
        double intensity = 0;
        for (std::size_t f = 0; f < chosen.size(); ++f) intensity += std::norm(amplitudes[f * vectors.size() + k]);
        const double q = vectors[k].q;
        const std::size_t b = std::min(bins - 1, static_cast<std::size_t>((q - q_low) / width));
        sum[b] += structure_factor(intensity / static_cast<double>(chosen.size()) / atoms, c, q);
        q_sum[b] += q;
        count[b] += 1;
    }
    // Highest bin after a running mean of three, so that one noisy bin does not win.
    std::size_t highest = 0;
    double height = -1;
    for (std::size_t b = 0; b < bins; ++b) {
        double s = 0;
        double n = 0;
        for (std::size_t k = b == 0 ? 0 : b - 1; k <= std::min(b + 1, bins - 1); ++k) s += sum[k], n += count[k];
        if (count[b] > 0 && s / n > height) highest = b, height = s / n;
    }
    Peak peak{q_sum[highest] / count[highest], height, false};

    // Parabola through the bins within reach, each weighted by its number of wavevectors.
    Eigen::Matrix3d normal = Eigen::Matrix3d::Zero();
    Eigen::Vector3d right = Eigen::Vector3d::Zero();
    for (std::size_t b = 0; b < bins; ++b) {
        if (count[b] == 0) continue;
        const double x = q_sum[b] / count[b] - peak.q;
        if (std::abs(x) > reach) continue;
        const Eigen::Vector3d row(1, x, x * x);
        normal += count[b] * row * row.transpose();
        right += row * sum[b];
    }
    const Eigen::Vector3d fit = normal.ldlt().solve(right);
    const double shift = -fit[1] / (2 * fit[2]);
    if (fit[2] < 0 && std::abs(shift) < reach && peak.q + shift > q_low && peak.q + shift < q_high)
        peak = {peak.q + shift, fit[0] + fit[1] * shift / 2, true};
    return peak;
}

QBins make_bins(std::span<const Wavevector> vectors, double width, std::size_t fewest) {
    std::vector<std::size_t> order(vectors.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return vectors[a].q != vectors[b].q ? vectors[a].q < vectors[b].q : a < b;
    });
    // Ends of the bins within `order`. Vectors of one modulus differ by rounding only and stay together.
    constexpr double same = 1e-9;
    std::vector<std::size_t> ends;
    std::size_t begin = 0;
    for (std::size_t i = 1; i < order.size(); ++i) {
        const double q = vectors[order[i]].q;
        const bool new_modulus = q - vectors[order[i - 1]].q > same;
        if (new_modulus && i - begin >= fewest && q - vectors[order[begin]].q >= width) ends.push_back(begin = i);
    }
    if (!order.empty()) ends.push_back(order.size());
    if (ends.size() > 1 && ends.back() - ends[ends.size() - 2] < fewest) ends.erase(ends.end() - 2);

    QBins bins{std::vector<std::size_t>(vectors.size()), ends.size(), order.size()};
    begin = 0;
    for (std::size_t b = 0; b < ends.size(); ++b) {
        for (std::size_t i = begin; i < ends[b]; ++i) bins.of[order[i]] = b;
        bins.fewest = std::min(bins.fewest, ends[b] - begin);
        begin = ends[b];
    }
    return bins;
}

std::vector<float> speckle_intensity(std::span<const std::complex<double>> amplitudes, std::size_t frames,
                                     const QBins& bins) {
    const std::size_t n = bins.of.size();
    std::vector<double> sum(bins.count, 0.0);
    std::vector<double> count(bins.count, 0.0);
    for (std::size_t k = 0; k < n; ++k) {
        double own = 0;
        for (std::size_t f = 0; f < frames; ++f) own += std::norm(amplitudes[f * n + k]);
        sum[bins.of[k]] += own;
        count[bins.of[k]] += static_cast<double>(frames);
    }
    std::vector<float> result(frames * n);
    for_each_block(frames, 16, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t f = begin; f < end; ++f)
            for (std::size_t k = 0; k < n; ++k) {
                const std::size_t b = bins.of[k];
                result[f * n + k] = static_cast<float>(std::norm(amplitudes[f * n + k]) * count[b] / sum[b]);
            }
    });
    return result;
}

void remove_drift(std::span<Frame> frames, std::span<const double> masses) {
    for_each_block(frames.size(), 16, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t f = begin; f < end; ++f) {
            std::array<double, 3> centre{};
            double mass = 0;
            for (std::size_t i = 0; i < masses.size(); ++i) {
                mass += masses[i];
                for (std::size_t k = 0; k < 3; ++k) centre[k] += masses[i] * frames[f].fractional[3 * i + k];
            }
            for (std::size_t i = 0; i < masses.size(); ++i)
                for (std::size_t k = 0; k < 3; ++k) frames[f].fractional[3 * i + k] -= centre[k] / mass;
        }
    });
}

}  // namespace vitrum::sim
