#include "vitrum/validation/plan/plan_size.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "vitrum/core/data/map_entry_variance.hpp"

namespace vitrum::validation {

namespace {

constexpr double halfway = 0.3;  // |g1|^2 where g2 tells most of tau
constexpr double many = 1e9;     // photons: no counting noise
constexpr double least_pixels = 256;

struct Noise {
    double contrast;
    double speckle_area;  // [pixels], at least 1
    double frames;
    double memory;  // min(1, tau/T)

    [[nodiscard]] double speckle(double rho) const { return MapEntry{1, 1 / contrast, many}.variance(rho); }
    [[nodiscard]] double counting(double rho, double mu) const {
        return std::max(0.0, MapEntry{1, 1 / contrast, mu}.variance(rho) - speckle(rho));
    }
    // Variances of g2 and of one map entry, times N.
    [[nodiscard]] double of_g2(double mu) const {
        return counting(halfway, mu) / frames + speckle(halfway) * speckle_area * memory;
    }
    [[nodiscard]] double of_entry(double mu) const {
        const double at_tau = std::exp(-2.0);
        return counting(at_tau, mu) + speckle(at_tau) * speckle_area;
    }
};

// Between `low` and 1e6 photons; falling `noise`.
template <class Falling>
double count_where(Falling&& noise, double wanted, double low) {
    double high = 1e6;
    if (noise(low) <= wanted) return low;
    for (int i = 0; i < 200; ++i) {
        const double middle = std::sqrt(low * high);
        (noise(middle) > wanted ? low : high) = middle;
    }
    return high;
}

// Near-square sides: of exactly `wanted` pixels if it has such divisors.
void shape(double wanted, PlanSize& size) {
    const auto n = static_cast<std::size_t>(wanted);
    const auto side = static_cast<std::size_t>(std::sqrt(wanted));
    size.rows = size.columns = side;
    for (std::size_t r = side; 4 * r >= side; --r)
        if (n % r == 0) {
            size.rows = r;
            size.columns = n / r;
            return;
        }
}

void fewer_frames(const Experiment& e, const PlanLimits& limits, PlanSize& size) {
    const std::size_t wanted = (e.frames + limits.frames - 1) / limits.frames;
    const auto allowed = static_cast<std::size_t>(std::max(1.0, e.tau / e.frame_time / limits.frames_in_tau));
    size.bin = std::max<std::size_t>(1, std::min(wanted, allowed));
    size.frames = e.frames / size.bin;
    size.frame_time = e.frame_time * static_cast<double>(size.bin);
    size.binned_count = e.mean_count * static_cast<double>(size.bin);
    if (size.bin > 1)
        size.notes.push_back(fmt::format("{} frames are added up to one: {} frames of {:.4g} s.", size.bin, size.frames,
                                         size.frame_time));
    if (size.frames <= limits.most_frames) return;
    size.cut = static_cast<double>(limits.most_frames) / static_cast<double>(size.frames);
    size.notes.push_back(
        fmt::format("{} of {} frames are simulated ({:.3g} tau); errors are scaled by the root of the "
                    "ratio, {:.3g}.",
                    limits.most_frames, size.frames, static_cast<double>(limits.most_frames) * size.frame_time / e.tau,
                    std::sqrt(size.cut)));
    size.frames = limits.most_frames;
}

}  // namespace

PlanSize plan_size(const Experiment& e, const PlanLimits& limits) {
    PlanSize size;
    size.pixels = e.pixels;
    fewer_frames(e, limits, size);
    size.mean_count = size.binned_count;
    const auto frames = static_cast<double>(size.frames);
    const double modes = std::min(10.0, std::ceil(1 / e.contrast));
    const double affordable = limits.work / (frames * modes);
    const double most = std::max(least_pixels, std::min(static_cast<double>(limits.pixels), affordable));
    const double area = std::max(1.0, e.grain_radial) * std::max(1.0, e.grain_transverse);
    shape(std::max(1.0, std::min(e.pixels / area, most)), size);
    const double simulated = static_cast<double>(size.rows * size.columns);
    size.fit_factor = size.entry_factor = std::sqrt(size.cut);
    if (simulated == e.pixels) {
        size.entry_factor = 1;
        return size;
    }
    const double memory = std::min(1.0, e.tau / (frames * size.frame_time));
    const Noise real{e.contrast, area, frames, memory};
    const Noise independent{e.contrast, 1, frames, memory};
    const double wanted = real.of_g2(size.binned_count) / e.pixels * simulated;
    const auto g2 = [&](double mu) { return independent.of_g2(mu); };
    // No counts make up for the pixels: as much counting noise as noise of speckles.
    const double speckles = independent.of_g2(many);
    size.mean_count = count_where(g2, wanted > 1.02 * speckles ? wanted : 2 * speckles, size.binned_count);
    const double rest = std::sqrt(wanted / independent.of_g2(size.mean_count));
    size.fit_factor *= rest;
    size.entry_factor =
        std::sqrt(real.of_entry(size.binned_count) / e.pixels * simulated / independent.of_entry(size.mean_count));
    std::string text = fmt::format("{:.0f} of {:.0f} pixels are simulated", simulated, e.pixels);
    if (size.mean_count > 1.001 * size.binned_count)
        text +=
            fmt::format(", each with {:.4g} photons per frame in place of {:.4g}", size.mean_count, size.binned_count);
    if (area > 1)
        size.notes.push_back(
            fmt::format("Speckles of {:.3g} pixels are simulated as independent pixels with the noise "
                        "of both, speckles and photons.",
                        area));
    if (std::abs(rest - 1) < 0.01)
        text += ": the error of g2 stays the same.";
    else
        text += fmt::format(
            "; errors are scaled by {:.3g}, the 1/N law of variances. Biases and coverage are those "
            "simulated: a bias from noise falls as 1/N, too.",
            rest);
    size.notes.push_back(text);
    return size;
}

}  // namespace vitrum::validation
