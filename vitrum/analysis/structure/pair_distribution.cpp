#include "vitrum/analysis/structure/pair_distribution.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

#include <fmt/format.h>

#include "vitrum/analysis/structure/curve_error.hpp"
#include "vitrum/analysis/structure/pair_counts.hpp"
#include "vitrum/analysis/structure/shells.hpp"
#include "vitrum/analysis/structure/xray_weights.hpp"
#include "vitrum/core/atoms/cell.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

using Values = std::vector<std::vector<double>>;  // frames x points

struct Pair {
    std::size_t a, b;
    double pairs;  // expected without structure
};

struct Counted {
    std::vector<Pair> pairs;
    std::vector<Values> g;  // pair by pair
    Values total;
    std::vector<std::vector<double>> found;  // pair by pair, summed over frames
    std::vector<double> volume;              // of each frame
};

Counted count(const Trajectory& t, const std::vector<std::size_t>& frames, const PairDistributionOptions& options,
              double r_max, std::size_t bins) {
    const std::vector<std::size_t> members = species_counts(t);
    const std::size_t kinds = members.size();
    const double self = options.like_pairs == LikePairs::n_minus_1 ? 1 : 0;
    Counted c;
    for (std::size_t a = 0; a < kinds; ++a)
        for (std::size_t b = a; b < kinds; ++b) {
            const auto na = static_cast<double>(members[a]);
            const auto nb = static_cast<double>(members[b]);
            c.pairs.push_back({a, b, a == b ? na * (na - self) / 2 : na * nb});
        }
    const auto n = static_cast<double>(t.atoms());
    const double all = n * (n - self) / 2;
    const double width = r_max / static_cast<double>(bins);
    std::vector<double> shell(bins);
    for (std::size_t k = 0; k < bins; ++k) {
        const double low = width * static_cast<double>(k);
        const double high = low + width;
        shell[k] = 4 * std::numbers::pi / 3 * (high * high * high - low * low * low);
    }
    c.g.assign(c.pairs.size(), Values(frames.size(), std::vector<double>(bins, 0.0)));
    c.total.assign(frames.size(), std::vector<double>(bins, 0.0));
    c.found.assign(c.pairs.size(), std::vector<double>(bins, 0.0));
    c.volume.assign(frames.size(), 0.0);
    for_each_block(frames.size(), 1, [&](std::size_t f, std::size_t, std::size_t) {
        const AtomFrame& frame = t.frames[frames[f]];
        const auto counts = pair_counts(frame, t.species, kinds, r_max, bins);
        c.volume[f] = volume(frame.box);
        for (std::size_t p = 0; p < c.pairs.size(); ++p)
            for (std::size_t k = 0; k < bins; ++k) {
                const auto [a, b, expected] = c.pairs[p];
                std::uint64_t found = counts[(a * kinds + b) * bins + k];
                if (a != b) found += counts[(b * kinds + a) * bins + k];
                const double scaled = static_cast<double>(found) * c.volume[f] / shell[k];
                c.g[p][f][k] = expected > 0 ? scaled / expected : 0;
                c.total[f][k] += all > 0 ? scaled / all : 0;
            }
    });
    for (std::size_t p = 0; p < c.pairs.size(); ++p)
        for (std::size_t k = 0; k < bins; ++k)
            for (std::size_t f = 0; f < frames.size(); ++f)
                c.found[p][k] += c.g[p][f][k] * c.pairs[p].pairs * shell[k] / c.volume[f];
    return c;
}

Curve make(const std::string& curve_name, const std::vector<double>& r, const Values& values, const std::string& y) {
    Curve curve = make_curve(curve_name, "r", "angstrom", y, "");
    curve.x = r;
    average_frames(curve, values);
    return curve;
}

Curve reduced(const std::string& curve_name, const std::vector<double>& r, const Values& g,
              const std::vector<double>& density, const std::string& y) {
    Values values = g;
    for (std::size_t f = 0; f < g.size(); ++f)
        for (std::size_t k = 0; k < r.size(); ++k)
            values[f][k] = 4 * std::numbers::pi * r[k] * density[f] * (g[f][k] - 1);
    Curve curve = make(curve_name, r, values, y);
    curve.y_unit = "1/angstrom^2";
    return curve;
}

