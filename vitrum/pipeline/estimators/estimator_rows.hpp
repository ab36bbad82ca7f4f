// Estimators of `vitrum estimate` that have a file of their own; the table that lists them all is in estimators.cpp.
#pragma once

#include "vitrum/pipeline/estimators/estimators.hpp"

namespace vitrum::pipeline {

// estimators_ageing.cpp. Options: law (exponential, plateau); of frames and maps cut (centred, forward), ages,
// first_frame (age of the first frame) and those of [analysis].
[[nodiscard]] EstimatorOutput estimate_ageing_law(const std::filesystem::path& path, Section& options);

// estimators_ageing.cpp. Options of [analysis] for frames, x, y, error for columns of CSV.
[[nodiscard]] EstimatorOutput estimate_wavevector_exponent(const std::filesystem::path& path, Section& options);

// estimators_avalanche.cpp. Options: x_min (needed), bias_corrected, level, kind (auto, continuous,
// discrete), step; x for the column of CSV.
[[nodiscard]] EstimatorOutput estimate_power_law(const std::filesystem::path& path, Section& options);

// estimators_speckle.cpp. Options of [analysis].
[[nodiscard]] EstimatorOutput estimate_contrast(const std::filesystem::path& path, Section& options);

// estimators_speckle.cpp. Options: lag (frames, or a time; the fitted tau if absent) and those of [analysis].
[[nodiscard]] EstimatorOutput estimate_chi4(const std::filesystem::path& path, Section& options);

// estimators_motion.cpp. Options: tau (frames, or a time; the fitted one if absent), false_alarm, event_baseline,
// event_static and those of [analysis].
[[nodiscard]] EstimatorOutput estimate_events(const std::filesystem::path& path, Section& options);

// estimators_motion.cpp. Options: window [frames], tiles, centre_row, centre_column [pixels].
[[nodiscard]] EstimatorOutput estimate_pattern_shift(const std::filesystem::path& path, Section& options);

// estimators_fits.cpp. Options: form (field, intensity) and those of [analysis]; x, y, error, pairs for columns of CSV.
[[nodiscard]] EstimatorOutput estimate_double_kww(const std::filesystem::path& path, Section& options);

// estimators_fits.cpp. Options: contrast, contrast_error, baseline_error and those of [analysis]; x, y, error for
// columns of CSV.
[[nodiscard]] EstimatorOutput estimate_siegert(const std::filesystem::path& path, Section& options);

// estimators_fits.cpp. Options: bins, draws, ages (of one run; 0: the series and regions of the file) and those of
// [analysis].
[[nodiscard]] EstimatorOutput estimate_master_curve(const std::filesystem::path& path, Section& options);

// estimators_atoms.cpp: trajectories, with the keys of trajectory_input.hpp. Most take longest, per_decade,
// origin_stride [frames] and remove_drift.
[[nodiscard]] EstimatorOutput estimate_msd(const std::filesystem::path& path, Section& options);
// q_low, q_high, self_wavevectors, collective_wavevectors, min_lag, errors (groups, time_blocks).
[[nodiscard]] EstimatorOutput estimate_scattering_functions(const std::filesystem::path& path, Section& options);
// lags [frames], r_max, bin, distinct_origins.
[[nodiscard]] EstimatorOutput estimate_van_hove(const std::filesystem::path& path, Section& options);
// radius.
[[nodiscard]] EstimatorOutput estimate_overlap(const std::filesystem::path& path, Section& options);
// cutoff, threshold [angstrom^2], reference, current [frames].
[[nodiscard]] EstimatorOutput estimate_nonaffine(const std::filesystem::path& path, Section& options);
// half_window [frames], threshold [angstrom^2].
[[nodiscard]] EstimatorOutput estimate_hops(const std::filesystem::path& path, Section& options);
// lag [frames], mobile_share, reach, origins.
[[nodiscard]] EstimatorOutput estimate_strings(const std::filesystem::path& path, Section& options);
// Of columns pressure, energy, volume: threshold, bias_corrected.
[[nodiscard]] EstimatorOutput estimate_energy_drops(const std::filesystem::path& path, Section& options);

// estimators_structure.cpp: trajectories. r_max, bin, like_pairs (N-1, N), weights_q.
[[nodiscard]] EstimatorOutput estimate_pair_distribution(const std::filesystem::path& path, Section& options);
// method (direct: q_low, q_high, q_bin, most_per_bin; transform: bin, window, r_max, q_low, q_high, q_step).
[[nodiscard]] EstimatorOutput estimate_structure_factor(const std::filesystem::path& path, Section& options);
// method, fraction, search_low, search_high, fit_low, fit_high; of a trajectory curve and those of structure_factor.
[[nodiscard]] EstimatorOutput estimate_fsdp(const std::filesystem::path& path, Section& options);
// cutoff.
[[nodiscard]] EstimatorOutput estimate_coordination(const std::filesystem::path& path, Section& options);
// radii (Cu:1.28,Zr:1.6), edge_threshold, face_threshold, most_indices.
[[nodiscard]] EstimatorOutput estimate_voronoi(const std::filesystem::path& path, Section& options);
// l, neighbours (cutoff, voronoi), cutoff, averaged.
[[nodiscard]] EstimatorOutput estimate_bond_order(const std::filesystem::path& path, Section& options);
// first_shell, second_shell.
[[nodiscard]] EstimatorOutput estimate_connections(const std::filesystem::path& path, Section& options);

// Of columns q, intensity, error, compton: composition (Cu:0.5,Zr:0.5), density, r_min, q_max.
[[nodiscard]] EstimatorOutput estimate_intensity_normalisation(const std::filesystem::path& path, Section& options);
// Of columns q, S, error: window, q_max, low_q, s_zero, r_max, r_step.
[[nodiscard]] EstimatorOutput estimate_reduced_pair_distribution(const std::filesystem::path& path, Section& options);

// estimators_thermo.cpp: columns of CSV. Options: fixed_derivative; x, y, error.
[[nodiscard]] EstimatorOutput estimate_equation_of_state(const std::filesystem::path& path, Section& options);
[[nodiscard]] EstimatorOutput estimate_local_bulk_modulus(const std::filesystem::path& path, Section& options);
// low, high [K] (window), width [K], free_width; x, y, error.
[[nodiscard]] EstimatorOutput estimate_glass_transition(const std::filesystem::path& path, Section& options);
[[nodiscard]] EstimatorOutput estimate_tg_of_pressure(const std::filesystem::path& path, Section& options);
[[nodiscard]] EstimatorOutput estimate_crossover_pressure(const std::filesystem::path& path, Section& options);
// pressure_degree, temperature_degree; columns temperature, pressure, energy, volume, energy_error, volume_error.
[[nodiscard]] EstimatorOutput estimate_liquid_energy_minimum(const std::filesystem::path& path, Section& options);

}  // namespace vitrum::pipeline
