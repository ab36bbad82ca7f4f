// Many double wells under one programme: quadrature of a distribution, or wells drawn from it. What an ensemble shows
// after any history is exact: for each well a product of the propagators of its stretches. Nothing flips by chance
// here. Memory comes from a spread of barriers: wells faster than a stay at a pressure have come to its equilibrium,
// those slower remember the one before; equal waiting times at equal pressure then differ between compression and
// decompression. Units: eV, GPa, angstrom^3, K, s.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "vitrum/core/stream.hpp"
#include "vitrum/model/landscape/programme.hpp"
#include "vitrum/model/landscape/spectrum.hpp"
#include "vitrum/model/landscape/well_law.hpp"

namespace vitrum::model {

struct Normal {
    double mean = 0;
    double sd = 0;  // 0: all alike
};

// Independent of each other.
struct WellDistribution {
    Barriers barriers = BoxBarriers{};  // V0
    Normal asymmetry{};                 // Delta0 [eV]
    Normal activation_volume{};         // dV [angstrom^3]
    Normal formation_volume{};          // Omega [angstrom^3]
    double attempt_rate = 1e13;         // nu0 [1/s]
};

struct Ensemble {
    std::vector<WellLaw> wells{};
    std::vector<double> weights{};  // add up to 1
};

struct Nodes {
    std::size_t barriers = 64;
    std::size_t others = 24;  // for each of the rest whose sd is not 0
};
// Product rule: Gauss-Legendre over a box (10 points a panel) and, mapped, over an exponential; trapezoidal rule over
// +-6 sd of a normal law.
[[nodiscard]] Ensemble quadrature(const WellDistribution& distribution, const Nodes& nodes = {});
// Wells drawn from it, of equal weight.
[[nodiscard]] Ensemble drawn(const WellDistribution& distribution, std::size_t wells, Stream& stream);

// In equilibrium at these conditions:
// <w tau>/<w> [s], w = p_L p_R: the mean relaxation time of what can be seen.
[[nodiscard]] double visible_mean_tau(const Ensemble& ensemble, const Conditions& conditions);
[[nodiscard]] double mean_activity(const Ensemble& ensemble, const Conditions& conditions);  // flips per well [1/s]
// <w exp(-t/tau)>/<w>, at times [s].
[[nodiscard]] std::vector<double> visible_relaxation(const Ensemble& ensemble, const Conditions& conditions,
                                                     std::span<const double> times);
// Where visible_mean_tau or mean_activity is largest between two pressures [GPa]; exists = false if at an end.
[[nodiscard]] Maximum longest_tau(const Ensemble& ensemble, double temperature, double from, double until);
[[nodiscard]] Maximum highest_activity(const Ensemble& ensemble, double temperature, double from, double until);

// The populations of an ensemble as its programme goes on, from equilibrium at the first moment.
class EnsembleHistory {
public:
    // Throws InputError: wells and weights of one length, each well sound at the programme's knots.
    EnsembleHistory(Ensemble ensemble, Programme programme, double from);

    void advance(double until);  // [s] not before now
    [[nodiscard]] double time() const { return time_; }
    [[nodiscard]] const std::vector<double>& right() const { return right_; }  // p_R of each well
    [[nodiscard]] double mean_right() const;
    [[nodiscard]] double activity() const;  // flips per well now [1/s]
    // Between now and a later time [s]: chance that a well's states at the two differ, and that it never flipped.
    [[nodiscard]] double changed(double later) const;
    [[nodiscard]] double unflipped(double later) const;
    // The lag [s] after which unflipped falls to `level` if today's conditions were held.
    [[nodiscard]] double decorrelation_time(double level = 0.36787944117144233) const;

private:
    Ensemble ensemble_;
    Programme programme_;
    double time_;
    std::vector<double> right_;
};

// At one pressure of a loop, `wait` after it was reached.
struct LoopRow {
    double pressure = 0;                        // [GPa]
    double up = 0;                              // decorrelation time on compression [s]
    double down = 0;                            // ... on decompression; the same at the last pressure
    double activity_up = 0, activity_down = 0;  // flips per well [1/s]
    double right_up = 0, right_down = 0;        // mean p_R
};
// Throws InputError: see check(PressureLoop); 0 <= wait <= hold.
[[nodiscard]] std::vector<LoopRow> hysteresis(const Ensemble& ensemble, const PressureLoop& loop, double wait,
                                              double level = 0.36787944117144233);

// Throws InputError.
void check(const WellDistribution& distribution);

}  // namespace vitrum::model
