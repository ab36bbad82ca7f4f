// From where on do sizes follow a power law? x_min by the smallest Kolmogorov-Smirnov distance between the sizes from
// x_min on and their fitted law (Clauset, Shalizi, Newman 2009, SIAM Rev. 51, 661, section 3.3), every distinct size a
// candidate.
//
// Exact, not approximate: a candidate is given up as soon as one size shows that its distance is not the smallest,
// first looking where candidates before it failed. Some n log n steps in practice, where all distances take n^2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "vitrum/analysis/avalanche/power_law.hpp"

namespace vitrum::analysis {

// Where sizes are tied the empirical share has two values: that strictly below a size (Clauset's and plfit's of
// continuous sizes), that up to it (usual for counts), or both are compared, which is the distance of Kolmogorov.
enum class Ties { below, up_to, both };

struct XMinOptions {
    Ties ties = Ties::below;
    std::size_t fewest = 10;  // sizes from x_min on; at least 3
    double step = 0;          // of discrete sizes; 0: continuous
};

struct XMin {
    double x_min = not_a_number;  // NaN: no candidate leaves enough sizes that are not all equal
    double distance = not_a_number;
    double alpha = not_a_number;  // maximum likelihood
    std::size_t tail = 0;         // sizes from x_min on
    std::size_t candidates = 0;
};

// Of equal distances the smallest x_min. Throws InputError: a size that is not positive and finite, or no whole
// multiple of the step.
[[nodiscard]] XMin find_x_min(std::span<const double> sizes, const XMinOptions& options);

// Distance of the sizes from x_min on from their own law: what find_x_min compares.
[[nodiscard]] XMin distance_at(std::span<const double> sizes, double x_min, const XMinOptions& options);

struct SearchedOptions {
    XMinOptions search;  // step: 0 is found where kind allows it
    SizeKind kind = SizeKind::automatic;
    std::optional<Ties> ties{};     // none: below of continuous sizes, up_to of discrete ones
    std::size_t replicates = 1000;  // 0: no p and no interval
    double level = 0.95;
    double rejection_level = vitrum::rejection_level;
    std::uint64_t seed = 1;
};

struct SearchedPowerLaw {
    XMin found;
    double alpha = not_a_number;           // less what the search itself adds
    double standard_error = not_a_number;  // spread of the replicates
    double lower = not_a_number, upper = not_a_number;
    double x_min_lower = not_a_number, x_min_upper = not_a_number;  // middle `level` of the replicates
    FitQuality quality;                                             // p: replicates at least as far from their law
    Status status = Status::no_data;
};

// Sizes as they might have come, many times: each below x_min (with their share) drawn from those below, or from the
// law; x_min searched and alpha fitted again in each. Their distances give p (section 4.1 there), their exponents the
// bias and the spread that the search adds: interval and estimate are those of ln(alpha - 1), mirrored at the value
// found. The draws depend on the sizes and the seed alone, whatever the number of threads.
[[nodiscard]] SearchedPowerLaw searched_power_law(std::span<const double> sizes, const SearchedOptions& options);

// From which on a step is looked for where x_min is searched; 1 without sizes.
[[nodiscard]] double smallest_of(std::span<const double> sizes);

// Rows power_law_exponent, power_law_x_min and power_law_p, by the kind of the options.
[[nodiscard]] std::vector<Estimate> searched_power_law(const EventCatalogue& events, SearchedOptions options);

}  // namespace vitrum::analysis
