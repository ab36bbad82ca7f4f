// Statistics of Voronoi cells over a trajectory: indices, icosahedra, volumes. Definitions: voronoi_cells.hpp.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "vitrum/analysis/structure/frame_average.hpp"
#include "vitrum/analysis/structure/voronoi_cells.hpp"
#include "vitrum/core/data/findings.hpp"
#include "vitrum/core/data/trajectory.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

struct VoronoiOptions {
    FrameChoice frames;
    // Radical cells with a radius [angstrom] for every element; empty: plain cells.
    std::vector<std::pair<std::string, double>> radii;
    VoronoiThresholds thresholds;
    std::size_t most_indices = 10;  // commonest indices that are reported, of all atoms and of each element
    double volume_bin = 0.25;       // [angstrom^3]
};

using Voronoi = Findings;

// Estimates icosahedra_fraction, voronoi_index_fraction (abscissa: the index, as "<0,2,8,2>"), voronoi_volume,
// voronoi_volume_sd, voronoi_faces; of all atoms and, with the coordinate "centre Cu", of each element. voronoi_edges
// of all atoms. With radii: free_volume of all atoms. Curves "voronoi_volume", "voronoi_volume_Cu": density of cell
// volumes.
// A trajectory along a programme has no means: instead of all that, curves icosahedra_fraction_of_temperature and
// icosahedra_fraction_Cu_of_temperature (or whatever was changed), a point a frame.
// Errors: blocks of frames. Parallel over frames and atoms. Throws InputError: an element without radius, others as
// voronoi_cells() and chosen_frames().
[[nodiscard]] Voronoi voronoi(const Trajectory& trajectory, const VoronoiOptions& options = {});

// The radius of each atom from a table by element; empty from an empty table. Throws InputError for an element of the
// trajectory that is not in the table, or one in the table that the trajectory does not have.
[[nodiscard]] std::vector<double> radii_of_atoms(const Trajectory& trajectory,
                                                 const std::vector<std::pair<std::string, double>>& radii);

}  // namespace vitrum::analysis
