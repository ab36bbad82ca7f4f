// Paths of the complex Gaussian field with a given two-time correlation, by the cheapest exact method:
//   circulant embedding    where g1 depends on the lag alone and the instants lie on a uniform grid
//   Ornstein-Uhlenbeck     beta = 1 on any clock, events allowed: E' = c E + sqrt(1 - c^2) xi, c = g1 between instants
//   spectral               only when asked for: a sum over drawn scatterers, Gaussian with their realised correlation
//   Cholesky               anything else, up to 4000 instants: a joint factor in single precision, jitter 1e-10
// A static part f is one more normal per path.
#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <string>

#include "vitrum/core/stream.hpp"
#include "vitrum/model/field/sample_times.hpp"
#include "vitrum/model/relaxation/kernel.hpp"

namespace vitrum::model {

inline constexpr std::size_t most_cholesky_instants = 4000;

// What one thread needs to draw paths.
class FieldDraws {
public:
    virtual ~FieldDraws() = default;
    // out[path * instants + instant] for `paths` independent paths. The same stream and number of paths give the same
    // bits on any thread.
    virtual void draw(Stream& stream, std::size_t paths, std::complex<double>* out) = 0;
};

class FieldMethod {
public:
    virtual ~FieldMethod() = default;
    [[nodiscard]] virtual std::unique_ptr<FieldDraws> open() const = 0;
};

enum class MethodKind { circulant, ornstein_uhlenbeck, cholesky, spectral };
[[nodiscard]] std::string describe(MethodKind kind, const SampleTimes& times);  // "Cholesky factor of 2000 instants"

// What make_field_method will take once what is random is drawn. Throws InputError if the field would need more
// instants than the Cholesky factor allows.
[[nodiscard]] MethodKind method_for(const Kernel& kernel, const SampleTimes& times);

// Throws InputError as method_for does, or if a kernel that needs the test turns out not to be positive definite.
[[nodiscard]] std::unique_ptr<FieldMethod> make_field_method(const Kernel& kernel, const SampleTimes& times);

}  // namespace vitrum::model
