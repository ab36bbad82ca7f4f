#include "core/quantity.hpp"

#include <array>
#include <stdexcept>
#include <string>

namespace vitrum {

namespace {

constexpr std::string_view cornet = "Cornet et al. 2023; KWW with |F|^2 = exp(-2 (dt/tau)^beta)";

constexpr std::string_view internal_clock =
    "internal clock Lambda(t) = integral dt/tau(t): positive definite for 0 < beta <= 2";

constexpr std::array table{
    Quantity{"g2", "g2", "", "mean over t of C(t, t+dt), symmetric normalisation", "mean of normalised diagonals"},
    Quantity{
        "g2_population", "g2 (population)", "",
        "mean of C(t, t+dt) over runs of the same stationary dynamics; of intermittent dynamics a run's g2 differs",
        "errors from time: blocks of frames"},
    Quantity{"field_correlation", "|F|", "", "sqrt((g2(dt) - baseline)/contrast): |F|(dt) over its frozen part f_q",
             "Siegert relation, Gaussian circular field"},
    Quantity{"tau", "tau", "s", "relaxation time of F: g2(dt) = baseline + contrast exp(-2 (dt/tau)^beta)", cornet},
    Quantity{"rate", "1/tau", "1/s", "inverse of tau", cornet},
    Quantity{"beta", "beta", "", "exponent of g2(dt) = baseline + contrast exp(-2 (dt/tau)^beta)", cornet},
    Quantity{"tau_fast", "tau_1", "s", "time of the faster of two decays of g2", "two KWW decays, form in the note"},
    Quantity{"tau_slow", "tau_2", "s", "time of the slower of two decays of g2", "two KWW decays, form in the note"},
    Quantity{"beta_fast", "beta_1", "", "exponent of the faster of two decays", "two KWW decays, form in the note"},
    Quantity{"beta_slow", "beta_2", "", "exponent of the slower of two decays", "two KWW decays, form in the note"},
    Quantity{"fast_share", "w", "",
             "share of the faster decay: of the field F in the field form, of |F|^2 in the intensity form",
             "two KWW decays, form in the note"},
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
    Quantity{"heterogeneity_width_corrected", "Delta C, noise removed", "",
             "width of the smallest interval that holds 90 % of the distribution of C(t, t+tau) of one map after "
             "deconvolution of its noise",
             "nonparametric maximum likelihood, noise variance known"},
    Quantity{"relative_heterogeneity_width_corrected", "Delta C / contrast, noise removed", "",
             "heterogeneity_width_corrected divided by the contrast", "Delta C scales with the contrast"},
    Quantity{"heterogeneity_sd", "sd of C, noise removed", "",
             "root of the variance of C(t, t+tau) over t within the run less that of its noise, 0 if that is negative",
             "noise variance from groups of pixels, or by formula"},
    Quantity{
        "heterogeneity_width_scans", "Delta C over scans", "",
        "width of the smallest interval that holds 90 % of the mean of the normalised histograms of C(t, t+tau) of "
        "several scans, each at its own tau, noise included",
        "Cornet et al. 2023, form for the scans of a pressure"},
    Quantity{"relative_heterogeneity_width_scans", "Delta C / contrast over scans", "",
             "heterogeneity_width_scans divided by the mean contrast of the scans", "Delta C scales with the contrast"},
    Quantity{"heterogeneity_width_scans_corrected", "Delta C over scans, noise removed", "",
             "as heterogeneity_width_scans, each scan's distribution deconvolved before the mean",
             "nonparametric maximum likelihood, noise variance known"},
    Quantity{"relative_heterogeneity_width_scans_corrected", "Delta C / contrast over scans, noise removed", "",
             "heterogeneity_width_scans_corrected divided by the mean contrast of the scans",
             "Delta C scales with the contrast"},
    Quantity{"heterogeneity_floor", "Delta C of noise alone", "",
             "expected heterogeneity_width of a homogeneous stationary sample of the same tau, noise, contrast and "
             "length; its interval is the middle 95 % of such samples",
             "Gaussian runs with the covariance of map entries along the diagonal"},
    Quantity{"frame_contrast", "C(t,t) - C_inf", "",
             "C(t, t) of one frame without shot noise, less its value for independent speckle; the exposure is in it",
             "variance of the intensity integrated over the exposure"},
    Quantity{
        "clock_beta", "beta_clock", "",
        "exponent of g1(t1,t2) = exp(-|Lambda(t2) - Lambda(t1)|^beta) on the internal clock Lambda; not the exponent "
        "of a KWW fit to g2",
        internal_clock},
    Quantity{"tau_mid_scan", "tau(mid)", "s",
             "1/(dLambda/dt) at the middle of the scan, jumps apart; not the tau of a KWW fit to g2", internal_clock},
    Quantity{"ageing_tau0", "tau_0", "s", "tau at the first frame; tau(t) = tau0 exp(t/tau_star)", internal_clock},
    Quantity{"ageing_tau_star", "tau*", "s",
             "tau_star of the law tau(t) = tau0 exp(t/tau_star), t from the first frame; negative if the dynamics "
             "accelerate",
             internal_clock},
    Quantity{"ageing_plateau_time", "t_p", "s", "time from the first frame at which tau becomes constant",
             internal_clock},
    Quantity{"damage_tau0", "tau_0", "s", "tau at the first frame; tau(t) = tau0 / (1 + t/damage_time)",
             internal_clock},
    Quantity{"damage_time", "t_d", "s",
             "time from the first frame at which the dose has halved tau: tau(t) = tau0 / (1 + t/damage_time)",
             internal_clock},
    Quantity{"static_fraction", "f", "",
             "part of g1 that never decays: g1 = f + (1 - f) g1_moving, in amplitude, heterodyne share included",
             "non-ergodic field"},
    Quantity{"event_time", "t_e", "s", "time of a sudden rearrangement, from the first frame",
             "multiplies g1 across it by 1 - a"},
    Quantity{"event_fraction", "a", "",
             "part of g1 that one sudden rearrangement takes: g1 across it falls to (1 - a) g1",
             "1 = full decorrelation"},
    Quantity{"event_count", "events", "", "number of sudden decorrelation events found in the part of the run searched",
             "family-wise false-alarm rate in the note"},
    Quantity{"event_p", "p (event)", "", "probability of so large a drop anywhere in a run without events",
             "largest of correlated values"},
    Quantity{"event_search_p", "p (no event)", "", "event_p of the largest drop, reported as an event or not",
             "largest of correlated values"},
    Quantity{"stationarity_p", "p (stationary)", "",
             "probability of a larger change along the run if g1(t1,t2) depends on t2 - t1 alone",
             "Hotelling test over groups of pixels"},
    Quantity{"trend_p", "p (no trend)", "",
             "probability of a larger trend along the run than its fluctuations over blocks of time give",
             "F test over blocks of time"},
    Quantity{"pattern_shift_rows", "row shift", "pixel",
             "shift of the speckle pattern along the rows at the beam centre, from one window of frames to the next",
             "peak of the cross-correlation, uniform part"},
    Quantity{"pattern_shift_columns", "column shift", "pixel",
             "shift of the speckle pattern along the columns at the beam centre, from one window of frames to the next",
             "peak of the cross-correlation, uniform part"},
    Quantity{"pattern_strain", "radial strain", "",
             "relative radial shift of the pattern about the beam centre, dq/q, from one window of frames to the next",
             "peak of the cross-correlation, radial part"},
    Quantity{"aligned_correlation", "C - 1 aligned", "",
             "C - 1 of two windows of frames after the shift of the pattern is undone", "height of the peak"},
    Quantity{"event_rate", "lambda_e", "1/s", "rate of sudden rearrangements, a Poisson process", "Poisson process"},
    Quantity{"effective_pixels", "N_eff", "",
             "N^2 / sum over pairs of pixels of |mu|^4, mu their correlation: independent pixels with the same speckle "
             "noise of a map entry; counting noise still falls as 1/N",
             "Gaussian moments of speckle with grains"},
    Quantity{
        "tau_motion", "tau_motion", "s",
        "lag at which motion alone, of the pattern or of the sample through the beam, brings the decaying part of g2 "
        "to exp(-2) of its value at lag 0; tau of its KWW curve where it is one",
        "closed form of the motion"},
    Quantity{"tau_apparent", "tau_apparent", "s",
             "lag at which dynamics and motion together bring the decaying part of g2 to exp(-2) of its value at lag 0",
             "closed form of dynamics and motion"},
    Quantity{"f_q", "f_q", "",
             "share of F that vibrations within a frame leave: F(q, t) = f_q g1(t) for every lag seen",
             "vibrations much faster than a frame"},
    Quantity{"speckle_contrast", "gamma", "",
             "contrast of the speckle without vibrations; g2 and the counts of a frame show gamma f_q^2",
             "Siegert relation; gamma and f_q^2 cannot be told apart"},
    Quantity{"part_weight", "w", "", "share of one process in a sum of g1; 1 in a product", "mixture or Schur product"},
    Quantity{"activation_volume", "V_app", "angstrom^3",
             "kT ln(tau2/tau1)/(P2 - P1): apparent activation volume averaged between two neighbouring pressures",
             "Zhang et al. 2023, DeltaV = kT d(ln tau)/dP"},
    Quantity{
        "branch_log_ratio", "ln(tau_dec/tau_comp)", "",
        "ln of tau on decompression over tau on compression at one pressure; 0 without hysteresis if both scans begin "
        "at the same waiting time",
        "hysteresis of the dynamics"},
    Quantity{"group_difference", "mean_b - mean_a", "",
             "difference of the means of a quantity, as ln tau, over the samples of two groups",
             "two-sample comparison"},
    Quantity{"ageing_rate", "1/tau*", "1/s", "inverse of the ageing time: d(ln tau)/d(tw)", "Cornet et al. 2023"},
    Quantity{"ageing_plateau", "tau_p", "s", "tau beyond the plateau age", "tau0 exp(min(tw, tp)/tau*)"},
    Quantity{"wavevector_exponent", "alpha", "", "exponent of tau(q) = 1/(c q^alpha)", "weighted line in ln tau, ln q"},
    Quantity{"wavevector_prefactor", "c", "angstrom^alpha/s", "prefactor of tau(q) = 1/(c q^alpha)",
             "weighted line in ln tau, ln q"},
    Quantity{"contrast_probabilities", "contrast (P0 P2/P1^2)", "", "2 P0 P2/P1^2 - 1 of the counts of one frame",
             "negative binomial counts"},
    Quantity{"contrast_factorial", "contrast (k(k-1))", "", "<k(k-1)>/<k>^2 - 1 of the counts of one frame",
             "factorial moment"},
    Quantity{"speckle_visibility", "V(n)", "", "<K(K-1)>/<K>^2 - 1 of the counts K summed over n frames",
             "Bandyopadhyay et al. 2005, factorial moment"},
    Quantity{"speckle_visibility_from_g2", "V(n) from g2", "", "[V(1) + 2 sum_{k<n} (1 - k/n)(g2(k) - 1)]/n",
             "exposure average of g2"},
    Quantity{"master_curve_statistic", "X2/<X2>", "",
             "squared distance of scaled g2 curves from their mean over its expectation if they collapse",
             "dt/tau scaling, noise from the full covariance"},
    Quantity{"master_curve_p_value", "p", "", "probability of a distance as large if the curves collapse",
             "parametric bootstrap"},
    Quantity{"master_curve_beta", "beta (master)", "", "exponent of exp(-2 x^beta) through the master curve",
             "dt/tau scaling"},
    Quantity{"chi4", "Var C", "", "variance over t of C(t, t+dt) at one lag, noise included", "Duri et al. 2005"},
    Quantity{"chi4_formula", "Var C (formula)", "", "chi4 less the exact noise of a map entry",
             "counting and speckle noise of M modes, mean mu, N pixels"},
    Quantity{"chi4_split", "Var C (split)", "", "covariance over t of C from two disjoint halves of the pixels",
             "independent noise of the halves"},
    Quantity{"self_susceptibility", "chi4 (F_s)", "",
             "N times the variance over t of F_s(t, t+lag) of all atoms at the wavevectors used",
             "windows of one run, about the mean of the run"},
    Quantity{
        "self_correlation_width", "Delta C (atoms)", "",
        "width of the smallest interval that holds 90 % of the values F_s(t, t+lag)^2: Delta C/contrast of speckle "
        "with wavevectors without number, if the collective correlation fluctuates as the self part",
        "windows of one run"},
    Quantity{
        "speckle_departure", "g2 - 1 - |F|^2", "",
        "mean over the lags with |F|^2 > 0.1 of g2 - 1 - |F|^2, the latter from the amplitudes of the same atoms at "
        "the same wavevectors",
        "Siegert relation; error paired, over groups of wavevectors"},
    Quantity{"speckle_departure_no_photons", "g2 - 1 - |F|^2 (no photons)", "",
             "as speckle_departure, of the intensities before photons are counted", "Siegert relation"},
    Quantity{"intensity_variance", "<I^2>/<I>^2 - 1", "",
             "variance of the intensity over its squared mean, before photons are counted: 1 for a Gaussian field",
             "ideal gas of N atoms: 1 - 1/N"},
    Quantity{"wavevectors_needed", "N_q", "",
             "wavevectors at which a spread as wide as self_correlation_width would be told from the noise of C in one "
             "run, at 5 % with 80 % power; with R runs about 1/sqrt(R) of it",
             "error of a variance; exact noise of a map entry"},
    Quantity{"visible_two_level_amplitude", "A_q", "",
             "2 p1 p2 (1 - sin(qd)/(qd)): decaying part of F(q,t) that two-level atoms with jump d would show",
             "two-level jump diffusion; F(q,t) = 1 - A_q (1 - exp(-t/tau))"},
    Quantity{
        "power_law_exponent", "alpha", "",
        "exponent of the density of sizes p(x) ~ x^-alpha from x_min on; with a cut-off p(x) ~ x^-alpha exp(-x/x_c)",
        "continuous power law"},
    Quantity{"size_cutoff", "x_c", "",
             "size at which a density x^-alpha exp(-x/x_c) has lost a factor e; unit of sizes",
             "power law with exponential cut"},
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
