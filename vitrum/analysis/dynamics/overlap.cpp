#include "vitrum/analysis/dynamics/overlap.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "vitrum/core/data/curve_errors.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

constexpr std::size_t parts = 16;          // of the atoms, each with counts of its own
constexpr std::size_t origin_groups = 10;  // of the jackknife over origins

struct Mean {
    double overlap = 0, susceptibility = 0;
};

// N times the variance of Q over the origins but those of group `left`.
Mean over_origins(const OverlapCounts& run, std::size_t lag, std::size_t groups, std::size_t left) {
    const auto& inside = run.inside[lag];
    const auto atoms = static_cast<double>(run.atoms);
    double n = 0;
    double sum = 0;
    double square = 0;
    for (std::size_t o = 0; o < inside.size(); ++o) {
        if (o * groups / inside.size() == left) continue;
        const double c = inside[o];
        ++n;
        sum += c;
        square += c * c;
    }
    const double mean = sum / n;
    return {mean / atoms, n > 1 ? (square - n * mean * mean) / ((n - 1) * atoms) : not_a_number};
}

// At each origin N times the variance over the runs but `left`; the mean over origins.
Mean over_runs(std::span<const OverlapCounts> runs, std::size_t lag, std::size_t left) {
    const auto atoms = static_cast<double>(runs[0].atoms);
    const std::size_t origins = runs[0].inside[lag].size();
    Mean all;
    for (std::size_t o = 0; o < origins; ++o) {
        double n = 0;
        double sum = 0;
        double square = 0;
        for (std::size_t r = 0; r < runs.size(); ++r) {
            if (r == left) continue;
            const double c = runs[r].inside[lag][o];
            ++n;
            sum += c;
            square += c * c;
        }
        all.overlap += sum / (n * atoms);
        all.susceptibility += n > 1 ? (square - sum * sum / n) / ((n - 1) * atoms) : not_a_number;
    }
    all.overlap /= static_cast<double>(origins);
    all.susceptibility /= static_cast<double>(origins);
    return all;
}

// NaN (a lag of one origin) is never the largest.
std::size_t largest(const std::vector<double>& y) {
    std::size_t at = 0;
    for (std::size_t i = 1; i < y.size(); ++i)
        if (y[i] > y[at] || std::isnan(y[at])) at = i;
    return at;
}

void add_peak(Findings& result, const std::string& note) {
    const Curve& chi = result.curves[1];
    const std::size_t at = largest(chi.y);
    for (Estimate e :
         {read_off(
              chi, "overlap_peak", [](const std::vector<double>& y) { return y[largest(y)]; }, note),
          read_off(
              chi, "overlap_peak_time", [&](const std::vector<double>& y) { return chi.x[largest(y)]; }, note)}) {
        if (at + 1 == chi.size()) {
            e.status = Status::decay_not_reached;
            e.note += "; largest at the last lag: no peak";
        } else if (at == 0) {
            e.status = Status::not_resolved;
            e.note += "; largest at the first lag: no peak";
        }
        result.estimates.push_back(std::move(e));
    }
}

}  // namespace

