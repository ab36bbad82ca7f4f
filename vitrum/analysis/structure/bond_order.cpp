#include "vitrum/analysis/structure/bond_order.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <iterator>
#include <numbers>
#include <numeric>
#include <span>

#include <fmt/format.h>

#include "vitrum/analysis/structure/coordination.hpp"
#include "vitrum/analysis/structure/voronoi_cells.hpp"
#include "vitrum/core/atoms/neighbours.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/numerics/statistics.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

using Complex = std::complex<double>;

double factorial(int n) { return std::tgamma(n + 1.0); }

// Wigner's 3j symbol (l l l; a b -a-b) by Racah's sum.
double wigner(int l, int a, int b) {
    const int c = -a - b;
    if (std::abs(c) > l) return 0;
    double sum = 0;
    for (int t = 0; t <= l; ++t) {
        const int f1 = t;
        const int f2 = t + a;
        const int f3 = t - b;
        const int f4 = l - t;
        const int f5 = l - t - a;
        const int f6 = l - t + b;
        if (f2 < 0 || f3 < 0 || f5 < 0 || f6 < 0) continue;
        sum += (t % 2 == 0 ? 1 : -1) /
               (factorial(f1) * factorial(f2) * factorial(f3) * factorial(f4) * factorial(f5) * factorial(f6));
    }
    const double triangle = std::pow(factorial(l), 3) / factorial(3 * l + 1);
    const double root = std::sqrt(triangle * factorial(l + a) * factorial(l - a) * factorial(l + b) * factorial(l - b) *
                                  factorial(l + c) * factorial(l - c));
    return (c % 2 == 0 ? 1 : -1) * root * sum;
}

// Y_lm of unit vectors for one l, m = 0 .. l: polynomials in x + iy and z, no angles.
class Harmonics {
public:
    explicit Harmonics(int l) : l_(l), seed_(static_cast<std::size_t>(l) + 1) {
        for (int m = 0; m <= l; ++m) {
            double p = std::sqrt(1 / (4 * std::numbers::pi));
            for (int k = 1; k <= m; ++k) p *= -std::sqrt((2 * k + 1.0) / (2 * k));
            seed_[static_cast<std::size_t>(m)] = p;
        }
    }

    void add(const Vector3& r, double weight, std::span<Complex> sum) const {
        const double length = std::sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2]);
        const double z = r[2] / length;
        const Complex xy(r[0] / length, r[1] / length);
        Complex turn = 1;
        for (int m = 0; m <= l_; ++m, turn *= xy) {
            double before = 0;
            double p = seed_[static_cast<std::size_t>(m)];
            for (int l = m + 1; l <= l_; ++l) {
                const double l2 = static_cast<double>(l) * l;
                const double m2 = static_cast<double>(m) * m;
                const double k2 = (l - 1.0) * (l - 1.0);
                const double next =
                    std::sqrt((4 * l2 - 1) / (l2 - m2)) * (z * p - std::sqrt((k2 - m2) / (4 * k2 - 1)) * before);
                before = p;
                p = next;
            }
            sum[static_cast<std::size_t>(m)] += weight * p * turn;
        }
    }

private:
    int l_;
    std::vector<double> seed_;
};

struct Bond {
    std::size_t neighbour;
    Vector3 r;
    double weight;
};

// Bonds of each atom with weights that sum to 1.
std::vector<std::vector<Bond>> bonds_of(const AtomFrame& frame, BondNeighbours neighbours, double cutoff) {
    std::vector<std::vector<Bond>> bonds(frame.fractional.size() / 3);
    if (neighbours == BondNeighbours::cutoff) {
        const NeighbourTable table = neighbour_table(frame.box, frame.fractional, cutoff);
        for (std::size_t i = 0; i < bonds.size(); ++i)
            for (std::size_t k = 0; k < table.count(i); ++k)
                bonds[i].push_back(
                    {table.neighbours(i)[k], table.vectors(i)[k], 1 / static_cast<double>(table.count(i))});
        return bonds;
    }
    const auto cells = voronoi_cells(frame, {}, {});
    for (std::size_t i = 0; i < bonds.size(); ++i)
        for (const VoronoiFace& f : cells[i].face)
            bonds[i].push_back({f.neighbour, f.vector, f.area / cells[i].surface});
    return bonds;
}

bool finite(double x) { return std::isfinite(x); }

// "; 3 atoms of all frames have no neighbours and are left out"
std::string left_out(const std::vector<std::size_t>& of_frames, std::string_view why) {
    const std::size_t count = std::accumulate(of_frames.begin(), of_frames.end(), std::size_t{0});
    return count == 0 ? "" : fmt::format("; {} atom(s) of all frames {} and are left out", count, why);
}

}  // namespace

std::string_view name(BondNeighbours neighbours) { return neighbours == BondNeighbours::cutoff ? "cutoff" : "voronoi"; }

BondNeighbours bond_neighbours_from(std::string_view text) {
    if (text == "cutoff") return BondNeighbours::cutoff;
    if (text == "voronoi") return BondNeighbours::voronoi;
    throw InputError("no kind of neighbours '" + std::string(text) + "'; known are cutoff, voronoi");
}

