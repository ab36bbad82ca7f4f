// Relaxation time against wavevector: tau(q) = 1/(c q^alpha), one exponent beta for all q. Two laws give it:
//   a power law with an independent Gaussian field for every q region, any alpha and 0 < beta <= 2;
//   one displacement field common to all q, isotropic and stable of index k, its width growing as (c t)^theta:
//   |F(q,t)| = exp(-((c t)^theta q)^k), so alpha = 1/theta and beta = theta k.
// A field of displacements whose increments are stationary exists only for 0 < k <= 2, theta <= 1/k where k <= 1, and
// theta <= 1 where k > 1 (self-similar stable processes: Samorodnitsky and Taqqu 1994, chapter 7).
#pragma once

namespace vitrum::model {

struct WavevectorLaw {
    double prefactor = 1;  // c [angstrom^alpha / s]
    double exponent = 1;   // alpha
    double beta = 1;       // of every q

    [[nodiscard]] double tau(double q) const;  // [s], q [1/angstrom]
};

// The law of this exponent that passes through tau [s] at q [1/angstrom].
[[nodiscard]] WavevectorLaw law_through(double q, double tau, double exponent, double beta);

// Throws InputError: c and alpha must be finite, c positive, beta in (0, 2].
void check(const WavevectorLaw& law);

struct DisplacementLaw {
    double prefactor = 1;  // c [angstrom^(1/theta) / s]
    double theta = 1;
    double k = 2;

    [[nodiscard]] double beta() const { return theta * k; }
    [[nodiscard]] double tau(double q) const { return law().tau(q); }  // [s], q [1/angstrom]
    [[nodiscard]] WavevectorLaw law() const { return {prefactor, 1 / theta, beta()}; }
};

// Throws InputError: no displacements with stationary increments have this pair, and why.
void check_displacement_pair(double theta, double k);

// As check_displacement_pair and of the law.
void check(const DisplacementLaw& law);

}  // namespace vitrum::model
