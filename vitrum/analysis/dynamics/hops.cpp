#include "vitrum/analysis/dynamics/hops.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/numerics/statistics.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

double norm2(const Vector3& v) { return v[0] * v[0] + v[1] * v[1] + v[2] * v[2]; }

struct Halves {
    Vector3 before{}, after{};  // means of A and B
    double p = 0;
};

// Running sums of r and r^2 from the first position, so that they stay small.
class Running {
public:
    explicit Running(const std::vector<Vector3>& path) : first_(path.size() + 1), second_(path.size() + 1, 0.0) {
        for (std::size_t t = 0; t < path.size(); ++t) {
            Vector3 r{};
            for (std::size_t k = 0; k < 3; ++k) {
                r[k] = path[t][k] - path[0][k];
                first_[t + 1][k] = first_[t][k] + r[k];
            }
            second_[t + 1] = second_[t] + norm2(r);
        }
    }
    [[nodiscard]] Halves at(std::size_t t, std::size_t h) const {
        const auto n = static_cast<double>(h);
        Halves halves;
        Vector3 apart{};
        for (std::size_t k = 0; k < 3; ++k) {
            halves.before[k] = (first_[t][k] - first_[t - h][k]) / n;
            halves.after[k] = (first_[t + h][k] - first_[t][k]) / n;
            apart[k] = halves.after[k] - halves.before[k];
        }
        const double d2 = norm2(apart);
        const double spread_a = std::max(0.0, (second_[t] - second_[t - h]) / n - norm2(halves.before));
        const double spread_b = std::max(0.0, (second_[t + h] - second_[t]) / n - norm2(halves.after));
        halves.p = std::sqrt((spread_a + d2) * (spread_b + d2));
        return halves;
    }

private:
    std::vector<Vector3> first_;
    std::vector<double> second_;
};

std::vector<double> signal(const Running& sums, std::size_t frames, std::size_t h) {
    std::vector<double> p;
    for (std::size_t t = h; t + h <= frames; ++t) p.push_back(sums.at(t, h).p);
    return p;
}

// Largest of their surroundings of h on either side, the first of equals.
std::vector<std::size_t> peaks(const std::vector<double>& p, std::size_t h, double threshold) {
    std::vector<std::size_t> found;
    for (std::size_t t = 0; t < p.size(); ++t) {
        if (!(p[t] > threshold)) continue;
        bool top = true;
        for (std::size_t u = t > h ? t - h : 0; u < p.size() && u <= t + h && top; ++u)
            top = u < t ? p[u] < p[t] : p[u] <= p[t];
        if (top) found.push_back(t);
    }
    return found;
}

// A ratio of sums over groups of atoms with its jackknife error.
Estimate ratio(const char* quantity, const std::vector<double>& above, const std::vector<double>& below,
               std::string note) {
    double a = 0;
    double b = 0;
    for (std::size_t g = 0; g < above.size(); ++g) {
        a += above[g];
        b += below[g];
    }
    std::vector<double> left;
    for (std::size_t g = 0; g < above.size(); ++g)
        if (b - below[g] > 0) left.push_back((a - above[g]) / (b - below[g]));
    return make_estimate(quantity, {}, a / b, jackknife_error(left), static_cast<double>(left.size()) - 1, Status::ok,
                         std::move(note));
}

Curve lengths_of(const std::vector<Hop>& hops) {
    constexpr double bin = 0.1;
    Curve curve = make_curve("hop_length_distribution", "length", "angstrom", "density", "1/angstrom");
    std::vector<double> count;
    for (const Hop& hop : hops) {
        const auto k = static_cast<std::size_t>(std::sqrt(norm2(hop.displacement)) / bin);
        if (k >= count.size()) count.resize(k + 1, 0.0);
        ++count[k];
    }
    const auto all = static_cast<double>(hops.size());
    for (std::size_t k = 0; k < count.size(); ++k) {
        curve.x.push_back((static_cast<double>(k) + 0.5) * bin);
        curve.y.push_back(count[k] / (all * bin));
    }
    return curve;
}

}  // namespace

std::vector<double> hop_signal(const std::vector<Vector3>& path, std::size_t half_window) {
    if (half_window == 0 || path.size() < 2 * half_window) return {};
    return signal(Running(path), path.size(), half_window);
}

HopResult find_hops(const Paths& paths, const HopOptions& options) {
    const std::size_t h = options.half_window;
    if (h == 0 || 2 * h > paths.frames)
        throw InputError(
            fmt::format("half_window = {} frames: between 1 and {}, half of the run", h, paths.frames / 2));
    if (!(options.threshold > 0))
        throw InputError(fmt::format("threshold = {}: must be positive, in angstrom^2", options.threshold));
    std::vector<std::vector<Hop>> found(paths.blocks());
    for_each_block(paths.blocks(), 1, [&](std::size_t b, std::size_t, std::size_t) {
        const std::vector<double> r = paths.positions(b);
        std::vector<Vector3> path(paths.frames);
        for (std::size_t l = 0; l < paths.members[b]; ++l) {
            for (std::size_t t = 0; t < paths.frames; ++t)
                for (std::size_t k = 0; k < 3; ++k) path[t][k] = r[(t * 3 + k) * path_lanes + l];
            const Running sums(path);
            const std::vector<double> p = signal(sums, paths.frames, h);
            for (const std::size_t at : peaks(p, h, options.threshold)) {
                const Halves halves = sums.at(at + h, h);
                Hop hop{paths.atom[b * path_lanes + l], at + h, p[at], {}};
                for (std::size_t k = 0; k < 3; ++k) hop.displacement[k] = halves.after[k] - halves.before[k];
                found[b].push_back(hop);
            }
        }
    });
    HopResult out;
    const std::size_t groups = std::min(jackknife_groups, paths.blocks());
    const double seen = static_cast<double>(paths.frames - 2 * h + 1) * paths.interval;
    std::vector<double> count(groups, 0.0);
    std::vector<double> length(groups, 0.0);
    std::vector<double> time(groups, 0.0);
    for (std::size_t b = 0; b < paths.blocks(); ++b) {
        count[b % groups] += static_cast<double>(found[b].size());
        time[b % groups] += static_cast<double>(paths.members[b]) * seen;
        for (const Hop& hop : found[b]) {
            length[b % groups] += std::sqrt(norm2(hop.displacement));
            out.hops.push_back(hop);
        }
    }
    std::sort(out.hops.begin(), out.hops.end(),
              [](const Hop& a, const Hop& b) { return a.atom != b.atom ? a.atom < b.atom : a.frame < b.frame; });
    const std::string note =
        fmt::format("{} hops, p_hop above {} angstrom^2 in windows of {} frames; jackknife over {} groups of atoms",
                    out.hops.size(), options.threshold, 2 * h, groups);
    if (out.hops.empty()) {
        for (const char* quantity : {"hop_rate", "hop_length"})
            out.result.estimates.push_back(
                make_estimate(quantity, {}, not_a_number, not_a_number, 1, Status::no_data, note));
        return out;
    }
    out.result.curves.push_back(lengths_of(out.hops));
    out.result.estimates = {ratio("hop_rate", count, time, note), ratio("hop_length", length, count, note)};
    return out;
}

HopResult find_hops(const Trajectory& trajectory, const HopOptions& options) {
    return find_hops(paths_of(trajectory, options.paths), options);
}

}  // namespace vitrum::analysis
