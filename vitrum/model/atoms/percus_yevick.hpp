// Structure factor of hard spheres of diameter d in the Percus-Yevick approximation.
// Source: Wertheim, Phys. Rev. Lett. 10 (1963) 321; Ashcroft and Lekner, Phys. Rev. 145 (1966) 83.
#pragma once

namespace vitrum::model {

// S(q d) at packing fraction phi, 0 <= phi < 1; S(0) = (1 - phi)^4/(1 + 2 phi)^2. It is exact for this approximation,
// not for real spheres. Throws std::invalid_argument for phi out of range.
[[nodiscard]] double percus_yevick(double phi, double q_d);

}  // namespace vitrum::model
