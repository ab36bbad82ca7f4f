#include "vitrum/core/atoms/neighbours.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "vitrum/core/parallel.hpp"

namespace vitrum {

namespace {

constexpr double cells_per_cutoff = 3;
constexpr double atoms_per_cell = 4;     // finer cells cost more than they save
constexpr double atoms_per_block = 512;  // work of one task

// Upper triangular R of h = Q R: distances are those of R, and its rows bound a vector axis by axis.
CellMatrix triangular(const CellMatrix& h) {
    const Vector3 a{h[0], h[3], h[6]};
    const Vector3 b{h[1], h[4], h[7]};
    const Vector3 c{h[2], h[5], h[8]};
    const auto dot = [](const Vector3& u, const Vector3& v) { return u[0] * v[0] + u[1] * v[1] + u[2] * v[2]; };
    const double xx = std::sqrt(dot(a, a));
    const double xy = dot(a, b) / xx;
    const double xz = dot(a, c) / xx;
    const double yy = std::sqrt(dot(b, b) - xy * xy);
    const double yz = (dot(b, c) - xy * xz) / yy;
    return {xx, xy, xz, 0, yy, yz, 0, 0, volume(h) / (xx * yy)};
}

// No vector R u with u within the box low .. high is shorter.
double least_distance(const CellMatrix& r, const Vector3& low, const Vector3& high) {
    double sum = 0;
    for (std::size_t k = 0; k < 3; ++k) {
        double least = 0;
        double most = 0;
        for (std::size_t l = k; l < 3; ++l) {
            const double m = r[3 * k + l];
            least += std::min(m * low[l], m * high[l]);
            most += std::max(m * low[l], m * high[l]);
        }
        const double gap = std::max({least, -most, 0.0});
        sum += gap * gap;
    }
    return std::sqrt(sum);
}

double wrapped(double s) {
    const double w = s - std::floor(s);
    return w < 1 ? w : 0;  // -1e-17 would become 1
}

}  // namespace

CellList::CellList(const CellMatrix& box, std::span<const double> fractional, double cutoff)
    : cutoff_(cutoff), box_(box) {
    if (!(cutoff > 0) || !std::isfinite(cutoff))
        throw std::invalid_argument("the cutoff of a neighbour search must be positive, not " + std::to_string(cutoff));
    if (fractional.size() % 3 != 0 || fractional.size() / 3 >= std::numeric_limits<std::uint32_t>::max())
        throw std::invalid_argument("fractional coordinates of a neighbour search: three per atom");
    for (const double s : fractional)
        if (!std::isfinite(s)) throw std::invalid_argument("an atom's coordinate is not a finite number");
    choose_cells(box, fractional.size() / 3);
    find_rows(box);
    sort_atoms(box, fractional);
    cut_blocks();
}

void CellList::choose_cells(const CellMatrix& box, std::size_t atoms) {
    const Vector3 faces = face_distances(box);
    const double filled =
        std::cbrt(atoms_per_cell * volume(box) / static_cast<double>(std::max<std::size_t>(atoms, 1)));
    const double edge = std::max(cutoff_ / cells_per_cutoff, filled);
    const auto cells = [&](double face) { return static_cast<int>(std::clamp(std::floor(face / edge), 1.0, 1000.0)); };
    nx_ = cells(faces[0]);
    ny_ = cells(faces[1]);
    nz_ = cells(faces[2]);
}

void CellList::find_rows(const CellMatrix& box) {
    const Vector3 faces = face_distances(box);
    const CellMatrix r = triangular(box);
    const std::array<int, 3> n{nx_, ny_, nz_};
    std::array<int, 3> reach{};
    for (std::size_t k = 0; k < 3; ++k) reach[k] = static_cast<int>(cutoff_ * n[k] / faces[k]) + 1;
    const auto within = [&](int dx, int dy, int dz) {
        const Vector3 low{(dx - 1.0) / nx_, (dy - 1.0) / ny_, (dz - 1.0) / nz_};
        const Vector3 high{(dx + 1.0) / nx_, (dy + 1.0) / ny_, (dz + 1.0) / nz_};
        return least_distance(r, low, high) < cutoff_ * (1 + 1e-9);
    };
    for (int dx = -reach[0]; dx <= reach[0]; ++dx)
        for (int dy = -reach[1]; dy <= reach[1]; ++dy) {
            int low = reach[2] + 1;
            int high = -reach[2] - 1;
            for (int dz = -reach[2]; dz <= reach[2]; ++dz)
                if (within(dx, dy, dz)) {
                    low = std::min(low, dz);
                    high = std::max(high, dz);
                }
            if (low > high) continue;
            full_.push_back({dx, dy, low, high});
            if (dx > 0 || (dx == 0 && dy > 0)) half_.push_back({dx, dy, low, high});
            if (dx == 0 && dy == 0 && high > 0) half_.push_back({0, 0, 1, high});
        }
}

void CellList::sort_atoms(const CellMatrix& box, std::span<const double> fractional) {
    const std::size_t atoms = fractional.size() / 3;
    const auto place_in = [](double s, int n) {
        return static_cast<std::size_t>(std::min(static_cast<int>(s * n), n - 1));
    };
    std::vector<std::size_t> cell(atoms);
    cell_begin_.assign(
        static_cast<std::size_t>(nx_) * static_cast<std::size_t>(ny_) * static_cast<std::size_t>(nz_) + 1, 0);
    for (std::size_t i = 0; i < atoms; ++i) {
        cell[i] = (place_in(wrapped(fractional[3 * i]), nx_) * static_cast<std::size_t>(ny_) +
                   place_in(wrapped(fractional[3 * i + 1]), ny_)) *
                      static_cast<std::size_t>(nz_) +
                  place_in(wrapped(fractional[3 * i + 2]), nz_);
        ++cell_begin_[cell[i] + 1];
    }
    for (std::size_t c = 1; c < cell_begin_.size(); ++c) cell_begin_[c] += cell_begin_[c - 1];
    std::vector<std::size_t> next(cell_begin_.begin(), cell_begin_.end() - 1);
    atom_.resize(atoms);
    x_.resize(atoms);
    y_.resize(atoms);
    z_.resize(atoms);
    for (std::size_t i = 0; i < atoms; ++i) {
        const std::size_t place = next[cell[i]]++;
        const Vector3 position =
            product(box, {wrapped(fractional[3 * i]), wrapped(fractional[3 * i + 1]), wrapped(fractional[3 * i + 2])});
        atom_[place] = static_cast<std::uint32_t>(i);
        x_[place] = position[0];
        y_[place] = position[1];
        z_[place] = position[2];
    }
}

void CellList::cut_blocks() {
    block_begin_.push_back(0);
    const std::size_t cells = cell_begin_.size() - 1;
    for (std::size_t c = 1; c < cells; ++c)
        if (static_cast<double>(cell_begin_[c] - cell_begin_[block_begin_.back()]) >= atoms_per_block)
            block_begin_.push_back(c);
    block_begin_.push_back(cells);
}

NeighbourTable neighbour_table(const CellMatrix& box, std::span<const double> fractional, double cutoff) {
    const CellList cells(box, fractional, cutoff);
    struct Found {
        std::uint32_t i, j;
        double r2;
        Vector3 r;
    };
    std::vector<std::vector<Found>> found(cells.blocks());
    for_each_block(cells.blocks(), 1, [&](std::size_t block, std::size_t, std::size_t) {
        cells.runs(block, false, [&](const CellList::Run& run) {
            const double x = run.shift[0] - cells.x()[run.place];
            const double y = run.shift[1] - cells.y()[run.place];
            const double z = run.shift[2] - cells.z()[run.place];
            const bool home = run.shift == Vector3{0, 0, 0};
            for (std::size_t j = run.begin; j < run.end; ++j) {
                const Vector3 r{cells.x()[j] + x, cells.y()[j] + y, cells.z()[j] + z};
                const double r2 = r[0] * r[0] + r[1] * r[1] + r[2] * r[2];
                if (r2 < cutoff * cutoff && !(home && j == run.place))
                    found[block].push_back({static_cast<std::uint32_t>(cells.atom(run.place)),
                                            static_cast<std::uint32_t>(cells.atom(j)), r2, r});
            }
        });
        std::stable_sort(found[block].begin(), found[block].end(), [](const Found& a, const Found& b) {
            return a.i != b.i ? a.i < b.i : a.r2 != b.r2 ? a.r2 < b.r2 : a.j < b.j;
        });
    });
    NeighbourTable table;
    table.cutoff = cutoff;
    table.offset.assign(cells.atoms() + 1, 0);
    for (const auto& block : found)
        for (const Found& f : block) ++table.offset[f.i + 1];
    for (std::size_t i = 1; i < table.offset.size(); ++i) table.offset[i] += table.offset[i - 1];
    table.index.resize(table.offset.back());
    table.vector.resize(table.offset.back());
    // An atom's neighbours all stand in the block of its cell.
    for_each_block(found.size(), 1, [&](std::size_t block, std::size_t, std::size_t) {
        std::size_t rank = 0;
        for (std::size_t k = 0; k < found[block].size(); ++k) {
            const Found& f = found[block][k];
            rank = k > 0 && found[block][k - 1].i == f.i ? rank + 1 : 0;
            table.index[table.offset[f.i] + rank] = f.j;
            table.vector[table.offset[f.i] + rank] = f.r;
        }
    });
    return table;
}

}  // namespace vitrum
