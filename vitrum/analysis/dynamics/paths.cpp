#include "vitrum/analysis/dynamics/paths.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "vitrum/analysis/dynamics/followed_cells.hpp"
#include "vitrum/core/atoms/cell.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

double interval_of(const Trajectory& t) {
    if (t.frames.size() < 2)
        throw InputError(fmt::format("'{}' has {} frame(s): dynamics needs at least two", t.name, t.frames.size()));
    const double start = t.frames.front().time;
    const double interval = (t.frames.back().time - start) / static_cast<double>(t.frames.size() - 1);
    if (!(interval > 0)) throw InputError(fmt::format("the times of '{}' do not increase", t.name));
    for (std::size_t f = 1; f < t.frames.size(); ++f) {
        const double step = t.frames[f].time - t.frames[f - 1].time;
        if (std::abs(step - interval) < 1e-3 * interval &&
            std::abs(t.frames[f].time - start - static_cast<double>(f) * interval) < 1e-3 * interval)
            continue;
        // The two neighbouring steps that differ most.
        std::size_t at = 1;
        const auto length = [&](std::size_t g) { return t.frames[g].time - t.frames[g - 1].time; };
        for (std::size_t g = 1; g + 1 < t.frames.size(); ++g)
            if (std::abs(length(g + 1) - length(g)) > std::abs(length(at + 1) - length(at))) at = g;
        throw InputError(fmt::format(
            "frames of '{}' are not at equal intervals: {:.9g} s from frame {} to {}, {:.9g} s from frame {} "
            "to {}; write frames every fixed number of steps, or choose some with --set "
            "frames=FIRST:LAST:STRIDE",
            t.name, length(at), at - 1, at, length(at + 1), at, at + 1));
    }
    return interval;
}

void arrange(const Trajectory& t, Paths& paths) {
    std::vector<std::vector<std::size_t>> of(t.elements.size());
    for (std::size_t i = 0; i < t.atoms(); ++i) of.at(static_cast<std::size_t>(t.species[i])).push_back(i);
    for (std::size_t a = 0; a < of.size(); ++a)
        for (std::size_t begin = 0; begin < of[a].size(); begin += path_lanes) {
            const std::size_t end = std::min(begin + path_lanes, of[a].size());
            paths.members.push_back(end - begin);
            paths.species.push_back(a);
            for (std::size_t l = 0; l < path_lanes; ++l)
                paths.atom.push_back(begin + l < end ? of[a][begin + l] : t.atoms());
        }
}

void check(const Trajectory& t) {
    if (t.atoms() == 0) throw InputError(fmt::format("'{}' has no atoms", t.name));
    for (const int s : t.species)
        if (s < 0 || static_cast<std::size_t>(s) >= t.elements.size())
            throw InputError(fmt::format("'{}': species {} of {} elements", t.name, s, t.elements.size()));
    for (std::size_t f = 0; f < t.frames.size(); ++f)
        if (t.frames[f].fractional.size() != 3 * t.atoms())
            throw InputError(fmt::format("'{}': frame {} has {} coordinates for {} atoms", t.name, f,
                                         t.frames[f].fractional.size(), t.atoms()));
}

// The path of an atom in the followed cells, components path_lanes apart; the first frame after too long a step, or 0.
std::size_t follow_atom(const Trajectory& t, const FollowedCells& cells, std::size_t atom, double* out) {
    std::size_t bad = 0;
    Vector3 s{};
    for (std::size_t k = 0; k < 3; ++k) {
        const double first = t.frames[0].fractional[3 * atom + k];
        s[k] = out[k * path_lanes] = first - std::floor(first);
    }
    for (std::size_t f = 1; f < t.frames.size(); ++f) {
        const Vector3 step = fractional_step(t, cells, atom, f);
        for (const double x : step)
            if (!t.unwrapped && !(std::abs(x) <= longest_fractional_step) && bad == 0) bad = f;
        const Vector3 moved = product(cells.to_box[f], step);
        for (std::size_t k = 0; k < 3; ++k) out[(f * 3 + k) * path_lanes] = s[k] += moved[k];
    }
    return bad;
}

// Displacement of the centre of mass since the first frame, frames x 3, fractional.
std::vector<double> drift(const Trajectory& t, const Paths& paths) {
    const bool weighed = t.mass.size() == t.atoms();
    const std::size_t frames = paths.frames;
    std::vector<double> sum(paths.blocks() * frames * 3, 0.0);
    std::vector<double> mass(paths.blocks(), 0.0);
    for_each_block(paths.blocks(), 8, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t b = begin; b < end; ++b) {
            std::array<double, path_lanes> m{};
            for (std::size_t l = 0; l < paths.members[b]; ++l) {
                m[l] = weighed ? t.mass[paths.atom[b * path_lanes + l]] : 1.0;
                mass[b] += m[l];
            }
            const double* first = paths.at(b, 0);
            for (std::size_t f = 0; f < frames; ++f)
                for (std::size_t k = 0; k < 3; ++k)
                    for (std::size_t l = 0; l < paths.members[b]; ++l)
                        sum[(b * frames + f) * 3 + k] +=
                            m[l] * (paths.at(b, f)[k * path_lanes + l] - first[k * path_lanes + l]);
        }
    });
    const double all = std::accumulate(mass.begin(), mass.end(), 0.0);
    std::vector<double> moved(frames * 3, 0.0);
    for (std::size_t b = 0; b < paths.blocks(); ++b)
        for (std::size_t i = 0; i < moved.size(); ++i) moved[i] += sum[b * frames * 3 + i] / all;
    return moved;
}

}  // namespace

