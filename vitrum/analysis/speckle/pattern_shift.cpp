#include "vitrum/analysis/speckle/pattern_shift.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <memory>
#include <optional>

#include <Eigen/Dense>
#include <boost/math/distributions/normal.hpp>
#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/core/numerics/fft.hpp"
#include "vitrum/core/numerics/least_squares.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

constexpr std::size_t smallest_tile = 16;
constexpr int near = 3;  // [pixels] a tile's peak lies within this of that of the sum
constexpr double infinite = std::numeric_limits<double>::infinity();

// Cross-correlation of two real images of one fixed size.
class Correlator {
public:
    Correlator(std::size_t rows, std::size_t columns)
        : rows_(rows),
          columns_(columns),
          real_(fft_real(rows * columns)),
          complex_(fft_complex(rows * (columns / 2 + 1))),
          forward_([&] {
              return fftw_plan_dft_r2c_2d(static_cast<int>(rows), static_cast<int>(columns), real_.get(),
                                          complex_.get(), FFTW_ESTIMATE);
          }),
          back_([&] {
              return fftw_plan_dft_c2r_2d(static_cast<int>(rows), static_cast<int>(columns), complex_.get(),
                                          real_.get(), FFTW_ESTIMATE);
          }) {}

    // c[row * columns + column] at displacement (row, column), negative ones from the end.
    std::vector<double> operator()(const std::vector<double>& a, const std::vector<double>& b) {
        const std::size_t half = rows_ * (columns_ / 2 + 1);
        const auto* spectrum = reinterpret_cast<const std::complex<double>*>(complex_.get());
        std::copy(a.begin(), a.end(), real_.get());
        forward_.execute();
        std::vector<std::complex<double>> first(spectrum, spectrum + half);
        std::copy(b.begin(), b.end(), real_.get());
        forward_.execute();
        auto* both = reinterpret_cast<std::complex<double>*>(complex_.get());
        for (std::size_t k = 0; k < half; ++k) both[k] *= std::conj(first[k]) / static_cast<double>(a.size());
        back_.execute();
        return {real_.get(), real_.get() + a.size()};
    }

private:
    std::size_t rows_;
    std::size_t columns_;
    FftReal real_;
    FftComplex complex_;
    FftPlan forward_;
    FftPlan back_;
};

struct Peak {
    double row = 0;
    double column = 0;
    double height = 0;
};

// Displacements of one correlation, with the largest that count.
struct Plane {
    const std::vector<double>& c;
    int rows, columns, reach_rows, reach_columns;
    [[nodiscard]] double at(int r, int k) const {
        return c[static_cast<std::size_t>((r + rows) % rows * columns + (k + columns) % columns)];
    }
};

double between(double left, double middle, double right) {
    double bend = left - 2 * middle + right;
    double slope = left - right;
    if (left > 0 && right > 0) {
        bend = std::log(left) - 2 * std::log(middle) + std::log(right);
        slope = std::log(left) - std::log(right);
    }
    return bend < 0 ? std::clamp(0.5 * slope / bend, -0.5, 0.5) : 0.0;
}

// The highest point within `reach` of (row, column) if it stands out of all displacements: 1 % chance for those tried.
std::optional<Peak> peak_of(const Plane& p, int row, int column, int reach_rows, int reach_columns) {
    int best_row = row;
    int best_column = column;
    for (int r = row - reach_rows; r <= row + reach_rows; ++r)
        for (int k = column - reach_columns; k <= column + reach_columns; ++k) {
            if (std::abs(r) > p.reach_rows || std::abs(k) > p.reach_columns) continue;
            if (p.at(r, k) > p.at(best_row, best_column)) {
                best_row = r;
                best_column = k;
            }
        }
    std::vector<double> size;
    for (const double v : p.c) size.push_back(std::abs(v));
    const auto middle = size.begin() + static_cast<std::ptrdiff_t>(size.size() / 2);
    std::nth_element(size.begin(), middle, size.end());
    const double tried = (2.0 * reach_rows + 1) * (2.0 * reach_columns + 1);
    const double height = p.at(best_row, best_column);
    if (!(height > 1.4826 * *middle * boost::math::quantile(boost::math::normal(), 1 - 0.01 / tried))) return {};
    // At the rim of what was tried there is no peak, only a slope.
    // Less of the tiles overlaps at a larger shift: without this the peak leans towards zero.
    const auto full = [&](int r, int k) {
        return p.at(r, k) /
               ((1 - std::abs(r) / static_cast<double>(p.rows)) * (1 - std::abs(k) / static_cast<double>(p.columns)));
    };
    const bool inside = std::abs(best_row) < p.reach_rows && std::abs(best_column) < p.reach_columns;
    if (!inside) return {};
    const double top = full(best_row, best_column);
    return Peak{best_row + between(full(best_row - 1, best_column), top, full(best_row + 1, best_column)),
                best_column + between(full(best_row, best_column - 1), top, full(best_row, best_column + 1)), top};
}

struct Tile {
    std::size_t row, column;  // of its first pixel
};

struct Motion {
    Estimate rows, columns, strain, height;
};

