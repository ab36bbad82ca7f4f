// Two-time correlation g1(t1,t2) = <E(t1) E*(t2)> of a complex Gaussian field, |E|^2 of mean 1:
//   g1 = h(t2 - t1) [f + (1 - f) exp(-|Lambda(t2) - Lambda(t1)|^beta) (1 - a)^n(t1,t2)]
// with Lambda the internal clock, n the number of sudden rearrangements in (t1, t2] and f a part that never moves
// (in amplitude, within the field). h is the overlap of what the beam lights, for a sample that is carried through it
// at speed v: the amplitude of a Gaussian beam is exp(-r^2/w^2), w the radius where its intensity is down to 1/e^2, so
//   h(t) = integral A(r) A(r + v t) dr / integral A(r)^2 dr = exp(-(v t)^2/(2 w^2)),   |h|^2 = exp(-(v t/w)^2)
// for a plane wave front, across which the path of the sample adds no more than a phase. Each factor is positive
// definite, so the product and the mixture are (Schur).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "model/relaxation/internal_clock.hpp"

namespace vitrum::model {

// What stands in the exponential. Only the internal clock is positive definite by construction.
enum class KernelForm {
    internal_clock,  // |Lambda2 - Lambda1|
    midpoint,        // |t2 - t1| / tau((t1+t2)/2): tested case by case by its eigenvalues
    earlier_time,    // |t2 - t1| / tau(min(t1,t2)): refused, no field has it
};

[[nodiscard]] std::vector<std::string> kernel_names();
[[nodiscard]] KernelForm kernel_from(std::string_view name);  // throws InputError

struct Kernel {
    InternalClock clock{};
    double beta = 1;  // in (0, 2]
    KernelForm form = KernelForm::internal_clock;
    std::vector<double> event_times{};  // [s] age, increasing: sudden rearrangements
    double event_fraction = 1;          // a in [0, 1]: 1 - a of g1 is left by one event; 1 = full decorrelation
    double static_fraction = 0;         // f in [0, 1)
    double translation_rate = 0;        // v/w [1/s], not negative

    [[nodiscard]] double operator()(double t1, double t2) const;
    [[nodiscard]] double moving(double t1, double t2) const;   // without what never moves
    [[nodiscard]] double overlap(double t1, double t2) const;  // h
    // f, unless the sample leaves the beam: then nothing stays.
    [[nodiscard]] double never_moves() const { return translation_rate > 0 ? 0 : static_fraction; }
    [[nodiscard]] Eigen::MatrixXd matrix(std::span<const double> times) const;
    [[nodiscard]] Eigen::MatrixXd moving_matrix(std::span<const double> times) const;
    // Depends on the lag alone.
    [[nodiscard]] bool stationary() const { return clock.stationary() && (event_times.empty() || event_fraction == 0); }
    // The moving part is an Ornstein-Uhlenbeck process on its clock.
    [[nodiscard]] bool markov() const {
        return beta == 1 && form == KernelForm::internal_clock && translation_rate == 0;
    }
};

// Throws InputError: ranges of every parameter; the earlier_time form, by name, with the internal clock suggested.
void check(const Kernel& kernel);

// Smallest eigenvalue over the largest of a symmetric matrix.
[[nodiscard]] double smallest_relative_eigenvalue(const Eigen::MatrixXd& matrix);

// Throws InputError with the smallest eigenvalue if it is below -1e-8 of the largest: no field has this correlation.
void check_positive(const Eigen::MatrixXd& g1, const std::string& called);

// Ensemble mean of g1^2 over Poisson rearrangements of this rate [1/s], each of the kernel's event_fraction, on top of
// the kernel's own: phi^2 exp(-rate |t2-t1| (1-(1-a)^2)) for f = 0.
[[nodiscard]] double mean_square_over_events(const Kernel& kernel, double rate, double t1, double t2);

}  // namespace vitrum::model
