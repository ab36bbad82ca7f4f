// The exact law of a data set where it is simple enough for a bound on what any estimator can reach.
#pragma once

#include <cstddef>
#include <variant>

namespace vitrum::pipeline {

// Homogeneous stationary speckle in front of a perfect detector.
struct PlainSpeckle {
    double tau = 0, beta = 0;  // tau [s]
    double frame_time = 0;     // [s]
    std::size_t frames = 0;
    std::size_t pixels = 0;
    int modes = 1;
    double mean_count = 0;
};

// Independent sizes of a pure power law.
struct PlainPowerLaw {
    double alpha = 0;
    std::size_t events = 0;
};

using UnitLaw = std::variant<std::monostate, PlainSpeckle, PlainPowerLaw>;

// In the order of the variant.
enum class LawKind : std::size_t { none, plain_speckle, plain_power_law };
[[nodiscard]] inline LawKind law_kind(const UnitLaw& law) { return static_cast<LawKind>(law.index()); }

}  // namespace vitrum::pipeline