class Shifts {
public:
    Shifts(const SpeckleSeries& series, const ShiftOptions& options) : s_(series) {
        const std::size_t n = std::max<std::size_t>(
            1, std::min({options.tiles, series.rows / smallest_tile, series.columns / smallest_tile}));
        tile_rows_ = series.rows / n;
        tile_columns_ = series.columns / n;
        for (std::size_t r = 0; r < n; ++r)
            for (std::size_t c = 0; c < n; ++c) tiles_.push_back({r * tile_rows_, c * tile_columns_});
        centre_row_ =
            std::isfinite(options.centre_row) ? options.centre_row : (static_cast<double>(series.rows) - 1) / 2;
        centre_column_ = std::isfinite(options.centre_column) ? options.centre_column
                                                              : (static_cast<double>(series.columns) - 1) / 2;
    }

    [[nodiscard]] std::vector<double> sum(std::size_t first, std::size_t last) const {
        std::vector<double> image(s_.pixels(), 0.0);
        for (std::size_t f = first; f < last; ++f) {
            if (s_.sparse())
                for (std::size_t e = s_.frame_ptr[f]; e < s_.frame_ptr[f + 1]; ++e)
                    image[s_.index[e]] += s_.intensity[e];
            else
                for (std::size_t p = 0; p < s_.pixels(); ++p)
                    image[p] += static_cast<double>(s_.counts[f * s_.pixels() + p]);
        }
        return image;
    }

    [[nodiscard]] Motion between_windows(const std::vector<double>& a, const std::vector<double>& b,
                                         const Abscissa& at) const {
        Correlator correlate(tile_rows_, tile_columns_);
        std::vector<std::vector<double>> each;
        std::vector<double> all(tile_rows_ * tile_columns_, 0.0);
        double scale = 0;  // turns c into C - 1
        for (const Tile& tile : tiles_) {
            double product = 0;
            const auto first = cut(a, tile, product);
            double means = product;
            const auto second = cut(b, tile, product);
            means *= product;
            scale += means;
            each.push_back(correlate(first, second));
            for (std::size_t k = 0; k < all.size(); ++k) all[k] += each.back()[k];
        }
        const auto whole = peak_of(plane(all), 0, 0, reach(tile_rows_), reach(tile_columns_));
        if (!whole) return nothing(at, "no peak above the noise: decorrelated, too few photons, or moved too far");
        std::vector<std::pair<Tile, Peak>> clear;
        for (std::size_t k = 0; k < tiles_.size(); ++k)
            if (const auto peak = peak_of(plane(each[k]), static_cast<int>(std::lround(whole->row)),
                                          static_cast<int>(std::lround(whole->column)), near, near))
                clear.emplace_back(tiles_[k], *peak);
        Motion m = fit(clear, *whole, at);
        m.height =
            make_estimate("aligned_correlation", at, whole->height / scale, not_a_number, infinite, Status::ok, "");
        return m;
    }

private:
    [[nodiscard]] static int reach(std::size_t size) { return static_cast<int>(size / 4); }
    [[nodiscard]] Plane plane(const std::vector<double>& c) const {
        return {c, static_cast<int>(tile_rows_), static_cast<int>(tile_columns_), reach(tile_rows_),
                reach(tile_columns_)};
    }

    // One tile less its mean, masked pixels zero; `weight` = mean times the root of the number of pixels used.
    [[nodiscard]] std::vector<double> cut(const std::vector<double>& image, const Tile& tile, double& weight) const {
        std::vector<double> out;
        std::vector<std::uint8_t> used;
        double sum = 0;
        double n = 0;
        for (std::size_t r = 0; r < tile_rows_; ++r)
            for (std::size_t c = 0; c < tile_columns_; ++c) {
                const std::size_t p = (tile.row + r) * s_.columns + tile.column + c;
                used.push_back(s_.used.empty() || s_.used[p]);
                out.push_back(used.back() ? image[p] : 0);
                if (!used.back()) continue;
                sum += image[p];
                n += 1;
            }
        const double mean = n > 0 ? sum / n : 0;
        for (std::size_t k = 0; k < out.size(); ++k) out[k] = used[k] ? out[k] - mean : 0;
        weight = mean * std::sqrt(n);
        return out;
    }

    [[nodiscard]] static Motion nothing(const Abscissa& at, const std::string& why) {
        const auto none = [&](const char* what) {
            return make_estimate(what, at, not_a_number, not_a_number, infinite, Status::no_data, why);
        };
        return {none("pattern_shift_rows"), none("pattern_shift_columns"), none("pattern_strain"),
                none("aligned_correlation")};
    }

