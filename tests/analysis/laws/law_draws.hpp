// Draws and counts for tests of lack of fit.
#pragma once

#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <boost/random/normal_distribution.hpp>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/core/stream.hpp"

namespace vitrum::analysis {

class Normal {
public:
    explicit Normal(std::uint64_t seed, std::uint64_t kind = 0) : stream_({71, kind, seed}, Purpose::test, 0) {}
    double operator()() { return normal_(stream_); }

private:
    Stream stream_;
    boost::random::normal_distribution<double> normal_;
};

// tau of a law with independent errors of the same share of it.
inline Curve noisy(const std::vector<double>& x, double (*law)(double), double relative, Normal& normal) {
    Curve c = make_curve("tau", "x", "s", "tau", "s");
    for (const double v : x) {
        c.x.push_back(v);
        c.y.push_back(law(v) * std::exp(relative * normal()));
        c.y_error.push_back(relative * c.y.back());
    }
    return c;
}

inline const Estimate& row_of(const std::vector<Estimate>& rows, std::string_view quantity) {
    for (const Estimate& e : rows)
        if (e.quantity == quantity) return e;
    throw std::logic_error("no row " + std::string(quantity));
}

// How often p lies below a level, in standard deviations of that count under a uniform p.
inline double excess(const std::vector<double>& p, double level) {
    double below = 0;
    for (const double v : p) below += v < level ? 1 : 0;
    const auto n = static_cast<double>(p.size());
    return (below - n * level) / std::sqrt(n * level * (1 - level));
}

}  // namespace vitrum::analysis
