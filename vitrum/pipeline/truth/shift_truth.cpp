#include "vitrum/pipeline/truth/shift_truth.hpp"

#include <cmath>
#include <optional>
#include <span>
#include <string>

#include "vitrum/core/numerics/statistics.hpp"

namespace vitrum::pipeline {

namespace {

struct Path {
    const Curve* curve = nullptr;  // nullptr: at rest
    Origin origin = Origin::imposed;
};

Path path_named(const GroundTruth& truth, const std::string& name) {
    const Curve* curve = truth.curve(name);
    return curve ? Path{curve, truth.origin_of(*curve)} : Path{};
}

double mean_of(const Curve& curve, std::size_t first, std::size_t last) {
    return mean(std::span(curve.y).subspan(first, last - first));
}

// nullopt: the strain is not one number.
std::optional<Path> path_of(const GroundTruth& truth, const std::string& quantity) {
    if (quantity != "pattern_strain") return path_named(truth, quantity);
    const Path rows = path_named(truth, "pattern_strain_rows");
    const Path columns = path_named(truth, "pattern_strain_columns");
    if (!rows.curve && !columns.curve) return Path{};
    if (!rows.curve || !columns.curve) return std::nullopt;
    for (std::size_t f = 0; f < rows.curve->size(); ++f)
        if (std::abs(rows.curve->y[f] - columns.curve->y[f]) > 1e-12) return std::nullopt;
    return rows;
}

}  // namespace

void add_shift_truth(const std::vector<Estimate>& estimates, std::size_t window, std::size_t frames,
                     GroundTruth& truth) {
    if (window == 0 || frames < 2 * window || !truth.find("effective_pixels", {})) return;
    const std::size_t windows = frames / window;
    const std::string note = "between the means of the path over the windows";
    for (const auto& e : estimates) {
        if (e.quantity != "pattern_shift_rows" && e.quantity != "pattern_shift_columns" &&
            e.quantity != "pattern_strain")
            continue;
        const auto path = path_of(truth, e.quantity);
        if (!path) continue;
        if (path->curve && path->curve->size() != frames) continue;
        std::size_t before = 0;
        std::size_t after = windows - 1;
        for (const auto& place : e.abscissa)
            if (place.name == "window") {
                before = static_cast<std::size_t>(place.index);
                after = before + 1;
            }
        const double moved = path->curve ? mean_of(*path->curve, after * window, (after + 1) * window) -
                                               mean_of(*path->curve, before * window, (before + 1) * window)
                                         : 0;
        truth.add(e.quantity, e.abscissa, moved, path->origin, path->curve ? note : "the pattern is at rest");
    }
}

}  // namespace vitrum::pipeline
