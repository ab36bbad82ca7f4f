#include "vitrum/pipeline/estimators/estimators.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/analysis/chain/correlation_chain.hpp"
#include "vitrum/analysis/correlation/g2.hpp"
#include "vitrum/analysis/heterogeneity/heterogeneity_width.hpp"
#include "vitrum/analysis/thermo/activation_volume.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/estimate/fit_quality.hpp"
#include "vitrum/io/text/csv.hpp"
#include "vitrum/io/measured/measured_file.hpp"
#include "vitrum/io/result/result_file.hpp"
#include "vitrum/pipeline/estimators/analysis_options.hpp"
#include "vitrum/pipeline/estimators/estimator_input.hpp"
#include "vitrum/pipeline/estimators/estimator_rows.hpp"

namespace vitrum::pipeline {

namespace {

namespace fs = std::filesystem;

EstimatorOutput select(const fs::path& path, Section& options, const std::vector<std::string_view>& wanted) {
    const auto chain = read_chain(options);
    EstimatorOutput out;
    const auto sets = read_sets(path, options, out);
    options.finish();
    for (const auto& set : sets)
        for (const auto& result : analysis::correlate(set.data, chain))
            for (const auto& row : result.estimates)
                if (std::find(wanted.begin(), wanted.end(), row.quantity) != wanted.end())
                    append(out, {row}, place_of(set.data, result.region));
    return out;
}

EstimatorOutput estimate_g2(const fs::path& path, Section& options) {
    analysis::ChainOptions chain;
    read_map_options(options, chain);
    EstimatorOutput out;
    const auto sets = read_sets(path, options, out);
    options.finish();
    for (const auto& set : sets)
        for (const auto& result : analysis::correlate(set.data, chain))
            for (std::size_t i = 0; i < result.g2.size(); ++i) {
                Abscissa at = place_of(set.data, result.region);
                at.push_back({"lag", static_cast<std::int64_t>(i + 1), result.g2.x[i], result.g2.x_unit});
                const bool known = std::isfinite(result.g2.y[i]);
                out.estimates.push_back(make_estimate(g2_quantity(chain), std::move(at), result.g2.y[i],
                                                      result.g2.y_error.empty() ? not_a_number : result.g2.y_error[i],
                                                      result.g2.degrees_of_freedom,
                                                      known ? Status::ok : Status::no_data, result.g2.error_method));
                if (chain.normalisation != analysis::Normalisation::symmetric)
                    out.estimates.back().note += fmt::format("; normalisation {}", name(chain.normalisation));
            }
    return out;
}

EstimatorOutput estimate_kww(const fs::path& path, Section& options) {
    if (is_hdf5(path)) return select(path, options, {"tau", "rate", "beta", "contrast", "baseline", "kww_p"});
    const auto chain = read_chain(options);
    const auto [g2, remarks] = g2_from_csv(path, options);
    options.finish();
    const auto fit = analysis::fit_kww(g2, kww_of_csv(chain, options, g2));
    EstimatorOutput out{
        analysis::estimates_of(fit, g2.x_unit), {"contrast", "ln tau", "beta", "baseline"}, fit.covariance};
    return with_remarks(std::move(out), remarks);
}

EstimatorOutput estimate_heterogeneity(const fs::path& path, Section& options) {
    expect_hdf5(path, "heterogeneity_width needs frames or a two-time map");
    return select(path, options,
                  {"tau", "heterogeneity_width", "heterogeneity_width_80", "heterogeneity_width_70",
                   "heterogeneity_width_60", "relative_heterogeneity_width", "heterogeneity_width_corrected",
                   "relative_heterogeneity_width_corrected", "heterogeneity_sd", "heterogeneity_floor"});
}

EstimatorOutput estimate_activation_volume(const fs::path& path, Section& options) {
    analysis::ActivationVolumeOptions o;
    o.temperature = options.quantity("temperature", Dimension::temperature);
    Curve tau;
    std::vector<std::string> remarks;
    if (is_hdf5(path)) {
        const std::string wanted = options.text("source", "");
        options.finish();
        const Result result = io::read_result(path);
        std::vector<std::string> sources;
        for (const auto& series : result.series) {
            const std::string& name = series.source_name;
            if (series.abscissa.empty() || std::find(sources.begin(), sources.end(), name) != sources.end()) continue;
            sources.push_back(name);
        }
        if (wanted.empty() ? sources.size() > 1 : std::find(sources.begin(), sources.end(), wanted) == sources.end())
            throw InputError(
                fmt::format("'{}' has pressures in several sources ({}); choose one with --set source=NAME",
                            path.string(), fmt::join(sources, ", ")));
        for (const auto& series : result.series)
            for (const auto& place : wanted.empty() || series.source_name == wanted ? series.abscissa : Abscissa{})
                for (const auto& e : series.estimates)
                    if (place.name == "pressure" && is_clean_tau(e)) {
                        tau.x.push_back(place.value);
                        tau.y.push_back(e.value);
                        tau.y_error.push_back(e.standard_error);
                    }
        if (tau.size() < 2)
            throw InputError(fmt::format("'{}' holds fewer than two clean tau at different pressures", path.string()));
    } else {
        io::CsvRows table = io::read_csv_rows(path);
        const auto* pressure = column(table, options, "x", {"pressure", "P"}, 0, true);
        const auto* value = column(table, options, "y", {"tau"}, 1, true);
        const auto* error = column(table, options, "error", {"tau_error", "tau_err", "error", "sigma"}, 2, false);
        options.finish();
        check_positive(table, value, "a relaxation time");
        check_positive(table, error, "an error");
        arrange_rows(table, {pressure, value, error}, Repeats::refused);
        check_sign_of_pressures(table, *pressure, nullptr);
        const double factor =
            pressure->unit.empty() ? 1 : unit_factor(pressure->unit, Dimension::pressure, pressure->name);
        for (const double p : pressure->values) tau.x.push_back(factor * p);
        tau.y = value->values;
        if (error) tau.y_error = error->values;
        remarks = std::move(table.remarks);
    }
    return with_remarks({analysis::activation_volume(tau, o), {}, {}}, remarks);
}

constexpr std::string_view atoms = "a trajectory: H5MD, LAMMPS dump or data, extended XYZ";
constexpr std::string_view frames = "a trajectory of several frames: H5MD, LAMMPS dump, extended XYZ";

constexpr std::array kinds{
    EstimatorKind{"g2", "mean of C(t, t+dt) over t, with jackknife errors", "frames, sparse frames or a two-time map",
                  estimate_g2},
    EstimatorKind{"kww", "tau, beta, contrast, baseline of g2 = baseline + contrast exp(-2 (dt/tau)^beta)",
                  "frames, sparse frames, a two-time map, or CSV: lag [s], g2, g2_error", estimate_kww},
    EstimatorKind{"double_kww",
                  "two decays of g2: tau_fast, tau_slow, beta_fast, beta_slow, fast_share; form=field or intensity",
                  "frames, sparse frames, a two-time map, or CSV: lag [s], g2, g2_error", estimate_double_kww},
    EstimatorKind{"heterogeneity_width",
                  "Delta C at the fitted tau: raw, noise removed, what noise alone gives; / contrast",
                  "frames, sparse frames or a two-time map", estimate_heterogeneity},
    EstimatorKind{"activation_volume", "kT ln(tau2/tau1)/(P2 - P1) between neighbouring pressures; needs temperature",
                  "a result with several pressures, or CSV: pressure [GPa], tau [s], tau_error [s]",
                  estimate_activation_volume},
    EstimatorKind{
        "ageing_law", "tau0 and tau* of tau(tw) = tau0 exp(tw/tau*), with law=plateau its end; tau and beta per age",
        "frames, sparse frames, a two-time map, or CSV: age [s], tau [s], tau_error [s]", estimate_ageing_law},
    EstimatorKind{"wavevector_exponent", "alpha and c of tau(q) = 1/(c q^alpha)",
                  "frames with q and several q regions, or CSV: q [1/angstrom], tau [s], tau_error [s]",
                  estimate_wavevector_exponent},
    EstimatorKind{"contrast", "from g2(0), from 2 P0 P2/P1^2 - 1 and from <k(k-1)>/<k>^2 - 1 of the counts",
                  "frames or sparse frames; of a two-time map the first only", estimate_contrast},
    EstimatorKind{"master_curve", "do the g2 of several series or ages collapse when scaled by their tau: p-value",
                  "frames or two-time maps of several series or regions; with ages=N of one run",
                  estimate_master_curve},
    EstimatorKind{"chi4",
                  "variance over t of C(t, t+lag): raw, less the exact noise, and from two halves of the pixels",
                  "frames or sparse frames; of a two-time map the first only", estimate_chi4},
    EstimatorKind{"events",
                  "sudden decorrelation events: times, sizes, p-values; p-values of stationarity and of a trend",
                  "frames, sparse frames or a two-time map", estimate_events},
    EstimatorKind{"siegert", "|F|(dt) = sqrt((g2(dt) - baseline)/contrast), amplitude and baseline fitted or given",
                  "frames, sparse frames, a two-time map, or CSV: lag [s], g2, g2_error", estimate_siegert},
    EstimatorKind{"pattern_shift", "motion of the speckle pattern between windows of frames: uniform and radial part",
                  "frames or sparse frames whose pixels share speckles", estimate_pattern_shift},
    EstimatorKind{"power_law", "exponent alpha of sizes p(x) ~ x^-alpha from x_min on, which is given: exact interval",
                  "CSV: size", estimate_power_law},
    EstimatorKind{"pair_distribution", "g(r) and G(r): total, of each pair of elements, x-ray weighted; first peaks",
                  atoms, estimate_pair_distribution},
    EstimatorKind{"structure_factor", "S(q) on the wavevectors of the box, or by transform: total, partial, x-ray",
                  atoms, estimate_structure_factor},
    EstimatorKind{"fsdp", "position, height, width, area of the first sharp diffraction peak",
                  "a trajectory, or CSV: q [1/angstrom], S, S_error", estimate_fsdp},
    EstimatorKind{"intensity_normalisation", "measured I(q) to S(q): scale, density, Eggert's iterations",
                  "CSV: q [1/angstrom], intensity, error, compton", estimate_intensity_normalisation},
    EstimatorKind{"reduced_pair_distribution", "G(r) of S(q) by sine transform; window=none or lorch",
                  "CSV: q [1/angstrom], S, S_error", estimate_reduced_pair_distribution},
    EstimatorKind{"coordination", "coordination numbers of all pairs of elements; chemical short-range order", atoms,
                  estimate_coordination},
    EstimatorKind{"voronoi", "Voronoi indices, share of icosahedra, volumes; plain or radical cells", atoms,
                  estimate_voronoi},
    EstimatorKind{"bond_order", "Steinhardt's q_l and w_l by cutoff or by Voronoi faces", atoms, estimate_bond_order},
    EstimatorKind{"connections", "how many atoms two coordination polyhedra share: 1 to 4", atoms,
                  estimate_connections},
    EstimatorKind{"msd",
                  "mean squared displacement, alpha2 and the diffusion coefficient, of all atoms and each element",
                  frames, estimate_msd},
    EstimatorKind{"scattering_functions", "self and collective F(q, t) of atoms in a shell of q, and their relaxation",
                  frames, estimate_scattering_functions},
    EstimatorKind{"van_hove", "self and distinct van Hove functions at a few lags", frames, estimate_van_hove},
    EstimatorKind{"overlap", "overlap Q(t) of atoms with their own places, and chi4 = N Var Q", frames,
                  estimate_overlap},
    EstimatorKind{"nonaffine", "D2min of Falk and Langer and local strain between two frames", frames,
                  estimate_nonaffine},
    EstimatorKind{"hops", "cage jumps: rate and lengths", frames, estimate_hops},
    EstimatorKind{"strings", "string-like motion: length of chains of mobile atoms", frames, estimate_strings},
    EstimatorKind{"energy_drops", "energy that the steps of a compression dissipate, and its avalanches",
                  "CSV: pressure [GPa], energy [eV], volume [angstrom^3] of inherent structures",
                  estimate_energy_drops},
    EstimatorKind{"crossover_pressure", "pressure where tau is longest: law of two wells, and parabola",
                  "CSV: pressure [GPa], tau, tau_error", estimate_crossover_pressure},
    EstimatorKind{"equation_of_state", "V0, K, K' of the third-order Birch-Murnaghan law through P(V)",
                  "CSV: volume, pressure [GPa], pressure_error [GPa]", estimate_equation_of_state},
    EstimatorKind{"local_bulk_modulus", "K = -(P2 - P1)/ln(V2/V1) between neighbouring volumes",
                  "CSV: volume, pressure [GPa], pressure_error [GPa]", estimate_local_bulk_modulus},
    EstimatorKind{"glass_transition", "Tg from the kink of V(T), H(T) or U(T), and its spread with the fit window",
                  "CSV: temperature [K], volume (or enthalpy, energy), its error", estimate_glass_transition},
    EstimatorKind{"pressure_dependence_of_Tg", "slope dTg/dP of the straight line through Tg at several pressures",
                  "CSV: pressure [GPa], tg [K], tg_error [K]", estimate_tg_of_pressure},
    EstimatorKind{"liquid_energy_minimum", "pressure of the smallest U at fixed T, and of P = T (dP/dT)_V: must agree",
                  "CSV: temperature [K], pressure [GPa], energy, volume, energy_error, volume_error",
                  estimate_liquid_energy_minimum},
};

}  // namespace

std::span<const EstimatorKind> estimator_kinds() { return kinds; }

Status overall(const std::vector<Estimate>& estimates) {
    Status worst = estimates.empty() ? Status::no_data : Status::ok;
    for (const auto& e : estimates)
        if (e.status != Status::ok && !is_law_p(e.quantity)) worst = e.status;
    return worst;
}

}  // namespace vitrum::pipeline
