// Two-time correlation g1(t1,t2) = <E(t1) E*(t2)> of a complex Gaussian field, |E|^2 of mean 1:
//   g1 = h(t2 - t1) {f + (1 - f) p(t1,t2) (1 - a)^n(t1,t2) [sum_i w_i g1_i] [prod_j g1_j]}
// p = exp(-|Lambda(t2) - Lambda(t1)|^beta) with Lambda the internal clock (given, or drawn at random), n the number of
// sudden rearrangements in (t1, t2], f a part that never moves (in amplitude, within the field), g1_i the processes of
// a sum (sum w = 1), g1_j those of a product.// h is the overlap of what the beam lights, for a sample that is carried
// through it at speed v: the amplitude of a Gaussian beam is exp(-r^2/w^2), w the radius where its intensity is down to
// 1/e^2, so
//   h(t) = integral A(r) A(r + v t) dr / integral A(r)^2 dr = exp(-(v t)^2/(2 w^2)),   |h|^2 = exp(-(v t/w)^2)
// for a plane wave front, across which the path of the sample adds no more than a phase. Every factor and every mixture
// is positive definite, and so is the whole (Schur).
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "vitrum/core/stream.hpp"
#include "vitrum/model/relaxation/internal_clock.hpp"
#include "vitrum/model/relaxation/random_clock.hpp"
#include "vitrum/model/relaxation/scatterers.hpp"
#include "vitrum/model/relaxation/stored_kernel.hpp"

namespace vitrum::model {

// What p is.
enum class KernelForm {
    internal_clock,      // exp(-|Lambda2 - Lambda1|^beta), positive definite for every clock
    paciorek_schervish,  // sqrt(2 tau1 tau2/(tau1^2 + tau2^2)) exp(-(|t2-t1|/sqrt((tau1^2 + tau2^2)/2))^beta), tau_i =
                         // tau(t_i): positive definite for 0 < beta <= 2 (Paciorek and Schervish 2004), but not 1 where
                         // only tau has changed
    midpoint,            // exp(-(|t2-t1|/tau((t1+t2)/2))^beta): tested case by case by its eigenvalues
    earlier_time,        // exp(-(|t2-t1|/tau(min(t1,t2)))^beta): refused, no field has it
};

[[nodiscard]] std::vector<std::string> kernel_names();
[[nodiscard]] KernelForm kernel_from(std::string_view name);  // throws InputError

struct KernelPart;

// Empty at first. A type of its own: the default of a vector of an incomplete type is not for every compiler.
struct KernelParts : std::vector<KernelPart> {
    using std::vector<KernelPart>::vector;
    using std::vector<KernelPart>::operator=;
    KernelParts();
};

struct Kernel {
    InternalClock clock{};
    double beta = 1;  // in (0, 2]
    KernelForm form = KernelForm::internal_clock;
    std::vector<double> event_times{};  // [s] age, increasing: sudden rearrangements
    double event_fraction = 1;          // a in [0, 1]: 1 - a of g1 is left by one event; 1 = full decorrelation
    double static_fraction = 0;         // f in [0, 1)
    double translation_rate = 0;        // v/w [1/s], not negative
    double event_rate = 0;              // [1/s] Poisson rearrangements still to be drawn
    RandomClock random{};               // still to be drawn, added to the clock
    ClockPath path{};                   // drawn, or of a catalogue: added to the clock
    KernelParts sum{};
    KernelParts product{};
    std::shared_ptr<const StoredKernel> stored{};  // stands in the place of p
    std::size_t spectral_terms = 0;  // scatterers whose displacements are drawn in the place of p; 0 = none
    double displacement_theta = 1;   // their width grows as Lambda^theta: see scatterers.hpp
    std::shared_ptr<const Scatterers> scatterers{};  // drawn

    // Random parts that are still to be drawn count as absent.
    [[nodiscard]] double operator()(double t1, double t2) const;
    [[nodiscard]] double moving(double t1, double t2) const;   // without what never moves
    [[nodiscard]] double overlap(double t1, double t2) const;  // h
    // f, unless the sample leaves the beam: then nothing stays.
    [[nodiscard]] double never_moves() const { return translation_rate > 0 ? 0 : static_fraction; }
    [[nodiscard]] Eigen::MatrixXd matrix(std::span<const double> times) const;
    [[nodiscard]] Eigen::MatrixXd moving_matrix(std::span<const double> times) const;

    // Its own clock moves: p differs from 1.
    [[nodiscard]] bool has_clock() const;
    // One KWW process on one clock that is known beforehand.
    [[nodiscard]] bool single() const;
    // The same for every realisation but for lag: g1 depends on the lag alone, whatever is still to be drawn.
    [[nodiscard]] bool stationary_in_law() const;
    // g1 of every realisation depends on the lag alone.
    [[nodiscard]] bool stationary() const;
    // Something is still to be drawn.
    [[nodiscard]] bool random_dynamics() const;
    // The moments of g1 over what is still to be drawn are known: random clocks need beta = 1.
    [[nodiscard]] bool known_population() const;
    // A midpoint form stands in it: positive definite or not, case by case.
    [[nodiscard]] bool needs_test() const;
    // A stored correlation stands in it.
    [[nodiscard]] bool has_stored() const;
    // The moving part is an Ornstein-Uhlenbeck process on its clock.
    [[nodiscard]] bool markov() const;
};

struct KernelPart {
    std::string name;
    double weight = 1;  // in a sum
    Kernel kernel;
};

inline KernelParts::KernelParts() = default;

// A clock that stands still: for sums, products and random clocks without a steady one.
[[nodiscard]] InternalClock standing_clock();

// Throws InputError: ranges of every parameter; the earlier_time form, by name, with the admissible forms suggested.
void check(const Kernel& kernel);

// One realisation over ages `from` .. `until` [s] that will be looked at at `instants`: rearrangements and random
// clocks drawn, of every part from streams of its own.
[[nodiscard]] Kernel realise(const Kernel& kernel, std::span<const double> instants, double from, double until,
                             const StreamKey& key);

// Every clock `factor` times slower: relaxation times of clocks and of their parts, advances of avalanches.
void slow_down(Kernel& kernel, double factor);

// Number of random events and steps to be expected in a time [s], of all parts.
[[nodiscard]] double expected_events(const Kernel& kernel, double time);

// Smallest eigenvalue over the largest of a symmetric matrix.
[[nodiscard]] double smallest_relative_eigenvalue(const Eigen::MatrixXd& matrix);

// Throws InputError with the smallest eigenvalue if it is below -1e-8 of the largest: no field has this correlation.
void check_positive(const Eigen::MatrixXd& g1, const std::string& called);

}  // namespace vitrum::model
