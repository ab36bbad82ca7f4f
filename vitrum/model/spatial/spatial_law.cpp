#include "vitrum/model/spatial/spatial_law.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "vitrum/core/data/map_entry_variance.hpp"

namespace vitrum::model {

namespace {

// Sum over pairs of used pixels of K^power.
double shared_sum(const PatternLaw& law, PatternSize size, const std::vector<std::uint8_t>& used, int power) {
    constexpr double negligible = 1e-12;
    const auto rows = static_cast<std::ptrdiff_t>(size.rows);
    const auto columns = static_cast<std::ptrdiff_t>(size.columns);
    const auto takes_part = [&](std::ptrdiff_t r, std::ptrdiff_t c) {
        return used.empty() || used[static_cast<std::size_t>(r * columns + c)] != 0;
    };
    double sum = 0;
    for (std::ptrdiff_t dr = 0; dr < rows; ++dr)
        for (std::ptrdiff_t dc = 1 - columns; dc < columns; ++dc) {
            const double k = std::pow(law.shared(static_cast<double>(dr), static_cast<double>(dc)), power);
            if (k < negligible) continue;
            double pairs = 0;
            if (used.empty())
                pairs = static_cast<double>((rows - dr) * (columns - std::abs(dc)));
            else
                for (std::ptrdiff_t r = 0; r + dr < rows; ++r)
                    for (std::ptrdiff_t c = std::max<std::ptrdiff_t>(0, -dc);
                         c < columns - std::max<std::ptrdiff_t>(0, dc); ++c)
                        pairs += takes_part(r, c) && takes_part(r + dr, c + dc) ? 1 : 0;
            sum += (dr == 0 ? 1 : 2) * pairs * k;
        }
    return sum;
}

double speckles(const PatternLaw& law, PatternSize size, const std::vector<std::uint8_t>& used, int power) {
    const double pixels = used.empty() ? static_cast<double>(size.rows * size.columns)
                                       : static_cast<double>(std::count(used.begin(), used.end(), std::uint8_t{1}));
    return pixels * pixels / shared_sum(law, size, used, power);
}

}  // namespace

double extent_of(const AxisView& view, std::size_t pixels, std::size_t subpixels) {
    const double first = places_in_pixel(subpixels).front();
    const double last = static_cast<double>(pixels - 1) - first;
    double lowest = view.at(0, first);
    double highest = lowest;
    for (std::size_t i = 0; i < view.scale.size(); ++i)
        for (const double x : {first, last}) {
            lowest = std::min(lowest, view.at(i, x));
            highest = std::max(highest, view.at(i, x));
        }
    return highest - lowest;
}

PatternLaw::Axis PatternLaw::make_axis(const PatternAxis& axis, const AxisView& view, std::size_t pixels,
                                       std::size_t subpixels) {
    const double extent = extent_of(view, pixels, subpixels);
    const PlaneWaves waves(axis.grain, extent);
    Axis made{pixels, waves, GrainTable(waves, axis.grain, extent), 1};
    const auto places = places_in_pixel(subpixels);
    double sum = 0;
    for (const double u : places)
        for (const double v : places) sum += made.squared(u - v);
    made.self = sum / static_cast<double>(subpixels * subpixels);
    return made;
}

PatternLaw::PatternLaw(const PatternOptions& pattern, PatternSize size, const SampleTimes& times, const StreamKey& key,
                       const std::vector<double>& gain)
    : pattern_(pattern),
      view_(view_of(pattern, times, key)),
      places_(places_in_pixel(pattern.subpixels)),
      rows_(make_axis(pattern.rows, view_.rows, size.rows, pattern.subpixels)),
      columns_(make_axis(pattern.columns, view_.columns, size.columns, pattern.subpixels)),
      self_(rows_.self * columns_.self) {
    const bool alike = std::all_of(gain.begin(), gain.end(), [&](double g) { return g == gain.front(); });
    const bool strained = pattern.rows.strain_rate != 0 || pattern.columns.strain_rate != 0;
    if (alike || !strained) return;
    for (const double g : gain) weight_.push_back(g * g);
    const double sum = std::accumulate(weight_.begin(), weight_.end(), 0.0);
    for (double& w : weight_) w /= sum;
}

double PatternLaw::pixel_decay(const Axis& axis, const AxisView& view, std::size_t a, std::size_t b,
                               std::size_t pixel) const {
    const auto x = static_cast<double>(pixel);
    double sum = 0;
    for (const double u : places_)
        for (const double v : places_) sum += axis.squared(view.at(a, x + u) - view.at(b, x + v));
    return sum / static_cast<double>(places_.size() * places_.size());
}

double PatternLaw::mean_decay(const Axis& axis, const AxisView& view, std::size_t a, std::size_t b) const {
    if (places_.size() == 1 && view.scale[a] == view.scale[b] && view.offset[a] == view.offset[b]) return 1;
    if (view.scale[a] == view.scale[b]) return pixel_decay(axis, view, a, b, 0);
    double sum = 0;
    for (std::size_t p = 0; p < axis.pixels; ++p) sum += pixel_decay(axis, view, a, b, p);
    return sum / static_cast<double>(axis.pixels);
}

double PatternLaw::steady_decay(double lag) const {
    const auto after = [&](const PatternAxis& axis) {
        const double strain = axis.strain_rate * lag;
        return AxisView{{1, 1 - strain}, {0, strain * axis.centre - axis.velocity * lag}};
    };
    return decay({after(pattern_.rows), after(pattern_.columns)}, 0, 1);
}

double PatternLaw::decay(const PatternView& view, std::size_t a, std::size_t b) const {
    if (weight_.empty()) return mean_decay(rows_, view.rows, a, b) * mean_decay(columns_, view.columns, a, b);
    std::vector<double> along(columns_.pixels);
    for (std::size_t c = 0; c < along.size(); ++c) along[c] = pixel_decay(columns_, view.columns, a, b, c);
    double sum = 0;
    for (std::size_t r = 0; r < rows_.pixels; ++r) {
        double row = 0;
        for (std::size_t c = 0; c < along.size(); ++c) row += weight_[r * along.size() + c] * along[c];
        sum += row * pixel_decay(rows_, view.rows, a, b, r);
    }
    return sum;
}

double PatternLaw::shared(double rows, double columns) const {
    const auto along = [&](const Axis& axis, double d) {
        double sum = 0;
        for (const double u : places_)
            for (const double v : places_) sum += axis.squared(d + u - v);
        return sum / static_cast<double>(places_.size() * places_.size()) / axis.self;
    };
    return along(rows_, rows) * along(columns_, columns);
}

double effective_pixels(const PatternLaw& law, PatternSize size, const std::vector<std::uint8_t>& used) {
    return speckles(law, size, used, 2);
}

double independent_speckles(const PatternLaw& law, PatternSize size, const std::vector<std::uint8_t>& used) {
    return speckles(law, size, used, 1);
}

double grain_entry_variance(double pixels, double effective, double speckle_count, double modes, double mean_count,
                            double rho) {
    const double m = modes;
    const double squares = (1 + rho * rho) / (m * m) + 2 * rho / (m * m * m);
    const double linear = 2 * rho * (1 - rho) * (1 - rho) / (m * m * m);
    const double alone = MapEntry{1, modes, mean_count}.variance(rho);
    return (alone - squares - linear) / pixels + linear / speckle_count + squares / effective;
}

}  // namespace vitrum::model
