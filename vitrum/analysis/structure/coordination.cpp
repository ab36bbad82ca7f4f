#include "vitrum/analysis/structure/coordination.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "vitrum/analysis/structure/pair_distribution.hpp"
#include "vitrum/analysis/structure/shells.hpp"
#include "vitrum/core/atoms/neighbours.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

struct Counts {
    std::vector<double> pair;            // neighbours of species b around all atoms a
    std::vector<std::size_t> histogram;  // atoms with so many neighbours
};

Counts count(const AtomFrame& frame, const std::vector<int>& species, std::size_t kinds, double cutoff) {
    const CellList cells(frame.box, frame.fractional, cutoff);
    Counts counts;
    counts.pair.assign(kinds * kinds, 0.0);
    std::vector<std::size_t> of_atom(species.size(), 0);
    for (std::size_t block = 0; block < cells.blocks(); ++block)
        cells.pairs(block, [&](std::size_t i, std::size_t j, const Vector3&, double) {
            const auto a = static_cast<std::size_t>(species[i]);
            const auto b = static_cast<std::size_t>(species[j]);
            counts.pair[a * kinds + b] += 1;
            counts.pair[b * kinds + a] += 1;
            ++of_atom[i];
            ++of_atom[j];
        });
    counts.histogram.assign(*std::max_element(of_atom.begin(), of_atom.end()) + 1, 0);
    for (const std::size_t n : of_atom) ++counts.histogram[n];
    return counts;
}

}  // namespace

double first_shell_cutoff(const Trajectory& t, const FrameChoice& frames, double wanted) {
    if (wanted < 0 || !std::isfinite(wanted)) throw InputError(fmt::format("a cutoff of {} angstrom", wanted));
    if (wanted > 0) return wanted;
    PairDistributionOptions options;
    options.frames = frames;
    const double found = shells(pair_distribution(t, options).curves[0]).first_minimum;
    if (!std::isfinite(found))
        throw InputError(fmt::format("'{}': g(r) has no first minimum within its range: give a cutoff", t.name));
    return found;
}

Coordination coordination(const Trajectory& t, const CoordinationOptions& options) {
    const std::vector<std::size_t> frames = chosen_frames(t, options.frames);
    const std::vector<std::size_t> members = species_counts(t);
    const std::size_t kinds = members.size();
    Coordination result;
    result.cutoff = first_shell_cutoff(t, options.frames, options.cutoff);
    std::vector<Counts> counts(frames.size());
    for_each_block(frames.size(), 1, [&](std::size_t f, std::size_t, std::size_t) {
        counts[f] = count(t.frames[frames[f]], t.species, kinds, result.cutoff);
    });
    const auto n = static_cast<double>(t.atoms());
    const std::string note =
        fmt::format("cutoff {:.4g} angstrom{}", result.cutoff, options.cutoff > 0 ? "" : ", first minimum of g(r)");
    const auto put = [&](const char* quantity, const Abscissa& where, auto&& value) {
        std::vector<double> of_frames;
        for (const Counts& c : counts) of_frames.push_back(value(c));
        result.estimates.push_back(average_frames(quantity, where, of_frames, note));
    };
    const auto around = [&](const Counts& c, std::size_t a) {
        double sum = 0;
        for (std::size_t b = 0; b < kinds; ++b) sum += c.pair[a * kinds + b];
        return sum;
    };
    put("coordination_number", {}, [&](const Counts& c) {
        double sum = 0;
        for (std::size_t a = 0; a < kinds; ++a) sum += around(c, a);
        return sum / n;
    });
    for (std::size_t a = 0; a < kinds; ++a) {
        if (members[a] == 0) continue;
        const auto of_a = static_cast<double>(members[a]);
        put("coordination_number", {named("centre", static_cast<std::int64_t>(a), t.elements[a])},
            [&](const Counts& c) { return around(c, a) / of_a; });
        for (std::size_t b = 0; b < kinds; ++b) {
            if (members[b] == 0) continue;
            const auto place = static_cast<std::int64_t>(a * kinds + b);
            const Abscissa where{named("pair", place, pair_name("", t, a, b))};
            put("coordination_number", where, [&](const Counts& c) { return c.pair[a * kinds + b] / of_a; });
            const double fraction = static_cast<double>(members[b]) / n;
            put("warren_cowley", where,
                [&](const Counts& c) { return 1 - c.pair[a * kinds + b] / (fraction * around(c, a)); });
        }
    }
    result.estimates.push_back(
        make_estimate("coordination_cutoff", {}, result.cutoff, not_a_number, 0, Status::ok, note));
    Curve curve = make_curve("coordination_distribution", "Z", "", "share of atoms", "");
    std::size_t most = 0;
    for (const Counts& c : counts) most = std::max(most, c.histogram.size());
    std::vector<std::vector<double>> values(frames.size(), std::vector<double>(most, 0.0));
    for (std::size_t f = 0; f < frames.size(); ++f)
        for (std::size_t k = 0; k < counts[f].histogram.size(); ++k)
            values[f][k] = static_cast<double>(counts[f].histogram[k]) / n;
    for (std::size_t k = 0; k < most; ++k) curve.x.push_back(static_cast<double>(k));
    average_frames(curve, values);
    result.curves.push_back(std::move(curve));
    return result;
}

}  // namespace vitrum::analysis
