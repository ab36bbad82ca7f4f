#include "core/atoms/density_modes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <numbers>

#include "core/parallel.hpp"

namespace vitrum {

namespace {

constexpr std::size_t lanes = 8;  // fixed number of partial sums: the order of additions never changes

std::size_t padded(std::size_t n) { return (n + lanes - 1) / lanes * lanes; }

// Real and imaginary parts of one phase per atom, species by species, each padded with zeros to whole lanes.
struct Phases {
    std::vector<double> re, im;
    explicit Phases(std::size_t n = 0) : re(n, 0.0), im(n, 0.0) {}
};

void multiply(const Phases& a, const Phases& b, bool conjugate_b, Phases& out) {
    const double sign = conjugate_b ? -1 : 1;
    for (std::size_t j = 0; j < a.re.size(); ++j) {
        const double b_im = sign * b.im[j];
        out.re[j] = a.re[j] * b.re[j] - a.im[j] * b_im;
        out.im[j] = a.re[j] * b_im + a.im[j] * b.re[j];
    }
}

// sum_j a_j b_j (or a_j conj b_j) over [begin, end), a whole number of lanes.
std::complex<double> dot(const Phases& a, const Phases& b, bool conjugate_b, std::size_t begin, std::size_t end) {
    std::array<double, lanes> rr{}, ii{}, ri{}, ir{};
    for (std::size_t j = begin; j < end; j += lanes)
        for (std::size_t l = 0; l < lanes; ++l) {
            rr[l] += a.re[j + l] * b.re[j + l];
            ii[l] += a.im[j + l] * b.im[j + l];
            ri[l] += a.re[j + l] * b.im[j + l];
            ir[l] += a.im[j + l] * b.re[j + l];
        }
    double re = 0;
    double im = 0;
    const double sign = conjugate_b ? -1 : 1;
    for (std::size_t l = 0; l < lanes; ++l) {
        re += rr[l] - sign * ii[l];
        im += sign * ri[l] + ir[l];
    }
    return {re, im};
}

struct Layout {
    std::vector<std::size_t> place;  // of each atom in Phases
    std::vector<std::size_t> begin;  // of each species, and the end of the last
    [[nodiscard]] std::size_t size() const { return begin.back(); }
};

Layout arrange(std::span<const int> species, std::size_t count) {
    std::vector<std::size_t> members(count, 0);
    for (const int s : species) ++members.at(static_cast<std::size_t>(s));
    Layout layout;
    layout.begin.push_back(0);
    for (const std::size_t m : members) layout.begin.push_back(layout.begin.back() + padded(m));
    std::vector<std::size_t> next = layout.begin;
    for (const int s : species) layout.place.push_back(next[static_cast<std::size_t>(s)]++);
    return layout;
}

// exp(2 pi i m s) for m = 0 .. most along one axis.
std::vector<Phases> powers(const AtomFrame& frame, const Layout& layout, std::size_t axis, int most) {
    std::vector<Phases> table(static_cast<std::size_t>(most) + 1, Phases(layout.size()));
    for (std::size_t i = 0; i < layout.place.size(); ++i) {
        table[0].re[layout.place[i]] = 1;
        if (most == 0) continue;
        const double turn = 2 * std::numbers::pi * frame.fractional[3 * i + axis];
        table[1].re[layout.place[i]] = std::cos(turn);
        table[1].im[layout.place[i]] = std::sin(turn);
    }
    for (std::size_t m = 2; m < table.size(); ++m) multiply(table[m - 1], table[1], false, table[m]);
    return table;
}

}  // namespace

std::vector<std::complex<double>> density_modes(std::span<const AtomFrame> frames, std::span<const int> species,
                                                std::size_t count, std::span<const Wavevector> vectors) {
    const Layout layout = arrange(species, count);
    std::array<int, 3> most{};
    for (const Wavevector& v : vectors)
        for (std::size_t k = 0; k < 3; ++k) most[k] = std::max(most[k], std::abs(v.n[k]));
    std::vector<std::complex<double>> result(frames.size() * count * vectors.size());
    for_each_block(frames.size(), 1, [&](std::size_t f, std::size_t, std::size_t) {
        std::array<std::vector<Phases>, 3> axis;
        for (std::size_t k = 0; k < 3; ++k) axis[k] = powers(frames[f], layout, k, most[k]);
        const auto phase = [&](std::size_t k, int n) -> const Phases& {
            return axis[k][static_cast<std::size_t>(std::abs(n))];
        };
        Phases plane(layout.size());
        for (std::size_t v = 0; v < vectors.size(); ++v) {
            const auto [x, y, z] = vectors[v].n;
            if (v == 0 || x != vectors[v - 1].n[0] || y != vectors[v - 1].n[1])
                multiply(phase(0, x), phase(1, y), y < 0, plane);  // x >= 0 in the half space
            const Phases& last = phase(2, z);
            for (std::size_t a = 0; a < count; ++a)
                result[(f * count + a) * vectors.size() + v] =
                    dot(plane, last, z < 0, layout.begin[a], layout.begin[a + 1]);
        }
    });
    return result;
}

}  // namespace vitrum
