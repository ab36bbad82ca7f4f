// Spectra of relaxation times of symmetric wells (Delta = 0): tau = tau_00 exp(V/kT) over a distribution of barriers
// V, or of rates directly. Exact relaxation functions phi(t) = <exp(-t/tau)> and moments, x = t/tau_00, alpha = kT/V0:
//   exponential  phi = alpha x^-alpha gamma(alpha, x); Gilroy and Phillips, Philos. Mag. B 43, 735 (1981),
//                doi:10.1080/01418638108222343. Cut to [V1, V2]: difference of two such terms
//   box          phi = kT/(V2 - V1) (E1(t/tau2) - E1(t/tau1)); event rate kT/(V2 - V1) (e^{-t/tau2} - e^{-t/tau1})/t,
//                an Omori law with p = 1 between tau1 and tau2
//   gaussian     log-normal times; phi by the trapezoidal rule, right to 1e-12 of 1
//   gamma rates  phi = (1 + t/t0)^-a: Omori-Utsu, p = 1 + a, c = t0
//   stable rates phi = exp(-(t/tau)^beta), 0 < beta < 1; drawn after Kanter, Ann. Probab. 3, 697 (1975),
//                doi:10.1214/aop/1176996309
// Units: eV, K, s.
#pragma once

#include <limits>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "vitrum/core/stream.hpp"

namespace vitrum::model {

struct ExponentialBarriers {  // P(V) = exp(-V/scale)/scale on [from, until], normalised
    double scale = 0.1;       // V0 [eV]
    double from = 0;          // [eV]
    double until = std::numeric_limits<double>::infinity();
};

struct BoxBarriers {  // P(V) = 1/(until - from)
    double from = 0.6;
    double until = 0.9;
};

struct GaussianBarriers {
    double mean = 0.8;
    double sd = 0.05;
};

using Barriers = std::variant<ExponentialBarriers, BoxBarriers, GaussianBarriers>;

struct GammaRates {    // density of rates ~ rate^(shape - 1) exp(-rate time)
    double shape = 1;  // a
    double time = 1;   // t0 [s]
};

struct StableRates {
    double beta = 0.6;  // in (0, 1)
    double tau = 1;     // [s]
};

using Spectrum = std::variant<ExponentialBarriers, BoxBarriers, GaussianBarriers, GammaRates, StableRates>;

[[nodiscard]] std::string name(const Spectrum& spectrum);  // "exponential", "box", "gaussian", "gamma", "stable"

struct RelaxationSpectrum {
    Spectrum spectrum = BoxBarriers{};
    double temperature = 300;  // [K] of barriers
    double tau_00 = 5e-14;     // [s] 1/(2 nu0): of barriers

    // phi at times [s], not negative; one value for each.
    [[nodiscard]] std::vector<double> relaxation(std::span<const double> times) const;
    [[nodiscard]] double relaxation(double time) const;
    [[nodiscard]] double event_rate(double time) const;  // -dphi/dt [1/s], time > 0
    // <tau^power> [s^power]; infinite where the integral has no end. Negative powers are moments of rates.
    [[nodiscard]] double moment(double power) const;
    // <omega tau/(1 + (omega tau)^2)>, omega [rad/s] > 0: the loss of Debye processes of equal strength.
    [[nodiscard]] double loss(double omega) const;
    // d ln<tau>/d(1/kT) [eV] of barriers; NaN for rates, which know no temperature, and where <tau> is infinite.
    [[nodiscard]] double mean_activation_energy() const;
    [[nodiscard]] double draw_tau(Stream& stream) const;  // [s]
};

[[nodiscard]] double draw(const Barriers& barriers, Stream& stream);  // [eV]

// Throws InputError: ranges of each parameter.
void check(const Spectrum& spectrum);
void check(const RelaxationSpectrum& spectrum);

}  // namespace vitrum::model
