// Readers of the estimators' options; table.cpp lists them. Where a kind of data has options of its own, they are
// named.
#pragma once

#include "vitrum/pipeline/estimators/estimator.hpp"

namespace vitrum::pipeline {

// correlation.cpp. Options of [analysis].
[[nodiscard]] Estimator read_correlation(Section& options, DataKind kind);
// Options of maps: normalisation, diagonal, errors.
[[nodiscard]] Estimator read_g2(Section& options, DataKind kind);
// Options of [analysis]; of columns x, y, error, pairs.
[[nodiscard]] Estimator read_kww(Section& options, DataKind kind);
[[nodiscard]] Estimator read_heterogeneity(Section& options, DataKind kind);

// ageing.cpp. Options: law (exponential, plateau); of frames and maps cut (centred, forward), ages, first_frame (age of
// the first frame) and those of [analysis]; of columns x, y, error.
[[nodiscard]] Estimator read_ageing_law(Section& options, DataKind kind);
// Options of [analysis] for frames, x, y, error for columns.
[[nodiscard]] Estimator read_wavevector_exponent(Section& options, DataKind kind);

// avalanche.cpp. Options: x_min (needed), bias_corrected, level, kind (auto, continuous, discrete), step; fit
// (likelihood, binned, half_step), bins_per_decade; x for columns.
[[nodiscard]] Estimator read_power_law(Section& options, DataKind kind);
// errors (samples, measurement); x, y, error: columns of group (0, 1), value and its error.
[[nodiscard]] Estimator read_group_difference(Section& options, DataKind kind);

// speckle.cpp. Options of [analysis].
[[nodiscard]] Estimator read_contrast(Section& options, DataKind kind);
// lag (frames, or a time; the fitted tau if absent) and those of [analysis].
[[nodiscard]] Estimator read_chi4(Section& options, DataKind kind);

// motion.cpp. tau (frames, or a time; the fitted one if absent), false_alarm, event_baseline, event_static and those of
// [analysis].
[[nodiscard]] Estimator read_events(Section& options, DataKind kind);
// window [frames], tiles, centre_row, centre_column [pixels].
[[nodiscard]] Estimator read_pattern_shift(Section& options, DataKind kind);

// fits.cpp. form (field, intensity) and those of [analysis]; of columns x, y, error, pairs.
[[nodiscard]] Estimator read_double_kww(Section& options, DataKind kind);
// contrast, contrast_error, baseline_error and those of [analysis]; of columns x, y, error.
[[nodiscard]] Estimator read_siegert(Section& options, DataKind kind);
// Of several data sets: bins, draws, ages (of one run; 0: the series and regions given) and those of [analysis].
[[nodiscard]] JointEstimator read_master_curve(Section& options);

// simulation_log.cpp. discard (share of the rows), long_ramp [K]; columns by their names.
[[nodiscard]] Estimator read_thermo_log(Section& options, DataKind kind);

// atoms.cpp: trajectories. Most take longest, per_decade, origin_stride [frames] and remove_drift.
[[nodiscard]] Estimator read_msd(Section& options, DataKind kind);
// q_low, q_high or peak_half_width (around the first x-ray peak), self_wavevectors, collective_wavevectors, min_lag,
// errors (groups, time_blocks).
[[nodiscard]] Estimator read_scattering_functions(Section& options, DataKind kind);
// lags [frames], r_max, bin, distinct_origins.
[[nodiscard]] Estimator read_van_hove(Section& options, DataKind kind);
// radius.
[[nodiscard]] Estimator read_overlap(Section& options, DataKind kind);
// cutoff, threshold [angstrom^2], reference, current [frames].
[[nodiscard]] Estimator read_nonaffine(Section& options, DataKind kind);
// half_window [frames], threshold [angstrom^2].
[[nodiscard]] Estimator read_hops(Section& options, DataKind kind);
// lag [frames], mobile_share, reach, origins.
[[nodiscard]] Estimator read_strings(Section& options, DataKind kind);
// Of columns pressure, energy, volume: threshold, bias_corrected.
[[nodiscard]] Estimator read_energy_drops(Section& options, DataKind kind);

// structure.cpp: trajectories; all take most_frames (0: all). r_max, bin, like_pairs (N-1, N), weights_q.
[[nodiscard]] Estimator read_pair_distribution(Section& options, DataKind kind);
// method (direct: q_low, q_high, q_bin, most_per_bin; transform: bin, window, r_max, q_low, q_high, q_step).
[[nodiscard]] Estimator read_structure_factor(Section& options, DataKind kind);
// method, fraction, search_low, search_high, fit_low, fit_high; of a trajectory curve and those of structure_factor.
[[nodiscard]] Estimator read_fsdp(Section& options, DataKind kind);
// cutoff.
[[nodiscard]] Estimator read_coordination(Section& options, DataKind kind);
// radii (Cu:1.28,Zr:1.6), edge_threshold, face_threshold, most_indices.
[[nodiscard]] Estimator read_voronoi(Section& options, DataKind kind);
// l, neighbours (cutoff, voronoi), cutoff, averaged.
[[nodiscard]] Estimator read_bond_order(Section& options, DataKind kind);
// first_shell, second_shell.
[[nodiscard]] Estimator read_connections(Section& options, DataKind kind);

// diffraction.cpp. Of columns q, intensity, error, compton: composition (Cu:0.5,Zr:0.5), density, r_min, q_max.
[[nodiscard]] Estimator read_intensity_normalisation(Section& options, DataKind kind);
// Of columns q, S, error: window, q_max, low_q, s_zero, r_max, r_step.
[[nodiscard]] Estimator read_reduced_pair_distribution(Section& options, DataKind kind);

// thermo.cpp: columns. temperature, low, high [GPa]; x, y, error.
[[nodiscard]] Estimator read_activation_volume(Section& options, DataKind kind);
// fixed_derivative; x, y, error.
[[nodiscard]] Estimator read_equation_of_state(Section& options, DataKind kind);
[[nodiscard]] Estimator read_local_bulk_modulus(Section& options, DataKind kind);
// low, high [K] (window), width [K], free_width; x, y, error.
[[nodiscard]] Estimator read_glass_transition(Section& options, DataKind kind);
[[nodiscard]] Estimator read_tg_of_pressure(Section& options, DataKind kind);
[[nodiscard]] Estimator read_crossover_pressure(Section& options, DataKind kind);
// pressure_degree, temperature_degree; columns temperature, pressure, energy, volume, energy_error, volume_error.
[[nodiscard]] Estimator read_liquid_energy_minimum(Section& options, DataKind kind);

}  // namespace vitrum::pipeline
