#include "vitrum/analysis/diffraction/structure_factor.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <span>

#include <fmt/format.h>

#include "vitrum/analysis/structure/pair_distribution.hpp"
#include "vitrum/analysis/structure/xray_weights.hpp"
#include "vitrum/core/atoms/density_modes.hpp"
#include "vitrum/core/atoms/wavevectors.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/numerics/statistics.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

struct Binned {
    std::vector<Wavevector> vectors;            // ordered by n, q the mean modulus over the frames
    std::vector<std::vector<std::size_t>> bin;  // indices of vectors
};

Binned choose(const Trajectory& t, const std::vector<std::size_t>& frames, const StructureFactorOptions& o) {
    if (!(o.q_bin > 0) || !(o.q_low >= 0) || !(o.q_high > o.q_low) || (o.q_high - o.q_low) / o.q_bin > 1e6)
        throw InputError(
            fmt::format("S(q) from {} to {} in bins of {} 1/angstrom cannot be made", o.q_low, o.q_high, o.q_bin));
    const CellMatrix& box = t.frames[frames[0]].box;
    std::vector<Wavevector> all = wavevectors(box, std::max(o.q_low, 1e-9), o.q_high);
    if (all.empty())
        throw InputError(
            fmt::format("the box of '{}' has no wavevector between {} and {} 1/angstrom", t.name, o.q_low, o.q_high));
    // Even choice within each bin, then the mean modulus of what is left.
    const auto bins = static_cast<std::size_t>(std::ceil((o.q_high - o.q_low) / o.q_bin - 1e-9));
    const auto bin_of = [&](double q) {
        const auto k = static_cast<std::ptrdiff_t>(std::floor((q - o.q_low) / o.q_bin));
        return static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(k, 0, static_cast<std::ptrdiff_t>(bins) - 1));
    };
    std::vector<std::size_t> members(bins, 0);
    for (const Wavevector& v : all) ++members[bin_of(v.q)];
    std::vector<std::size_t> seen(bins, 0);
    Binned result;
    for (const Wavevector& v : all) {
        const std::size_t b = bin_of(v.q);
        const std::size_t rank = seen[b]++;
        const std::size_t most = o.most_per_bin == 0 ? members[b] : std::min(o.most_per_bin, members[b]);
        // rank is taken if it is the first of its share: floor(rank m/M) steps there.
        if (rank * most / members[b] != (rank + 1) * most / members[b]) result.vectors.push_back(v);
    }
    const bool varies =
        std::any_of(frames.begin(), frames.end(), [&](std::size_t f) { return t.frames[f].box != box; });
    if (varies)
        for (Wavevector& v : result.vectors) {
            double sum = 0;
            for (const std::size_t f : frames) sum += modulus(t.frames[f].box, v.n);
            v.q = sum / static_cast<double>(frames.size());
        }
    std::vector<std::vector<std::size_t>> fine(bins);
    for (std::size_t v = 0; v < result.vectors.size(); ++v) fine[bin_of(result.vectors[v].q)].push_back(v);
    std::vector<std::size_t> open;
    for (const auto& list : fine) {
        open.insert(open.end(), list.begin(), list.end());
        if (open.size() < 3) continue;
        result.bin.push_back(std::move(open));
        open.clear();
    }
    if (!open.empty()) {
        if (result.bin.empty()) result.bin.emplace_back();
        result.bin.back().insert(result.bin.back().end(), open.begin(), open.end());
    }
    return result;
}

// Atoms of one element whose tables of phases fit into a core's cache together.
struct Tile {
    std::size_t species;
    std::vector<std::size_t> atoms;
};

std::vector<Tile> tiles_of(const std::vector<int>& species, std::size_t kinds) {
    constexpr std::size_t most = 128;
    std::vector<Tile> tiles;
    for (std::size_t a = 0; a < kinds; ++a) {
        tiles.push_back({a, {}});
        for (std::size_t i = 0; i < species.size(); ++i) {
            if (static_cast<std::size_t>(species[i]) != a) continue;
            if (tiles.back().atoms.size() == most) tiles.push_back({a, {}});
            tiles.back().atoms.push_back(i);
        }
    }
    return tiles;
}

