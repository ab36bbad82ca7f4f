#include "vitrum/analysis/structure/pair_counts.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <tbb/combinable.h>

#include "vitrum/core/atoms/neighbours.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

constexpr std::size_t chunk = 64;  // distances computed together

// Counts of one block of cells; row[place] = species * (bins + 1), the last bin takes what lies beyond r_max.
void count_block(const CellList& cells, std::size_t block, const std::vector<std::uint32_t>& row, std::size_t kinds,
                 std::size_t bins, std::uint64_t* counts) {
    const double per_length = static_cast<double>(bins) / cells.cutoff();
    const auto beyond = static_cast<double>(bins);
    const double* x = cells.x();
    const double* y = cells.y();
    const double* z = cells.z();
    cells.runs(block, true, [&](const CellList::Run& run) {
        std::uint64_t* of_atom = counts + row[run.place] * kinds;
        const double dx = run.shift[0] - x[run.place];
        const double dy = run.shift[1] - y[run.place];
        const double dz = run.shift[2] - z[run.place];
        std::array<std::int32_t, chunk> bin;  // NOLINT: filled below
        for (std::size_t begin = run.begin; begin < run.end; begin += chunk) {
            const std::size_t n = std::min(chunk, run.end - begin);
            for (std::size_t k = 0; k < n; ++k) {
                const double rx = x[begin + k] + dx;
                const double ry = y[begin + k] + dy;
                const double rz = z[begin + k] + dz;
                bin[k] =
                    static_cast<std::int32_t>(std::min(std::sqrt(rx * rx + ry * ry + rz * rz) * per_length, beyond));
            }
            for (std::size_t k = 0; k < n; ++k) ++of_atom[row[begin + k] + static_cast<std::uint32_t>(bin[k])];
        }
    });
}

}  // namespace

std::vector<std::uint64_t> pair_counts(const AtomFrame& frame, std::span<const int> species, std::size_t kinds,
                                       double r_max, std::size_t bins) {
    const CellList cells(frame.box, frame.fractional, r_max);
    std::vector<std::uint32_t> row(cells.atoms());
    for (std::size_t p = 0; p < row.size(); ++p)
        row[p] = static_cast<std::uint32_t>(static_cast<std::size_t>(species[cells.atom(p)]) * (bins + 1));
    const std::size_t size = kinds * kinds * (bins + 1);
    tbb::combinable<std::vector<std::uint64_t>> partial([&] { return std::vector<std::uint64_t>(size, 0); });
    for_each_block(cells.blocks(), 1, [&](std::size_t block, std::size_t, std::size_t) {
        count_block(cells, block, row, kinds, bins, partial.local().data());
    });
    std::vector<std::uint64_t> counts(kinds * kinds * bins, 0);
    partial.combine_each([&](const std::vector<std::uint64_t>& part) {
        for (std::size_t pair = 0; pair < kinds * kinds; ++pair)
            for (std::size_t k = 0; k < bins; ++k) counts[pair * bins + k] += part[pair * (bins + 1) + k];
    });
    return counts;
}

}  // namespace vitrum::analysis
