#include "vitrum/model/landscape/gibbs_spectrum.hpp"

#include <algorithm>
#include <cmath>

#include <boost/math/constants/constants.hpp>
#include <boost/math/special_functions/expint.hpp>
#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/units.hpp"

namespace vitrum::model {

double ein(double z) {
    if (z < 0.01) return z * (1 - z / 4 * (1 - z * 2 / 9 * (1 - z * 3 / 16 * (1 - z * 4 / 25))));
    const double rest = z > 700 ? 0 : boost::math::expint(1, z);
    return boost::math::constants::euler<double>() + std::log(z) + rest;
}

double GibbsSpectrum::change(double time, double temperature) const {
    const double kt = boltzmann_ev * temperature;
    const auto at = [&](double energy) { return ein(attempt_rate * time * std::exp(-energy / kt)); };
    double sum = 0;
    for (std::size_t i = 0; i < density.size(); ++i) sum += kt * density[i] * (at(edges[i]) - at(edges[i + 1]));
    return sum;
}

double GibbsSpectrum::front(double time, double temperature) const {
    return boltzmann_ev * temperature * std::log(attempt_rate * time);
}

double GibbsSpectrum::step_change(double time, double temperature) const {
    const double energy = front(time, temperature);
    double sum = 0;
    for (std::size_t i = 0; i < density.size(); ++i)
        sum += density[i] * (std::clamp(energy, edges[i], edges[i + 1]) - edges[i]);
    return sum;
}

void check(const GibbsSpectrum& s) {
    const auto need = [](bool holds, const std::string& message) {
        if (!holds) throw InputError(message);
    };
    need(!s.density.empty() && s.edges.size() == s.density.size() + 1,
         fmt::format("spectrum: {} densities between {} edges; there is one more edge than densities", s.density.size(),
                     s.edges.size()));
    for (std::size_t i = 0; i < s.edges.size(); ++i)
        need(std::isfinite(s.edges[i]) && (i == 0 || s.edges[i] > s.edges[i - 1]),
             fmt::format("spectrum: edge {} eV does not increase", s.edges[i]));
    for (const double p : s.density)
        need(p >= 0 && std::isfinite(p), fmt::format("spectrum: density {}: a density is not negative", p));
    need(s.attempt_rate > 0 && std::isfinite(s.attempt_rate),
         fmt::format("attempt_rate = {} 1/s: an attempt rate is positive", s.attempt_rate));
}

}  // namespace vitrum::model
