#include "vitrum/model/field/field_method.hpp"

#include <cmath>
#include <numbers>
#include <stdexcept>
#include <vector>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <boost/random/normal_distribution.hpp>
#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/model/field/gaussian_field.hpp"
#include "vitrum/model/relaxation/kernel_on_times.hpp"

namespace vitrum::model {

namespace {

using Complex = std::complex<double>;
using Normal = boost::random::normal_distribution<double>;

// A complex normal of unit mean square: each part has variance 1/2.
Normal half_normal() { return Normal(0.0, std::numbers::sqrt2 / 2); }

// sqrt(1-f) E + sqrt(f) E0, E0 fixed for the path.
void add_static(double fraction, std::size_t instants, Stream& stream, std::size_t paths, Complex* out) {
    if (fraction == 0) return;
    auto normal = half_normal();
    for (std::size_t p = 0; p < paths; ++p) {
        const double re = normal(stream);
        const double im = normal(stream);
        const Complex fixed = std::sqrt(fraction) * Complex{re, im};
        for (std::size_t i = 0; i < instants; ++i)
            out[p * instants + i] = std::sqrt(1 - fraction) * out[p * instants + i] + fixed;
    }
}

// Columns 2p and 2p + 1 are the real and the imaginary part of path p.
void columns_to_paths(const Eigen::MatrixXf& field, std::size_t paths, Complex* out) {
    for (std::size_t p = 0; p < paths; ++p)
        for (Eigen::Index i = 0; i < field.rows(); ++i) {
            const auto c = static_cast<Eigen::Index>(2 * p);
            *out++ = {field(i, c), field(i, c + 1)};
        }
}

class Circulant final : public FieldMethod {
public:
    Circulant(const Kernel& kernel, const SampleTimes& times)
        : times_(times), static_(kernel.never_moves()), field_(times.frames * times.stride(), [&](double lag) {
              return kernel.moving(0, lag * times.frame_time / static_cast<double>(times.stride()));
          }) {}

    [[nodiscard]] std::unique_ptr<FieldDraws> open() const override { return std::make_unique<Draws>(*this); }

private:
    struct Draws final : FieldDraws {
        explicit Draws(const Circulant& of) : method(of), work(of.field_.make_work()) {}
        void draw(Stream& stream, std::size_t paths, Complex* out) override {
            const SampleTimes& t = method.times_;
            const std::size_t stride = t.stride();
            for (std::size_t p = 0; p < paths; ++p) {
                const Complex* e = method.field_.draw(stream, work);
                for (std::size_t f = 0; f < t.frames; ++f)
                    for (std::size_t s = 0; s < t.substeps; ++s)
                        out[p * t.size() + f * t.substeps + s] = e[f * stride + s];
            }
            add_static(method.static_, t.size(), stream, paths, out);
        }
        const Circulant& method;
        GaussianField::Work work;
    };
    SampleTimes times_;
    double static_;
    GaussianField field_;
};

class OrnsteinUhlenbeck final : public FieldMethod {
public:
    OrnsteinUhlenbeck(const Kernel& kernel, const SampleTimes& times)
        : static_(kernel.never_moves()), keep_(times.size()), noise_(times.size()) {
        const KernelOnTimes on(kernel, times.all());
        for (std::size_t i = 0; i < on.size(); ++i) {
            keep_[i] = i == 0 ? 0 : on.moving(i - 1, i);
            // 1 - c^2 = (1-c)(1+c): no cancellation for short steps.
            noise_[i] = std::sqrt((1 - keep_[i]) * (1 + keep_[i]));
        }
    }

    [[nodiscard]] std::unique_ptr<FieldDraws> open() const override { return std::make_unique<Draws>(*this); }

private:
    struct Draws final : FieldDraws {
        explicit Draws(const OrnsteinUhlenbeck& of) : method(of) {}
        void draw(Stream& stream, std::size_t paths, Complex* out) override {
            auto normal = half_normal();
            const std::size_t n = method.keep_.size();
            for (std::size_t p = 0; p < paths; ++p) {
                Complex e = 0;
                for (std::size_t i = 0; i < n; ++i) {
                    const double re = normal(stream);
                    const double im = normal(stream);
                    e = method.keep_[i] * e + method.noise_[i] * Complex{re, im};
                    out[p * n + i] = e;
                }
            }
            add_static(method.static_, n, stream, paths, out);
        }
        const OrnsteinUhlenbeck& method;
    };
    double static_;
    std::vector<double> keep_;
    std::vector<double> noise_;
};

class Cholesky final : public FieldMethod {
public:
    Cholesky(const Kernel& kernel, const SampleTimes& times) : static_(kernel.never_moves()) {
        Eigen::MatrixXd g1 = kernel.moving_matrix(times.all());
        // Near beta = 2 the matrix has rank far below its size: rounding needs the jitter.
        for (const double jitter : {1e-10, 1e-8}) {
            Eigen::MatrixXd factor = g1;
            factor.diagonal().array() += jitter;
            const Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>> llt(factor);
            if (llt.info() != Eigen::Success) continue;
            factor_ = factor.triangularView<Eigen::Lower>().toDenseMatrix().cast<float>();
            return;
        }
        check_positive(g1, "kernel");
        throw InputError(
            "kernel: this correlation has no Cholesky factor within a jitter of 1e-8; take other parameters");
    }