Paths paths_of(const Trajectory& t, const PathOptions& options) {
    check(t);
    Paths paths;
    paths.interval = interval_of(t);
    paths.frames = t.frames.size();
    paths.atoms = t.atoms();
    paths.elements = t.elements;
    paths.reference = t.frames.front().box;
    const FollowedCells cells = follow_cells(t);
    paths.box = cells.box;
    for (const CellMatrix& box : cells.box) paths.constant_cell = paths.constant_cell && box == paths.reference;
    arrange(t, paths);
    paths.s.assign(paths.blocks() * paths.frames * 3 * path_lanes, 0.0);
    std::vector<std::size_t> bad(paths.blocks() * path_lanes, 0);  // first frame after too long a step
    for_each_block(paths.blocks(), 1, [&](std::size_t b, std::size_t, std::size_t) {
        double* out = paths.s.data() + b * paths.frames * 3 * path_lanes;
        for (std::size_t l = 0; l < paths.members[b]; ++l) {
            const std::size_t i = paths.atom[b * path_lanes + l];
            if (cells.flips) {
                bad[b * path_lanes + l] = follow_atom(t, cells, i, out + l);
                continue;
            }
            for (std::size_t k = 0; k < 3; ++k) {
                const double first = t.frames[0].fractional[3 * i + k];
                const double start = first - std::floor(first);
                double sum = start;
                out[k * path_lanes + l] = start;
                for (std::size_t f = 1; f < paths.frames; ++f) {
                    const double now = t.frames[f].fractional[3 * i + k];
                    if (t.unwrapped) {
                        sum = start + (now - first);
                    } else {
                        double step = now - t.frames[f - 1].fractional[3 * i + k];
                        step -= std::nearbyint(step);
                        sum += step;
                        if (!(std::abs(step) <= longest_fractional_step) && bad[b * path_lanes + l] == 0)
                            bad[b * path_lanes + l] = f;
                    }
                    out[(f * 3 + k) * path_lanes + l] = sum;
                }
            }
        }
    });
    for (std::size_t p = 0; p < bad.size(); ++p)
        if (bad[p] > 0) refuse_long_step(t, paths.atom[p], bad[p]);
    if (options.remove_drift) {
        const std::vector<double> moved = drift(t, paths);
        for_each_block(paths.blocks(), 8, [&](std::size_t, std::size_t begin, std::size_t end) {
            for (std::size_t b = begin; b < end; ++b)
                for (std::size_t i = 0; i < paths.frames * 3; ++i)
                    for (std::size_t l = 0; l < paths.members[b]; ++l)
                        paths.s[(b * paths.frames * 3 + i) * path_lanes + l] -= moved[i];
        });
    }
    return paths;
}

std::vector<double> Paths::positions(std::size_t block) const {
    std::vector<double> r(frames * 3 * path_lanes);
    const CellMatrix& h = reference;
    for (std::size_t f = 0; f < frames; ++f) {
        const double* from = at(block, f);
        double* to = r.data() + f * 3 * path_lanes;
        for (std::size_t k = 0; k < 3; ++k)
            for (std::size_t l = 0; l < path_lanes; ++l)
                to[k * path_lanes + l] =
                    h[3 * k] * from[l] + h[3 * k + 1] * from[path_lanes + l] + h[3 * k + 2] * from[2 * path_lanes + l];
    }
    return r;
}

std::vector<std::size_t> lags_of(std::size_t frames, const LagOptions& options) {
    if (options.origin_stride == 0) throw InputError("origin_stride = 0: at least 1");
    const std::size_t longest = options.longest > 0 ? options.longest : std::max<std::size_t>(1, frames / 2);
    if (longest >= frames)
        throw InputError(
            fmt::format("a longest lag of {} frames in a run of {}: at most {}", longest, frames, frames - 1));
    std::vector<std::size_t> lags;
    if (options.per_decade == 0) {
        for (std::size_t lag = 1; lag <= longest; ++lag) lags.push_back(lag);
        return lags;
    }
    for (std::size_t i = 0;; ++i) {
        const double exact = std::pow(10.0, static_cast<double>(i) / static_cast<double>(options.per_decade));
        const auto lag = static_cast<std::size_t>(std::llround(exact));
        if (lag > longest) break;
        if (lags.empty() || lag > lags.back()) lags.push_back(lag);
    }
    if (lags.back() < longest) lags.push_back(longest);
    return lags;
}

}  // namespace vitrum::analysis
