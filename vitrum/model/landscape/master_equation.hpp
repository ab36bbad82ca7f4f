// The master equation dp_R/dt = k_LR p_L - k_RL p_R under any programme. Where temperature and pressure stand still
// its formula is exact; along a ramp
//   p_R(t) = p_R(0) e^{-X(0,t)} + integral_0^t k_LR(s) e^{-X(s,t)} ds,  X(s,t) = integral_s^t du/tau(u)
// by Gauss-Legendre rules over parts in which neither the rates nor X change by more than about e: right to 1e-10.
// Units: s.
#pragma once

#include "vitrum/model/landscape/programme.hpp"
#include "vitrum/model/landscape/well_law.hpp"

namespace vitrum::model {

// Takes populations from one time to a later one.
struct Propagator {
    double keep = 1;          // e^{-X}
    double gain = 0;          // p_R of what started in L
    double hazard_left = 0;   // integral of k_LR: e^{-hazard_left} of L never left it
    double hazard_right = 0;  // integral of k_RL

    [[nodiscard]] double right(double right_before) const { return keep * right_before + gain; }
    // Chance that the states at the two ends differ, and that nothing flipped in between.
    [[nodiscard]] double changed(double right_before) const;
    [[nodiscard]] double unflipped(double right_before) const;
};

// First `a`, then `b`.
[[nodiscard]] Propagator then(const Propagator& a, const Propagator& b);

[[nodiscard]] Propagator propagate(const Rates& rates, double time);  // constant rates
[[nodiscard]] Propagator propagate(const WellLaw& law, const Stretch& stretch);
[[nodiscard]] Propagator propagate(const WellLaw& law, const Programme& programme, double from, double until);

}  // namespace vitrum::model
