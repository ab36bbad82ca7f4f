// Kohlrausch-Williams-Watts relaxation of the field: g1(t) = exp(-(t/tau)^beta), so |F|^2 = exp(-2 (t/tau)^beta).
// A Gaussian field with this correlation exists exactly for 0 < beta <= 2 (Schoenberg 1938).
#pragma once

namespace vitrum::model {

struct Kww {
    double tau = 1;   // [s]
    double beta = 1;  // in (0, 2]

    [[nodiscard]] double g1(double time) const;  // time [s]
    [[nodiscard]] double g1_squared(double time) const;
};

// Throws InputError: tau must be positive and finite, beta in (0, 2], else the kernel is not positive definite.
void check(const Kww& kww);

}  // namespace vitrum::model
