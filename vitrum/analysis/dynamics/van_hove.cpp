#include "vitrum/analysis/dynamics/van_hove.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "vitrum/core/atoms/cell.hpp"
#include "vitrum/core/atoms/neighbours.hpp"
#include "vitrum/core/data/curve_errors.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

constexpr std::size_t origin_groups = 10;

std::vector<std::size_t> lags_of(const Paths& paths, const VanHoveOptions& options, std::size_t least) {
    std::vector<std::size_t> lags = options.lags;
    if (lags.empty()) {
        const auto longest = static_cast<double>(paths.frames / 2);
        for (int i = 0; i < 5; ++i) {
            const auto lag = static_cast<std::size_t>(std::llround(std::pow(std::max(1.0, longest), i / 4.0)));
            if (lags.empty() || lag > lags.back()) lags.push_back(lag);
        }
    }
    for (const std::size_t lag : lags)
        if (lag < least || lag >= paths.frames)
            throw InputError(
                fmt::format("lag = {} frames: between {} and {} in this run", lag, least, paths.frames - 1));
    return lags;
}

std::size_t bins_of(const VanHoveOptions& options) {
    if (!(options.bin > 0) || !(options.r_max > options.bin) || !(options.r_max / options.bin < 1e6))
        throw InputError(fmt::format("bin = {}, r_max = {} angstrom: need 0 < bin < r_max, fewer than a million bins",
                                     options.bin, options.r_max));
    if (options.origin_stride == 0 || options.distinct_origins == 0)
        throw InputError("origin_stride and distinct_origins: at least 1");
    return static_cast<std::size_t>(std::llround(std::floor(options.r_max / options.bin + 1e-9)));
}

// counts: groups x bins; expected: of each group and bin at density 1.
Curve histogram(Curve curve, const std::vector<double>& counts, const std::vector<double>& expected, std::size_t bins,
                double bin, const char* method) {
    const std::size_t groups = counts.size() / bins;
    std::vector<double> all(bins, 0.0);
    std::vector<double> due(bins, 0.0);
    for (std::size_t g = 0; g < groups; ++g)
        for (std::size_t i = 0; i < bins; ++i) {
            all[i] += counts[g * bins + i];
            due[i] += expected[g * bins + i];
        }
    for (std::size_t i = 0; i < bins; ++i) {
        curve.x.push_back((static_cast<double>(i) + 0.5) * bin);
        curve.y.push_back(all[i] / due[i]);
    }
    if (groups < 2) return curve;
    Eigen::MatrixXd left(static_cast<Eigen::Index>(bins), static_cast<Eigen::Index>(groups));
    for (std::size_t g = 0; g < groups; ++g)
        for (std::size_t i = 0; i < bins; ++i)
            left(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(g)) =
                (all[i] - counts[g * bins + i]) / (due[i] - expected[g * bins + i]);
    set_jackknife(curve, left, method);
    return curve;
}

// Fractional coordinates of the atoms at a frame, behind those already in `out`.
void append_frame(const Paths& paths, std::size_t frame, std::vector<double>& out) {
    for (std::size_t b = 0; b < paths.blocks(); ++b)
        for (std::size_t l = 0; l < paths.members[b]; ++l)
            for (std::size_t k = 0; k < 3; ++k) out.push_back(paths.at(b, frame)[k * path_lanes + l]);
}

}  // namespace

