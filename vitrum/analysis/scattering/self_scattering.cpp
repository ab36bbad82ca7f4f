#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <numbers>

#include "vitrum/analysis/scattering/scattering_functions.hpp"
#include "vitrum/analysis/scattering/scattering_parts.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

using Lanes = std::array<double, path_lanes>;
struct Phase {
    Lanes re, im;
};

void multiply(const Phase& a, const Phase& b, bool conjugate_b, Phase& out) {
    const double sign = conjugate_b ? -1 : 1;
    for (std::size_t l = 0; l < path_lanes; ++l) {
        const double b_im = sign * b.im[l];
        const double re = a.re[l] * b.re[l] - a.im[l] * b_im;
        out.im[l] = a.re[l] * b_im + a.im[l] * b.re[l];
        out.re[l] = re;
    }
}

// exp(2 pi i n.s) of one block, wavevectors x frames.
std::vector<Phase> phases_of(const Paths& paths, std::size_t block, const std::vector<Wavevector>& vectors, bool lab) {
    std::array<std::size_t, 3> most{};
    for (const Wavevector& v : vectors)
        for (std::size_t k = 0; k < 3; ++k) most[k] = std::max(most[k], static_cast<std::size_t>(std::abs(v.n[k])));
    const std::vector<double> s = phase_coordinates(paths, block, 0, paths.frames, lab);
    std::vector<Phase> out(vectors.size() * paths.frames);
    std::array<std::vector<Phase>, 3> power;
    for (std::size_t k = 0; k < 3; ++k) power[k].resize(most[k] + 2);
    Phase plane{};
    for (std::size_t f = 0; f < paths.frames; ++f) {
        for (std::size_t k = 0; k < 3; ++k) {
            for (std::size_t l = 0; l < path_lanes; ++l) {
                const double turn = 2 * std::numbers::pi * s[(f * 3 + k) * path_lanes + l];
                power[k][0].re[l] = 1;
                power[k][0].im[l] = 0;
                power[k][1].re[l] = std::cos(turn);
                power[k][1].im[l] = std::sin(turn);
            }
            for (std::size_t m = 2; m <= most[k]; ++m) multiply(power[k][m - 1], power[k][1], false, power[k][m]);
        }
        const auto at = [&](std::size_t k, int n) -> const Phase& {
            return power[k][static_cast<std::size_t>(std::abs(n))];
        };
        for (std::size_t v = 0; v < vectors.size(); ++v) {
            const auto [x, y, z] = vectors[v].n;  // x >= 0 in the half space
            Phase& p = out[v * paths.frames + f];
            multiply(at(0, x), at(1, y), y < 0, plane);
            multiply(plane, at(2, z), z < 0, p);
            for (std::size_t l = paths.members[block]; l < path_lanes; ++l) p.re[l] = p.im[l] = 0;
        }
    }
    return out;
}

struct Sums {
    std::size_t segments = 1;
    std::vector<double> real;      // blocks x segments x lags: sum over wavevectors
    std::vector<double> imagined;  // blocks x wavevectors x lags x (real, imaginary)
};

Sums correlate(const Paths& paths, const std::vector<Wavevector>& vectors, const std::vector<std::size_t>& lags,
               const ScatteringOptions& options, bool lab) {
    Sums sums;
    if (options.errors == ScatteringErrors::time_blocks) sums.segments = std::min(time_blocks, paths.frames);
    sums.real.assign(paths.blocks() * sums.segments * lags.size(), 0.0);
    sums.imagined.assign(paths.blocks() * vectors.size() * lags.size() * 2, 0.0);
    for_each_block(paths.blocks(), 1, [&](std::size_t b, std::size_t, std::size_t) {
        const std::vector<Phase> phases = phases_of(paths, b, vectors, lab);
        for (std::size_t v = 0; v < vectors.size(); ++v) {
            const Phase* p = phases.data() + v * paths.frames;
            for (std::size_t i = 0; i < lags.size(); ++i) {
                double* both = sums.imagined.data() + ((b * vectors.size() + v) * lags.size() + i) * 2;
                std::size_t t = 0;
                for (std::size_t g = 0; g < sums.segments; ++g) {
                    Lanes re{};
                    Lanes im{};
                    for (; t + lags[i] < paths.frames && time_block(t, paths.frames, sums.segments) == g;
                         t += options.lags.origin_stride) {
                        const Phase& from = p[t];
                        const Phase& to = p[t + lags[i]];
                        for (std::size_t l = 0; l < path_lanes; ++l) {
                            re[l] += to.re[l] * from.re[l] + to.im[l] * from.im[l];
                            im[l] += to.im[l] * from.re[l] - to.re[l] * from.im[l];
                        }
                    }
                    double real = 0;
                    double imaginary = 0;
                    for (std::size_t l = 0; l < path_lanes; ++l) {
                        real += re[l];
                        imaginary += im[l];
                    }
                    sums.real[(b * sums.segments + g) * lags.size() + i] += real;
                    both[0] += real;
                    both[1] += imaginary;
                }
            }
        }
    });
    return sums;
}

