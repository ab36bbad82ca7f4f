#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/model/atoms/configurations.hpp"
#include "vitrum/model/atoms/paths.hpp"
#include "vitrum/pipeline/sources/sources.hpp"

namespace vitrum::pipeline {

namespace {

using model::AtomPaths;
using model::Motion;

constexpr std::array<const char*, 8> motions{"frozen",         "brownian", "cage",      "jumps",
                                             "two_mobilities", "clusters", "two_level", "rigid_blocks"};

void closed(GroundTruth& truth, const char* what, double value, const std::string& note = {}) {
    if (std::isfinite(value)) truth.add(what, {}, value, Origin::closed_form, note);
}

// What follows from the law of the motion. Of scattering functions at `q` [1/angstrom].
GroundTruth truth_of(const AtomPaths& p, double q) {
    GroundTruth truth;
    closed(truth, "number_density", static_cast<double>(p.atoms) / std::pow(p.edge, 3));
    closed(truth, "smallest_wavevector", 2 * std::numbers::pi / p.edge);
    double diffusion = not_a_number;
    switch (p.motion) {
        case Motion::frozen: diffusion = 0; break;
        case Motion::brownian:
        case Motion::clusters: diffusion = p.diffusion; break;
        case Motion::two_mobilities:
            diffusion = (1 - p.fast_share) * p.diffusion + p.fast_share * p.fast_diffusion;
            break;
        case Motion::jumps: diffusion = p.jump_rate * p.jump * p.jump / 6; break;
        case Motion::cage:
        case Motion::two_level:
        case Motion::rigid_blocks: break;
    }
    closed(truth, "diffusion_coefficient", diffusion);
    if (p.motion == Motion::brownian) {
        const std::string note = fmt::format("at q = {} 1/angstrom", q);
        closed(truth, "tau_self", 1 / (q * q * p.diffusion), note);
        closed(truth, "efold_time_self", 1 / (q * q * p.diffusion), note);
        closed(truth, "stretching_self", 1, note);
        closed(truth, "plateau_self", 1, note);
    }
    if (p.motion == Motion::jumps) {
        closed(truth, "hop_rate", p.jump_rate);
        closed(truth, "hop_length", p.jump);
    }
    if (p.motion == Motion::frozen) {
        closed(truth, "nonaffine_mean", 0, "the atoms move with the cell");
        closed(truth, "nonaffine_share", 0, "the atoms move with the cell");
    }
    if (p.motion == Motion::rigid_blocks) {
        // The largest chi4 over the lags that the frames have.
        double peak = 0;
        double when = 0;
        for (std::size_t f = 1; f < p.frames; ++f)
            if (const double t = static_cast<double>(f) * p.interval; p.susceptibility(t) > peak) {
                peak = p.susceptibility(t);
                when = t;
            }
        closed(truth, "overlap_peak", peak);
        closed(truth, "overlap_peak_time", when);
    }
    return truth;
}

AtomPaths read_paths(Section& section) {
    AtomPaths p;
    const std::string motion = section.choice("motion", {motions.begin(), motions.end()}, "brownian");
    p.motion = static_cast<Motion>(std::find(motions.begin(), motions.end(), motion) - motions.begin());
    p.atoms = section.count("atoms", p.atoms);
    p.frames = section.count("frames", p.frames);
    p.interval = section.quantity("interval", Dimension::time, p.interval);
    p.edge = section.quantity("edge", Dimension::length, p.edge);
    p.diffusion = section.number("diffusion", p.diffusion);
    p.fast_diffusion = section.number("fast_diffusion", p.fast_diffusion);
    p.fast_share = section.number("fast_share", p.fast_share);
    p.cage_width = section.quantity("cage_width", Dimension::length, p.cage_width);
    p.cage_time = section.quantity("cage_time", Dimension::time, p.cage_time);
    p.jump = section.quantity("jump", Dimension::length, p.jump);
    p.jump_rate = section.quantity("jump_rate", Dimension::frequency, p.jump_rate);
    p.back_rate = section.quantity("back_rate", Dimension::frequency, p.back_rate);
    p.barrier_spread = section.number("barrier_spread", p.barrier_spread);
    p.offspring = section.number("offspring", p.offspring);
    p.block = section.count("block", p.block);
    p.wrapped = section.flag("wrapped", p.wrapped);
    const auto three = [&](const char* key) {
        const auto values = section.numbers(key, std::vector<double>{0, 0, 0});
        if (values.size() != 3) section.fail(key, fmt::format("has {} values, not 3", values.size()));
        return std::array<double, 3>{values[0], values[1], values[2]};
    };
    p.drift = three("drift");
    p.strain = three("strain");
    return p;
}

Unit unit_of(const std::string& name, const std::string& title, double cost) {
    Unit unit;
    unit.name = name;
    unit.title = title;
    unit.cost = cost;
    return unit;
}

SourcePlan plan_of(Unit unit, const char* estimator) {
    SourcePlan plan;
    plan.units.push_back(std::move(unit));
    plan.data = DataKind::trajectory;
    plan.default_estimate.estimator = estimator;
    return plan;
}

Labelled<DataSet> dressed(const std::string& name, const char* source, const std::string& title, Trajectory made,
                          GroundTruth truth) {
    Labelled<DataSet> set;
    set.data.name = name;
    set.data.source = source;
    set.data.title = title;
    made.name = name;
    set.data.data = std::move(made);
    set.truth = std::move(truth);
    return set;
}

}  // namespace

SourcePlan read_atom_paths(Section& section, const std::string& name) {
    const AtomPaths p = read_paths(section);
    const double q = section.quantity("q", Dimension::wavevector, 2.7);
    section.guard([&] {
        AtomPaths few = p;  // the checks are the generator's own
        few.frames = std::min<std::size_t>(p.frames, 2);
        static_cast<void>(model::generate(few, {}));
    });
    const std::string motion = motions.at(static_cast<std::size_t>(p.motion));
    Unit unit = unit_of(name, fmt::format("{} atoms, motion '{}'", p.atoms, motion),
                        1e-6 * static_cast<double>(p.atoms) * static_cast<double>(p.frames));
    unit.generate = [p, q, name, title = unit.title](const UnitContext& context) {
        return dressed(name, "atom_paths", title, model::generate(p, context.key), truth_of(p, q));
    };
    return plan_of(std::move(unit), "msd");
}

namespace {

// Neighbours in the first shell, their distance over the lattice constant, and faces of the Voronoi cell, of lattices
// of one kind of site; order parameters q_4 and q_6 of those neighbours.
struct LatticeTruth {
    const char* name;
    double neighbours, distance, q4, q6;
};
constexpr std::array lattice_truths{
    LatticeTruth{"simple_cubic", 6, 1, 0.76376261582597338, 0.35355339059327379},
    LatticeTruth{"fcc", 12, 0.70710678118654757, 0.19094065395649335, 0.57452425971406964},
    LatticeTruth{"hcp", 12, 1, 0.097222222222222224, 0.48476168522368333},
    // Both shells of bcc, 8 and 6, lie within the first minimum of g(r).
    LatticeTruth{"bcc", 14, 0.8660254037844386, not_a_number, not_a_number},
};

}  // namespace

SourcePlan read_lattice(Section& section, const std::string& name) {
    const std::vector<std::string> kinds{"simple_cubic", "bcc", "fcc", "hcp", "b2", "a15", "c15"};
    const std::string kind = section.choice("lattice", kinds, "fcc");
    const double a = section.quantity("lattice_constant", Dimension::length, 4.0);
    const auto cells = static_cast<int>(section.count("cells", 5));
    const double sigma = section.quantity("displacement", Dimension::length, 0.05);
    const std::size_t frames = section.count("frames", 20);
    if (!(a > 0)) section.fail("lattice_constant", fmt::format("is {} angstrom; positive", a));
    if (!(sigma >= 0)) section.fail("displacement", fmt::format("is {} angstrom; not negative", sigma));
    const Trajectory perfect = model::lattice(model::lattice_from(kind), a, {cells, cells, cells});
    const auto& box = perfect.frames.front().box;
    GroundTruth truth;
    closed(truth, "number_density", static_cast<double>(perfect.atoms()) / (box[0] * box[4] * box[8]));
    closed(truth, "smallest_wavevector", 2 * std::numbers::pi / std::max({box[0], box[4], box[8]}));
    const auto known = std::find_if(lattice_truths.begin(), lattice_truths.end(),
                                    [&](const LatticeTruth& t) { return kind == t.name; });
    if (known != lattice_truths.end()) {
        closed(truth, "coordination_number", known->neighbours);
        closed(truth, "first_peak_distance", known->distance * a, "of the lattice without displacements");
        // Two atoms of the second shell of fcc, a apart, share four neighbours: the square between them.
        if (kind == "fcc")
            truth.add("connection_fraction", {{"shared atoms", 4, 4, ""}}, 1, Origin::closed_form,
                      "where the second shell ends before 1.2 lattice constants");
        if (sigma == 0) {
            truth.add("bond_order_q", {{"l", 4, 4, ""}}, known->q4, Origin::closed_form);
            truth.add("bond_order_q", {{"l", 6, 6, ""}}, known->q6, Origin::closed_form);
        }
    }
    closed(truth, "voronoi_volume", box[0] * box[4] * box[8] / static_cast<double>(perfect.atoms()));
    Unit unit =
        unit_of(name, fmt::format("{} lattice, {} atoms, displaced by {} angstrom", kind, perfect.atoms(), sigma),
                1e-6 * static_cast<double>(perfect.atoms()) * static_cast<double>(frames));
    unit.generate = [=, title = unit.title](const UnitContext& context) {
        return dressed(name, "lattice", title, model::perturbed(perfect, sigma, frames, context.key), truth);
    };
    return plan_of(std::move(unit), "pair_distribution");
}

}  // namespace vitrum::pipeline