    [[nodiscard]] std::unique_ptr<FieldDraws> open() const override { return std::make_unique<Draws>(*this); }

private:
    struct Draws final : FieldDraws {
        explicit Draws(const Cholesky& of) : method(of) {}
        void draw(Stream& stream, std::size_t paths, Complex* out) override {
            const Eigen::Index n = method.factor_.rows();
            const auto columns = static_cast<Eigen::Index>(2 * paths);
            auto normal = half_normal();
            noise.resize(n, columns);
            for (Eigen::Index c = 0; c < columns; ++c)
                for (Eigen::Index i = 0; i < n; ++i) noise(i, c) = static_cast<float>(normal(stream));
            field.noalias() = method.factor_.triangularView<Eigen::Lower>() * noise;
            columns_to_paths(field, paths, out);
            add_static(method.static_, static_cast<std::size_t>(n), stream, paths, out);
        }
        const Cholesky& method;
        Eigen::MatrixXf noise;
        Eigen::MatrixXf field;
    };
    double static_;
    Eigen::MatrixXf factor_;
};

// A sum over scatterers; their amplitudes change where a rearrangement falls between two instants.
class Spectral final : public FieldMethod {
public:
    Spectral(const Kernel& kernel, const SampleTimes& times) : static_(kernel.static_fraction) {
        if (!kernel.scatterers) throw std::logic_error("spectral sampling of a kernel that is not realised");
        const auto instants = times.all();
        waves_.resize(static_cast<Eigen::Index>(instants.size()), kernel.scatterers->waves.rows());
        Kernel events;
        events.clock = standing_clock();
        events.event_times = kernel.event_times;
        events.event_fraction = kernel.event_fraction;
        const KernelOnTimes left(events, instants);
        for (std::size_t i = 0; i < instants.size(); ++i) {
            const auto at = static_cast<Eigen::Index>(i);
            waves_.row(at) =
                kernel.scatterers->waves.col(kernel.scatterers->column(instants[i])).cast<float>().transpose();
            const double keep = i == 0 ? 1 : left.moving(i - 1, i);
            if (i == 0 || keep < 1) segments_.push_back({at, static_cast<float>(keep)});
        }
        segments_.push_back({waves_.rows(), 1});
    }

    [[nodiscard]] std::unique_ptr<FieldDraws> open() const override { return std::make_unique<Draws>(*this); }

private:
    struct Segment {
        Eigen::Index first;
        float keep;  // correlation of its amplitudes with those before
    };
    struct Draws final : FieldDraws {
        explicit Draws(const Spectral& of) : method(of) {}
        void draw(Stream& stream, std::size_t paths, Complex* out) override {
            const Eigen::Index n = method.waves_.rows();
            const auto columns = static_cast<Eigen::Index>(2 * paths);
            auto normal = half_normal();
            amplitude.resize(method.waves_.cols(), columns);
            field.resize(n, columns);
            for (std::size_t s = 0; s + 1 < method.segments_.size(); ++s) {
                const auto [first, keep] = method.segments_[s];
                const float change = s == 0 ? 1.0F : std::sqrt((1 - keep) * (1 + keep));
                for (float& a : amplitude.reshaped())
                    a = (s == 0 ? 0.0F : keep * a) + change * static_cast<float>(normal(stream));
                const Eigen::Index count = method.segments_[s + 1].first - first;
                field.middleRows(first, count).noalias() = method.waves_.middleRows(first, count) * amplitude;
            }
            columns_to_paths(field, paths, out);
            add_static(method.static_, static_cast<std::size_t>(n), stream, paths, out);
        }
        const Spectral& method;
        Eigen::MatrixXf amplitude;
        Eigen::MatrixXf field;
    };
    double static_;
    Eigen::MatrixXf waves_;
    std::vector<Segment> segments_;
};

}  // namespace

std::string describe(MethodKind kind, const SampleTimes& times) {
    switch (kind) {
        case MethodKind::circulant: return "circulant embedding";
        case MethodKind::ornstein_uhlenbeck: return "Ornstein-Uhlenbeck recursion";
        case MethodKind::spectral: return "spectral sampling";
        case MethodKind::cholesky: return fmt::format("Cholesky factor of {} instants", times.size());
    }
    return {};
}

MethodKind method_for(const Kernel& kernel, const SampleTimes& times) {
    if (kernel.spectral_terms > 0) return MethodKind::spectral;
    if (kernel.stationary() && times.stride() > 0) return MethodKind::circulant;
    if (kernel.markov()) return MethodKind::ornstein_uhlenbeck;
    if (times.size() <= most_cholesky_instants) return MethodKind::cholesky;
    if (kernel.stationary())
        throw InputError(
            fmt::format("exposure = {} s: {} substeps of it do not divide frame_time = {} s evenly, and {} "
                        "instants are too many for another method (at most {})",
                        times.exposure, times.substeps, times.frame_time, times.size(), most_cholesky_instants));
    throw InputError(
        fmt::format("frames = {} with {} instants each: this dynamics needs a joint factor of all instants, "
                    "at most {}; take fewer frames or substeps, or beta = 1",
                    times.frames, times.substeps, most_cholesky_instants));
}

std::unique_ptr<FieldMethod> make_field_method(const Kernel& kernel, const SampleTimes& times) {
    switch (method_for(kernel, times)) {
        case MethodKind::circulant: return std::make_unique<Circulant>(kernel, times);
        case MethodKind::ornstein_uhlenbeck: return std::make_unique<OrnsteinUhlenbeck>(kernel, times);
        case MethodKind::spectral: return std::make_unique<Spectral>(kernel, times);
        case MethodKind::cholesky: return std::make_unique<Cholesky>(kernel, times);
    }
    return nullptr;
}

}  // namespace vitrum::model