OverlapCounts overlap_counts(const Paths& paths, const LagOptions& options, double radius) {
    if (!(radius > 0)) throw InputError(fmt::format("radius = {}: must be positive, in angstrom", radius));
    OverlapCounts counts{paths.atoms, paths.interval, radius, lags_of(paths.frames, options), {}};
    std::vector<std::size_t> offset{0};
    for (const std::size_t lag : counts.lags)
        offset.push_back(offset.back() + origins_of(paths.frames, lag, options.origin_stride));
    const std::size_t at_once = (paths.blocks() + parts - 1) / parts;
    std::vector<std::vector<std::uint32_t>> part(parts, std::vector<std::uint32_t>(offset.back(), 0));
    const double a2 = radius * radius;
    for_each_block(paths.blocks(), at_once, [&](std::size_t p, std::size_t begin, std::size_t end) {
        for (std::size_t b = begin; b < end; ++b) {
            const std::vector<double> r = paths.positions(b);
            const auto filling = static_cast<std::uint32_t>(path_lanes - paths.members[b]);  // always at its place
            for (std::size_t i = 0; i < counts.lags.size(); ++i) {
                std::uint32_t* out = part[p].data() + offset[i];
                for (std::size_t t = 0; t + counts.lags[i] < paths.frames; t += options.origin_stride) {
                    const double* from = r.data() + t * 3 * path_lanes;
                    const double* to = r.data() + (t + counts.lags[i]) * 3 * path_lanes;
                    double within = 0;
                    for (std::size_t l = 0; l < path_lanes; ++l) {
                        const double x = to[l] - from[l];
                        const double y = to[path_lanes + l] - from[path_lanes + l];
                        const double z = to[2 * path_lanes + l] - from[2 * path_lanes + l];
                        within += x * x + y * y + z * z < a2 ? 1.0 : 0.0;
                    }
                    *out++ += static_cast<std::uint32_t>(within) - filling;
                }
            }
        }
    });
    for (std::size_t i = 0; i < counts.lags.size(); ++i) {
        std::vector<std::uint32_t> all(offset[i + 1] - offset[i], 0);
        for (const auto& p : part)  // whole numbers: the order does not matter
            for (std::size_t o = 0; o < all.size(); ++o) all[o] += p[offset[i] + o];
        counts.inside.push_back(std::move(all));
    }
    return counts;
}

Findings overlap(std::span<const OverlapCounts> runs) {
    if (runs.empty()) throw InputError("overlap: no run");
    const OverlapCounts& first = runs[0];
    for (const OverlapCounts& run : runs) {
        bool alike = run.atoms == first.atoms && run.lags == first.lags && run.radius == first.radius &&
                     std::abs(run.interval - first.interval) < 1e-3 * first.interval;
        for (std::size_t i = 0; alike && i < run.inside.size(); ++i)
            alike = run.inside[i].size() == first.inside[i].size();
        if (!alike) throw InputError("overlap: the runs differ in atoms, frames, lags or radius");
    }
    const bool several = runs.size() > 1;
    Curve mean = make_curve("overlap", "lag", "s", "Q", "");
    Curve chi = make_curve("overlap_susceptibility", "lag", "s", "chi4", "");
    const std::size_t fewest = first.inside.back().size();
    const std::size_t groups = several ? runs.size() : std::min(origin_groups, fewest / 2);
    const auto points = static_cast<Eigen::Index>(first.lags.size());
    Eigen::MatrixXd mean_left(points, static_cast<Eigen::Index>(groups));
    Eigen::MatrixXd chi_left = mean_left;
    const auto at = [&](std::size_t lag, std::size_t left) {
        return several ? over_runs(runs, lag, left) : over_origins(first, lag, std::max<std::size_t>(1, groups), left);
    };
    for (std::size_t i = 0; i < first.lags.size(); ++i) {
        const Mean all = at(i, runs.size() + origin_groups);
        mean.x.push_back(static_cast<double>(first.lags[i]) * first.interval);
        mean.y.push_back(all.overlap);
        chi.y.push_back(all.susceptibility);
        for (std::size_t g = 0; g < groups && groups > 1; ++g) {
            const Mean left = at(i, g);
            mean_left(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(g)) = left.overlap;
            chi_left(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(g)) = left.susceptibility;
        }
    }
    chi.x = mean.x;
    if (groups > 1) {
        const char* method = several ? "independent runs" : "blocks of time origins";
        set_jackknife(mean, mean_left, method);
        if (groups > 2) set_jackknife(chi, chi_left, method);
    }
    const std::string note =
        several
            ? fmt::format("variance over {} independent runs, a = {} angstrom", runs.size(), first.radius)
            : fmt::format("variance over the origins of one run: too low at long lags; a = {} angstrom", first.radius);
    Findings result;
    result.curves = {std::move(mean), std::move(chi)};
    add_peak(result, note);
    return result;
}

Findings overlap(const Trajectory& trajectory, const OverlapOptions& options) {
    const OverlapCounts counts = overlap_counts(paths_of(trajectory, options.paths), options.lags, options.radius);
    return overlap(std::span(&counts, 1));
}

}  // namespace vitrum::analysis
