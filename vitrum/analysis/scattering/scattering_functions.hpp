// Intermediate scattering functions at the cell's own wavevectors q = 2 pi h_ref^-T n, h_ref the first frame's cell:
//   self        F_s(q,t) = < cos q.[r_j(t0 + t) - r_j(t0)] > over atoms j, origins t0, wavevectors of the shell
//   collective  F(q,t) = sum_q Re <A_q(t0 + t) A_q*(t0)> / sum_q <|A_q|^2>, A = sum_j b_j exp(i q.r_j)
//               b = 1 (total), 1 on one element (like pairs), or the form factor at q (x-rays)
//   modulus     the same with |< >| of each wavevector in place of Re: what speckle sees of drift, which turns F to
//               cos(q.v t) and leaves |F|; noise lifts it by the order of 1/sqrt(number of independent amplitudes)
// <|A|^2> is the mean over the frames that make the pairs of the lag, at both ends: F(q,0) = 1.
//
// Co-moving: r = h_ref s, atoms of a cell that changes are followed in its own coordinates. Lab frame (names end in
// _lab; only where the cell changes, else both are the same): r = h(t) (s - 1/2) with the same fixed q, so that affine
// motion decorrelates; that is what x-rays see. There q is no wavevector of the deformed cell: the edges scatter.
//
// Errors: jackknife over groups of atoms (self) or of wavevectors (collective), or over blocks of time origins. Groups
// cover the scatter within this run; blocks of time need lags that are short against a block.
// Cost: a complex product per atom, frame and wavevector for the amplitudes, per pair of frames and wavevector for
// self.
#pragma once

#include <cstddef>

#include "vitrum/analysis/dynamics/jackknife.hpp"
#include "vitrum/analysis/dynamics/paths.hpp"
#include "vitrum/analysis/scattering/relaxation.hpp"

namespace vitrum::analysis {

enum class ScatteringErrors { groups, time_blocks };

struct ScatteringOptions {
    PathOptions paths;
    LagOptions lags;
    double q_low = 2.6, q_high = 2.8;          // [1/angstrom] shell; the first peak of CuZr glasses is near 2.7
    std::size_t self_wavevectors = 24;         // most that are used, spread evenly over the list; 0: all
    std::size_t collective_wavevectors = 200;  // the same; 0: all
    ScatteringErrors errors = ScatteringErrors::groups;
    RelaxationOptions relaxation;
};

inline constexpr std::size_t time_blocks = 10;

// Curves against lag [s]: self_scattering_function, ..._Cu, ..._xray, ..._modulus, each with _lab where the cell
// changes. x-ray: weights f^2 of the elements. Left out where an element has no form factor. Estimates: relaxation() of
// the first with suffix self. Throws InputError: no wavevector of the cell in the shell.
[[nodiscard]] Findings self_scattering(const Paths& paths, const ScatteringOptions& options);

// Curves collective_scattering_function, ..._Cu, ..._xray, ..._modulus, and _lab; relaxation() with suffix collective,
// of the total.
[[nodiscard]] Findings collective_scattering(const Paths& paths, const ScatteringOptions& options);

// Both.
[[nodiscard]] Findings scattering_functions(const Trajectory& trajectory, const ScatteringOptions& options = {});

}  // namespace vitrum::analysis
