// Points of a law that is known exactly, measured with independent Gaussian errors: the simplest data with truth for
// every fit of a law. y_i = f(x_i) + e_i, e_i of standard deviation `noise` (relative to f, or absolute).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "vitrum/core/data/columns.hpp"
#include "vitrum/core/stream.hpp"
#include "vitrum/core/truth/labelled.hpp"

namespace vitrum::model {

enum class Law {
    correlation,      // g2(t) = 1 + contrast exp(-2 (t/tau)^beta); x lag [s]
    activation,       // tau(P) = tau0 exp(V P/kT); x pressure [GPa]
    two_wells,        // ln tau = ln tau0 + v P - ln cosh(w (P - P_x)), longest at P_x + atanh(v/w)/w; x pressure [GPa]
    ageing,           // tau(t) = tau0 exp(t/tau_star); x age [s]
    wavevector,       // tau(q) = 1/(c q^alpha); x wavevector [1/angstrom]
    birch_murnaghan,  // P(V) of third order; x volume [angstrom^3]
    kink,             // V(T): two lines that meet at Tg; x temperature [K]
    line,             // Tg(P) = Tg0 + slope P; x pressure [GPa]
    liquid,           // U(T, P) and V(T, P) of one free energy; x pressure [GPa] at several temperatures
    peak,             // S(q) = 1 + height exp(-((q - q0)/width)^2); x wavevector [1/angstrom]
    intensity,        // x-ray intensity of copper atoms as hard spheres (Percus-Yevick) over `scale`; x q [1/angstrom]
    avalanches,       // energy of a compression that rises evenly and drops by sizes of a power law; x pressure [GPa]
    log,              // a simulation at rest: temperature, pressure, energy, volume that fluctuate; x time [s]
};
[[nodiscard]] std::string_view name(Law law);
[[nodiscard]] Law law_from(std::string_view name);  // throws std::invalid_argument
[[nodiscard]] std::vector<std::string> law_names();

struct LawPoints {
    Law law = Law::activation;
    double low = 0, high = 1;  // of x
    std::size_t points = 10;   // evenly spaced
    double noise = 0.02;
    bool relative = true;

    double tau = 100;               // [s] tau, tau0; of a log the time over which fluctuations are remembered
    double beta = 1.5;              // of correlation
    double contrast = 0.2;          // of correlation
    double volume = 5;              // [angstrom^3] activation volume; V0 of birch_murnaghan
    double temperature = 300;       // [K] of activation
    double crossing = 3;            // [GPa] P_x
    double asymmetry = 0;           // [1/GPa] v
    double sharpness = 0.5;         // [1/GPa] w
    double tau_star = 1000;         // [s]
    double exponent = 1;            // alpha of tau(q); of the sizes of avalanches
    double prefactor = 1e-3;        // c [angstrom^alpha/s]
    double modulus = 100;           // [GPa] K
    double derivative = 4;          // K'
    double glass_transition = 700;  // [K] Tg, Tg0
    double slope_below = 1e-3;      // of the kink [unit/K]; of the line [K/GPa]
    double slope_above = 2e-3;
    double offset = 16;     // y at the kink
    double position = 2.7;  // [1/angstrom] of the peak
    double width = 0.3;     // [1/angstrom]
    double height = 1.5;
    double share = 0.2;      // of the steps that end in an avalanche
    double smallest = 0.05;  // [eV] x_min of the avalanches
    double packing = 0.45;   // of the hard spheres
    double diameter = 2.4;   // [angstrom]
    double scale = 0.01;     // electron units per atom over the detector's
};

// Columns with names that the estimators know, and the truth of what they estimate. Throws InputError on options that
// mean nothing.
[[nodiscard]] Labelled<Columns> generate(const LawPoints& points, const StreamKey& key);
void check(const LawPoints& points);

// f(x) without noise; of laws with one curve.
[[nodiscard]] double value(const LawPoints& points, double x);

}  // namespace vitrum::model