// P_ab of each wavevector, pairs a <= b: time averages of Re rho_a rho_b^* / N. Tiles in parallel, summed in order.
std::vector<std::vector<double>> products(const Trajectory& t, const std::vector<std::size_t>& frames,
                                          const std::vector<Wavevector>& vectors, std::size_t kinds) {
    const std::vector<Tile> tiles = tiles_of(t.species, kinds);
    std::vector<std::vector<double>> p(kinds * (kinds + 1) / 2, std::vector<double>(vectors.size(), 0.0));
    const double scale = 1 / (static_cast<double>(t.atoms()) * static_cast<double>(frames.size()));
    std::vector<std::vector<std::complex<double>>> modes(tiles.size());
    for (const std::size_t f : frames) {
        for_each_block(tiles.size(), 1, [&](std::size_t k, std::size_t, std::size_t) {
            AtomFrame part;
            for (const std::size_t i : tiles[k].atoms)
                for (std::size_t axis = 0; axis < 3; ++axis)
                    part.fractional.push_back(t.frames[f].fractional[3 * i + axis]);
            const std::vector<int> alike(tiles[k].atoms.size(), 0);
            modes[k] = density_modes(std::span(&part, 1), alike, 1, vectors);
        });
        constexpr std::size_t block = 1024;
        for_each_block(vectors.size(), block, [&](std::size_t, std::size_t begin, std::size_t end) {
            std::vector<std::complex<double>> rho(kinds);
            for (std::size_t v = begin; v < end; ++v) {
                std::fill(rho.begin(), rho.end(), 0.0);
                for (std::size_t k = 0; k < tiles.size(); ++k) rho[tiles[k].species] += modes[k][v];
                std::size_t pair = 0;
                for (std::size_t a = 0; a < kinds; ++a)
                    for (std::size_t b = a; b < kinds; ++b, ++pair)
                        p[pair][v] += scale * (rho[a].real() * rho[b].real() + rho[a].imag() * rho[b].imag());
            }
        });
    }
    return p;
}

// Mean and standard error of one number per wavevector over the wavevectors of each bin.
template <class Value>
Curve binned_curve(const std::string& name, const std::string& y, const Binned& binned, Value&& value) {
    Curve curve = make_curve(name, "q", "1/angstrom", y, "");
    for (const auto& bin : binned.bin) {
        const auto n = static_cast<double>(bin.size());
        double q = 0;
        std::vector<double> values;
        for (const std::size_t v : bin) {
            q += binned.vectors[v].q / n;
            values.push_back(value(v));
        }
        curve.x.push_back(q);
        curve.y.push_back(mean(values));
        curve.y_error.push_back(spread_of(values).error());
        curve.weight.push_back(n);
    }
    curve.error_method = "scatter of the time averages of a bin's wavevectors";
    return curve;
}

}  // namespace

