// A pressure that still settles after it was changed: P(t) = P - dP exp(-t/t_d), t the time since the change. The
// elastic strain of the sample moves its speckle outwards, and fixed pixels forget by the difference of pressure alone:
//   |F|^2 = exp(-2 ((P(t2) - P(t1))/P_c)^2)
// with P_c the difference that takes |F|^2 to e^-2, for a Gaussian spectrum of the beam (spatial_pattern.hpp; 0.096 GPa
// for the Pt glass of Cornet et al. 2023). That is the internal clock (P(t) - P(0))/P_c with beta = 2: the ageing law
// tau = tau0 exp(t/t_d) with tau0 = P_c t_d/dP, exactly, and no ageing.
#pragma once

#include "vitrum/model/relaxation/internal_clock.hpp"

namespace vitrum::model {

struct SettlingPressure {
    double step = 0;               // dP [GPa] still to come at t = 0, either sign
    double time = 1;               // t_d [s]
    double decorrelation = 0.096;  // P_c [GPa]

    [[nodiscard]] InternalClock clock() const;     // with beta = 2
    [[nodiscard]] double missing(double t) const;  // P(t) - P [GPa]
};

// Throws InputError: no step, times and P_c that are not positive.
void check(const SettlingPressure& pressure);

}  // namespace vitrum::model
