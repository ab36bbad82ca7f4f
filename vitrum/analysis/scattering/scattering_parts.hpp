// What the self and the collective scattering function share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vitrum/analysis/dynamics/paths.hpp"
#include "vitrum/analysis/scattering/scattering_functions.hpp"
#include "vitrum/core/atoms/wavevectors.hpp"

namespace vitrum::analysis {

// Wavevectors of the reference cell in the shell, at most `most` (0: all), spread evenly over the list.
[[nodiscard]] std::vector<Wavevector> shell(const Paths& paths, const ScatteringOptions& options, std::size_t most);

// Fractional coordinates whose phases 2 pi n.s are q.r in the wanted frame, of a block: frames x 3 x lanes. Lab:
// h_ref^-1 h(t) (s - 1/2).
[[nodiscard]] std::vector<double> phase_coordinates(const Paths& paths, std::size_t block, std::size_t first_frame,
                                                    std::size_t end_frame, bool lab);

// f of every element at q; empty where one is not in the table.
[[nodiscard]] std::optional<std::vector<double>> form_factors(const std::vector<std::string>& elements, double q);

// The block of time of an origin, of `blocks` of equal length over a run's frames.
[[nodiscard]] inline std::size_t time_block(std::size_t origin, std::size_t frames, std::size_t blocks) {
    return origin * blocks / frames;
}

// Numerator and denominator of every group and lag (groups x lags) to a curve with its jackknife.
[[nodiscard]] Curve ratio_curve(const std::string& name, const Paths& paths, const std::vector<std::size_t>& lags,
                                const std::vector<double>& above, const std::vector<double>& below,
                                const std::string& method);

}  // namespace vitrum::analysis