StructureFactor structure_factor(const Trajectory& t, const StructureFactorOptions& options) {
    const std::vector<std::size_t> frames = chosen_frames(t, options.frames);
    const Binned binned = choose(t, frames, options);
    const std::vector<std::size_t> members = species_counts(t);
    const std::size_t kinds = members.size();
    const auto p = products(t, frames, binned.vectors, kinds);
    const auto n = static_cast<double>(t.atoms());

    StructureFactor result;
    result.curves.push_back(binned_curve("structure_factor", "S", binned, [&](std::size_t v) {
        double sum = 0;
        std::size_t pair = 0;
        for (std::size_t a = 0; a < kinds; ++a)
            for (std::size_t b = a; b < kinds; ++b, ++pair) sum += (a == b ? 1 : 2) * p[pair][v];
        return sum;
    }));
    std::vector<Curve> faber_ziman;
    std::size_t pair = 0;
    for (std::size_t a = 0; a < kinds; ++a)
        for (std::size_t b = a; b < kinds; ++b, ++pair) {
            if (members[a] == 0 || members[b] == 0) continue;
            const double c = std::sqrt(static_cast<double>(members[a]) * static_cast<double>(members[b])) / n;
            const double delta = a == b ? 1 : 0;
            const std::vector<double>& values = p[pair];
            result.curves.push_back(binned_curve(pair_name("structure_factor_AL_", t, a, b), "S, Ashcroft-Langreth",
                                                 binned, [&](std::size_t v) { return values[v] / c; }));
            faber_ziman.push_back(binned_curve(pair_name("structure_factor_FZ_", t, a, b), "S, Faber-Ziman", binned,
                                               [&](std::size_t v) { return 1 + (values[v] / c - delta) / c; }));
        }
    for (Curve& curve : faber_ziman) result.curves.push_back(std::move(curve));
    if (const XrayWeights weights(t); weights.known())
        result.curves.push_back(binned_curve("structure_factor_xray", "S, x-ray", binned, [&](std::size_t v) {
            const double q = binned.vectors[v].q;
            double intensity = 0;
            std::size_t k = 0;
            for (std::size_t a = 0; a < kinds; ++a)
                for (std::size_t b = a; b < kinds; ++b, ++k)
                    intensity += (a == b ? 1 : 2) * weights.form_factor(a, q) * weights.form_factor(b, q) * p[k][v];
            const double square = weights.mean(q) * weights.mean(q);
            return (intensity - (weights.mean_square(q) - square)) / square;
        }));
    double smallest = std::numeric_limits<double>::infinity();
    for (const Wavevector& v : binned.vectors) smallest = std::min(smallest, v.q);
    result.estimates.push_back(make_estimate("smallest_wavevector", {}, smallest, not_a_number, 0, Status::ok,
                                             "of the box, in the range asked for"));
    return result;
}

StructureFactor transformed_structure_factor(const Trajectory& t, const TransformedStructureFactorOptions& options) {
    PairDistributionOptions pairs;
    pairs.frames = options.frames;
    pairs.bin = options.bin;
    pairs.r_max = half_cell(t, chosen_frames(t, options.frames));
    const PairDistribution g = pair_distribution(t, pairs);
    StructureFactor result;
    const auto add = [&](const std::string& from, const std::string& to, const std::string& y) {
        Transformed s = structure_factor_of(curve_named(g.curves, from), g.density, options.transform);
        s.curve.name = to;
        s.curve.y_name = y;
        s.curve.error_method += "; " + s.note;
        result.curves.push_back(std::move(s.curve));
    };
    add("pair_distribution", "structure_factor_transform", "S");
    const std::vector<std::size_t> members = species_counts(t);
    const XrayWeights weights(t);
    Curve xray;
    for (std::size_t a = 0; a < members.size(); ++a)
        for (std::size_t b = a; b < members.size(); ++b) {
            if (members[a] == 0 || members[b] == 0 || (a == b && members[a] < 2)) continue;
            add(pair_name("pair_distribution_", t, a, b), pair_name("structure_factor_transform_FZ_", t, a, b),
                "S, Faber-Ziman");
            if (!weights.known()) continue;
            const Curve& partial = result.curves.back();
            if (xray.size() == 0) {
                xray = partial;
                xray.y.assign(partial.size(), 0.0);
                xray.covariance_factor.setZero();
            }
            for (std::size_t i = 0; i < partial.size(); ++i) {
                const double w = (a == b ? 1 : 2) * weights.pair(a, b, partial.x[i]);
                xray.y[i] += w * partial.y[i];
                const auto row = static_cast<Eigen::Index>(i);
                if (xray.covariance_factor.cols() > 0)
                    xray.covariance_factor.row(row) += w * partial.covariance_factor.row(row);
            }
        }
    if (xray.size() > 0) {
        xray.name = "structure_factor_transform_xray";
        xray.y_name = "S, x-ray";
        for (std::size_t i = 0; i < xray.y_error.size(); ++i) {
            double sum = 0;
            for (Eigen::Index b = 0; b < xray.covariance_factor.cols(); ++b)
                sum += std::pow(xray.covariance_factor(static_cast<Eigen::Index>(i), b), 2);
            xray.y_error[i] = std::sqrt(sum);
        }
        result.curves.push_back(std::move(xray));
    }
    return result;
}

}  // namespace vitrum::analysis
