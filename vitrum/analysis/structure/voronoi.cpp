#include "vitrum/analysis/structure/voronoi.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

using Index = std::array<int, 5>;  // n3 .. n6 and all faces: cells with larger faces are other cells

Index index_of(const VoronoiCell& cell) {
    return {cell.index[0], cell.index[1], cell.index[2], cell.index[3], cell.faces};
}

std::string text_of(const Index& i) {
    const int larger = i[4] - i[0] - i[1] - i[2] - i[3];
    return larger == 0 ? fmt::format("<{},{},{},{}>", i[0], i[1], i[2], i[3])
                       : fmt::format("<{},{},{},{}> and {} larger", i[0], i[1], i[2], i[3], larger);
}

// Sums over the atoms of one group (all, or an element) in one frame.
struct Group {
    double atoms = 0, icosahedra = 0, faces = 0, edges = 0, volume = 0, volume2 = 0;
    std::map<Index, double> indices;
    std::map<long, double> volumes;  // by bin
};

void add(Group& g, const VoronoiCell& cell, double bin) {
    g.atoms += 1;
    g.icosahedra += cell.icosahedron() ? 1 : 0;
    g.faces += cell.faces;
    for (const VoronoiFace& f : cell.face) g.edges += f.edges;
    g.volume += cell.volume;
    g.volume2 += cell.volume * cell.volume;
    g.indices[index_of(cell)] += 1;
    g.volumes[std::lround(std::floor(cell.volume / bin))] += 1;
}

template <class Value>
std::vector<double> each(const std::vector<Group>& frames, Value&& value) {
    std::vector<double> out;
    for (const Group& g : frames) out.push_back(value(g));
    return out;
}

Curve volume_curve(const std::string& name, const std::vector<Group>& frames, double bin) {
    Curve curve = make_curve(name, "V", "angstrom^3", "density of cells", "1/angstrom^3");
    long low = frames[0].volumes.begin()->first;
    long high = low;
    for (const Group& g : frames) {
        low = std::min(low, g.volumes.begin()->first);
        high = std::max(high, g.volumes.rbegin()->first);
    }
    high = std::min(high, low + 100000);
    std::vector<std::vector<double>> values;
    for (const Group& g : frames) {
        values.emplace_back(static_cast<std::size_t>(high - low + 1), 0.0);
        for (const auto& [k, n] : g.volumes)
            if (k <= high) values.back()[static_cast<std::size_t>(k - low)] = n / g.atoms / bin;
    }
    for (long k = low; k <= high; ++k) curve.x.push_back((static_cast<double>(k) + 0.5) * bin);
    average_frames(curve, values);
    return curve;
}

void report(Voronoi& result, const std::vector<Group>& frames, const Abscissa& where, const std::string& note,
            std::size_t most_indices) {
    const auto put = [&](const char* quantity, auto&& value) {
        result.estimates.push_back(average_frames(quantity, where, each(frames, value), note));
    };
    put("icosahedra_fraction", [](const Group& g) { return g.icosahedra / g.atoms; });
    put("voronoi_volume", [](const Group& g) { return g.volume / g.atoms; });
    put("voronoi_volume_sd", [](const Group& g) {
        return std::sqrt(std::max(0.0, g.volume2 / g.atoms - g.volume / g.atoms * (g.volume / g.atoms)));
    });
    put("voronoi_faces", [](const Group& g) { return g.faces / g.atoms; });
    std::map<Index, double> all;
    for (const Group& g : frames)
        for (const auto& [index, n] : g.indices) all[index] += n;
    std::vector<std::pair<double, Index>> order;
    for (const auto& [index, n] : all) order.emplace_back(-n, index);
    std::sort(order.begin(), order.end());
    for (std::size_t k = 0; k < std::min(most_indices, order.size()); ++k) {
        const Index index = order[k].second;
        Abscissa place{{text_of(index), static_cast<std::int64_t>(k), static_cast<double>(k + 1), ""}};
        place.insert(place.end(), where.begin(), where.end());
        result.estimates.push_back(average_frames("voronoi_index_fraction", std::move(place),
                                                  each(frames,
                                                       [&](const Group& g) {
                                                           const auto found = g.indices.find(index);
                                                           return found == g.indices.end() ? 0.0
                                                                                           : found->second / g.atoms;
                                                       }),
                                                  note));
    }
}

