#include "vitrum/analysis/structure/voronoi_cells.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>
#include <voro++/cell.hh>

#include "vitrum/core/atoms/neighbours.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

double length2(const Vector3& r) { return r[0] * r[0] + r[1] * r[1] + r[2] * r[2]; }

// Corners of a polyhedron that have shrunk together.
class Merged {
public:
    explicit Merged(std::size_t corners) : parent_(corners) { std::iota(parent_.begin(), parent_.end(), 0U); }
    std::size_t find(std::size_t a) {
        while (parent_[a] != a) a = parent_[a] = parent_[parent_[a]];
        return a;
    }
    void join(std::size_t a, std::size_t b) {
        a = find(a);
        b = find(b);
        parent_[std::max(a, b)] = std::min(a, b);
    }

private:
    std::vector<std::size_t> parent_;
};

struct Scratch {
    std::vector<int> ids, corners;
    std::vector<double> points;
};

Vector3 corner(const Scratch& s, int k) {
    const auto p = 3 * static_cast<std::size_t>(k);
    return {s.points[p], s.points[p + 1], s.points[p + 2]};
}

double area_of(const Scratch& s, std::span<const int> ring) {
    Vector3 sum{};
    const Vector3 origin = corner(s, ring[0]);
    for (std::size_t k = 1; k + 1 < ring.size(); ++k) {
        const Vector3 a = corner(s, ring[k]);
        const Vector3 b = corner(s, ring[k + 1]);
        const Vector3 u{a[0] - origin[0], a[1] - origin[1], a[2] - origin[2]};
        const Vector3 v{b[0] - origin[0], b[1] - origin[1], b[2] - origin[2]};
        sum[0] += u[1] * v[2] - u[2] * v[1];
        sum[1] += u[2] * v[0] - u[0] * v[2];
        sum[2] += u[0] * v[1] - u[1] * v[0];
    }
    return std::sqrt(length2(sum)) / 2;
}

// Faces, areas and edge counts of a finished cell.
VoronoiCell read_cell(voro::voronoicell_neighbor& cell, const NeighbourTable& table, std::size_t atom,
                      const VoronoiThresholds& limit, Scratch& s) {
    VoronoiCell out;
    cell.neighbors(s.ids);
    cell.face_vertices(s.corners);
    cell.vertices(s.points);
    out.volume = cell.volume();
    std::vector<std::span<const int>> rings;
    for (std::size_t at = 0; at < s.corners.size(); at += static_cast<std::size_t>(s.corners[at]) + 1)
        rings.push_back(std::span<const int>(s.corners).subspan(at + 1, static_cast<std::size_t>(s.corners[at])));
    for (std::size_t f = 0; f < rings.size(); ++f) {
        const auto k = static_cast<std::size_t>(s.ids[f]);
        out.face.push_back({table.neighbours(atom)[k], 0, area_of(s, rings[f]), table.vectors(atom)[k]});
        out.surface += out.face.back().area;
    }
    Merged merged(s.points.size() / 3);
    for (std::size_t f = 0; f < rings.size(); ++f) {
        const bool small = out.face[f].area < limit.face * out.surface;
        for (std::size_t k = 0; k < rings[f].size(); ++k) {
            const int a = rings[f][k];
            const int b = rings[f][(k + 1) % rings[f].size()];
            const Vector3 p = corner(s, a);
            const Vector3 q = corner(s, b);
            if (small || length2({p[0] - q[0], p[1] - q[1], p[2] - q[2]}) < limit.edge * limit.edge)
                merged.join(static_cast<std::size_t>(a), static_cast<std::size_t>(b));
        }
    }
    for (std::size_t f = 0; f < rings.size(); ++f) {
        int edges = 0;
        for (std::size_t k = 0; k < rings[f].size(); ++k)
            if (merged.find(static_cast<std::size_t>(rings[f][k])) !=
                merged.find(static_cast<std::size_t>(rings[f][(k + 1) % rings[f].size()])))
                ++edges;
        if (edges < 3) continue;
        out.face[f].edges = edges;
        ++out.faces;
        if (edges <= 6) ++out.index[static_cast<std::size_t>(edges) - 3];
    }
    return out;
}

