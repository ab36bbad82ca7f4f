#include "vitrum/core/atoms/xray_peak.hpp"

#include <algorithm>
#include <cmath>

#include <Eigen/Dense>

#include "vitrum/core/atoms/density_modes.hpp"

namespace vitrum {

namespace {

std::vector<double> fractions_of(std::span<const int> species, std::size_t kinds) {
    std::vector<double> fractions;
    double others = 0;
    for (std::size_t s = 0; s + 1 < kinds; ++s) {
        const auto count = std::count(species.begin(), species.end(), static_cast<int>(s));
        fractions.push_back(static_cast<double>(count) / static_cast<double>(species.size()));
        others += fractions.back();
    }
    fractions.push_back(1 - others);
    return fractions;
}

}  // namespace

std::vector<std::complex<double>> xray_amplitudes(std::span<const AtomFrame> frames, std::span<const int> species,
                                                  std::span<const FormFactor> factors,
                                                  std::span<const Wavevector> vectors) {
    const std::size_t kinds = factors.size();
    const std::vector<std::complex<double>> modes = density_modes(frames, species, kinds, vectors);
    const std::size_t n = vectors.size();
    std::vector<std::complex<double>> result(frames.size() * n);
    for (std::size_t f = 0; f < frames.size(); ++f)
        for (std::size_t v = 0; v < n; ++v)
            for (std::size_t s = 0; s < kinds; ++s)
                result[f * n + v] += factors[s](vectors[v].q) * modes[(kinds * f + s) * n + v];
    return result;
}

double xray_structure_factor(double intensity_per_atom, std::span<const double> fractions,
                             std::span<const FormFactor> factors, double q) {
    double mean = 0;
    double mean_square = 0;
    for (std::size_t s = 0; s < factors.size(); ++s) {
        const double f = factors[s](q);
        mean += fractions[s] * f;
        mean_square += fractions[s] * f * f;
    }
    return (intensity_per_atom - (mean_square - mean * mean)) / (mean * mean);
}

XrayPeak first_xray_peak(std::span<const AtomFrame> frames, std::span<const int> species,
                         std::span<const FormFactor> factors, double q_low, double q_high) {
    constexpr double width = 0.04;  // [1/angstrom]
    constexpr double reach = 0.2;   // half width of the parabola's range
    constexpr std::size_t most_frames = 64;
    std::vector<AtomFrame> chosen;
    const std::size_t stride = (frames.size() + most_frames - 1) / most_frames;
    for (std::size_t f = 0; f < frames.size(); f += stride) chosen.push_back(frames[f]);
    const std::vector<Wavevector> vectors = wavevectors(chosen.front().box, q_low, q_high);
    const std::vector<std::complex<double>> amplitudes = xray_amplitudes(chosen, species, factors, vectors);

    const auto atoms = static_cast<double>(species.size());
    const std::vector<double> fractions = fractions_of(species, factors.size());
    const auto bins = static_cast<std::size_t>(std::ceil((q_high - q_low) / width));
    std::vector<double> sum(bins, 0.0);
    std::vector<double> q_sum(bins, 0.0);
    std::vector<double> count(bins, 0.0);
    for (std::size_t k = 0; k < vectors.size(); ++k) {
        double intensity = 0;
        for (std::size_t f = 0; f < chosen.size(); ++f) intensity += std::norm(amplitudes[f * vectors.size() + k]);
        const double q = vectors[k].q;
        const std::size_t b = std::min(bins - 1, static_cast<std::size_t>((q - q_low) / width));
        sum[b] += xray_structure_factor(intensity / static_cast<double>(chosen.size()) / atoms, fractions, factors, q);
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
    XrayPeak peak{q_sum[highest] / count[highest], height, false};

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

}  // namespace vitrum
