#include "vitrum/model/scattering/reference.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include <boost/random/uniform_int_distribution.hpp>

#include "vitrum/core/numerics/statistics.hpp"
#include "vitrum/core/parallel.hpp"
#include "vitrum/core/stream.hpp"

namespace vitrum::model {

namespace {

constexpr std::size_t splits = 8;
constexpr std::size_t groups = 16;

// Correlation and its normalisation for every wavevector and lag, wavevectors x lags.
struct Correlations {
    std::size_t lags = 0;
    std::vector<double> product, norm;
};

Correlations correlate(std::span<const std::complex<double>> amplitudes, std::size_t frames, std::size_t vectors) {
    Correlations result{frames / 2, std::vector<double>(vectors * (frames / 2)), {}};
    result.norm = result.product;
    for_each_block(vectors, 1, [&](std::size_t k, std::size_t, std::size_t) {
        std::vector<double> re(frames);
        std::vector<double> im(frames);
        std::vector<double> running(frames + 1, 0.0);  // sum of |rho|^2 over the first t frames
        for (std::size_t t = 0; t < frames; ++t) {
            re[t] = amplitudes[t * vectors + k].real();
            im[t] = amplitudes[t * vectors + k].imag();
            running[t + 1] = running[t] + re[t] * re[t] + im[t] * im[t];
        }
        for (std::size_t lag = 1; lag <= result.lags; ++lag) {
            const std::size_t pairs = frames - lag;
            double sum = 0;
            for (std::size_t t = 0; t < pairs; ++t) sum += re[t] * re[t + lag] + im[t] * im[t + lag];
            const auto count = static_cast<double>(pairs);
            result.product[k * result.lags + lag - 1] = sum / count;
            result.norm[k * result.lags + lag - 1] = (running[pairs] + running[frames] - running[lag]) / (2 * count);
        }
    });
    return result;
}

std::vector<std::size_t> shuffled(std::vector<std::size_t> items, std::uint64_t block) {
    Stream stream({0, cell_id("sim/reference"), 0}, Purpose::bootstrap, block);
    for (std::size_t i = items.size(); i > 1; --i) {
        boost::random::uniform_int_distribution<std::size_t> pick(0, i - 1);
        std::swap(items[i - 1], items[pick(stream)]);
    }
    return items;
}

// |F|^2 at every lag from the wavevectors of each bin in `members`.
std::vector<double> squared(const Correlations& all, const std::vector<std::vector<std::size_t>>& members) {
    std::vector<double> result(all.lags, 0.0);
    double weight = 0;
    for (std::size_t b = 0; b < members.size(); ++b) {
        if (members[b].size() < 2) continue;
        const auto own = static_cast<double>(members[b].size());
        weight += own;
        for (std::size_t s = 0; s < splits; ++s) {
            const std::vector<std::size_t> order = shuffled(members[b], b * splits + s);
            std::array<std::vector<double>, 2> product{std::vector<double>(all.lags, 0.0),
                                                       std::vector<double>(all.lags, 0.0)};
            std::array<std::vector<double>, 2> norm = product;
            for (std::size_t i = 0; i < order.size(); ++i) {
                const std::size_t half = i < order.size() / 2 ? 0 : 1;
                for (std::size_t l = 0; l < all.lags; ++l) {
                    product[half][l] += all.product[order[i] * all.lags + l];
                    norm[half][l] += all.norm[order[i] * all.lags + l];
                }
            }
            for (std::size_t l = 0; l < all.lags; ++l)
                result[l] += own / splits * (product[0][l] / norm[0][l]) * (product[1][l] / norm[1][l]);
        }
    }
    for (double& value : result) value /= weight;
    return result;
}

}  // namespace

PairedReference reference(std::span<const std::complex<double>> amplitudes, std::size_t frames, const QBins& bins,
                          double frame_time) {
    const std::size_t vectors = bins.of.size();
    const Correlations all = correlate(amplitudes, frames, vectors);
    std::vector<std::vector<std::size_t>> members(bins.count);
    for (std::size_t k = 0; k < vectors; ++k) members[bins.of[k]].push_back(k);

    PairedReference result;
    result.group.resize(vectors);
    for (std::size_t b = 0; b < bins.count; ++b) {
        const std::vector<std::size_t> order = shuffled(members[b], (1ULL << 32) + b);
        for (std::size_t i = 0; i < order.size(); ++i) result.group[order[i]] = i % groups;
    }
    // The last entry is the full set; the others leave one group out.
    result.left_out.resize(groups + 1);
    for_each_block(groups + 1, 1, [&](std::size_t g, std::size_t, std::size_t) {
        std::vector<std::vector<std::size_t>> kept(bins.count);
        for (std::size_t k = 0; k < vectors; ++k)
            if (result.group[k] != g) kept[bins.of[k]].push_back(k);
        result.left_out[g] = squared(all, kept);
    });
    const std::vector<double> whole = std::move(result.left_out.back());
    result.left_out.pop_back();

    Curve& curve = result.g2;
    curve = make_curve("g2", "lag", "s", "g2", "");
    curve.error_method = "jackknife over 16 groups of wavevectors; lags are correlated";
    std::vector<double> at(groups);
    for (std::size_t l = 0; l < all.lags; ++l) {
        for (std::size_t g = 0; g < groups; ++g) at[g] = result.left_out[g][l];
        curve.x.push_back(static_cast<double>(l + 1) * frame_time);
        curve.y.push_back(1 + whole[l]);
        curve.y_error.push_back(jackknife_error(at));
        curve.weight.push_back(static_cast<double>((frames - l - 1) * vectors));
    }
    return result;
}

Curve reference_g2(std::span<const std::complex<double>> amplitudes, std::size_t frames, const QBins& bins,
                   double frame_time) {
    return reference(amplitudes, frames, bins, frame_time).g2;
}

}  // namespace vitrum::model