// The share of icosahedra against what was changed along the trajectory: of all atoms and of each element.
std::vector<Curve> along_programme(const Trajectory& t, const std::vector<std::size_t>& frames,
                                   const std::vector<std::vector<Group>>& groups) {
    if (t.along.values.size() != t.frames.size())
        throw InputError(fmt::format("'{}' has {} frames and {} values of {}", t.name, t.frames.size(),
                                     t.along.values.size(), t.along.name));
    std::vector<std::size_t> order(frames.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto x = [&](std::size_t f) { return t.along.values[frames[f]]; };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x(a) < x(b); });
    std::vector<Curve> curves;
    for (std::size_t g = 0; g < groups.size(); ++g) {
        if (groups[g].front().atoms == 0) continue;
        const std::string of = g == 0 ? "" : "_" + t.elements[g - 1];
        curves.push_back(make_curve(fmt::format("icosahedra_fraction{}_of_{}", of, t.along.name), t.along.name,
                                    t.along.unit, "icosahedra", ""));
        for (const std::size_t f : order) {
            curves.back().x.push_back(x(f));
            curves.back().y.push_back(groups[g][f].icosahedra / groups[g][f].atoms);
        }
    }
    return curves;
}

}  // namespace

std::vector<double> radii_of_atoms(const Trajectory& t, const std::vector<std::pair<std::string, double>>& radii) {
    if (radii.empty()) return {};
    std::vector<double> of_species(t.elements.size(), -1);
    for (const auto& [element, radius] : radii) {
        const auto found = std::find(t.elements.begin(), t.elements.end(), element);
        if (found == t.elements.end())
            throw InputError(fmt::format("radius of '{}', which '{}' does not have{}", element, t.name,
                                         suggestion(element, t.elements)));
        of_species[static_cast<std::size_t>(found - t.elements.begin())] = radius;
    }
    for (std::size_t a = 0; a < of_species.size(); ++a)
        if (of_species[a] < 0) throw InputError(fmt::format("radical Voronoi cells: no radius of '{}'", t.elements[a]));
    std::vector<double> out;
    for (const int s : t.species) out.push_back(of_species.at(static_cast<std::size_t>(s)));
    return out;
}

Voronoi voronoi(const Trajectory& t, const VoronoiOptions& options) {
    const std::vector<std::size_t> frames = chosen_frames(t, options.frames);
    const std::vector<std::size_t> members = species_counts(t);
    const std::vector<double> radius = radii_of_atoms(t, options.radii);
    if (!(options.volume_bin > 0)) throw InputError("the bin of cell volumes must be positive");
    std::vector<std::vector<Group>> groups(members.size() + 1, std::vector<Group>(frames.size()));
    for_each_block(frames.size(), 1, [&](std::size_t f, std::size_t, std::size_t) {
        const auto cells = voronoi_cells(t.frames[frames[f]], radius, options.thresholds);
        for (std::size_t i = 0; i < cells.size(); ++i) {
            add(groups[0][f], cells[i], options.volume_bin);
            add(groups[1 + static_cast<std::size_t>(t.species[i])][f], cells[i], options.volume_bin);
        }
    });
    std::string note = "plain";
    if (!options.radii.empty()) {
        note = "radical";
        for (const auto& [element, r] : options.radii) note += fmt::format(", {} {:g} angstrom", element, r);
    }
    if (options.thresholds.edge > 0) note += fmt::format("; edges from {:g} angstrom", options.thresholds.edge);
    if (options.thresholds.face > 0) note += fmt::format("; faces from {:g} of the surface", options.thresholds.face);

    Voronoi result;
    if (!t.along.values.empty()) {
        result.curves = along_programme(t, frames, groups);
        return result;
    }
    report(result, groups[0], {}, note, options.most_indices);
    result.estimates.push_back(
        average_frames("voronoi_edges", {}, each(groups[0], [](const Group& g) { return g.edges / g.faces; }), note));
    if (!radius.empty()) {
        double balls = 0;
        for (const double r : radius) balls += 4 * std::numbers::pi / 3 * r * r * r;
        result.estimates.push_back(average_frames(
            "free_volume", {}, each(groups[0], [&](const Group& g) { return (g.volume - balls) / g.atoms; }), note));
    }
    result.curves.push_back(volume_curve("voronoi_volume", groups[0], options.volume_bin));
    for (std::size_t a = 0; a < members.size(); ++a) {
        if (members[a] == 0) continue;
        report(result, groups[1 + a], {named("centre", static_cast<std::int64_t>(a), t.elements[a])}, note,
               options.most_indices);
        result.curves.push_back(volume_curve("voronoi_volume_" + t.elements[a], groups[1 + a], options.volume_bin));
    }
    return result;
}

}  // namespace vitrum::analysis
