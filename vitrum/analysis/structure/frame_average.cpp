#include "vitrum/analysis/structure/frame_average.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "vitrum/core/atoms/neighbours.hpp"
#include "vitrum/core/data/curve_errors.hpp"
#include "vitrum/core/error.hpp"

namespace vitrum::analysis {

namespace {

std::size_t block_begin(std::size_t frames, std::size_t blocks, std::size_t b) { return frames * b / blocks; }

std::string method(std::size_t frames, std::size_t blocks) {
    if (blocks < 2) return "none: one frame";
    return fmt::format("blocks of frames, {} blocks of {} frames", blocks, frames);
}

// Two atoms at one place have no distance, no Voronoi face between them and no direction from one to the other: the
// file holds an atom twice.
void check_apart(const Trajectory& t, std::size_t frame) {
    constexpr double one_place = 1e-3;  // [angstrom]
    const NeighbourTable near = neighbour_table(t.frames[frame].box, t.frames[frame].fractional, one_place);
    if (near.index.empty()) return;
    std::size_t i = 0;
    while (near.count(i) == 0) ++i;
    const auto name = [&](std::size_t atom) { return atom < t.id.size() ? t.id[atom] : static_cast<long>(atom + 1); };
    throw InputError(fmt::format("trajectory '{}', frame {}: the atoms {} and {} stand at one place (to {} angstrom)",
                                 t.name, frame, name(i), name(near.neighbours(i)[0]), one_place));
}

}  // namespace

std::vector<std::size_t> chosen_frames(const Trajectory& trajectory, const FrameChoice& choice) {
    if (choice.stride == 0) throw InputError("the stride of frames must be at least 1");
    std::vector<std::size_t> chosen;
    for (std::size_t f = choice.first; f < trajectory.frames.size(); f += choice.stride) chosen.push_back(f);
    if (chosen.empty())
        throw InputError(fmt::format("trajectory '{}': no frame from number {} on; it has {}", trajectory.name,
                                     choice.first, trajectory.frames.size()));
    if (trajectory.atoms() == 0) throw InputError(fmt::format("trajectory '{}' has no atoms", trajectory.name));
    if (choice.most > 0 && chosen.size() > choice.most) {
        std::vector<std::size_t> fewer;
        for (std::size_t k = 0; k < choice.most; ++k) fewer.push_back(chosen[k * chosen.size() / choice.most]);
        chosen = std::move(fewer);
    }
    for (const std::size_t f : chosen)
        if (trajectory.frames[f].fractional.size() != 3 * trajectory.atoms())
            throw InputError(fmt::format("trajectory '{}', frame {}: {} coordinates for {} atoms", trajectory.name, f,
                                         trajectory.frames[f].fractional.size(), trajectory.atoms()));
    for (const std::size_t f : chosen) check_apart(trajectory, f);
    return chosen;
}

void average_frames(Curve& curve, const std::vector<std::vector<double>>& values) {
    const std::size_t frames = values.size();
    const std::size_t blocks = std::min(frames, error_blocks);
    const std::size_t points = values.at(0).size();
    curve.y.assign(points, 0.0);
    Eigen::MatrixXd deviation(static_cast<Eigen::Index>(points), static_cast<Eigen::Index>(blocks));
    for (std::size_t p = 0; p < points; ++p) {
        std::vector<double> sum(blocks, 0.0);
        double total = 0;
        for (std::size_t b = 0; b < blocks; ++b) {
            for (std::size_t f = block_begin(frames, blocks, b); f < block_begin(frames, blocks, b + 1); ++f)
                sum[b] += values[f][p];
            total += sum[b];
        }
        curve.y[p] = total / static_cast<double>(frames);
        for (std::size_t b = 0; b < blocks; ++b) {
            const auto in_block =
                static_cast<double>(block_begin(frames, blocks, b + 1) - block_begin(frames, blocks, b));
            // Blocks differ by a frame at most; each is weighted by its share.
            deviation(static_cast<Eigen::Index>(p), static_cast<Eigen::Index>(b)) =
                (sum[b] / in_block - curve.y[p]) * std::sqrt(in_block / static_cast<double>(frames));
        }
    }
    curve.error_method = method(frames, blocks);
    if (blocks < 2) return;
    curve.covariance_factor = deviation / std::sqrt(static_cast<double>(blocks - 1));
    curve.degrees_of_freedom = static_cast<double>(blocks - 1);
    errors_from_factor(curve);
}

Estimate average_frames(std::string_view quantity, Abscissa abscissa, const std::vector<double>& values,
                        const std::string& note) {
    std::vector<std::vector<double>> known;
    for (const double v : values)
        if (std::isfinite(v)) known.push_back({v});
    if (known.empty())
        return make_estimate(quantity, std::move(abscissa), not_a_number, not_a_number, 0, Status::no_data, note);
    Curve one;
    average_frames(one, known);
    const std::string text = (note.empty() ? "" : note + "; ") + "error: " + one.error_method;
    if (one.y_error.empty())
        return make_estimate(quantity, std::move(abscissa), one.y[0], not_a_number, 0, Status::ok, text);
    return make_estimate(quantity, std::move(abscissa), one.y[0], one.y_error[0], one.degrees_of_freedom, Status::ok,
                         text);
}

std::string pair_name(std::string_view prefix, const Trajectory& trajectory, std::size_t a, std::size_t b) {
    return fmt::format("{}{}{}", prefix, trajectory.elements.at(a), trajectory.elements.at(b));
}

std::vector<std::size_t> species_counts(const Trajectory& trajectory) {
    std::vector<std::size_t> counts(trajectory.elements.size(), 0);
    for (const int s : trajectory.species) {
        if (s < 0 || static_cast<std::size_t>(s) >= counts.size())
            throw InputError(
                fmt::format("trajectory '{}': species {} but {} elements", trajectory.name, s, counts.size()));
        ++counts[static_cast<std::size_t>(s)];
    }
    return counts;
}

}  // namespace vitrum::analysis
