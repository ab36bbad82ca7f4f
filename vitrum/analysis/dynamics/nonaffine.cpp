#include "vitrum/analysis/dynamics/nonaffine.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "vitrum/analysis/dynamics/followed_cells.hpp"
#include "vitrum/core/atoms/cell.hpp"
#include "vitrum/core/atoms/neighbours.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

void add_outer(CellMatrix& m, const Vector3& a, const Vector3& b) {
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j) m[3 * i + j] += a[i] * b[j];
}

// r of the neighbours that stood at r0 from atom i.
std::vector<Vector3> after(const NeighbourTable& table, std::size_t i, const CellMatrix& before_inverse,
                           const CellMatrix& now_box, const std::vector<double>& moved) {
    std::vector<Vector3> r;
    for (std::size_t k = 0; k < table.count(i); ++k) {
        const std::size_t j = table.neighbours(i)[k];
        Vector3 s = product(before_inverse, table.vectors(i)[k]);
        for (std::size_t a = 0; a < 3; ++a) s[a] += moved[3 * j + a] - moved[3 * i + a];
        r.push_back(product(now_box, s));
    }
    return r;
}

void measure(const NeighbourTable& table, std::size_t i, const std::vector<Vector3>& r, Nonaffine& out) {
    const auto r0 = table.vectors(i);
    const std::size_t n = r0.size();
    CellMatrix x{};
    CellMatrix y{};
    for (std::size_t k = 0; k < n; ++k) {
        add_outer(x, r[k], r0[k]);
        add_outer(y, r0[k], r0[k]);
    }
    const double trace = y[0] + y[4] + y[8];
    if (n < 3 || !(volume(y) > 1e-6 * std::pow(trace / 3, 3))) return;
    const CellMatrix j = times(x, inverse(y));
    double sum = 0;
    for (std::size_t k = 0; k < n; ++k) {
        const Vector3 fitted = product(j, r0[k]);
        for (std::size_t a = 0; a < 3; ++a) sum += (r[k][a] - fitted[a]) * (r[k][a] - fitted[a]);
    }
    out.sum[i] = sum;
    out.per_neighbour[i] = sum / static_cast<double>(n);
    CellMatrix e{};  // (J^T J - 1)/2
    for (std::size_t a = 0; a < 3; ++a)
        for (std::size_t b = 0; b < 3; ++b) {
            for (std::size_t k = 0; k < 3; ++k) e[3 * a + b] += j[3 * k + a] * j[3 * k + b] / 2;
            if (a == b) e[3 * a + b] -= 0.5;
        }
    const auto square = [](double v) { return v * v; };
    out.volumetric[i] = (e[0] + e[4] + e[8]) / 3;
    out.shear[i] = std::sqrt(square(e[1]) + square(e[2]) + square(e[5]) +
                             (square(e[0] - e[4]) + square(e[4] - e[8]) + square(e[8] - e[0])) / 6);
}

Estimate mean_of(const char* quantity, const std::vector<double>& values, const std::string& note) {
    double n = 0;
    double sum = 0;
    for (const double v : values)
        if (std::isfinite(v)) {
            ++n;
            sum += v;
        }
    if (n < 2) return make_estimate(quantity, {}, not_a_number, not_a_number, 1, Status::no_data, note);
    double square = 0;
    for (const double v : values)
        if (std::isfinite(v)) square += (v - sum / n) * (v - sum / n);
    return make_estimate(quantity, {}, sum / n, std::sqrt(square / (n * (n - 1))), n - 1, Status::ok, note);
}

// A share with Wilson's interval: none of 432 above is not "exactly none".
Estimate share_of(const char* quantity, std::size_t above, std::size_t all, const std::string& note) {
    if (all < 2) return make_estimate(quantity, {}, not_a_number, not_a_number, 1, Status::no_data, note);
    const auto n = static_cast<double>(all);
    const double p = static_cast<double>(above) / n;
    Estimate e = make_estimate(quantity, {}, p, std::sqrt(p * (1 - p) / n), n - 1, Status::ok, note);
    const double z = normal_factor(e.level);
    const double centre = (p + z * z / (2 * n)) / (1 + z * z / n);
    const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    e.lower = std::max(0.0, centre - half);
    e.upper = std::min(1.0, centre + half);
    return e;
}

