#include "vitrum/analysis/dynamics/followed_cells.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "vitrum/core/atoms/cell.hpp"
#include "vitrum/core/error.hpp"

namespace vitrum::analysis {

CellMatrix times(const CellMatrix& a, const CellMatrix& b) {
    CellMatrix c{};
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j)
            for (std::size_t k = 0; k < 3; ++k) c[3 * i + j] += a[3 * i + k] * b[3 * k + j];
    return c;
}

namespace {

constexpr CellMatrix unit{1, 0, 0, 0, 1, 0, 0, 0, 1};

CellMatrix rounded(CellMatrix m) {
    for (double& x : m) x = std::nearbyint(x);
    return m;
}

double farthest(const CellMatrix& a, const CellMatrix& b) {
    double most = 0;
    for (std::size_t i = 0; i < 9; ++i) most = std::max(most, std::abs(a[i] - b[i]));
    return most;
}

// Whole numbers nearest to the change of the cell, now^-1 before, of the files' own cells: a followed one may be
// sheared so far that small changes are large in it. Edges that grow or shrink alone are no flip.
CellMatrix by_cells(const Trajectory& t, std::size_t frame) {
    const CellMatrix change = times(inverse(t.frames[frame].box), t.frames[frame - 1].box);
    CellMatrix k = rounded(change);
    double aside = 0;
    bool turned = false;
    for (std::size_t i = 0; i < 9; ++i)
        if (i % 4 != 0) {
            aside = std::max(aside, std::abs(change[i] - k[i]));
            turned = turned || k[i] != 0;
        }
    if (!turned) k = unit;
    if (aside > longest_fractional_step || std::abs(volume(k) - 1) > 1e-9)
        throw InputError(
            fmt::format("'{}': the cell changes by {:.2g} of an edge between frames {} and {}: a flip of the box "
                        "cannot be told from "
                        "a strain; take frames that are closer together",
                        t.name, aside, frame - 1, frame));
    return k;
}

// Whole numbers of the map s_now = A s_before + b of least squares over the atoms; false where they do not fix it or it
// is not near whole numbers.
bool by_atoms(const std::vector<double>& now, const std::vector<double>& before, CellMatrix& from_last) {
    const std::size_t atoms = before.size() / 3;
    Vector3 mean_now{};
    Vector3 mean_before{};
    for (std::size_t i = 0; i < before.size(); ++i) {
        mean_now[i % 3] += now[i] / static_cast<double>(atoms);
        mean_before[i % 3] += before[i] / static_cast<double>(atoms);
    }
    CellMatrix square{};
    CellMatrix mixed{};
    for (std::size_t i = 0; i < before.size(); i += 3)
        for (std::size_t a = 0; a < 3; ++a)
            for (std::size_t b = 0; b < 3; ++b) {
                const double s = before[i + b] - mean_before[b];
                square[3 * a + b] += (before[i + a] - mean_before[a]) * s;
                mixed[3 * a + b] += (now[i + a] - mean_now[a]) * s;
            }
    const double size = (square[0] + square[4] + square[8]) / 3;
    constexpr std::size_t fewest = 30;  // of fewer, steps of their own can look like a shear
    if (atoms < fewest || !(volume(square) > 1e-6 * size * size * size)) return false;
    const CellMatrix a = times(mixed, inverse(square));
    from_last = rounded(a);
    return farthest(a, from_last) < 0.25 && std::abs(volume(from_last) - 1) < 1e-9;
}

bool upright(const CellMatrix& h) { return h[1] == 0 && h[2] == 0 && h[3] == 0 && h[5] == 0 && h[6] == 0 && h[7] == 0; }

}  // namespace

FollowedCells follow_cells(const Trajectory& t) {
    FollowedCells out;
    for (std::size_t f = 0; f < t.frames.size(); ++f) {
        const AtomFrame& now = t.frames[f];
        CellMatrix from_last = unit;
        if (f > 0 && now.box != t.frames[f - 1].box && !(upright(now.box) && upright(t.frames[f - 1].box))) {
            const auto& before = t.frames[f - 1].fractional;
            const bool known =
                t.unwrapped && now.fractional.size() == before.size() && by_atoms(now.fractional, before, from_last);
            if (!known) from_last = by_cells(t, f);
        }
        const CellMatrix to_box = f == 0 ? unit : times(out.to_box.back(), rounded(inverse(from_last)));
        out.from_last.push_back(from_last);
        out.to_box.push_back(to_box);
        out.box.push_back(to_box == unit ? now.box : times(now.box, rounded(inverse(to_box))));
        out.flips = out.flips || to_box != unit || from_last != unit;
    }
    return out;
}

Vector3 fractional_step(const Trajectory& t, const FollowedCells& cells, std::size_t atom, std::size_t frame) {
    const double* now = &t.frames[frame].fractional[3 * atom];
    const double* last = &t.frames[frame - 1].fractional[3 * atom];
    Vector3 before{last[0], last[1], last[2]};
    if (cells.flips) before = product(cells.from_last[frame], before);
    Vector3 step{now[0] - before[0], now[1] - before[1], now[2] - before[2]};
    return t.unwrapped ? step : nearest_image(step);
}

void refuse_long_step(const Trajectory& t, std::size_t atom, std::size_t frame) {
    throw InputError(
        fmt::format("'{}' was wrapped and its frames are too far apart to follow the atoms: atom {} moves more "
                    "than {} of the cell before frame {}; write frames more often, or unwrapped positions",
                    t.name, atom < t.id.size() ? t.id[atom] : static_cast<long>(atom), longest_fractional_step, frame));
}

std::vector<double> fractional_displacements(const Trajectory& t, const FollowedCells& cells, std::size_t from,
                                             std::size_t to) {
    const std::size_t atoms = t.atoms();
    for (const AtomFrame& frame : t.frames)
        if (frame.fractional.size() != 3 * atoms)
            throw InputError(fmt::format("frames of '{}' hold other numbers of atoms", t.name));
    const auto place = [&](std::size_t frame, std::size_t i) {
        const double* s = &t.frames[frame].fractional[3 * i];
        return product(cells.to_box[frame], {s[0], s[1], s[2]});
    };
    std::vector<double> moved(3 * atoms, 0.0);
    const double sign = from < to ? 1 : -1;
    for (std::size_t i = 0; i < atoms; ++i) {
        const auto add = [&](const Vector3& step) {
            for (std::size_t k = 0; k < 3; ++k) moved[3 * i + k] += sign * step[k];
        };
        const std::size_t first = std::min(from, to);
        const std::size_t last = std::max(from, to);
        if (t.unwrapped) {
            const Vector3 a = place(first, i);
            const Vector3 b = place(last, i);
            add({b[0] - a[0], b[1] - a[1], b[2] - a[2]});
            continue;
        }
        for (std::size_t f = first + 1; f <= last; ++f) {
            const Vector3 step = fractional_step(t, cells, i, f);
            for (const double x : step)
                if (!(std::abs(x) <= longest_fractional_step)) refuse_long_step(t, i, f);
            add(product(cells.to_box[f], step));
        }
    }
    return moved;
}

}  // namespace vitrum::analysis
