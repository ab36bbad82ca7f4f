#include "vitrum/analysis/structure/connections.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "vitrum/analysis/structure/pair_distribution.hpp"
#include "vitrum/analysis/structure/shells.hpp"
#include "vitrum/core/atoms/neighbours.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

constexpr std::size_t kinds = 6;  // 0 .. 4 shared atoms, 5 or more

struct Counts {
    std::array<double, kinds> pairs{};
    std::array<double, kinds> distance{};
    std::array<std::vector<double>, kinds> bins;
};

double apart2(const Vector3& a, const Vector3& b) {
    return (a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) + (a[2] - b[2]) * (a[2] - b[2]);
}

// Every pair is seen from both ends; the shares are the same.
Counts count(const AtomFrame& frame, double first, double second, double bin) {
    const NeighbourTable table = neighbour_table(frame.box, frame.fractional, second);
    const auto bins = static_cast<std::size_t>(std::ceil((second - first) / bin));
    constexpr std::size_t block = 256;
    std::vector<Counts> parts((table.atoms() + block - 1) / block);
    for_each_block(table.atoms(), block, [&](std::size_t part, std::size_t begin, std::size_t end) {
        Counts& c = parts[part];
        for (auto& b : c.bins) b.assign(bins, 0.0);
        for (std::size_t i = begin; i < end; ++i) {
            const auto vectors = table.vectors(i);
            // Nearest first: the first shell comes before the second.
            std::size_t inner = 0;
            while (inner < vectors.size() && apart2(vectors[inner], {0, 0, 0}) < first * first) ++inner;
            for (std::size_t k = inner; k < vectors.size(); ++k) {
                std::size_t shared = 0;
                for (std::size_t n = 0; n < inner; ++n)
                    if (apart2(vectors[n], vectors[k]) < first * first) ++shared;
                shared = std::min(shared, kinds - 1);
                const double r = std::sqrt(apart2(vectors[k], {0, 0, 0}));
                c.pairs[shared] += 1;
                c.distance[shared] += r;
                c.bins[shared][std::min(bins - 1, static_cast<std::size_t>((r - first) / bin))] += 1;
            }
        }
    });
    Counts sum;
    for (auto& b : sum.bins) b.assign(bins, 0.0);
    for (const Counts& c : parts)
        for (std::size_t s = 0; s < kinds; ++s) {
            sum.pairs[s] += c.pairs[s];
            sum.distance[s] += c.distance[s];
            for (std::size_t b = 0; b < bins; ++b) sum.bins[s][b] += c.bins[s][b];
        }
    return sum;
}

double connected(const Counts& c) {
    double sum = 0;
    for (std::size_t s = 1; s < kinds; ++s) sum += c.pairs[s];
    return sum;
}

}  // namespace

Connections connections(const Trajectory& t, const ConnectionOptions& options) {
    const std::vector<std::size_t> frames = chosen_frames(t, options.frames);
    Connections result;
    result.first_shell = options.first_shell;
    result.second_shell = options.second_shell;
    if (options.first_shell == 0 || options.second_shell == 0) {
        PairDistributionOptions pairs;
        pairs.frames = options.frames;
        const Shells found = shells(pair_distribution(t, pairs).curves[0]);
        if (options.first_shell == 0) result.first_shell = found.first_minimum;
        if (options.second_shell == 0) result.second_shell = found.second_minimum;
        if (!std::isfinite(result.first_shell) || !std::isfinite(result.second_shell))
            throw InputError(fmt::format(
                "'{}': g(r) does not show the ends of both shells: give first_shell and second_shell", t.name));
    }
    if (!(result.first_shell > 0) || !(result.second_shell > result.first_shell) || !(options.bin > 0))
        throw InputError(fmt::format("shells to {} and {} angstrom in bins of {} cannot be used", result.first_shell,
                                     result.second_shell, options.bin));
    std::vector<Counts> counts(frames.size());
    for_each_block(frames.size(), 1, [&](std::size_t f, std::size_t, std::size_t) {
        counts[f] = count(t.frames[frames[f]], result.first_shell, result.second_shell, options.bin);
    });
    const std::string note =
        fmt::format("first shell to {:.4g}, second to {:.4g} angstrom", result.first_shell, result.second_shell);
    const auto put = [&](const char* quantity, const Abscissa& where, auto&& value) {
        std::vector<double> of_frames;
        for (const Counts& c : counts) of_frames.push_back(value(c));
        result.estimates.push_back(average_frames(quantity, where, of_frames, note));
    };
    put("unconnected_fraction", {}, [](const Counts& c) { return c.pairs[0] / (connected(c) + c.pairs[0]); });
    for (std::size_t s = 1; s <= 4; ++s) {
        const Abscissa where{{"shared atoms", static_cast<std::int64_t>(s), static_cast<double>(s), ""}};
        put("connection_fraction", where, [&](const Counts& c) { return c.pairs[s] / connected(c); });
        put("connection_distance", where, [&](const Counts& c) { return c.distance[s] / c.pairs[s]; });
        Curve curve =
            make_curve(fmt::format("second_shell_distances_{}", s), "r", "angstrom", "share of pairs", "1/angstrom");
        std::vector<std::vector<double>> values(frames.size());
        for (std::size_t f = 0; f < frames.size(); ++f)
            for (const double n : counts[f].bins[s]) values[f].push_back(n / connected(counts[f]) / options.bin);
        for (std::size_t k = 0; k < values[0].size(); ++k)
            curve.x.push_back(result.first_shell + options.bin * (static_cast<double>(k) + 0.5));
        average_frames(curve, values);
        result.curves.push_back(std::move(curve));
    }
    return result;
}

}  // namespace vitrum::analysis
