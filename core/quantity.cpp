#include "core/quantity.hpp"

#include <array>
#include <stdexcept>
#include <string>

namespace vitrum {

namespace {

constexpr std::string_view cornet = "Cornet et al. 2023; KWW with |F|^2 = exp(-2 (dt/tau)^beta)";

constexpr std::array table{
    Quantity{"g2", "g2", "", "mean over t of C(t, t+dt), symmetric normalisation", "mean of normalised diagonals"},
    Quantity{"tau", "tau", "s", "relaxation time of F: g2(dt) = baseline + contrast exp(-2 (dt/tau)^beta)", cornet},
    Quantity{"rate", "1/tau", "1/s", "inverse of tau", cornet},
    Quantity{"beta", "beta", "", "exponent of g2(dt) = baseline + contrast exp(-2 (dt/tau)^beta)", cornet},
    Quantity{"contrast", "contrast", "", "amplitude gamma f_q^2 of g2 - baseline extrapolated to dt = 0",
             "Siegert relation; gamma and f_q^2 cannot be told apart"},
    Quantity{"baseline", "baseline", "", "limit of g2 at lags far beyond tau", cornet},
    Quantity{"heterogeneity_width", "Delta C", "",
             "width of the smallest interval that holds 90 % of the values C(t, t+tau) of one map, noise included",
             "Cornet et al. 2023, single-map form"},
    Quantity{"heterogeneity_width_80", "Delta C (80 %)", "", "as heterogeneity_width, 80 % of the values",
             "Cornet et al. 2023, single-map form"},
    Quantity{"heterogeneity_width_70", "Delta C (70 %)", "", "as heterogeneity_width, 70 % of the values",
             "Cornet et al. 2023, single-map form"},
    Quantity{"heterogeneity_width_60", "Delta C (60 %)", "", "as heterogeneity_width, 60 % of the values",
             "Cornet et al. 2023, single-map form"},
    Quantity{"relative_heterogeneity_width", "Delta C / contrast", "", "heterogeneity_width divided by the contrast",
             "Delta C scales with the contrast"},
    Quantity{"activation_volume", "V_app", "angstrom^3",
             "kT ln(tau2/tau1)/(P2 - P1): apparent activation volume averaged between two neighbouring pressures",
             "Zhang et al. 2023, DeltaV = kT d(ln tau)/dP"},
    Quantity{"visible_two_level_amplitude", "A_q", "",
             "2 p1 p2 (1 - sin(qd)/(qd)): decaying part of F(q,t) that two-level atoms with jump d would show",
             "two-level jump diffusion; F(q,t) = 1 - A_q (1 - exp(-t/tau))"},
    Quantity{"q", "q", "1/angstrom", "mean wavevector of the pixels used", "mean |q|"},
    Quantity{"density", "density", "g/cm^3", "mass density at the mean NPT volume", "time average"},
    Quantity{"potential_energy", "U/N", "eV/atom", "potential energy per atom at pressure", "time average"},
    Quantity{"pressure", "P", "GPa", "mean pressure of the sampling run", "time average of the virial pressure"},
    Quantity{"temperature", "T", "K", "mean temperature of the sampling run", "time average"},
};

}  // namespace

std::span<const Quantity> quantities() { return table; }

const Quantity& quantity(std::string_view name) {
    for (const auto& row : table)
        if (row.name == name) return row;
    throw std::logic_error("no such quantity: " + std::string(name));
}

}  // namespace vitrum