Findings van_hove_self(const Paths& paths, const VanHoveOptions& options) {
    const std::size_t bins = bins_of(options);
    const std::vector<std::size_t> lags = lags_of(paths, options, 1);
    const std::size_t groups = std::min(jackknife_groups, paths.blocks());
    // Whole numbers: groups deal out the blocks, any order of additions gives the same counts.
    std::vector<double> counts(groups * lags.size() * bins, 0.0);
    for_each_block(groups, 1, [&](std::size_t g, std::size_t, std::size_t) {
        for (std::size_t b = g; b < paths.blocks(); b += groups) {
            const std::vector<double> r = paths.positions(b);
            for (std::size_t i = 0; i < lags.size(); ++i) {
                double* out = counts.data() + (i * groups + g) * bins;
                for (std::size_t t = 0; t + lags[i] < paths.frames; t += options.origin_stride) {
                    const double* from = r.data() + t * 3 * path_lanes;
                    const double* to = r.data() + (t + lags[i]) * 3 * path_lanes;
                    for (std::size_t l = 0; l < paths.members[b]; ++l) {
                        const double x = to[l] - from[l];
                        const double y = to[path_lanes + l] - from[path_lanes + l];
                        const double z = to[2 * path_lanes + l] - from[2 * path_lanes + l];
                        const double place = std::sqrt(x * x + y * y + z * z) / options.bin;
                        if (place < static_cast<double>(bins)) ++out[static_cast<std::size_t>(place)];
                    }
                }
            }
        }
    });
    Findings result;
    for (std::size_t i = 0; i < lags.size(); ++i) {
        std::vector<double> expected(groups * bins);
        for (std::size_t g = 0; g < groups; ++g) {
            double pairs = 0;
            for (std::size_t b = g; b < paths.blocks(); b += groups)
                pairs +=
                    static_cast<double>(paths.members[b] * origins_of(paths.frames, lags[i], options.origin_stride));
            for (std::size_t k = 0; k < bins; ++k) expected[g * bins + k] = pairs * options.bin;
        }
        const auto begin = counts.begin() + static_cast<std::ptrdiff_t>(i * groups * bins);
        result.curves.push_back(histogram(
            make_curve(fmt::format("van_hove_self_{}", lags[i]), "r", "angstrom", "4 pi r^2 G_s", "1/angstrom"),
            {begin, begin + static_cast<std::ptrdiff_t>(groups * bins)}, expected, bins, options.bin,
            "groups of atoms"));
    }
    return result;
}

Findings van_hove_distinct(const Paths& paths, const VanHoveOptions& options) {
    const std::size_t bins = bins_of(options);
    const double reach = static_cast<double>(bins) * options.bin;
    Findings result;
    for (const std::size_t lag : lags_of(paths, options, 0)) {
        const std::size_t available = paths.frames - lag;
        const std::size_t origins = std::min(options.distinct_origins, available);
        std::vector<double> counts(origins * bins, 0.0);
        for (std::size_t o = 0; o < origins; ++o) {
            std::vector<double> both;
            both.reserve(6 * paths.atoms);
            append_frame(paths, o * available / origins, both);
            append_frame(paths, o * available / origins + lag, both);
            const CellList cells(paths.reference, both, reach);
            std::vector<double> part(cells.blocks() * bins, 0.0);
            for_each_block(cells.blocks(), 1, [&](std::size_t block, std::size_t, std::size_t) {
                double* out = part.data() + block * bins;
                cells.pairs(block, [&](std::size_t i, std::size_t j, const Vector3&, double r2) {
                    const bool earlier = i < paths.atoms;
                    if (earlier == (j < paths.atoms)) return;
                    if (earlier ? j - paths.atoms == i : i - paths.atoms == j) return;
                    const double place = std::sqrt(r2) / options.bin;
                    if (place < static_cast<double>(bins)) ++out[static_cast<std::size_t>(place)];
                });
            });
            for (std::size_t b = 0; b < cells.blocks(); ++b)
                for (std::size_t k = 0; k < bins; ++k) counts[o * bins + k] += part[b * bins + k];
        }
        const std::size_t groups = std::min(origin_groups, origins);
        std::vector<double> grouped(groups * bins, 0.0);
        std::vector<double> expected = grouped;
        const double density = static_cast<double>(paths.atoms * (paths.atoms - 1)) / volume(paths.reference);
        for (std::size_t o = 0; o < origins; ++o)
            for (std::size_t k = 0; k < bins; ++k) {
                const std::size_t to = o * groups / origins * bins + k;
                const double low = static_cast<double>(k) * options.bin;
                const double high = low + options.bin;
                grouped[to] += counts[o * bins + k];
                expected[to] += density * 4 / 3 * std::numbers::pi * (high * high * high - low * low * low);
            }
        result.curves.push_back(
            histogram(make_curve(fmt::format("van_hove_distinct_{}", lag), "r", "angstrom", "G_d/rho0", ""), grouped,
                      expected, bins, options.bin, "blocks of time origins"));
    }
    return result;
}

Findings van_hove(const Trajectory& trajectory, const VanHoveOptions& options) {
    const Paths paths = paths_of(trajectory, options.paths);
    Findings result = van_hove_self(paths, options);
    for (Curve& c : van_hove_distinct(paths, options).curves) result.curves.push_back(std::move(c));
    return result;
}

}  // namespace vitrum::analysis
