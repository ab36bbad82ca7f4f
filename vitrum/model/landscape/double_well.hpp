// One asymmetric double well at fixed temperature and pressure: energies, rates, and what follows from them exactly.
// Symmetric convention, used everywhere in this room: well L at -Delta/2, well R at +Delta/2, saddle at V above the
// mean of the wells, V > |Delta|/2.
//   k_LR = nu_L exp(-(V + Delta/2)/kT), k_RL = nu_R exp(-(V - Delta/2)/kT), k_LR/k_RL = (nu_L/nu_R) exp(-Delta/kT)
// Low-well convention: V' = V + |Delta|/2, the barrier seen from the lower well.
// Harmonic transition state theory (Vineyard, J. Phys. Chem. Solids 3, 121 (1957), doi:10.1016/0022-3697(57)90059-8);
// prefactors with friction: Kramers, Physica 7, 284 (1940), doi:10.1016/S0031-8914(40)90098-2.
// Units: eV, K, s.
#pragma once

#include <limits>

namespace vitrum::model {

// Flips of a two-state Markov process, stationary unless said otherwise. Counts are of the window's flips;
// a window that is not given is endless.
struct Rates {
    double to_right = 0;  // k_LR [1/s]
    double to_left = 0;   // k_RL [1/s]

    static constexpr double endless = std::numeric_limits<double>::infinity();

    [[nodiscard]] double sum() const { return to_right + to_left; }
    [[nodiscard]] double tau() const { return 1 / sum(); }             // [s] of the populations
    [[nodiscard]] double right() const { return to_right / sum(); }    // p_R in equilibrium
    [[nodiscard]] double one_way() const;                              // flips L to R [1/s]: k_LR k_RL/(k_LR + k_RL)
    [[nodiscard]] double activity() const { return 2 * one_way(); }    // all flips [1/s]
    [[nodiscard]] double right_after(double right, double t) const;    // p_R after a time t [s] from p_R = right
    [[nodiscard]] double flux(double right) const;                     // flips [1/s] of both ways at p_R = right
    [[nodiscard]] double spin_correlation(double t) const;             // <s(0)s(t)> - <s>^2, s = -1 in L, +1 in R
    [[nodiscard]] double fano_one_way(double window = endless) const;  // variance over mean of the flips L to R
    [[nodiscard]] double fano_all(double window = endless) const;      // ... of all flips
};

struct DoubleWell {
    double saddle = 0.87;         // V [eV]
    double asymmetry = 0;         // Delta [eV]
    double attempt_left = 1e13;   // nu_L [1/s]: of what stands in L
    double attempt_right = 1e13;  // nu_R [1/s]

    [[nodiscard]] Rates rates(double temperature) const;  // [K]
    // Delta - kT ln(nu_L/nu_R) [eV]: p_R = 1/(1 + exp(it/kT)).
    [[nodiscard]] double effective_asymmetry(double temperature) const;
};

// The same well as seen from its lower side.
struct LowWell {
    double barrier = 0.87;  // V' [eV]
    double asymmetry = 0;   // |Delta| [eV]
    bool low_is_left = true;
    double attempt_low = 1e13;   // [1/s]
    double attempt_high = 1e13;  // [1/s]

    [[nodiscard]] double rate_up(double temperature) const;    // out of the lower well [1/s]
    [[nodiscard]] double rate_down(double temperature) const;  // [1/s]
};

[[nodiscard]] LowWell seen_from_low(const DoubleWell& well);
[[nodiscard]] DoubleWell symmetric(const LowWell& well);

// Attempt rates [1/s] from angular frequencies of the well and of the barrier's top and the friction, all [1/s].
[[nodiscard]] double transition_state_attempt(double omega_well);                                   // omega/2pi
[[nodiscard]] double kramers_attempt(double omega_well, double omega_barrier, double friction);     // any friction
[[nodiscard]] double overdamped_attempt(double omega_well, double omega_barrier, double friction);  // its high limit

// Throw InputError: finite energies, positive attempt rates, V > |Delta|/2 (Delta >= 0 and V' > Delta), a positive
// temperature.
void check(const DoubleWell& well);
void check(const LowWell& well);
void check_temperature(double temperature);

}  // namespace vitrum::model
