// The field as a sum over scatterers: E(t) = K^(-1/2) sum_k [u_k cos x_k(t) + v_k sin x_k(t)], x_k(t) the displacement
// of scatterer k in units of 1/q, u_k and v_k fresh complex normals for every pixel and mode (its place, seen from
// there). Given the K drawn displacements E is exactly Gaussian with the realised correlation
//   g1(t1,t2) = (1/K) sum_k cos(x_k(t1) - x_k(t2)),
// and that is its truth; over many draws <g1> = exp(-|Lambda2 - Lambda1|^beta). The displacements are stable of index
// k = beta/theta, with stationary increments on the clock and a width that grows as Lambda^theta:
//   theta = 1           x = w Lambda, w symmetric stable of index beta (Chambers, Mallows and Stuck 1976): spectral
//   sampling theta < 1           sub-Gaussian fractional Brownian motion of Hurst index theta (Samorodnitsky and Taqqu
//   1994) theta = 1/k > 1     independent increments (a Levy flight), beta = 1
// The same key draws the same displacements, whatever tau: fields of several q share them.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <Eigen/Core>

#include "vitrum/core/stream.hpp"

namespace vitrum::model {

struct Scatterers {
    std::vector<double> times{};  // [s] ages, increasing
    Eigen::MatrixXd waves{};      // (2 K, times): cos x_k and sin x_k over sqrt(K)

    [[nodiscard]] Eigen::Index column(double t) const;  // of the nearest time
    [[nodiscard]] double g1(Eigen::Index i, Eigen::Index j) const { return waves.col(i).dot(waves.col(j)); }
};

// Throws InputError: a pair without such displacements (check_displacement_pair), or without a generator here.
void check_scatterers(double theta, double beta, std::size_t terms);

// `clock`: Lambda at each of `times`.
[[nodiscard]] Scatterers draw_scatterers(double theta, double beta, std::size_t terms, std::span<const double> times,
                                         std::span<const double> clock, Stream& stream);

}  // namespace vitrum::model