// Weight of each element: 1, 0 or 1 for one element, f^2.
Curve curve_of(const std::string& name, const Paths& paths, const std::vector<std::size_t>& lags, const Sums& sums,
               std::size_t vectors, const std::vector<double>& weight, const ScatteringOptions& options) {
    std::vector<std::size_t> blocks;
    for (std::size_t b = 0; b < paths.blocks(); ++b)
        if (weight[paths.species[b]] > 0) blocks.push_back(b);
    const bool by_time = options.errors == ScatteringErrors::time_blocks;
    const std::size_t groups = by_time ? sums.segments : std::min(jackknife_groups, blocks.size());
    std::vector<double> above(groups * lags.size(), 0.0);
    std::vector<double> below = above;
    for (std::size_t k = 0; k < blocks.size(); ++k) {
        const std::size_t b = blocks[k];
        const double w = weight[paths.species[b]];
        for (std::size_t g = 0; g < sums.segments; ++g)
            for (std::size_t i = 0; i < lags.size(); ++i) {
                std::size_t origins = 0;
                if (!by_time) origins = origins_of(paths.frames, lags[i], options.lags.origin_stride);
                for (std::size_t t = 0; by_time && t + lags[i] < paths.frames; t += options.lags.origin_stride)
                    if (time_block(t, paths.frames, sums.segments) == g) ++origins;
                const std::size_t at = (by_time ? g : k % groups) * lags.size() + i;
                above[at] += w * sums.real[(b * sums.segments + g) * lags.size() + i];
                below[at] += w * static_cast<double>(paths.members[b] * vectors * origins);
            }
    }
    return ratio_curve(name, paths, lags, above, below, by_time ? "blocks of time" : "groups of atoms");
}

Curve modulus(const std::string& name, const Paths& paths, const std::vector<std::size_t>& lags, const Sums& sums,
              std::size_t vectors, std::size_t stride) {
    Curve curve = make_curve(name, "lag", "s", "|F|", "");
    for (std::size_t i = 0; i < lags.size(); ++i) {
        double sum = 0;
        for (std::size_t v = 0; v < vectors; ++v) {
            double re = 0;
            double im = 0;
            for (std::size_t b = 0; b < paths.blocks(); ++b) {
                re += sums.imagined[((b * vectors + v) * lags.size() + i) * 2];
                im += sums.imagined[((b * vectors + v) * lags.size() + i) * 2 + 1];
            }
            sum += std::hypot(re, im);
        }
        curve.x.push_back(static_cast<double>(lags[i]) * paths.interval);
        curve.y.push_back(sum / static_cast<double>(paths.atoms * vectors * origins_of(paths.frames, lags[i], stride)));
    }
    return curve;
}

}  // namespace

Findings self_scattering(const Paths& paths, const ScatteringOptions& options) {
    const std::vector<std::size_t> lags = lags_of(paths.frames, options.lags);
    const std::vector<Wavevector> vectors = shell(paths, options, options.self_wavevectors);
    double q = 0;
    for (const Wavevector& v : vectors) q += v.q / static_cast<double>(vectors.size());
    const std::string base = "self_scattering_function";
    Findings result;
    for (const bool lab : {false, true}) {
        if (lab && paths.constant_cell) continue;
        const std::string end = lab ? "_lab" : "";
        const Sums sums = correlate(paths, vectors, lags, options, lab);
        const auto add = [&](const std::string& name, const std::vector<double>& weight) {
            result.curves.push_back(curve_of(name + end, paths, lags, sums, vectors.size(), weight, options));
        };
        add(base, std::vector<double>(paths.elements.size(), 1.0));
        if (!lab) result.estimates = relaxation(result.curves.front(), "self", options.relaxation);
        for (std::size_t a = 0; a < paths.elements.size(); ++a) {
            if (std::find(paths.species.begin(), paths.species.end(), a) == paths.species.end()) continue;
            std::vector<double> one(paths.elements.size(), 0.0);
            one[a] = 1;
            add(base + "_" + paths.elements[a], one);
        }
        if (auto f = form_factors(paths.elements, q)) {
            for (double& x : *f) x *= x;
            add(base + "_xray", *f);
        }
        result.curves.push_back(
            modulus(base + "_modulus" + end, paths, lags, sums, vectors.size(), options.lags.origin_stride));
    }
    return result;
}

}  // namespace vitrum::analysis