    // Least squares of (u, v, e): row shift = u + e y, column shift = v + e x, (y, x) from the beam.
    [[nodiscard]] Motion fit(const std::vector<std::pair<Tile, Peak>>& clear, const Peak& whole,
                             const Abscissa& at) const {
        Motion m =
            nothing(at, fmt::format("{} of {} tiles have a clear peak; 4 are needed", clear.size(), tiles_.size()));
        if (clear.size() < 4) {
            const std::string note = "of the whole pattern; no error: " + m.strain.note;
            m.rows = make_estimate("pattern_shift_rows", at, whole.row, not_a_number, infinite, Status::ok, note);
            m.columns =
                make_estimate("pattern_shift_columns", at, whole.column, not_a_number, infinite, Status::ok, note);
            return m;
        }
        const auto n = static_cast<Eigen::Index>(2 * clear.size());
        Eigen::MatrixXd design = Eigen::MatrixXd::Zero(n, 3);
        Eigen::VectorXd shift(n);
        for (Eigen::Index i = 0; i < n; i += 2) {
            const auto& [tile, peak] = clear[static_cast<std::size_t>(i / 2)];
            design(i, 0) = design(i + 1, 1) = 1;
            design(i, 2) = static_cast<double>(tile.row) + (static_cast<double>(tile_rows_) - 1) / 2 - centre_row_;
            design(i + 1, 2) =
                static_cast<double>(tile.column) + (static_cast<double>(tile_columns_) - 1) / 2 - centre_column_;
            shift[i] = peak.row;
            shift[i + 1] = peak.column;
        }
        const LinearFit fit = fit_linear(design, shift);
        const Eigen::VectorXd& found = fit.parameters;
        const double freedom = static_cast<double>(n) - 3;
        const double variance = fit.chi_square / freedom;
        const auto error = [&](int k) { return std::sqrt(variance * fit.covariance(k, k)); };
        const auto moved = [&](int k) { return std::abs(found[k]) > 4 * error(k); };
        const std::string note = fmt::format("{}; {} of {} tiles",
                                             moved(2) && (moved(0) || moved(1)) ? "uniform and radial"
                                             : moved(2)                         ? "radial"
                                             : moved(0) || moved(1)             ? "uniform"
                                                                                : "no motion",
                                             clear.size(), tiles_.size());
        m.rows = make_estimate("pattern_shift_rows", at, found[0], error(0), freedom, Status::ok, note);
        m.columns = make_estimate("pattern_shift_columns", at, found[1], error(1), freedom, Status::ok, note);
        m.strain = make_estimate("pattern_strain", at, found[2], error(2), freedom, Status::ok, note);
        return m;
    }

    const SpeckleSeries& s_;
    std::size_t tile_rows_ = 0;
    std::size_t tile_columns_ = 0;
    std::vector<Tile> tiles_;
    double centre_row_ = 0;
    double centre_column_ = 0;
};

// Over all pairs; no number if one of them has none.
Estimate total(const std::vector<Motion>& pairs, Estimate Motion::*row) {
    Estimate sum = make_estimate((pairs.front().*row).quantity, {}, 0, 0, infinite, Status::ok, "");
    double value = 0;
    double square = 0;
    std::size_t missing = 0;
    for (const auto& pair : pairs) {
        const Estimate& e = pair.*row;
        if (e.status != Status::ok) ++missing;
        value += e.value;
        square += e.standard_error * e.standard_error;
    }
    if (missing > 0)
        return make_estimate(sum.quantity, {}, not_a_number, not_a_number, infinite, Status::no_data,
                             fmt::format("{} of {} pairs of windows have none", missing, pairs.size()));
    return make_estimate(sum.quantity, {}, value, std::sqrt(square), infinite, Status::ok,
                         fmt::format("sum over {} pairs of windows", pairs.size()));
}

}  // namespace

std::size_t check_shift(const SpeckleSeries& series, const ShiftOptions& o) {
    expect_consistent(series);
    if (series.rows < 2 * smallest_tile || series.columns < 2 * smallest_tile)
        throw InputError(fmt::format("{} x {} pixels; the shift of a pattern needs at least {} x {}", series.rows,
                                     series.columns, 2 * smallest_tile, 2 * smallest_tile));
    const std::size_t window = o.window > 0 ? o.window : std::max<std::size_t>(1, series.frames / 20);
    if (series.frames / window < 2)
        throw InputError(
            fmt::format("window = {} frames; at most {} for {} frames", window, series.frames / 2, series.frames));
    return window;
}

std::vector<Estimate> pattern_shift(const SpeckleSeries& series, const ShiftOptions& o) {
    const std::size_t window = check_shift(series, o);
    const std::size_t windows = series.frames / window;
    const Shifts shifts(series, o);
    std::vector<Motion> pairs(windows - 1);
    for_each_block(pairs.size(), 1, [&](std::size_t k, std::size_t, std::size_t) {
        check_interrupt();
        const double border = static_cast<double>((k + 1) * window) * series.frame_time;
        pairs[k] = shifts.between_windows(shifts.sum(k * window, (k + 1) * window),
                                          shifts.sum((k + 1) * window, (k + 2) * window),
                                          {{"window", static_cast<std::int64_t>(k), border, series.time_unit}});
    });
    std::vector<Estimate> rows;
    for (Estimate Motion::*row : {&Motion::rows, &Motion::columns, &Motion::strain}) rows.push_back(total(pairs, row));
    for (const auto& pair : pairs)
        for (const auto& e : {pair.rows, pair.columns, pair.strain, pair.height}) rows.push_back(e);
    return rows;
}

}  // namespace vitrum::analysis
