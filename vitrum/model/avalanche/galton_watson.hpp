// Sizes of avalanches as a branching process: one event sets off a random number of others of mean m <= 1, each of
// them again, until none follows; the size S counts all of them (Otter 1949, Dwass 1969; Harris 1963).
//   geometric offspring   P(S=s) = Catalan(s-1) m^(s-1) / (1+m)^(2s-1)
//   Poisson offspring     P(S=s) = exp(-m s) (m s)^(s-1) / s!                                  (Borel)
// For m < 1, E S = 1/(1-m) and Var S = v/(1-m)^3 with v the variance of the offspring; at m = 1 P(S) ~ s^(-3/2).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "vitrum/core/stream.hpp"

namespace vitrum::model {

enum class Offspring { geometric, poisson };

[[nodiscard]] std::vector<std::string> offspring_names();
[[nodiscard]] Offspring offspring_from(std::string_view name);  // throws InputError

struct GaltonWatson {
    Offspring offspring = Offspring::geometric;
    double mean = 0.5;  // m, in [0, 1]

    [[nodiscard]] double probability(std::uint64_t size) const;  // P(S = size), size >= 1
    [[nodiscard]] double generating(double z) const;             // E z^S, 0 <= z <= 1
    [[nodiscard]] double mean_size() const;                      // infinite at m = 1
    [[nodiscard]] double variance_of_size() const;               // infinite at m = 1
    // Generation by generation: exact. A critical avalanche of more than 1e15 events (3e-8 of all) counts as 1e15.
    [[nodiscard]] std::uint64_t draw(Stream& stream) const;
};

// Throws InputError: m must lie in [0, 1], else an avalanche may never end.
void check(const GaltonWatson& sizes);

}  // namespace vitrum::model