// Means over +-reach bins, with the covariance of these means.
Curve smoothed(const Curve& g, std::size_t reach) {
    Curve out = g;
    if (reach == 0) return out;
    out.y_error.clear();
    for (std::size_t i = 0; i < g.size(); ++i) {
        const std::size_t first = i > reach ? i - reach : 0;
        const std::size_t last = std::min(i + reach, g.size() - 1);
        const auto count = static_cast<Eigen::Index>(last - first + 1);
        double sum = 0;
        for (std::size_t j = first; j <= last; ++j) sum += g.y[j];
        out.y[i] = sum / static_cast<double>(count);
        if (g.covariance_factor.size() > 0)
            out.covariance_factor.row(static_cast<Eigen::Index>(i)) =
                g.covariance_factor.middleRows(static_cast<Eigen::Index>(first), count).colwise().mean();
    }
    return out;
}

std::size_t highest(const Curve& g) {
    return static_cast<std::size_t>(std::max_element(g.y.begin(), g.y.end()) - g.y.begin());
}

struct Joined {
    std::size_t reach = 0;  // bins on either side
    double pairs = 0;       // under the peak
};

// Few pairs in a bin make a comb of g(r), whose highest tooth is no peak: bins are joined until the peak has enough
// pairs, up to +-0.2 angstrom.
Joined join_bins(const Curve& g) {
    constexpr double enough_pairs = 400;
    constexpr double longest_reach = 0.2;
    const double bin = g.size() > 1 ? g.x[1] - g.x[0] : longest_reach;
    for (Joined joined;; ++joined.reach) {
        const std::size_t top = highest(smoothed(g, joined.reach));
        joined.pairs = 0;
        for (std::size_t j = top > joined.reach ? top - joined.reach : 0;
             j <= std::min(top + joined.reach, g.size() - 1); ++j)
            joined.pairs += g.weight[j];
        if (joined.pairs >= enough_pairs || static_cast<double>(joined.reach + 1) * bin > longest_reach) return joined;
    }
}

// The parabola through the points above 80 % of the height, above 90 % where it does not hold for those.
void add_first_peak(std::vector<Estimate>& rows, const Curve& g, const Abscissa& where, double rejected_below) {
    constexpr double fewest_pairs = 25;
    constexpr std::array levels{0.8, 0.9};
    const Joined joined = join_bins(g);
    const double width = g.size() > 1 ? static_cast<double>(joined.reach) * (g.x[1] - g.x[0]) : 0;
    double low = 0;
    double high = std::numeric_limits<double>::infinity();
    if (joined.reach > 0) {  // the first that reaches half of the highest, as where shells are looked for
        const double first = shells(g, width).first_peak;
        low = first / 1.15;
        high = first * 1.15;
    }
    const Curve seen = smoothed(g, joined.reach);
    double level = levels.front();
    FitQuality quality = parabola_quality(seen, peak_points(seen, low, high, level));
    if (quality.rejected(rejected_below))
        if (const FitQuality nearer = parabola_quality(seen, peak_points(seen, low, high, levels.back()));
            std::isfinite(nearer.p)) {
            level = levels.back();
            quality = nearer;
        }
    const auto top =
        propagate(g, [&](const Curve& c) { return parabola_top(smoothed(c, joined.reach), low, high, level); });
    const bool found = std::isfinite(top.value[0]) && joined.pairs >= fewest_pairs;
    std::string note = fmt::format("parabola above {:.0f} % of the highest point; ", 100 * level);
    if (joined.reach > 0) note += fmt::format("smoothed over +-{:.3g} angstrom; ", width);
    if (joined.pairs < fewest_pairs) note += fmt::format("{} pairs under the peak are too few; ", joined.pairs);
    rows.push_back(make_estimate("first_peak_distance", where, found ? top.value[0] : not_a_number,
                                 found ? top.error[0] : not_a_number, top.degrees_of_freedom,
                                 judged_by(quality, rejected_below, found ? Status::ok : Status::no_data),
                                 fmt::format("{}{}; {}", note, g.error_method, describe(quality))));
    rows.push_back(quality_row("first_peak_p", where, quality));
}

}  // namespace

