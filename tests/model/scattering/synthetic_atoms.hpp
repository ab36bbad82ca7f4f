// Atoms of Cu (species 0) and Zr (1) with known dynamics for tests: uniform gas, Brownian particles.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_01.hpp>

#include "vitrum/core/atoms/xray_peak.hpp"
#include "vitrum/core/data/trajectory.hpp"
#include "vitrum/core/stream.hpp"

namespace vitrum::testing {

inline constexpr std::array cu_zr{copper, zirconium};

inline AtomFrame empty_frame(std::size_t atoms, double edge) {
    AtomFrame frame;
    frame.box = {edge, 0, 0, 0, edge, 0, 0, 0, edge};
    frame.fractional.resize(3 * atoms);
    return frame;
}

inline std::vector<int> alternating_species(std::size_t atoms) {
    std::vector<int> species(atoms);
    for (std::size_t i = 0; i < atoms; ++i) species[i] = i % 2 == 0 ? 0 : 1;
    return species;
}

// Independent frames of an ideal gas.
inline std::vector<AtomFrame> gas(std::size_t frames, std::size_t atoms, double edge, std::uint64_t seed) {
    std::vector<AtomFrame> result;
    for (std::size_t f = 0; f < frames; ++f) {
        Stream stream({seed, 0, 0}, Purpose::test, f);
        boost::random::uniform_01<double> uniform;
        result.push_back(empty_frame(atoms, edge));
        for (double& s : result.back().fractional) s = uniform(stream);
    }
    return result;
}

// Independent Brownian particles, unwrapped: each coordinate moves by sqrt(2 D) per frame; D in angstrom^2 per frame.
inline std::vector<AtomFrame> brownian(std::size_t frames, std::size_t atoms, double edge, double diffusion,
                                       std::uint64_t seed) {
    std::vector<AtomFrame> result = gas(1, atoms, edge, seed);
    for (std::size_t f = 1; f < frames; ++f) {
        Stream stream({seed, 1, 0}, Purpose::test, f);
        boost::random::normal_distribution<double> step(0, std::sqrt(2 * diffusion) / edge);
        result.push_back(result.back());
        for (double& s : result.back().fractional) s += step(stream);
    }
    return result;
}

}  // namespace vitrum::testing
