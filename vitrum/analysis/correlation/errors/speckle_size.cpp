#include "vitrum/analysis/correlation/errors/speckle_size.hpp"

#include <algorithm>
#include <cmath>

#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

constexpr std::size_t most_reads = 5'000'000;
constexpr std::size_t most_events = 4'000'000;
constexpr std::size_t longest = 16;  // distance looked at [pixels]

struct Step {
    std::size_t rows, columns;
};

class Neighbours {
public:
    Neighbours(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels)
        : s_(s), pixels_(pixels), used_(s.pixels(), 0) {
        for (const auto p : pixels) used_[p] = 1;
        const std::size_t frames = s.sparse() ? s.frames * most_events / std::max<std::size_t>(1, s.index.size())
                                              : most_reads / std::max<std::size_t>(1, pixels.size());
        const std::size_t wanted = std::clamp<std::size_t>(frames, 1, s.frames);
        for (std::size_t k = 0; k < wanted; ++k) frames_.push_back(k * s.frames / wanted);
    }

    struct Mean {
        double value = 0;    // G
        double pairs = 0;    // of pixels in a frame
        double photons = 0;  // pairs of photons expected by chance in all frames
    };

    // G at each step; at {0, 0} of photon pairs within a pixel.
    [[nodiscard]] std::vector<Mean> at(const std::vector<Step>& steps) const {
        std::vector<Mean> out(steps.size());
        for (std::size_t k = 0; k < steps.size(); ++k)
            for (const auto p : pixels_) out[k].pairs += neighbour(p, steps[k]) ? 1 : 0;
        const std::size_t n = frames_.size();
        std::vector<double> sums(n * (steps.size() + 1), 0.0);
        for_each_block(n, 8, [&](std::size_t, std::size_t first, std::size_t last) {
            std::vector<float> frame(s_.sparse() ? s_.pixels() : 0, 0.0F);
            for (std::size_t i = first; i < last; ++i)
                one_frame(frames_[i], steps, frame, &sums[i * (steps.size() + 1)]);
        });
        std::size_t lit = 0;
        const auto size = static_cast<double>(pixels_.size());
        for (std::size_t i = 0; i < n; ++i) {
            const double* sum = &sums[i * (steps.size() + 1)];
            const double mean = sum[steps.size()] / size;
            if (!(mean > 0)) continue;
            ++lit;
            for (std::size_t k = 0; k < steps.size(); ++k) {
                out[k].value += sum[k] / (mean * mean);
                out[k].photons += out[k].pairs * mean * mean;
            }
        }
        for (auto& m : out) m.value /= m.pairs * static_cast<double>(lit);
        return out;
    }

private:
    [[nodiscard]] bool neighbour(std::uint32_t p, const Step& step) const {
        return p % s_.columns + step.columns < s_.columns && p / s_.columns + step.rows < s_.rows &&
               used_[p + step.rows * s_.columns + step.columns] != 0;
    }

    void visit(const float* frame, std::uint32_t p, const std::vector<Step>& steps, double* sum) const {
        const auto own = static_cast<double>(frame[p]);
        if (!(own > 0)) return;
        sum[steps.size()] += own;
        for (std::size_t k = 0; k < steps.size(); ++k) {
            const auto& step = steps[k];
            if (step.rows + step.columns == 0)
                sum[k] += own * (own - 1);
            else if (neighbour(p, step))
                sum[k] += own * static_cast<double>(frame[p + step.rows * s_.columns + step.columns]);
        }
    }

    // Sums of products for each step, then the sum of the frame. `scratch` is all 0 before and after; sparse only.
    void one_frame(std::size_t f, const std::vector<Step>& steps, std::vector<float>& scratch, double* sum) const {
        if (!s_.sparse()) {
            for (const auto p : pixels_) visit(s_.counts.data() + f * s_.pixels(), p, steps, sum);
            return;
        }
        const std::size_t first = s_.frame_ptr[f];
        const std::size_t last = s_.frame_ptr[f + 1];
        std::vector<std::uint32_t> lit;
        for (std::size_t e = first; e < last; ++e) {
            if (used_[s_.index[e]] == 0) continue;
            if (scratch[s_.index[e]] == 0) lit.push_back(s_.index[e]);
            scratch[s_.index[e]] += static_cast<float>(s_.intensity[e]);
        }
        std::sort(lit.begin(), lit.end());
        for (const auto p : lit) visit(scratch.data(), p, steps, sum);
        for (const auto p : lit) scratch[p] = 0;
    }

    const SpeckleSeries& s_;
    const std::vector<std::uint32_t>& pixels_;
    std::vector<std::uint8_t> used_;
    std::vector<std::size_t> frames_;
};

double along(const Neighbours& neighbours, double pixels, bool rows) {
    const auto step = [&](std::size_t d) { return rows ? Step{d, 0} : Step{0, d}; };
    const auto far_distance = std::max<std::size_t>(4, static_cast<std::size_t>(std::sqrt(pixels) / 4));
    const auto first = neighbours.at({step(0), step(far_distance), step(1)});
    const double far_away = first[1].pairs > pixels / 4 ? first[1].value : 1;
    const double own = first[0].value - far_away;
    if (!(own > 0) || !(first[2].pairs > 0)) return 1;
    // Noise of K: photon pairs by chance, and patterns that do not change (a speckle's square has a relative variance
    // of about one).
    const auto noise = [&](const Neighbours::Mean& m) {
        return std::hypot(1 / (own * std::sqrt(m.photons)), 1.5 / std::sqrt(m.pairs));
    };
    double size = 1;
    for (std::size_t d = 1; d <= longest; ++d) {
        const auto here = d == 1 ? first[2] : neighbours.at({step(d)})[0];
        if (!(here.pairs > 0)) break;
        const double k = std::min(1.0, (here.value - far_away) / own);
        if (!(k > 0.05 + (d == 1 ? 3 : 1) * noise(here))) break;
        size += 2 * k;
    }
    return size;
}

}  // namespace

SpeckleSize speckle_size(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels) {
    if (pixels.size() < 8) return {};
    const Neighbours neighbours(s, pixels);
    const auto n = static_cast<double>(pixels.size());
    return {along(neighbours, n, true), along(neighbours, n, false)};
}

}  // namespace vitrum::analysis