std::string_view name(LikePairs mode) { return mode == LikePairs::n_minus_1 ? "N-1" : "N"; }

const Curve& curve_named(const std::vector<Curve>& curves, std::string_view wanted) {
    for (const Curve& curve : curves)
        if (curve.name == wanted) return curve;
    throw std::out_of_range("no curve " + std::string(wanted));
}

double half_cell(const Trajectory& t, const std::vector<std::size_t>& frames) {
    double least = std::numeric_limits<double>::infinity();
    for (const std::size_t f : frames)
        for (const double d : face_distances(t.frames[f].box)) least = std::min(least, d / 2);
    return least;
}

PairDistribution pair_distribution(const Trajectory& t, const PairDistributionOptions& options) {
    const std::vector<std::size_t> frames = chosen_frames(t, options.frames);
    PairDistribution result;
    result.like_pairs = options.like_pairs;
    result.r_max = options.r_max;
    if (options.r_max == 0) {
        result.r_max = std::min(20.0, half_cell(t, frames));
    }
    if (!(options.bin > 0) || !(result.r_max > 0) || !(result.r_max / options.bin <= 1e6))
        throw InputError(fmt::format("g(r) to {} angstrom in bins of {} cannot be made", result.r_max, options.bin));
    const auto bins = static_cast<std::size_t>(std::max(1.0, std::floor(result.r_max / options.bin + 1e-9)));
    result.r_max = options.bin * static_cast<double>(bins);  // whole bins
    std::vector<double> r(bins);
    for (std::size_t k = 0; k < bins; ++k) r[k] = options.bin * (static_cast<double>(k) + 0.5);

    const Counted counted = count(t, frames, options, result.r_max, bins);
    std::vector<double> density;
    for (const double v : counted.volume) density.push_back(static_cast<double>(t.atoms()) / v);
    const std::string mode = fmt::format("like pairs {}", name(options.like_pairs));

    Curve total = make("pair_distribution", r, counted.total, "g, " + mode);
    total.weight.assign(bins, 0.0);
    for (const auto& found : counted.found)
        for (std::size_t k = 0; k < bins; ++k) total.weight[k] += found[k];
    result.estimates.push_back(average_frames("number_density", {}, density, ""));
    result.density = result.estimates[0].value;
    add_first_peak(result.estimates, total, {}, options.rejection_level);
    result.curves.push_back(std::move(total));

    for (std::size_t p = 0; p < counted.pairs.size(); ++p) {
        const auto [a, b, expected] = counted.pairs[p];
        if (expected <= 0) continue;
        Curve g = make(pair_name("pair_distribution_", t, a, b), r, counted.g[p], "g, " + mode);
        g.weight = counted.found[p];
        add_first_peak(result.estimates, g, {named("pair", static_cast<std::int64_t>(p), pair_name("", t, a, b))},
                       options.rejection_level);
        result.curves.push_back(std::move(g));
    }
    result.curves.push_back(reduced("reduced_pair_distribution", r, counted.total, density, "G, " + mode));
    if (const XrayWeights weights(t); weights.known()) {
        Values xray(frames.size(), std::vector<double>(bins, 0.0));
        for (std::size_t p = 0; p < counted.pairs.size(); ++p) {
            const auto [a, b, expected] = counted.pairs[p];
            const double w = weights.pair(a, b, options.weights_q) * (a == b ? 1 : 2);
            for (std::size_t f = 0; f < frames.size(); ++f)
                for (std::size_t k = 0; k < bins; ++k) xray[f][k] += w * counted.g[p][f][k];
        }
        const std::string y = fmt::format("x-ray weights at q = {:g} 1/angstrom, {}", options.weights_q, mode);
        result.curves.push_back(make("pair_distribution_xray", r, xray, "g, " + y));
        result.curves.push_back(reduced("reduced_pair_distribution_xray", r, xray, density, "G, " + y));
    }
    return result;
}

}  // namespace vitrum::analysis
