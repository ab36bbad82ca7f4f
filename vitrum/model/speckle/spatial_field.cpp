#include "vitrum/model/speckle/spatial_field.hpp"

#include <algorithm>
#include <complex>
#include <numbers>
#include <vector>

#include <Eigen/Core>
#include <boost/random/normal_distribution.hpp>
#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/core/parallel.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum::model {

namespace {

using Complex = std::complex<float>;
using Matrix = Eigen::Matrix<Complex, Eigen::Dynamic, Eigen::Dynamic>;

constexpr std::size_t paths_per_block = 64;
constexpr std::size_t frames_per_block = 8;
constexpr double most_bytes = 2.0 * 1024 * 1024 * 1024;

struct Waves {
    double rows;
    double columns;
};

Waves waves_of(const SpeckleOptions& o, const PatternView& view) {
    return {waves_for(o.pattern.rows.grain, extent_of(view.rows, o.rows, o.pattern.subpixels)),
            waves_for(o.pattern.columns.grain, extent_of(view.columns, o.columns, o.pattern.subpixels))};
}

class SpatialSpeckle : public SpeckleField {
public:
    SpatialSpeckle(const SpeckleOptions& o, const StreamKey& key)
        : key_(key),
          times_(sample_times(o)),
          view_(view_of(o.pattern, times_, key)),
          places_(places_in_pixel(o.pattern.subpixels)),
          size_{o.rows, o.columns},
          rows_(o.pattern.rows.grain, extent_of(view_.rows, o.rows, o.pattern.subpixels)),
          columns_(o.pattern.columns.grain, extent_of(view_.columns, o.columns, o.pattern.subpixels)) {
        const auto shares = mode_shares(o);
        const double c = o.detector.static_speckle;
        intensity_.assign(o.frames * o.rows * o.columns, 0.0F);
        std::vector<float> fixed(o.rows * o.columns, 0.0F);
        const auto method = make_field_method(kernel_of(o, key), times_);
        std::vector<Complex> paths(rows_.size() * columns_.size() * times_.size());
        for (std::size_t mode = 0; mode < shares.size(); ++mode) {
            draw_paths(*method, mode, paths);
            add_mode(paths, (1 - c) * o.detector.f_q * shares[mode]);
            if (c > 0) add_static(mode, c * shares[mode], fixed);
        }
        if (o.detector.f_q < 1)
            for (float& value : intensity_) value += static_cast<float>((1 - c) * (1 - o.detector.f_q));
        if (c == 0) return;
        for (std::size_t i = 0; i < intensity_.size(); ++i) intensity_[i] += fixed[i % fixed.size()];
    }

    void fill(std::size_t, std::size_t begin, std::size_t end, float* out) const override {
        const std::size_t pixels = size_.rows * size_.columns;
        for (std::size_t f = 0; f < times_.frames; ++f)
            std::copy(intensity_.data() + f * pixels + begin, intensity_.data() + f * pixels + end,
                      out + f * (end - begin));
    }

private:
    // paths[instant * waves + wave], the waves column by column: a Matrix (rows' waves, columns' waves) per instant.
    void draw_paths(const FieldMethod& method, std::size_t mode, std::vector<Complex>& paths) const {
        const std::size_t waves = rows_.size() * columns_.size();
        const std::size_t blocks = (waves + paths_per_block - 1) / paths_per_block;
        for_each_block(waves, paths_per_block, [&](std::size_t block, std::size_t begin, std::size_t end) {
            check_interrupt();
            Stream stream(key_, Purpose::field, mode * blocks + block);
            std::vector<std::complex<double>> drawn((end - begin) * times_.size());
            method.open()->draw(stream, end - begin, drawn.data());
            for (std::size_t i = 0; i < times_.size(); ++i)
                for (std::size_t w = begin; w < end; ++w)
                    paths[i * waves + w] = Complex(drawn[(w - begin) * times_.size() + i]);
        });
    }

    // exp(i k x') of every point of the axis: points x waves.
    Matrix points(const PlaneWaves& waves, const AxisView* view, std::size_t instant, std::size_t pixels) const {
        const std::size_t n = places_.size();
        Matrix m(static_cast<Eigen::Index>(pixels * n), static_cast<Eigen::Index>(waves.size()));
        for (std::size_t p = 0; p < pixels * n; ++p) {
            const double x = static_cast<double>(p / n) + places_[p % n];
            waves.row(view ? view->at(instant, x) : x, pixels * n, m.data() + p);
        }
        return m;
    }

