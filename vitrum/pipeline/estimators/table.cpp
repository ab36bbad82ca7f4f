#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/estimate/fit_quality.hpp"
#include "vitrum/pipeline/estimators/rows.hpp"

namespace vitrum::pipeline {

namespace {

constexpr std::string_view atoms = "a trajectory: H5MD, LAMMPS dump or data, extended XYZ";
constexpr std::string_view moving = "a trajectory of several frames: H5MD, LAMMPS dump, extended XYZ";

using enum DataKind;
constexpr std::array chain{frames, map, curve};
constexpr std::array speckle{frames, map};
constexpr std::array frames_only{frames};
constexpr std::array correlated{frames, map, curve, columns};
constexpr std::array speckle_or_table{frames, map, columns};
constexpr std::array frames_or_table{frames, columns};
constexpr std::array atoms_only{trajectory};
constexpr std::array structure{trajectory, curve, columns};
constexpr std::array s_of_q{curve, columns};
constexpr std::array sizes{events, columns};
constexpr std::array tables{columns};

constexpr std::array kinds{
    EstimatorKind{
        "correlation", "the whole chain of speckle: two-time map, g2, KWW fit, Delta C, events, ageing",
        "frames, sparse frames or a two-time map", chain, read_correlation,
        "tau rate beta contrast baseline kww_p heterogeneity_width heterogeneity_width_80 "
        "heterogeneity_width_70 heterogeneity_width_60 relative_heterogeneity_width heterogeneity_width_corrected "
        "relative_heterogeneity_width_corrected heterogeneity_sd heterogeneity_floor chi4 stationarity_p trend_p "
        "event_count event_time event_p event_search_p ageing_tau0 ageing_rate ageing_tau_star ageing_p"},
    EstimatorKind{"g2", "mean of C(t, t+dt) over t, with jackknife errors", "frames, sparse frames or a two-time map",
                  speckle, read_g2, "g2 g2_population"},
    EstimatorKind{"kww", "tau, beta, contrast, baseline of g2 = baseline + contrast exp(-2 (dt/tau)^beta)",
                  "frames, sparse frames, a two-time map, or CSV: lag [s], g2, g2_error", correlated, read_kww,
                  "tau rate beta contrast baseline kww_p"},
    EstimatorKind{"double_kww",
                  "two decays of g2: tau_fast, tau_slow, beta_fast, beta_slow, fast_share; form=field or intensity",
                  "frames, sparse frames, a two-time map, or CSV: lag [s], g2, g2_error", correlated, read_double_kww,
                  "tau_fast tau_slow beta_fast beta_slow fast_share contrast baseline double_kww_p"},
    EstimatorKind{"heterogeneity_width",
                  "Delta C at the fitted tau: raw, noise removed, what noise alone gives; / contrast",
                  "frames, sparse frames or a two-time map", speckle, read_heterogeneity,
                  "tau heterogeneity_width heterogeneity_width_80 heterogeneity_width_70 heterogeneity_width_60 "
                  "relative_heterogeneity_width heterogeneity_width_corrected "
                  "relative_heterogeneity_width_corrected heterogeneity_sd heterogeneity_floor"},
    EstimatorKind{"activation_volume", "kT ln(tau2/tau1)/(P2 - P1) between neighbouring pressures; needs temperature",
                  "a result with several pressures, or CSV: pressure [GPa], tau [s], tau_error [s]", tables,
                  read_activation_volume, "activation_volume activation_volume_slope activation_volume_p"},
    EstimatorKind{
        "ageing_law", "tau0 and tau* of tau(tw) = tau0 exp(tw/tau*), with law=plateau its end; tau and beta per age",
        "frames, sparse frames, a two-time map, or CSV: age [s], tau [s], tau_error [s]", speckle_or_table,
        read_ageing_law, "ageing_tau0 ageing_rate ageing_tau_star ageing_p tau beta kww_p ageing_plateau_time"},
    EstimatorKind{"wavevector_exponent", "alpha and c of tau(q) = 1/(c q^alpha)",
                  "frames with q and several q regions, or CSV: q [1/angstrom], tau [s], tau_error [s]",
                  frames_or_table, read_wavevector_exponent,
                  "wavevector_exponent wavevector_prefactor wavevector_p tau"},
    EstimatorKind{"contrast", "from g2(0), from 2 P0 P2/P1^2 - 1 and from <k(k-1)>/<k>^2 - 1 of the counts",
                  "frames or sparse frames; of a two-time map the first only", speckle, read_contrast,
                  "contrast contrast_probabilities contrast_factorial speckle_visibility "
                  "speckle_visibility_from_g2"},
    EstimatorKind{"master_curve", "do the g2 of several series or ages collapse when scaled by their tau: p-value",
                  "frames or two-time maps of several series or regions; with ages=N of one run", speckle, nullptr,
                  "master_curve_statistic master_curve_p_value master_curve_beta", read_master_curve},
    EstimatorKind{"chi4",
                  "variance over t of C(t, t+lag): raw, less the exact noise, and from two halves of the pixels",
                  "frames or sparse frames; of a two-time map the first only", speckle, read_chi4,
                  "chi4 chi4_formula chi4_split"},
    EstimatorKind{"events",
                  "sudden decorrelation events: times, sizes, p-values; p-values of stationarity and of a trend",
                  "frames, sparse frames or a two-time map", speckle, read_events,
                  "stationarity_p trend_p event_count event_search_p event_time event_p event_fraction"},
    EstimatorKind{"siegert", "|F|(dt) = sqrt((g2(dt) - baseline)/contrast), amplitude and baseline fitted or given",
                  "frames, sparse frames, a two-time map, or CSV: lag [s], g2, g2_error", correlated, read_siegert,
                  "field_correlation siegert_p"},
    EstimatorKind{"pattern_shift", "motion of the speckle pattern between windows of frames: uniform and radial part",
                  "frames or sparse frames whose pixels share speckles", frames_only, read_pattern_shift,
                  "pattern_shift_rows pattern_shift_columns pattern_strain aligned_correlation"},
    EstimatorKind{"power_law", "exponent alpha of sizes p(x) ~ x^-alpha from x_min on, which is given, or searched",
                  "CSV: size", sizes, read_power_law,
                  "power_law_exponent power_law_x_min power_law_p likelihood_ratio likelihood_ratio_p"},
    EstimatorKind{"pair_distribution", "g(r) and G(r): total, of each pair of elements, x-ray weighted; first peaks",
                  atoms, atoms_only, read_pair_distribution, "number_density first_peak_distance first_peak_p"},
    EstimatorKind{"structure_factor", "S(q) on the wavevectors of the box, or by transform: total, partial, x-ray",
                  atoms, atoms_only, read_structure_factor, "smallest_wavevector"},
    EstimatorKind{"fsdp", "position, height, width, area of the first sharp diffraction peak",
                  "a trajectory, or CSV: q [1/angstrom], S, S_error", structure, read_fsdp,
                  "fsdp_position fsdp_height fsdp_width fsdp_area"},
    EstimatorKind{"intensity_normalisation", "measured I(q) to S(q): scale, density, Eggert's iterations",
                  "CSV: q [1/angstrom], intensity, error, compton", tables, read_intensity_normalisation,
                  "intensity_scale number_density"},
    EstimatorKind{"reduced_pair_distribution", "G(r) of S(q) by sine transform; window=none or lorch",
                  "CSV: q [1/angstrom], S, S_error", s_of_q, read_reduced_pair_distribution, ""},
    EstimatorKind{"coordination", "coordination numbers of all pairs of elements; chemical short-range order", atoms,
                  atoms_only, read_coordination, "coordination_number warren_cowley coordination_cutoff"},
    EstimatorKind{"voronoi", "Voronoi indices, share of icosahedra, volumes; plain or radical cells", atoms, atoms_only,
                  read_voronoi,
                  "icosahedra_fraction voronoi_volume voronoi_volume_sd voronoi_faces voronoi_index_fraction "
                  "voronoi_edges"},
    EstimatorKind{"bond_order", "Steinhardt's q_l and w_l by cutoff or by Voronoi faces", atoms, atoms_only,
                  read_bond_order, "bond_order_q bond_order_w"},
    EstimatorKind{"connections", "how many atoms two coordination polyhedra share: 1 to 4", atoms, atoms_only,
                  read_connections, "connection_fraction unconnected_fraction connection_distance"},
    EstimatorKind{
        "msd", "mean squared displacement, alpha2 and the diffusion coefficient, of all atoms and each element", moving,
        atoms_only, read_msd, "diffusion_coefficient diffusion_p non_gaussian_peak non_gaussian_peak_time"},
    EstimatorKind{"scattering_functions", "self and collective F(q, t) of atoms in a shell of q, and their relaxation",
                  moving, atoms_only, read_scattering_functions,
                  "plateau_self tau_self stretching_self efold_time_self relaxation_p plateau_collective "
                  "tau_collective stretching_collective efold_time_collective"},
    EstimatorKind{"van_hove", "self and distinct van Hove functions at a few lags", moving, atoms_only, read_van_hove,
                  ""},
    EstimatorKind{"overlap", "overlap Q(t) of atoms with their own places, and chi4 = N Var Q", moving, atoms_only,
                  read_overlap, "overlap_peak overlap_peak_time"},
    EstimatorKind{"nonaffine", "D2min of Falk and Langer and local strain between two frames", moving, atoms_only,
                  read_nonaffine, "nonaffine_mean nonaffine_share shear_strain_mean drop_participation"},
    EstimatorKind{"hops", "cage jumps: rate and lengths", moving, atoms_only, read_hops, "hop_rate hop_length"},
    EstimatorKind{"strings", "string-like motion: length of chains of mobile atoms", moving, atoms_only, read_strings,
                  "string_length"},
    EstimatorKind{
        "energy_drops", "energy that the steps of a compression dissipate, and its avalanches",
        "CSV: pressure [GPa], energy [eV], volume [angstrom^3] of inherent structures", tables, read_energy_drops,
        "energy_drop_count energy_drop_mean dissipated_energy stress_drop_mean power_law_exponent power_law_p"},
    EstimatorKind{"thermo_log", "a simulation's log: time averages, drift, curves along a ramp and their kink",
                  "CSV: temperature [K], pressure [GPa], potential_energy [eV], ... per atom, a row a time", tables,
                  read_thermo_log,
                  "temperature pressure potential_energy enthalpy atomic_volume density energy_drift inherent_energy "
                  "inherent_pressure glass_transition_temperature glass_transition_spread glass_transition_p"},
    EstimatorKind{"crossover_pressure", "pressure where tau is longest: law of two wells, and parabola",
                  "CSV: pressure [GPa], tau, tau_error", tables, read_crossover_pressure,
                  "crossover_pressure crossover_pressure_parabola crossover_p crossover_parabola_p"},
    EstimatorKind{"equation_of_state", "V0, K, K' of the third-order Birch-Murnaghan law through P(V)",
                  "CSV: volume, pressure [GPa], pressure_error [GPa]", tables, read_equation_of_state,
                  "equilibrium_volume bulk_modulus bulk_modulus_derivative equation_of_state_p"},
    EstimatorKind{"local_bulk_modulus", "K = -(P2 - P1)/ln(V2/V1) between neighbouring volumes",
                  "CSV: volume, pressure [GPa], pressure_error [GPa]", tables, read_local_bulk_modulus,
                  "local_bulk_modulus"},
    EstimatorKind{"glass_transition", "Tg from the kink of V(T), H(T) or U(T), and its spread with the fit window",
                  "CSV: temperature [K], volume (or enthalpy, energy), its error", tables, read_glass_transition,
                  "glass_transition_temperature slope_below slope_above glass_transition_spread "
                  "glass_transition_p"},
    EstimatorKind{"pressure_dependence_of_Tg", "slope dTg/dP of the straight line through Tg at several pressures",
                  "CSV: pressure [GPa], tg [K], tg_error [K]", tables, read_tg_of_pressure,
                  "tg_pressure_slope tg_ambient tg_slope_p"},
    EstimatorKind{"liquid_energy_minimum", "pressure of the smallest U at fixed T, and of P = T (dP/dT)_V: must agree",
                  "CSV: temperature [K], pressure [GPa], energy, volume, energy_error, volume_error", tables,
                  read_liquid_energy_minimum,
                  "energy_minimum_pressure thermal_pressure_equality energy_minimum_difference energy_minimum_p"},
    EstimatorKind{"group_difference", "difference of the means of two groups of samples, Welch's interval",
                  "columns: group (0, 1), value, error", tables, read_group_difference, "group_difference"},
};

}  // namespace

bool EstimatorKind::takes_kind(DataKind kind) const {
    return std::find(takes.begin(), takes.end(), kind) != takes.end();
}

std::span<const EstimatorKind> estimator_kinds() { return kinds; }

const EstimatorKind& find_estimator(std::string_view wanted) {
    std::vector<std::string> names;
    for (const auto& kind : kinds) {
        if (kind.name == wanted) return kind;
        names.emplace_back(kind.name);
    }
    throw InputError(fmt::format("no estimator '{}'{}", wanted, suggestion(std::string(wanted), names)));
}

void expect_kind(const EstimatorKind& estimator, DataKind kind, const std::string& what) {
    if (estimator.takes_kind(kind)) return;
    throw InputError(fmt::format("{} holds {}; {} needs {}", what, name(kind), estimator.name, estimator.input));
}

Status overall(const std::vector<Estimate>& estimates) {
    Status last = estimates.empty() ? Status::no_data : Status::ok;
    for (const auto& e : estimates)
        if (e.status != Status::ok && !is_law_p(e.quantity)) last = e.status;
    return last;
}

}  // namespace vitrum::pipeline
