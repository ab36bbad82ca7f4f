// Two-time correlation C(t1,t2) over the N pixels of one region that take part, whether they saw a photon or not.
// Photon counts give exact sums, so dense and sparse series of the same data give the same bits. Where a frame's mean
// stands in the denominator, entries with an empty frame are NaN: C is undefined there. With I = I_p(t1), I' = I_p(t2),
// sums over the pixels p of the region, S = sum I, and g_s(t) = mean of frame t over all unmasked pixels of static
// region s, s = s(p):
//
//   symmetric         N sum I I' / (S S')                                   scikit-beam, Brugnara, xpcs-eigen over d
//   static_map        (1/N) sum I I' / (g_s(t1) g_s(t2))                    xpcs-eigen
//   static_map_time   (1/N) sum I I' / G_s^2, G_s = mean of g_s over time   xpcs-eigen
//   boost_corr        x = I / g_s(t); N sum x x' / (sum x sum x')           boost_corr
//   global            (1/N) sum I I' / G^2, G = mean of S/N over time       map form of Zhang et al. 2023 eq. 1
//   pearson           (N sum I I' - S S') / sqrt((N sum I^2 - S^2) (N sum I'^2 - S'^2))               rexpcs
//   asymmetric        N sum I I' / S^2, S of the earlier frame              C-XPCS
//
// All but pearson estimate 1 + contrast |F|^2 of a stationary run; pearson estimates |F|^2 times a factor that
// depends on the counts. static_map and boost_corr take out an intensity gradient across the region and coincide where
// every static region lies inside the region. A static region that is empty in one of two frames is left out of that
// pair, and N counts the others. global and static_map_time keep drift of the beam: C is multiplied by a(t1)
// a(t2)/<a>^2.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "vitrum/core/data/speckle_series.hpp"
#include "vitrum/core/data/two_time_map.hpp"

namespace vitrum::analysis {

enum class Normalisation { symmetric, static_map, static_map_time, boost_corr, global, pearson, asymmetric };

// What stands on the diagonal; no estimator uses it, figures and other programs may.
enum class Diagonal {
    raw,             // t1 = t2 in the formula: carries the shot noise of counts
    factorial,       // k (k-1) in place of k^2: 1 + contrast; counts only
    neighbour_mean,  // mean of C(t,t-1) and C(t,t+1), those that are known
    excluded,        // NaN
};

[[nodiscard]] std::string_view name(Normalisation normalisation);
[[nodiscard]] bool uses_static_map(Normalisation normalisation);
[[nodiscard]] std::string_view name(Diagonal diagonal);

struct TwoTimeOptions {
    std::int32_t region = 0;  // 0 = all pixels in use; else a 1-based region
    Normalisation normalisation = Normalisation::symmetric;
    Diagonal diagonal = Diagonal::raw;
    std::vector<std::int32_t>
        static_region{};  // 1-based of each pixel, 0 = in none and left out; static_map*, boost_corr
};

// Throws InputError if no pixel takes part, every frame is empty, static regions are wanted and missing, or a
// factorial diagonal is asked of intensities that are no counts.
[[nodiscard]] TwoTimeMap two_time(const SpeckleSeries& series, const TwoTimeOptions& options = {});

// What the policies of the diagonal are made of, for maps that are made row by row.
void check_factorial(const SpeckleSeries& series);          // throws InputError: intensities that are no counts
[[nodiscard]] double between(double before, double after);  // mean of the neighbours that are known

// The same with the pixels of `left_out` (1 = not used) masked as well: for errors from leaving groups out.
[[nodiscard]] TwoTimeMap two_time_without(const SpeckleSeries& series, const TwoTimeOptions& options,
                                          const std::vector<std::uint8_t>& left_out);

}  // namespace vitrum::analysis
