// A double well under temperature and pressure, symmetric convention (double_well.hpp):
//   V(P) = V0 + P dV, Delta(P) = Delta0 + P Omega; dV activation volume, Omega formation volume of R over L
// Exactly, with p_R - p_L = -tanh(Delta/2kT) for equal attempt rates:
//   kT d(ln tau)/dP = dV + (Omega/2)(p_R - p_L)          kT d(ln A)/dP = -dV + (Omega/2)(p_R - p_L)
//   kT d(ln p_R/p_L)/dP = -Omega                         d(ln tau)/d(1/kT) = V + (Delta/2)(p_R - p_L)
// Where the wells cross tau has a maximum (apparent activation volumes dV +- Omega/2 on its sides: Zhang et al. 2023)
// and so has the activity A (events are most frequent there: Cornet et al. 2023). Each needs |dV| < |Omega|/2: the
// volume at the saddle lies between those of the wells. Units: eV, GPa, angstrom^3, K, s.
#pragma once

#include <string>

#include "vitrum/model/landscape/double_well.hpp"
#include "vitrum/model/landscape/programme.hpp"
#include "vitrum/model/landscape/two_level.hpp"

namespace vitrum::model {

struct WellLaw {
    double barrier = 0.87;         // V0 [eV] at 0 GPa
    double asymmetry = 0;          // Delta0 [eV] at 0 GPa
    double activation_volume = 0;  // dV [angstrom^3]
    double formation_volume = 0;   // Omega [angstrom^3]
    double attempt_left = 1e13;    // [1/s]
    double attempt_right = 1e13;   // [1/s]

    [[nodiscard]] DoubleWell at(double pressure) const;
    [[nodiscard]] Rates rates(const Conditions& c) const { return at(c.pressure).rates(c.temperature); }

    // Slopes times kT [angstrom^3], at these conditions.
    [[nodiscard]] double apparent_activation_volume(const Conditions& c) const;  // kT d(ln tau)/dP
    [[nodiscard]] double activity_volume(const Conditions& c) const;             // kT d(ln A)/dP
    [[nodiscard]] double apparent_activation_energy(const Conditions& c) const;  // d(ln tau)/d(1/kT) [eV]
    // Where the wells hold equally much at this temperature [GPa]; -Delta0/Omega for equal attempt rates. NaN if
    // Omega = 0.
    [[nodiscard]] double crossing_pressure(double temperature) const;
};

[[nodiscard]] WellLaw well_law(const TwoLevelSystem& system);

struct Maximum {
    bool exists = false;
    double pressure = 0;    // [GPa] NaN if there is none
    std::string why_not{};  // one line; empty if there is one
};
// The one maximum over pressure at a temperature [K], if |dV| < |Omega|/2.
[[nodiscard]] Maximum longest_tau(const WellLaw& law, double temperature);
[[nodiscard]] Maximum highest_activity(const WellLaw& law, double temperature);

// Throws InputError: finite volumes, and the well's own checks at these conditions.
void check(const WellLaw& law, const Conditions& conditions);

}  // namespace vitrum::model
