// Activation-energy spectrum of relaxing processes (Gibbs, Evetts, Leake, J. Mater. Sci. 18, 278 (1983),
// doi:10.1007/BF00543836): after a time t at temperature T
//   DeltaP(t,T) = integral p0(E) [1 - exp(-nu0 t exp(-E/kT))] dE
// A spectrum of boxes is exact: kT p0 [Ein(x1) - Ein(x2)] for each, x_i = nu0 t exp(-E_i/kT),
// Ein(z) = euler + ln z + E1(z). Units: eV, K, s; p0 in units of the property per eV.
#pragma once

#include <vector>

namespace vitrum::model {

struct GibbsSpectrum {
    std::vector<double> edges{};    // E [eV], increasing, one more than densities
    std::vector<double> density{};  // p0 between the edges [1/eV], not negative
    double attempt_rate = 1e13;     // nu0 [1/s]

    [[nodiscard]] double change(double time, double temperature) const;  // DeltaP
    // Processes below this energy have relaxed, those above have not: kT ln(nu0 t) [eV]
    [[nodiscard]] double front(double time, double temperature) const;
    [[nodiscard]] double step_change(double time, double temperature) const;  // DeltaP of that approximation
};

[[nodiscard]] double ein(double z);  // integral_0^z (1 - e^-u)/u du, z >= 0

// Throws InputError: edges increase, one more than densities, none negative, a positive attempt rate.
void check(const GibbsSpectrum& spectrum);

}  // namespace vitrum::model