BondOrderOfAtoms bond_order_of_atoms(const AtomFrame& frame, int l, BondNeighbours neighbours, double cutoff,
                                     bool averaged) {
    if (l < 0 || l > 12) throw InputError(fmt::format("bond order l = {}; it must lie between 0 and 12", l));
    const auto bonds = bonds_of(frame, neighbours, cutoff);
    const std::size_t atoms = bonds.size();
    const auto orders = static_cast<std::size_t>(l) + 1;
    const Harmonics harmonics(l);
    std::vector<Complex> own(atoms * orders);
    constexpr std::size_t block = 256;
    for_each_block(atoms, block, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
            for (const Bond& b : bonds[i]) harmonics.add(b.r, b.weight, std::span(own).subspan(i * orders, orders));
    });
    std::vector<double> symbol(static_cast<std::size_t>((2 * l + 1) * (2 * l + 1)));
    const auto symbol_at = [&](int a, int b) -> double& {
        return symbol[static_cast<std::size_t>((a + l) * (2 * l + 1) + b + l)];
    };
    for (int a = -l; a <= l; ++a)
        for (int b = -l; b <= l; ++b) symbol_at(a, b) = wigner(l, a, b);
    BondOrderOfAtoms result{std::vector<double>(atoms, 0.0), std::vector<double>(atoms, 0.0)};
    for_each_block(atoms, block, [&](std::size_t, std::size_t begin, std::size_t end) {
        std::vector<Complex> q(orders);
        for (std::size_t i = begin; i < end; ++i) {
            for (std::size_t m = 0; m < orders; ++m) {
                q[m] = own[i * orders + m];
                if (!averaged) continue;
                for (const Bond& b : bonds[i]) q[m] += own[b.neighbour * orders + m];
                q[m] /= static_cast<double>(bonds[i].size() + 1);
            }
            double square = std::norm(q[0]);
            for (std::size_t m = 1; m < orders; ++m) square += 2 * std::norm(q[m]);
            result.q[i] = bonds[i].empty() ? not_a_number : std::sqrt(4 * std::numbers::pi / (2 * l + 1) * square);
            const auto at = [&](int m) {
                const Complex v = q[static_cast<std::size_t>(std::abs(m))];
                return m >= 0 ? v : (m % 2 == 0 ? 1.0 : -1.0) * std::conj(v);
            };
            Complex sum = 0;
            for (int a = -l; a <= l; ++a)
                for (int b = std::max(-l, -l - a); b <= std::min(l, l - a); ++b)
                    sum += symbol_at(a, b) * at(a) * at(b) * at(-a - b);
            result.w[i] = square > 1e-20 ? sum.real() / std::pow(square, 1.5) : not_a_number;
        }
    });
    return result;
}

Findings bond_order(const Trajectory& t, const BondOrderOptions& options) {
    const std::vector<std::size_t> frames = chosen_frames(t, options.frames);
    if (!(options.bin > 0)) throw InputError("the bin of bond orders must be positive");
    const bool by_cutoff = options.neighbours == BondNeighbours::cutoff;
    const double cutoff = by_cutoff ? first_shell_cutoff(t, options.frames, options.cutoff) : 0;
    const std::string note = fmt::format(
        "{}{}",
        by_cutoff ? fmt::format("neighbours within {:.4g} angstrom", cutoff) : "Voronoi neighbours, weighted by area",
        options.averaged ? ", averaged over the neighbours" : "");
    Findings result;
    for (const int l : options.l) {
        std::vector<double> q(frames.size());
        std::vector<double> w(frames.size());
        std::vector<std::size_t> without_q(frames.size());
        std::vector<std::size_t> without_w(frames.size());
        const auto bins = static_cast<std::size_t>(std::ceil(1 / options.bin));
        std::vector<std::vector<double>> density(frames.size(), std::vector<double>(bins, 0.0));
        for_each_block(frames.size(), 1, [&](std::size_t f, std::size_t, std::size_t) {
            const auto of_atoms =
                bond_order_of_atoms(t.frames[frames[f]], l, options.neighbours, cutoff, options.averaged);
            std::vector<double> with_q;
            std::vector<double> with_w;
            std::copy_if(of_atoms.q.begin(), of_atoms.q.end(), std::back_inserter(with_q), finite);
            std::copy_if(of_atoms.w.begin(), of_atoms.w.end(), std::back_inserter(with_w), finite);
            q[f] = mean(with_q);
            w[f] = mean(with_w);
            without_q[f] = t.atoms() - with_q.size();
            without_w[f] = t.atoms() - with_w.size();
            for (const double value : with_q) {
                const auto bin = std::min(static_cast<std::size_t>(value / options.bin), bins - 1);
                density[f][bin] += 1 / static_cast<double>(with_q.size()) / options.bin;
            }
        });
        const Abscissa where{{"l", l, static_cast<double>(l), ""}};
        result.estimates.push_back(
            average_frames("bond_order_q", where, q, note + left_out(without_q, "have no neighbours")));
        result.estimates.push_back(average_frames("bond_order_w", where, w, note + left_out(without_w, "have no w")));
        Curve curve = make_curve(fmt::format("bond_order_q{}", l), fmt::format("q_{}", l), "", "density of atoms", "");
        for (std::size_t k = 0; k < bins; ++k) curve.x.push_back((static_cast<double>(k) + 0.5) * options.bin);
        average_frames(curve, density);
        result.curves.push_back(std::move(curve));
    }
    return result;
}

}  // namespace vitrum::analysis
