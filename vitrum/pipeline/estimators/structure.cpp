// Estimators of the structure of atoms: of a trajectory.
#include <fmt/format.h>

#include "vitrum/analysis/structure/bond_order.hpp"
#include "vitrum/analysis/structure/connections.hpp"
#include "vitrum/analysis/structure/coordination.hpp"
#include "vitrum/analysis/structure/pair_distribution.hpp"
#include "vitrum/analysis/structure/voronoi.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/pipeline/estimators/analysis_options.hpp"
#include "vitrum/pipeline/estimators/option_values.hpp"
#include "vitrum/pipeline/estimators/rows.hpp"

namespace vitrum::pipeline {

Estimator read_pair_distribution(Section& options, DataKind) {
    analysis::PairDistributionOptions o;
    o.frames = frame_choice(options);
    o.r_max = not_negative(options, "r_max");
    o.bin = positive(options, "bin", Dimension::length, o.bin);
    if (options.choice("like_pairs", {"N-1", "N"}, "N-1") == "N") o.like_pairs = analysis::LikePairs::n;
    o.weights_q = options.quantity("weights_q", Dimension::wavevector, o.weights_q);
    o.rejection_level = read_rejection_level(options);
    return on<Trajectory>([o](const Trajectory& t) { return analysis::pair_distribution(t, o); });
}

Estimator read_coordination(Section& options, DataKind) {
    analysis::CoordinationOptions o;
    o.frames = frame_choice(options);
    o.cutoff = not_negative(options, "cutoff");
    return on<Trajectory>([o](const Trajectory& t) { return analysis::coordination(t, o); });
}

Estimator read_voronoi(Section& options, DataKind) {
    analysis::VoronoiOptions o;
    o.frames = frame_choice(options);
    o.radii = numbers_by_element(options, "radii", "Cu:1.28,Zr:1.6 (angstrom)");
    o.thresholds.edge = not_negative(options, "edge_threshold");
    o.thresholds.face = options.number("face_threshold", 0.0);
    o.most_indices = whole(options, "most_indices", o.most_indices);
    return on<Trajectory>([o](const Trajectory& t) { return analysis::voronoi(t, o); });
}

Estimator read_bond_order(Section& options, DataKind) {
    analysis::BondOrderOptions o;
    o.frames = frame_choice(options);
    o.l.clear();
    for (const double l : options.numbers("l", std::vector<double>{4, 6})) {
        if (!(l >= 0 && l <= 12) || l != static_cast<double>(static_cast<int>(l)))
            options.fail("l", fmt::format("holds {}; whole numbers from 0 to 12, as in [4, 6]", l));
        o.l.push_back(static_cast<int>(l));
    }
    o.neighbours = analysis::bond_neighbours_from(options.choice("neighbours", {"cutoff", "voronoi"}, "cutoff"));
    o.cutoff = not_negative(options, "cutoff");
    o.averaged = options.flag("averaged", o.averaged);
    return on<Trajectory>([o](const Trajectory& t) { return analysis::bond_order(t, o); });
}

Estimator read_connections(Section& options, DataKind) {
    analysis::ConnectionOptions o;
    o.frames = frame_choice(options);
    o.first_shell = not_negative(options, "first_shell");
    o.second_shell = not_negative(options, "second_shell");
    return on<Trajectory>([o](const Trajectory& t) { return analysis::connections(t, o); });
}

}  // namespace vitrum::pipeline
