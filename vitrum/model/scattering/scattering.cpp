#include "vitrum/model/scattering/scattering.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "vitrum/core/parallel.hpp"

namespace vitrum::model {

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

void remove_drift(std::span<AtomFrame> frames, std::span<const double> masses) {
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

}  // namespace vitrum::model
