#include "vitrum/pipeline/sources/atoms/measure_atoms.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>

#include "vitrum/analysis/diffraction/fsdp.hpp"
#include "vitrum/analysis/diffraction/structure_factor.hpp"
#include "vitrum/analysis/dynamics/msd.hpp"
#include "vitrum/analysis/dynamics/overlap.hpp"
#include "vitrum/analysis/scattering/scattering_functions.hpp"
#include "vitrum/analysis/structure/bond_order.hpp"
#include "vitrum/analysis/structure/connections.hpp"
#include "vitrum/analysis/structure/coordination.hpp"
#include "vitrum/analysis/structure/pair_distribution.hpp"
#include "vitrum/analysis/structure/voronoi.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/sim/scattering/scattering.hpp"

namespace vitrum::pipeline {

namespace {

// Structure averages over frames that hardly move: so many of them, evenly spaced.
constexpr std::size_t structure_frames = 20;

struct Input {
    const Trajectory& trajectory;
    AtomMeasureOptions options;
    double peak = 0;  // [1/angstrom] of the x-ray S(q)
};

template <class Found>
void take(Found found, AtomMeasures& all) {
    std::move(found.curves.begin(), found.curves.end(), std::back_inserter(all.curves));
    std::move(found.estimates.begin(), found.estimates.end(), std::back_inserter(all.estimates));
}

void displacements(const Input& in, AtomMeasures& all) {
    analysis::MsdOptions o;
    o.paths.remove_drift = true;
    take(analysis::msd(in.trajectory, o), all);
}

void scattering(const Input& in, AtomMeasures& all) {
    analysis::ScatteringOptions o;
    o.paths.remove_drift = true;
    o.q_low = in.peak - in.options.shell_half_width;
    o.q_high = in.peak + in.options.shell_half_width;
    take(analysis::scattering_functions(in.trajectory, o), all);
}

void pairs(const Input& in, AtomMeasures& all) {
    analysis::PairDistributionOptions o;
    o.frames.most = structure_frames;
    take(analysis::pair_distribution(in.trajectory, o), all);
}

// The x-ray S(q) and its first peak.
void diffraction(const Input& in, AtomMeasures& all) {
    analysis::StructureFactorOptions o;
    o.frames.most = structure_frames;
    analysis::StructureFactor found = analysis::structure_factor(in.trajectory, o);
    for (const Curve& curve : found.curves) {
        if (curve.name != "structure_factor_xray") continue;
        analysis::FsdpOptions peak;
        peak.search_low = 2.0;
        peak.search_high = 3.6;
        // The top of S(q) of some thousand atoms is too noisy for a parabola.
        peak.method = analysis::PeakMethod::centre_of_mass;
        take(analysis::fsdp(curve, peak), all);
    }
    take(std::move(found), all);
}

void cells(const Input& in, AtomMeasures& all) {
    analysis::VoronoiOptions o = voronoi_options(in.trajectory);
    o.frames.most = structure_frames;
    analysis::Voronoi found = analysis::voronoi(in.trajectory, o);
    // The commonest indices of one sample are not those of the next: their rows would not meet.
    std::erase_if(found.estimates, [](const Estimate& e) { return e.quantity == "voronoi_index_fraction"; });
    take(std::move(found), all);
}

void shells(const Input& in, AtomMeasures& all) {
    analysis::CoordinationOptions o;
    o.frames.most = structure_frames;
    take(analysis::coordination(in.trajectory, o), all);
    analysis::BondOrderOptions order;
    order.frames.most = structure_frames;
    take(analysis::bond_order(in.trajectory, order), all);
    analysis::ConnectionOptions shared;
    shared.frames.most = structure_frames;
    take(analysis::connections(in.trajectory, shared), all);
}

void overlaps(const Input& in, AtomMeasures& all) {
    analysis::OverlapOptions o;
    o.paths.remove_drift = true;
    take(analysis::overlap(in.trajectory, o), all);
}

struct Step {
    const char* name;
    void (*measure)(const Input&, AtomMeasures&);
};
constexpr std::array steps{Step{"pair distribution", pairs},
                           Step{"structure factor", diffraction},
                           Step{"Voronoi cells", cells},
                           Step{"shells of neighbours", shells},
                           Step{"mean squared displacement", displacements},
                           Step{"intermediate scattering functions", scattering},
                           Step{"overlap", overlaps}};

// Of the x-ray S(q); a usual one where it is not known.
double first_peak(const Trajectory& t, AtomMeasures& all) {
    constexpr double usual = 2.7;
    if (t.elements != std::vector<std::string>{"Cu", "Zr"}) return usual;
    std::vector<int> species;
    for (const int s : t.species) species.push_back(s + 1);
    const sim::Peak peak = sim::first_peak(t.frames, species);
    if (!peak.inside)
        all.notes.push_back(fmt::format("no clear first peak of S(q); {:.2f} 1/angstrom is used", peak.q));
    return peak.q;
}

}  // namespace

analysis::VoronoiOptions voronoi_options(const Trajectory& trajectory) {
    analysis::VoronoiOptions o;
    if (trajectory.elements == std::vector<std::string>{"Cu", "Zr"}) o.radii = {{"Cu", 1.28}, {"Zr", 1.60}};
    return o;
}

AtomMeasures measure_atoms(const Trajectory& trajectory, const AtomMeasureOptions& options) {
    AtomMeasures all;
    Input in{trajectory, options, 0};
    in.peak = first_peak(trajectory, all);
    for (const Step& step : steps) {
        try {
            step.measure(in, all);
        } catch (const InputError& error) {
            all.notes.push_back(fmt::format("{} could not be measured: {}", step.name, error.what()));
        }
    }
    return all;
}

}  // namespace vitrum::pipeline
