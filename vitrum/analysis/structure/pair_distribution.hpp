// Pair distribution function: total, partial and x-ray weighted, of a trajectory in any periodic cell.
//
//   g_ab(r) = V/(4 pi r^2 dr) n_ab(r)/pairs, n_ab the pairs of atoms a and b at r .. r + dr,
//   pairs = N_a N_b for unlike atoms, N_a (N_a - 1)/2 for like ones (mode "N-1") or N_a^2/2 (mode "N").
// With "N-1" an ideal gas has g = 1 at any N. Each frame is normalised with its own volume.
//   G(r) = 4 pi r rho0 (g - 1), rho0 = N/V.
// x-ray weighted: sum of w_ab g_ab with w_ab = c_a c_b f_a f_b/<f>^2 at one q. It differs from the transform of a
// measured S(q), whose weights change with q. Made if all elements stand in vitrum/core/atoms/form_factors.hpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vitrum/analysis/structure/frame_average.hpp"
#include "vitrum/core/data/findings.hpp"
#include "vitrum/core/data/trajectory.hpp"
#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/core/estimate/fit_quality.hpp"

namespace vitrum::analysis {

enum class LikePairs { n_minus_1, n };
[[nodiscard]] std::string_view name(LikePairs mode);  // "N-1", "N"

struct PairDistributionOptions {
    FrameChoice frames;
    double r_max = 0;   // [angstrom] 0: half the smallest distance of faces, at most 20. Any value: images count
    double bin = 0.02;  // [angstrom]
    LikePairs like_pairs = LikePairs::n_minus_1;
    double weights_q = 0;                              // [1/angstrom] where x-ray weights are taken
    double rejection_level = vitrum::rejection_level;  // of p of the first peak's parabola
};

// Curves "pair_distribution", "pair_distribution_CuZr" ..., "pair_distribution_xray", "reduced_pair_distribution",
// "reduced_pair_distribution_xray". r is the middle of each bin. weight: pairs counted. Estimates number_density;
// first_peak_distance and first_peak_p of all atoms and of each pair of elements.
struct PairDistribution : Findings {
    LikePairs like_pairs = LikePairs::n_minus_1;
    double density = 0;  // [1/angstrom^3] mean over frames
    double r_max = 0;    // [angstrom]
};

// Errors: blocks of frames (frame_average.hpp). Parallel over frames and within them. Throws InputError for a
// trajectory without frames or atoms, a bin that is not positive, more than 10^6 bins.
[[nodiscard]] PairDistribution pair_distribution(const Trajectory& trajectory,
                                                 const PairDistributionOptions& options = {});

// Half the smallest distance of faces over these frames [angstrom].
[[nodiscard]] double half_cell(const Trajectory& trajectory, const std::vector<std::size_t>& frames);

// The curve of this name; throws std::out_of_range.
[[nodiscard]] const Curve& curve_named(const std::vector<Curve>& curves, std::string_view name);

}  // namespace vitrum::analysis
