#include "vitrum/core/atoms/density_modes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <numbers>

#ifdef __FMA__
#include <immintrin.h>
#endif

#include "vitrum/core/parallel.hpp"

namespace vitrum {

namespace {

constexpr std::size_t lanes = 8;  // fixed number of partial sums: the order of additions never changes
// Atoms that are taken through all wavevectors together: their phases stay in the cache next to the processor.
constexpr std::size_t most_in_tile = 256;

// Doubles that the processor takes at once.
#ifdef __AVX__
constexpr std::size_t width = 4;
#else
constexpr std::size_t width = 2;
#endif
using Wide = double __attribute__((vector_size(width * sizeof(double))));

// a b + c, in one rounding where the build's instruction set has it.
inline Wide multiply_add(Wide a, Wide b, Wide c) {
#ifdef __FMA__
    return _mm256_fmadd_pd(a, b, c);
#else
    return a * b + c;
#endif
}

inline Wide load(const double* at) {
    Wide x;
    std::memcpy(&x, at, sizeof(x));
    return x;
}

// Real and imaginary parts of one phase for each atom of a tile.
struct Phases {
    alignas(64) std::array<double, most_in_tile> re, im;
};

void multiply(const Phases& a, const Phases& b, bool conjugate_b, std::size_t size, Phases& out) {
    const double sign = conjugate_b ? -1 : 1;
    for (std::size_t j = 0; j < size; ++j) {
        const double b_im = sign * b.im[j];
        out.re[j] = a.re[j] * b.re[j] - a.im[j] * b_im;
        out.im[j] = a.re[j] * b_im + a.im[j] * b.re[j];
    }
}

// The four real sums of a_j b_j: sum a b and sum a conj(b) both follow from them.
struct Products {
    double rr = 0, ii = 0, ri = 0, ir = 0;
};

Products products(const Phases& a, const Phases& b, std::size_t size) {
    std::array<Wide, lanes / width> rr{}, ii{}, ri{}, ir{};
    for (std::size_t j = 0; j < size; j += lanes)
        for (std::size_t l = 0; l < lanes / width; ++l) {
            const Wide a_re = load(&a.re[j + width * l]);
            const Wide a_im = load(&a.im[j + width * l]);
            const Wide b_re = load(&b.re[j + width * l]);
            const Wide b_im = load(&b.im[j + width * l]);
            rr[l] = multiply_add(a_re, b_re, rr[l]);
            ii[l] = multiply_add(a_im, b_im, ii[l]);
            ri[l] = multiply_add(a_re, b_im, ri[l]);
            ir[l] = multiply_add(a_im, b_re, ir[l]);
        }
    const auto sum = [](const std::array<Wide, lanes / width>& partial) {
        std::array<double, lanes> x;
        std::memcpy(x.data(), partial.data(), sizeof(x));
        return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
    };
    return {sum(rr), sum(ii), sum(ri), sum(ir)};
}

// Atoms of one species that are taken together.
struct Tile {
    std::size_t species = 0;
    std::vector<std::size_t> atoms;
    [[nodiscard]] std::size_t padded() const { return (atoms.size() + lanes - 1) / lanes * lanes; }
};

std::vector<Tile> tiles_of(std::span<const int> species, std::size_t count) {
    std::vector<std::vector<std::size_t>> members(count);
    for (std::size_t i = 0; i < species.size(); ++i) members.at(static_cast<std::size_t>(species[i])).push_back(i);
    std::vector<Tile> tiles;
    for (std::size_t a = 0; a < count; ++a)
        for (std::size_t i = 0; i < members[a].size(); ++i) {
            if (i % most_in_tile == 0) tiles.push_back({a, {}});
            tiles.back().atoms.push_back(members[a][i]);
        }
    return tiles;
}

// Wavevectors that differ in n_z alone, and of these the pairs n_z, -n_z.
struct Pair {
    std::size_t z = 0;  // |n_z|
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    std::size_t plus = none, minus = none;  // index of the wavevector
};
struct Row {
    int x = 0, y = 0;
    std::vector<Pair> pairs;
};

std::vector<Row> rows_of(std::span<const Wavevector> vectors) {
    std::vector<Row> rows;
    for (std::size_t v = 0; v < vectors.size(); ++v) {
        const auto [x, y, z] = vectors[v].n;
        if (rows.empty() || rows.back().x != x || rows.back().y != y) rows.push_back({x, y, {}});
        auto& pairs = rows.back().pairs;
        const auto size = static_cast<std::size_t>(std::abs(z));
        auto at = std::find_if(pairs.begin(), pairs.end(), [&](const Pair& p) { return p.z == size; });
        if (at == pairs.end()) at = pairs.insert(pairs.end(), {size});
        (z >= 0 ? at->plus : at->minus) = v;
    }
    return rows;
}

// exp(2 pi i m s) for m = 0 .. most along one axis; 0 beyond the atoms of the tile.
void powers(const AtomFrame& frame, const Tile& tile, std::size_t axis, std::vector<Phases>& table) {
    for (std::size_t m = 0; m < std::min<std::size_t>(2, table.size()); ++m) {
        table[m].re.fill(0);
        table[m].im.fill(0);
    }
    for (std::size_t j = 0; j < tile.atoms.size(); ++j) {
        table[0].re[j] = 1;
        if (table.size() == 1) continue;
        const double turn = 2 * std::numbers::pi * frame.fractional[3 * tile.atoms[j] + axis];
        table[1].re[j] = std::cos(turn);
        table[1].im[j] = std::sin(turn);
    }
    for (std::size_t m = 2; m < table.size(); ++m) multiply(table[m - 1], table[1], false, tile.padded(), table[m]);
}

}  // namespace

std::vector<std::complex<double>> density_modes(std::span<const AtomFrame> frames, std::span<const int> species,
                                                std::size_t count, std::span<const Wavevector> vectors) {
    const std::vector<Tile> tiles = tiles_of(species, count);
    const std::vector<Row> rows = rows_of(vectors);
    std::array<int, 3> most{};
    for (const Wavevector& v : vectors)
        for (std::size_t k = 0; k < 3; ++k) most[k] = std::max(most[k], std::abs(v.n[k]));
    std::vector<std::complex<double>> result(frames.size() * count * vectors.size());
    for_each_block(frames.size(), 1, [&](std::size_t f, std::size_t, std::size_t) {
        std::array<std::vector<Phases>, 3> axis;
        for (std::size_t k = 0; k < 3; ++k) axis[k].resize(static_cast<std::size_t>(most[k]) + 1);
        const auto phase = [&](std::size_t k, int n) -> const Phases& {
            return axis[k][static_cast<std::size_t>(std::abs(n))];
        };
        Phases plane;
        for (const Tile& tile : tiles) {
            const std::size_t size = tile.padded();
            for (std::size_t k = 0; k < 3; ++k) powers(frames[f], tile, k, axis[k]);
            std::complex<double>* out = result.data() + (f * count + tile.species) * vectors.size();
            for (const Row& row : rows) {
                multiply(phase(0, row.x), phase(1, row.y), row.y < 0, size, plane);  // x >= 0 in the half space
                for (const Pair& pair : row.pairs) {
                    const Products p = products(plane, axis[2][pair.z], size);
                    if (pair.plus != Pair::none) out[pair.plus] += std::complex<double>(p.rr - p.ii, p.ri + p.ir);
                    if (pair.minus != Pair::none) out[pair.minus] += std::complex<double>(p.rr + p.ii, p.ir - p.ri);
                }
            }
        }
    });
    return result;
}

}  // namespace vitrum
