// Asymmetric two-level systems under pressure, symmetric convention: well L at -Delta/2, well R at +Delta/2, saddle
// at V above the mean of the wells. All systems of the ensemble are alike.
//   k_LR = nu0 exp(-(V + Delta/2)/kT), k_RL = nu0 exp(-(V - Delta/2)/kT), tau = 1/(k_LR + k_RL)
//   V(P) = V0 + P dV, Delta(P) = Omega (P - P_x): the wells cross at P_x
//   kT d(ln tau)/dP = dV - (Omega/2) tanh(Delta/2kT), exactly
// Units: eV, GPa, angstrom^3, K, 1/s.
#pragma once

namespace vitrum::model {

struct TwoLevelSystem {
    double barrier = 0.87;         // V0 [eV]
    double attempt_rate = 1e13;    // nu0 [1/s]
    double activation_volume = 0;  // dV [angstrom^3]
    double formation_volume = 4;   // Omega [angstrom^3]
    double crossing_pressure = 3;  // P_x [GPa]
    double temperature = 300;      // [K]

    [[nodiscard]] double asymmetry(double pressure) const;           // Delta(P) [eV]
    [[nodiscard]] double saddle(double pressure) const;              // V(P) [eV]
    [[nodiscard]] double rate_left_to_right(double pressure) const;  // [1/s]
    [[nodiscard]] double rate_right_to_left(double pressure) const;  // [1/s]
    [[nodiscard]] double tau(double pressure) const;                 // [s] exp(V/kT) / (2 nu0 cosh(Delta/2kT))
    [[nodiscard]] double right_occupation(double pressure) const;    // p_R in equilibrium
    // kT d(ln tau)/dP [angstrom^3]
    [[nodiscard]] double apparent_activation_volume(double pressure) const;
    // kT ln(tau2/tau1)/(P2 - P1) [angstrom^3]: the same averaged over [P1, P2]
    [[nodiscard]] double mean_activation_volume(double pressure1, double pressure2) const;
    // Where tau is longest [GPa]: P_x + (2 kT/Omega) atanh(2 dV/Omega); NaN if 2 |dV| >= Omega: tau is monotonic.
    [[nodiscard]] double pressure_of_longest_tau() const;
    // 2 p1 p2 (1 - sin(qd)/(qd)): what two-level atoms that jump by d [angstrom] would show at q [1/angstrom],
    // F(q,t) = 1 - A (1 - exp(-t/tau)).
    [[nodiscard]] double visible_amplitude(double pressure, double q, double jump) const;
};

// Throws InputError: positive temperature and attempt rate, finite volumes, V > |Delta|/2 at this pressure.
void check(const TwoLevelSystem& system, double pressure);

}  // namespace vitrum::model
