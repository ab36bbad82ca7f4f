#include "vitrum/model/speckle/spatial_truth.hpp"

#include <cmath>
#include <functional>
#include <string>
#include <utility>

namespace vitrum::model {

namespace {

// Where a decay from 1 passes exp(-2), by bisection; not a number if it does not within `longest`.
double passes_square_of_e(const std::function<double(double)>& decay, double longest) {
    const double level = std::exp(-2.0);
    if (!(decay(longest) < level)) return not_a_number;
    double low = 0;
    double high = longest;
    for (int i = 0; i < 200 && high - low > 1e-13 * high; ++i) {
        const double middle = (low + high) / 2;
        (decay(middle) > level ? low : high) = middle;
    }
    return (low + high) / 2;
}

void add_paths(const SpeckleOptions& o, const PatternView& view, GroundTruth& truth) {
    const SampleTimes times = sample_times(o);
    const Origin origin = o.pattern.rows.walk > 0 || o.pattern.columns.walk > 0 ? Origin::recorded : Origin::imposed;
    const auto add = [&](const PatternAxis& axis, const AxisView& path, std::size_t pixels, const std::string& name) {
        if (!axis.moves()) return;
        const double middle = static_cast<double>(pixels - 1) / 2;
        Curve shift;
        shift.name = "pattern_shift_" + name;
        shift.x_name = "age";
        shift.x_unit = "s";
        shift.y_name = "shift of the pattern along the " + name + " at the middle";
        shift.y_unit = "pixels";
        Curve strain = shift;
        strain.name = "pattern_strain_" + name;
        strain.y_name = "strain of the pattern along the " + name;
        strain.y_unit = "";
        for (std::size_t f = 0; f < times.frames; ++f) {
            const std::size_t i = f * times.substeps;
            shift.x.push_back(times.at(f, 0));
            strain.x.push_back(times.at(f, 0));
            shift.y.push_back(middle - path.at(i, middle));
            strain.y.push_back(1 - path.scale[i]);
        }
        truth.add(std::move(shift), origin);
        if (axis.strain_rate != 0) truth.add(std::move(strain), origin);
    };
    add(o.pattern.rows, view.rows, o.rows, "rows");
    add(o.pattern.columns, view.columns, o.columns, "columns");
}

}  // namespace

double grain_entry_variance(const SpeckleOptions& o, const PatternLaw& pattern, double rho) {
    const PatternSize size{o.rows, o.columns};
    return grain_entry_variance(static_cast<double>(o.rows * o.columns), effective_pixels(pattern, size, {}),
                                independent_speckles(pattern, size, {}), o.modes, o.mean_count, rho);
}

void add_pattern_truth(const SpeckleOptions& o, const Kernel& kernel, const PatternLaw* pattern,
                       const DrawnDetector& drawn, GroundTruth& truth) {
    const bool shifts = pattern && pattern->moves();
    if (pattern)
        truth.add("effective_pixels", {}, effective_pixels(*pattern, {o.rows, o.columns}, drawn.used),
                  Origin::closed_form, "from mu of the waves in use");
    if (shifts) add_paths(o, pattern->view(), truth);

    if (!shifts && kernel.translation_rate == 0) return;
    if (shifts && !pattern->steady()) return;
    if (!kernel.stationary() || o.dynamics.random_dynamics() || kernel.static_fraction > 0) return;
    const auto of_pattern = [&](double lag) { return shifts ? pattern->steady_decay(lag) / pattern->self() : 1.0; };
    const double longest = static_cast<double>(o.frames - 1) * o.frame_time;
    const double motion =
        passes_square_of_e([&](double lag) { return std::pow(kernel.overlap(0, lag), 2) * of_pattern(lag); }, longest);
    const double apparent =
        passes_square_of_e([&](double lag) { return std::pow(kernel(0, lag), 2) * of_pattern(lag); }, longest);
    if (std::isfinite(motion)) truth.add("tau_motion", {}, motion, Origin::closed_form);
    if (std::isfinite(apparent)) truth.add("tau_apparent", {}, apparent, o.origin);
}

}  // namespace vitrum::model