Nonaffine motion_in(const Trajectory& t, const FollowedCells& cells, const NonaffineOptions& options) {
    const AtomFrame& before = t.frames[options.reference];
    const std::size_t atoms = t.atoms();
    const std::vector<double> moved = fractional_displacements(t, cells, options.reference, options.current);
    const NeighbourTable table = neighbour_table(before.box, before.fractional, options.cutoff);
    const CellMatrix back = inverse(cells.box[options.reference]);
    const CellMatrix& now_box = cells.box[options.current];
    Nonaffine out;
    out.sum.assign(atoms, not_a_number);
    out.per_neighbour = out.shear = out.volumetric = out.sum;
    out.neighbours.resize(atoms);
    for_each_block(atoms, 64, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            out.neighbours[i] = static_cast<std::uint32_t>(table.count(i));
            measure(table, i, after(table, i, back, now_box, moved), out);
        }
    });
    for (const double d : out.per_neighbour)
        if (d > options.threshold) ++out.above;
    return out;
}

void expect_usable(const Trajectory& t, const NonaffineOptions& options) {
    if (!(options.cutoff > 0))
        throw InputError(fmt::format("cutoff = {}: must be positive, in angstrom", options.cutoff));
    for (const AtomFrame& frame : t.frames)
        if (frame.fractional.size() != 3 * t.atoms())
            throw InputError(fmt::format("nonaffine: frames of '{}' hold other numbers of atoms", t.name));
}

}  // namespace

Nonaffine nonaffine_motion(const Trajectory& t, const NonaffineOptions& options) {
    const std::size_t current = options.current == std::numeric_limits<std::size_t>::max() && !t.frames.empty()
                                    ? t.frames.size() - 1
                                    : options.current;
    if (options.reference >= t.frames.size() || current >= t.frames.size())
        throw InputError(fmt::format("nonaffine: frames {} and {} of '{}', which has {}", options.reference, current,
                                     t.name, t.frames.size()));
    expect_usable(t, options);
    NonaffineOptions between = options;
    between.current = current;
    return motion_in(t, follow_cells(t), between);
}

Findings nonaffine_steps(const Trajectory& t, const NonaffineOptions& options) {
    if (t.frames.size() < 2)
        throw InputError(
            fmt::format("nonaffine: '{}' has {} frame(s); steps are between two", t.name, t.frames.size()));
    expect_usable(t, options);
    const bool along = t.along.values.size() == t.frames.size();
    const FollowedCells cells = follow_cells(t);
    Findings result;
    Curve curve = make_curve("rearranged_atoms", along ? t.along.name : "step", along ? t.along.unit : "", "atoms", "");
    EventCatalogue found;
    found.name = "rearrangements";
    NonaffineOptions between = options;
    for (std::size_t f = 1; f < t.frames.size(); ++f) {
        between.reference = f - 1;
        between.current = f;
        const auto above = static_cast<double>(motion_in(t, cells, between).above);
        curve.x.push_back(along ? t.along.values[f] : static_cast<double>(f));
        curve.y.push_back(above);
        if (above > 0) found.size.push_back(above);
    }
    result.estimates = {
        mean_of("drop_participation", found.size,
                fmt::format("over {} of {} steps with an atom above {} angstrom^2; neighbours within {} angstrom",
                            found.events(), t.frames.size() - 1, options.threshold, options.cutoff))};
    result.curves.push_back(std::move(curve));
    result.data.emplace_back("rearrangements", std::move(found));
    return result;
}

Findings nonaffine(const Trajectory& trajectory, const NonaffineOptions& options) {
    const Nonaffine motion = nonaffine_motion(trajectory, options);
    std::vector<double> sorted;
    for (const double d : motion.per_neighbour)
        if (std::isfinite(d)) sorted.push_back(d);
    std::sort(sorted.begin(), sorted.end());
    Findings result;
    Curve curve = make_curve("nonaffine_exceedance", "D2min per neighbour", "angstrom^2", "share of atoms above", "");
    constexpr int per_decade = 10;
    for (int i = -5 * per_decade; i <= 2 * per_decade && !sorted.empty(); ++i) {
        const double x = std::pow(10.0, static_cast<double>(i) / per_decade);
        const auto beyond = sorted.end() - std::upper_bound(sorted.begin(), sorted.end(), x);
        curve.x.push_back(x);
        curve.y.push_back(static_cast<double>(beyond) / static_cast<double>(sorted.size()));
    }
    result.curves.push_back(std::move(curve));
    const std::string note =
        fmt::format("neighbours within {} angstrom, {} of {} atoms; error takes atoms as independent", options.cutoff,
                    sorted.size(), trajectory.atoms());
    result.estimates = {mean_of("nonaffine_mean", motion.per_neighbour, note),
                        share_of("nonaffine_share", motion.above, sorted.size(),
                                 fmt::format("above {} angstrom^2; ", options.threshold) + note),
                        mean_of("shear_strain_mean", motion.shear, note)};
    return result;
}

}  // namespace vitrum::analysis
