#include <algorithm>
#include <cmath>
#include <complex>
#include <numeric>

#include "vitrum/analysis/scattering/scattering_functions.hpp"
#include "vitrum/analysis/scattering/scattering_parts.hpp"
#include "vitrum/core/atoms/density_modes.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

// Amplitudes of each species, frames x species x wavevectors; a few frames at a time, to keep copies small.
std::vector<std::complex<double>> modes(const Paths& paths, const std::vector<Wavevector>& vectors, bool lab) {
    constexpr std::size_t at_once = 32;
    std::vector<int> species(paths.atoms);
    for (std::size_t p = 0; p < paths.atom.size(); ++p)
        if (paths.atom[p] < paths.atoms) species[paths.atom[p]] = static_cast<int>(paths.species[p / path_lanes]);
    std::vector<std::complex<double>> all;
    all.reserve(paths.frames * paths.elements.size() * vectors.size());
    for (std::size_t first = 0; first < paths.frames; first += at_once) {
        const std::size_t end = std::min(first + at_once, paths.frames);
        std::vector<AtomFrame> frames(end - first);
        for (AtomFrame& f : frames) f.fractional.resize(3 * paths.atoms);
        for_each_block(paths.blocks(), 8, [&](std::size_t, std::size_t b0, std::size_t b1) {
            for (std::size_t b = b0; b < b1; ++b) {
                const std::vector<double> s = phase_coordinates(paths, b, first, end, lab);
                for (std::size_t f = 0; f < frames.size(); ++f)
                    for (std::size_t l = 0; l < paths.members[b]; ++l)
                        for (std::size_t k = 0; k < 3; ++k)
                            frames[f].fractional[3 * paths.atom[b * path_lanes + l] + k] =
                                s[(f * 3 + k) * path_lanes + l];
            }
        });
        const auto part = density_modes(frames, species, paths.elements.size(), vectors);
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

struct Sums {
    std::vector<double> above, below;  // wavevectors x segments x lags
    std::vector<double> modulus;       // wavevectors x lags
};

// weight: wavevectors x species
Sums correlate(const Paths& paths, const std::vector<std::complex<double>>& rho, const std::vector<double>& weight,
               std::size_t vectors, const std::vector<std::size_t>& lags, std::size_t segments, std::size_t stride) {
    const std::size_t species = paths.elements.size();
    Sums sums;
    sums.above.assign(vectors * segments * lags.size(), 0.0);
    sums.below = sums.above;
    sums.modulus.assign(vectors * lags.size(), 0.0);
    for_each_block(vectors, 1, [&](std::size_t v, std::size_t, std::size_t) {
        std::vector<double> re(paths.frames, 0.0);
        std::vector<double> im(paths.frames, 0.0);
        for (std::size_t t = 0; t < paths.frames; ++t)
            for (std::size_t a = 0; a < species; ++a) {
                const std::complex<double>& mode = rho[(t * species + a) * vectors + v];
                re[t] += weight[v * species + a] * mode.real();
                im[t] += weight[v * species + a] * mode.imag();
            }
        for (std::size_t i = 0; i < lags.size(); ++i) {
            double real = 0;
            double imaginary = 0;
            for (std::size_t t = 0; t + lags[i] < paths.frames; t += stride) {
                const std::size_t u = t + lags[i];
                const std::size_t at = (v * segments + time_block(t, paths.frames, segments)) * lags.size() + i;
                const double product = re[u] * re[t] + im[u] * im[t];
                sums.above[at] += product;
                sums.below[at] += (re[t] * re[t] + im[t] * im[t] + re[u] * re[u] + im[u] * im[u]) / 2;
                real += product;
                imaginary += im[u] * re[t] - re[u] * im[t];
            }
            sums.modulus[v * lags.size() + i] = std::hypot(real, imaginary);
        }
    });
    return sums;
}

Curve curve_of(const std::string& name, const Paths& paths, const std::vector<std::size_t>& lags, const Sums& sums,
               std::size_t vectors, std::size_t segments) {
    const bool by_time = segments > 1;
    const std::size_t groups = by_time ? segments : std::min(jackknife_groups, vectors);
    std::vector<double> above(groups * lags.size(), 0.0);
    std::vector<double> below = above;
    for (std::size_t v = 0; v < vectors; ++v)
        for (std::size_t g = 0; g < segments; ++g)
            for (std::size_t i = 0; i < lags.size(); ++i) {
                const std::size_t to = (by_time ? g : v % groups) * lags.size() + i;
                above[to] += sums.above[(v * segments + g) * lags.size() + i];
                below[to] += sums.below[(v * segments + g) * lags.size() + i];
            }
    return ratio_curve(name, paths, lags, above, below, by_time ? "blocks of time" : "groups of wavevectors");
}

Curve modulus(const std::string& name, const Curve& like, const Sums& sums, std::size_t vectors, std::size_t segments) {
    Curve curve = make_curve(name, "lag", "s", "|F|", "");
    curve.x = like.x;
    for (std::size_t i = 0; i < like.size(); ++i) {
        double above = 0;
        double below = 0;
        for (std::size_t v = 0; v < vectors; ++v) {
            above += sums.modulus[v * like.size() + i];
            for (std::size_t g = 0; g < segments; ++g) below += sums.below[(v * segments + g) * like.size() + i];
        }
        curve.y.push_back(above / below);
    }
    return curve;
}

}  // namespace

Findings collective_scattering(const Paths& paths, const ScatteringOptions& options) {
    const std::vector<std::size_t> lags = lags_of(paths.frames, options.lags);
    const std::vector<Wavevector> vectors = shell(paths, options, options.collective_wavevectors);
    const std::size_t species = paths.elements.size();
    const std::size_t segments =
        options.errors == ScatteringErrors::time_blocks ? std::min(time_blocks, paths.frames) : 1;
    const std::string base = "collective_scattering_function";
    Findings result;
    for (const bool lab : {false, true}) {
        if (lab && paths.constant_cell) continue;
        const std::string end = lab ? "_lab" : "";
        const std::vector<std::complex<double>> rho = modes(paths, vectors, lab);
        const auto add = [&](const std::string& name, const std::vector<double>& weight) {
            const Sums sums = correlate(paths, rho, weight, vectors.size(), lags, segments, options.lags.origin_stride);
            result.curves.push_back(curve_of(name + end, paths, lags, sums, vectors.size(), segments));
            if (name == base)
                result.curves.push_back(
                    modulus(base + "_modulus" + end, result.curves.back(), sums, vectors.size(), segments));
        };
        add(base, std::vector<double>(vectors.size() * species, 1.0));
        if (!lab) result.estimates = relaxation(result.curves.front(), "collective", options.relaxation);
        for (std::size_t a = 0; a < species; ++a) {
            if (std::find(paths.species.begin(), paths.species.end(), a) == paths.species.end()) continue;
            std::vector<double> one(vectors.size() * species, 0.0);
            for (std::size_t v = 0; v < vectors.size(); ++v) one[v * species + a] = 1;
            add(base + "_" + paths.elements[a], one);
        }
        std::vector<double> electrons;
        for (const Wavevector& v : vectors)
            if (const auto f = form_factors(paths.elements, v.q))
                electrons.insert(electrons.end(), f->begin(), f->end());
        if (!electrons.empty()) add(base + "_xray", electrons);
    }
    return result;
}

Findings scattering_functions(const Trajectory& trajectory, const ScatteringOptions& options) {
    const Paths paths = paths_of(trajectory, options.paths);
    Findings result = self_scattering(paths, options);
    Findings collective = collective_scattering(paths, options);
    for (Curve& c : collective.curves) result.curves.push_back(std::move(c));
    for (Estimate& e : collective.estimates) result.estimates.push_back(std::move(e));
    return result;
}

}  // namespace vitrum::analysis