    // weight * |E|^2, averaged over the points of each pixel.
    void add_intensity(const Matrix& rows, const Matrix& columns, const Complex* amplitude, double weight,
                       float* out) const {
        const Eigen::Map<const Matrix> a(amplitude, static_cast<Eigen::Index>(rows_.size()),
                                         static_cast<Eigen::Index>(columns_.size()));
        const Matrix across = rows * a;
        const Matrix field = across * columns.transpose();
        const std::size_t n = places_.size();
        const auto scale = static_cast<float>(weight / static_cast<double>(n * n));
        for (std::size_t c = 0; c < size_.columns * n; ++c)
            for (std::size_t r = 0; r < size_.rows * n; ++r)
                out[r / n * size_.columns + c / n] +=
                    scale * std::norm(field(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(c)));
    }

    void add_mode(const std::vector<Complex>& paths, double share) {
        const std::size_t waves = rows_.size() * columns_.size();
        const std::size_t pixels = size_.rows * size_.columns;
        const double weight = share / static_cast<double>(times_.substeps);
        for_each_block(times_.frames, frames_per_block, [&](std::size_t, std::size_t begin, std::size_t end) {
            check_interrupt();
            const auto stood = [](const AxisView& v, std::size_t i) {
                return v.scale[i] == v.scale[i - 1] && v.offset[i] == v.offset[i - 1];
            };
            Matrix rows;
            Matrix columns;
            const std::size_t first = begin * times_.substeps;
            for (std::size_t i = first; i < end * times_.substeps; ++i) {
                if (i == first || !stood(view_.rows, i)) rows = points(rows_, &view_.rows, i, size_.rows);
                if (i == first || !stood(view_.columns, i))
                    columns = points(columns_, &view_.columns, i, size_.columns);
                add_intensity(rows, columns, paths.data() + i * waves, weight,
                              intensity_.data() + i / times_.substeps * pixels);
            }
        });
    }

    // Static speckle of another coherence volume: it has the grain, but stays with the pixels whatever moves.
    void add_static(std::size_t mode, double weight, std::vector<float>& out) const {
        Stream stream(key_, Purpose::pattern_motion, 2 + mode);  // 0 and 1 are the walks
        boost::random::normal_distribution<double> normal(0.0, std::numbers::sqrt2 / 2);
        std::vector<Complex> amplitude(rows_.size() * columns_.size());
        for (Complex& a : amplitude) {
            const double re = normal(stream);
            const double im = normal(stream);
            a = Complex(std::complex<double>(re, im));
        }
        add_intensity(points(rows_, nullptr, 0, size_.rows), points(columns_, nullptr, 0, size_.columns),
                      amplitude.data(), weight, out.data());
    }

    StreamKey key_;
    SampleTimes times_;
    PatternView view_;
    std::vector<double> places_;
    PatternSize size_;
    PlaneWaves rows_;
    PlaneWaves columns_;
    std::vector<float> intensity_;
};

}  // namespace

std::unique_ptr<SpeckleField> spatial_speckle(const SpeckleOptions& options, const StreamKey& key) {
    return std::make_unique<SpatialSpeckle>(options, key);
}

std::shared_ptr<const PatternLaw> pattern_law(const SpeckleOptions& o, const StreamKey& key,
                                              const std::vector<double>& gain) {
    if (!o.pattern.any()) return nullptr;
    return std::make_shared<const PatternLaw>(o.pattern, PatternSize{o.rows, o.columns}, sample_times(o), key, gain);
}

void check_pattern_memory(const SpeckleOptions& o, const StreamKey& key) {
    if (!o.pattern.any()) return;
    const auto times = sample_times(o);
    const Waves waves = waves_of(o, view_of(o.pattern, times, key));
    const double bytes = waves.rows * waves.columns * static_cast<double>(times.size()) * sizeof(Complex);
    if (bytes > most_bytes)
        throw InputError(
            fmt::format("grain: {:.0f} x {:.0f} waves for {} instants need {:.1f} GiB, at most 2; take a larger grain, "
                        "fewer pixels or frames, or less motion",
                        waves.rows, waves.columns, times.size(), bytes / (1024.0 * 1024 * 1024)));
}

double pattern_work(const SpeckleOptions& o) {
    const auto times = sample_times(o);
    const Waves waves = waves_of(o, view_of(o.pattern, times, {}));
    const auto n = static_cast<double>(o.pattern.subpixels);
    const double rows = n * static_cast<double>(o.rows);
    const double columns = n * static_cast<double>(o.columns);
    const auto instants = static_cast<double>(times.size());
    return instants * (rows * waves.columns * (waves.rows + columns) * 8 + waves.rows * waves.columns * 400);
}

}  // namespace vitrum::model