// Whether all neighbours that can cut the cell of this atom stand in the table; then `out` is its cell.
bool cut(const NeighbourTable& table, std::size_t atom, std::span<const double> radius, double largest,
         const VoronoiThresholds& limit, voro::voronoicell_neighbor& cell, Scratch& scratch, VoronoiCell& out) {
    const double reach = table.cutoff;
    cell.init(-reach, reach, -reach, reach, -reach, reach);
    const double own = radius.empty() ? 0 : radius[atom] * radius[atom];
    const double most = radius.empty() ? 0 : largest * largest;
    // A plane of a neighbour at distance d lies no nearer than this, and farther for larger d.
    const auto nearest_plane = [&](double d2) { return (d2 + own - most) / (2 * std::sqrt(d2)); };
    double extent = std::sqrt(3.0) * reach;  // of the farthest corner
    const auto vectors = table.vectors(atom);
    const auto neighbours = table.neighbours(atom);
    for (std::size_t k = 0; k < vectors.size(); ++k) {
        const double d2 = length2(vectors[k]);
        if (nearest_plane(d2) > extent) break;
        const double other = radius.empty() ? 0 : radius[neighbours[k]] * radius[neighbours[k]];
        if (!cell.nplane(vectors[k][0], vectors[k][1], vectors[k][2], d2 + own - other, static_cast<int>(k))) {
            out = {};  // nothing is left of it
            return true;
        }
        if (k >= 8) extent = std::sqrt(cell.max_radius_squared()) / 2;  // voro++ keeps twice the coordinates
    }
    if (!(nearest_plane(reach * reach) > extent)) return false;
    out = read_cell(cell, table, atom, limit, scratch);
    return true;
}

}  // namespace

std::vector<VoronoiCell> voronoi_cells(const AtomFrame& frame, std::span<const double> radius,
                                       const VoronoiThresholds& thresholds) {
    const std::size_t atoms = frame.fractional.size() / 3;
    if (atoms == 0) throw InputError("Voronoi cells of no atoms");
    if (!radius.empty() && radius.size() != atoms)
        throw InputError(fmt::format("{} radii for {} atoms", radius.size(), atoms));
    if (!(thresholds.edge >= 0) || !(thresholds.face >= 0 && thresholds.face < 1))
        throw InputError(fmt::format("Voronoi thresholds: edge {} must not be negative, face {} must lie in 0 .. 1",
                                     thresholds.edge, thresholds.face));
    double largest = 0;
    for (const double r : radius) {
        if (!(r >= 0) || !std::isfinite(r)) throw InputError(fmt::format("a radius of {} angstrom", r));
        largest = std::max(largest, r);
    }
    std::vector<VoronoiCell> cells(atoms);
    std::vector<char> done(atoms, 0);
    double cutoff = 2.5 * std::cbrt(volume(frame.box) / static_cast<double>(atoms));
    // Atoms beside large holes need farther neighbours: all atoms are tabled again, only those cut again.
    while (true) {
        const NeighbourTable table = neighbour_table(frame.box, frame.fractional, cutoff);
        for_each_block(atoms, 256, [&](std::size_t, std::size_t begin, std::size_t end) {
            voro::voronoicell_neighbor cell;
            Scratch scratch;
            for (std::size_t i = begin; i < end; ++i)
                if (!done[i]) done[i] = cut(table, i, radius, largest, thresholds, cell, scratch, cells[i]) ? 1 : 0;
        });
        if (std::all_of(done.begin(), done.end(), [](char d) { return d != 0; })) return cells;
        cutoff *= 1.4;
    }
}

}  // namespace vitrum::analysis
