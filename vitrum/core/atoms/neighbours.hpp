// Pairs of atoms nearer than a cutoff in any periodic cell, triclinic or not, in O(N).
//
// Atoms are sorted into cells of about a third of the cutoff. The cutoff may exceed half the cell, or the cell: every
// image within it is a neighbour of its own, an atom's own images too. Distances at the cutoff or beyond do not count.
// Cells, their order and the blocks depend on the configuration alone, never on threads.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "vitrum/core/atoms/cell.hpp"
#include "vitrum/core/data/trajectory.hpp"

namespace vitrum {

class CellList {
public:
    // fractional: atoms x 3, wrapped or not. cutoff [angstrom] > 0. Throws std::invalid_argument for a flat cell, a
    // cutoff that is not positive and finite, coordinates that are not finite, 2^32 atoms.
    CellList(const CellMatrix& box, std::span<const double> fractional, double cutoff);

    // Atoms stand in places 0 .. atoms() - 1, cell by cell.
    [[nodiscard]] std::size_t atoms() const { return atom_.size(); }
    [[nodiscard]] double cutoff() const { return cutoff_; }
    [[nodiscard]] std::size_t atom(std::size_t place) const { return atom_[place]; }
    // Cartesian positions wrapped into the cell [angstrom], by place.
    [[nodiscard]] const double* x() const { return x_.data(); }
    [[nodiscard]] const double* y() const { return y_.data(); }
    [[nodiscard]] const double* z() const { return z_.data(); }

    // Blocks of cells of about equal numbers of atoms, for parallel loops with sums in fixed order.
    [[nodiscard]] std::size_t blocks() const { return block_begin_.size() - 1; }

    // Places begin .. end whose positions, moved by shift, may lie within the cutoff of the atom at `place`.
    struct Run {
        std::size_t place;
        std::size_t begin, end;
        Vector3 shift;  // [angstrom]
    };

    // visit(const Run&) for all candidates of the atoms of a block. half: each pair of atoms and images once; else
    // every neighbour of every atom, itself at shift 0 included.
    template <class Visit>
    void runs(std::size_t block, bool half, Visit&& visit) const;

    // visit(i, j, r, r2) once for each pair within the cutoff: r from atom i to the image of atom j, r2 = |r|^2.
    template <class Visit>
    void pairs(std::size_t block, Visit&& visit) const;

private:
    struct Row {  // cells (dx, dy, z_low .. z_high) relative to a cell
        int dx, dy, z_low, z_high;
    };
    void choose_cells(const CellMatrix& box, std::size_t atoms);
    void find_rows(const CellMatrix& box);
    void sort_atoms(const CellMatrix& box, std::span<const double> fractional);
    void cut_blocks();
    // Runs of cells along z with one periodic image: segment(begin, end, shift).
    template <class Segment>
    void segments(int cx, int cy, int cz, const Row& row, Segment&& segment) const;

    double cutoff_;
    CellMatrix box_;
    int nx_ = 1, ny_ = 1, nz_ = 1;
    std::vector<Row> full_, half_;
    std::vector<std::size_t> cell_begin_;   // places of each cell, and the end of the last
    std::vector<std::size_t> block_begin_;  // cells of each block, and the end of the last
    std::vector<std::uint32_t> atom_;
    std::vector<double> x_, y_, z_;
};

// Neighbours of all atoms, in order of atoms: those of i stand at offset[i] .. offset[i + 1] - 1, nearest first.
struct NeighbourTable {
    double cutoff = 0;                 // [angstrom]
    std::vector<std::size_t> offset;   // atoms + 1
    std::vector<std::uint32_t> index;  // atom
    std::vector<Vector3> vector;       // [angstrom] from i to that image of the neighbour

    [[nodiscard]] std::size_t atoms() const { return offset.size() - 1; }
    [[nodiscard]] std::size_t count(std::size_t i) const { return offset[i + 1] - offset[i]; }
    [[nodiscard]] std::span<const std::uint32_t> neighbours(std::size_t i) const {
        return std::span(index).subspan(offset[i], count(i));
    }
    [[nodiscard]] std::span<const Vector3> vectors(std::size_t i) const {
        return std::span(vector).subspan(offset[i], count(i));
    }
};

// Both directions of every pair; errors as CellList. Parallel over blocks.
[[nodiscard]] NeighbourTable neighbour_table(const CellMatrix& box, std::span<const double> fractional, double cutoff);

template <class Segment>
void CellList::segments(int cx, int cy, int cz, const Row& row, Segment&& segment) const {
    const auto wrap = [](int c, int n, int& image) {
        image = c >= 0 ? c / n : -((n - 1 - c) / n);
        return c - image * n;
    };
    int ix = 0;
    int iy = 0;
    int iz = 0;
    const int x = wrap(cx + row.dx, nx_, ix);
    const int y = wrap(cy + row.dy, ny_, iy);
    const std::size_t column =
        (static_cast<std::size_t>(x) * static_cast<std::size_t>(ny_) + static_cast<std::size_t>(y)) *
        static_cast<std::size_t>(nz_);
    for (int z = cz + row.z_low; z <= cz + row.z_high;) {
        const int first = wrap(z, nz_, iz);
        const int last = std::min(nz_ - 1, first + cz + row.z_high - z);
        const std::size_t begin = cell_begin_[column + static_cast<std::size_t>(first)];
        const std::size_t end = cell_begin_[column + static_cast<std::size_t>(last) + 1];
        if (begin != end)
            segment(begin, end,
                    product(box_, {static_cast<double>(ix), static_cast<double>(iy), static_cast<double>(iz)}));
        z += last - first + 1;
    }
}

template <class Visit>
void CellList::runs(std::size_t block, bool half, Visit&& visit) const {
    for (std::size_t cell = block_begin_[block]; cell < block_begin_[block + 1]; ++cell) {
        const std::size_t begin = cell_begin_[cell];
        const std::size_t end = cell_begin_[cell + 1];
        if (begin == end) continue;
        const int cz = static_cast<int>(cell % static_cast<std::size_t>(nz_));
        const int cy = static_cast<int>(cell / static_cast<std::size_t>(nz_) % static_cast<std::size_t>(ny_));
        const int cx = static_cast<int>(cell / static_cast<std::size_t>(nz_) / static_cast<std::size_t>(ny_));
        if (half)  // the cell itself: later places only
            for (std::size_t place = begin; place + 1 < end; ++place) visit(Run{place, place + 1, end, {0, 0, 0}});
        for (const Row& row : half ? half_ : full_)
            segments(cx, cy, cz, row, [&](std::size_t first, std::size_t last, const Vector3& shift) {
                for (std::size_t place = begin; place < end; ++place) visit(Run{place, first, last, shift});
            });
    }
}

template <class Visit>
void CellList::pairs(std::size_t block, Visit&& visit) const {
    runs(block, true, [&](const Run& run) {
        const double x = run.shift[0] - x_[run.place];
        const double y = run.shift[1] - y_[run.place];
        const double z = run.shift[2] - z_[run.place];
        for (std::size_t j = run.begin; j < run.end; ++j) {
            const Vector3 r{x_[j] + x, y_[j] + y, z_[j] + z};
            const double r2 = r[0] * r[0] + r[1] * r[1] + r[2] * r[2];
            if (r2 < cutoff_ * cutoff_) visit(atom_[run.place], atom_[j], r, r2);
        }
    });
}

}  // namespace vitrum
