// Of pressure and temperature: activation volumes, equations of state, glass transition, energies.
#include <array>

#include "vitrum/core/quantities/families.hpp"

namespace vitrum {

namespace {

constexpr std::array table{
    Quantity{"activation_volume", "V_app", "angstrom^3",
             "kT ln(tau2/tau1)/(P2 - P1): apparent activation volume averaged between two neighbouring pressures",
             "Zhang et al. 2023, DeltaV = kT d(ln tau)/dP"},
    Quantity{"activation_volume_slope", "V_app (line)", "angstrom^3",
             "kT times the slope of the weighted straight line of ln tau against pressure through all pressures given",
             "Zhang et al. 2023"},
    Quantity{"crossover_pressure", "P_x", "GPa",
             "pressure where tau is longest: maximum of a + v P - ln cosh(w (P - P_x)) fitted to ln tau",
             "two wells that cross; Zhang et al. 2023"},
    Quantity{"crossover_pressure_parabola", "P_x (parabola)", "GPa",
             "pressure where tau is longest: vertex of the parabola through the longest ln tau and its neighbours",
             "Zhang et al. 2023"},
    Quantity{
        "branch_log_ratio", "ln(tau_dec/tau_comp)", "",
        "ln of tau on decompression over tau on compression at one pressure; 0 without hysteresis if both scans begin "
        "at the same waiting time",
        "hysteresis of the dynamics"},
    Quantity{"group_difference", "mean_b - mean_a", "",
             "difference of the means of a quantity, as ln tau, over the samples of two groups",
             "two-sample comparison"},
    Quantity{"equilibrium_volume", "V0", "angstrom^3", "volume at zero pressure; unit of the volumes given",
             "third-order Birch-Murnaghan P(V)"},
    Quantity{"bulk_modulus", "K", "GPa", "-V dP/dV at zero pressure", "third-order Birch-Murnaghan P(V)"},
    Quantity{"bulk_modulus_derivative", "K'", "", "dK/dP at zero pressure", "third-order Birch-Murnaghan P(V)"},
    Quantity{"local_bulk_modulus", "K(P)", "GPa", "-(P2 - P1)/ln(V2/V1) of two neighbouring volumes",
             "finite difference of P(ln V)"},
    Quantity{"glass_transition_temperature", "Tg", "K",
             "temperature at which the two straight lines through V, H or U below and above it meet; of the window in "
             "the note",
             "continuous kink, profile of chi^2"},
    Quantity{"glass_transition_spread", "spread of Tg", "K",
             "largest less smallest glass_transition_temperature over nine windows of the fit",
             "systematic, no interval"},
    Quantity{"slope_below", "slope (glass)", "1/K", "slope of V, H or U against T below Tg; its unit per K",
             "continuous kink"},
    Quantity{"slope_above", "slope (liquid)", "1/K", "slope of V, H or U against T above Tg; its unit per K",
             "continuous kink"},
    Quantity{"transition_width", "w", "K", "w of y = a + b (T - Tg) + c sqrt((T - Tg)^2 + w^2)", "rounded kink"},
    Quantity{"tg_pressure_slope", "dTg/dP", "K/GPa", "slope of the straight line Tg(P)", "weighted line"},
    Quantity{"tg_ambient", "Tg(0)", "K", "value at zero pressure of the straight line Tg(P)", "weighted line"},
    Quantity{"energy_minimum_pressure", "P(min U)", "GPa", "pressure at which U(P) at fixed T is smallest",
             "polynomial in P"},
    Quantity{"thermal_pressure_equality", "P = T (dP/dT)_V", "GPa", "pressure at which P = T (dP/dT)_V at fixed T",
             "polynomial ln V(T, P); exact condition of the minimum of U(P)"},
    Quantity{"energy_minimum_difference", "difference", "GPa", "energy_minimum_pressure - thermal_pressure_equality",
             "0 by thermodynamics"},
    Quantity{"density", "density", "g/cm^3", "mass density at the mean NPT volume", "time average"},
    Quantity{"enthalpy", "H/N", "eV/atom",
             "kinetic and potential energy plus P V per atom; P that of the barostat, or the mean at constant volume",
             "time average"},
    Quantity{"atomic_volume", "V/N", "angstrom^3", "volume per atom", "time average"},
    Quantity{"inherent_energy", "e_IS", "eV/atom",
             "potential energy per atom of the nearest minimum at constant volume, by conjugate gradients",
             "Stillinger and Weber 1982, inherent structures"},
    Quantity{"inherent_pressure", "P_IS", "GPa", "virial pressure of the inherent structure at its volume",
             "Stillinger and Weber 1982, inherent structures"},
    Quantity{"energy_drift", "dE/N", "eV/atom",
             "change over a stage of the total energy plus what thermostat and barostat took, per atom; 0 if the "
             "integration were exact",
             "difference of first and last quarter, times 4/3"},
    Quantity{"quenches_needed", "n (1 meV)", "",
             "independent quenches of each of two preparations for a difference of 1 meV per atom to be found with "
             "power 80 % at 5 %",
             "two-sided Student test, spread between quenches"},
    Quantity{"potential_energy", "U/N", "eV/atom", "potential energy per atom at pressure", "time average"},
    Quantity{"pressure", "P", "GPa", "mean pressure of the sampling run", "time average of the virial pressure"},
    Quantity{"temperature", "T", "K", "mean temperature of the sampling run", "time average"},
};

}  // namespace

std::span<const Quantity> thermo_quantities() { return table; }

}  // namespace vitrum
