// What is measured on a trajectory at constant volume: structure and dynamics, through the estimators of analysis/.
#pragma once

#include <string>
#include <vector>

#include "vitrum/analysis/structure/voronoi.hpp"
#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/data/trajectory.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::pipeline {

// Of Cu-Zr radical cells with radii 1.28 and 1.60 angstrom, of others plain ones.
[[nodiscard]] analysis::VoronoiOptions voronoi_options(const Trajectory& trajectory);

struct AtomMeasureOptions {
    double shell_half_width = 0.06;  // [1/angstrom] wavevectors of F and F_s around the first peak
};

struct AtomMeasures {
    std::vector<Curve> curves;
    std::vector<Estimate> estimates;
    std::vector<std::string> notes;
};

// Structure over 20 frames: pair distribution, structure factor and its first peak, Voronoi cells.
// Dynamics over all: msd, and scattering functions at wavevectors around the first peak of the
// x-ray S(q) (of Cu-Zr), or around 2.7 1/angstrom. A step that cannot be done on these data is a note, not an error.
[[nodiscard]] AtomMeasures measure_atoms(const Trajectory& trajectory, const AtomMeasureOptions& options);

}  // namespace vitrum::pipeline
