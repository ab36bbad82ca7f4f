// Estimators of the dynamics of atoms: of a trajectory.
#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "vitrum/analysis/dynamics/energy_drops.hpp"
#include "vitrum/analysis/dynamics/hops.hpp"
#include "vitrum/analysis/dynamics/msd.hpp"
#include "vitrum/analysis/dynamics/nonaffine.hpp"
#include "vitrum/analysis/dynamics/overlap.hpp"
#include "vitrum/analysis/dynamics/strings.hpp"
#include "vitrum/analysis/dynamics/van_hove.hpp"
#include "vitrum/analysis/scattering/scattering_functions.hpp"
#include "vitrum/core/atoms/xray_peak.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/pipeline/estimators/analysis_options.hpp"
#include "vitrum/pipeline/estimators/column_choice.hpp"
#include "vitrum/pipeline/estimators/option_values.hpp"
#include "vitrum/pipeline/estimators/rows.hpp"

namespace vitrum::pipeline {

namespace {

// longest [frames], per_decade, origin_stride
analysis::LagOptions lag_options(Section& options) {
    analysis::LagOptions o;
    o.longest = whole(options, "longest", 0);
    o.per_decade = whole(options, "per_decade", o.per_decade);
    o.origin_stride = options.count("origin_stride", o.origin_stride);
    return o;
}

analysis::PathOptions path_options(Section& options) {
    analysis::PathOptions o;
    o.remove_drift = options.flag("remove_drift", false);
    return o;
}

// [1/angstrom] of the x-ray S(q); a usual one, said in the note, where the form factors are not known.
double first_peak(const Trajectory& t, std::string& note) {
    constexpr double usual = 2.7;
    std::vector<FormFactor> factors;
    for (const std::string& element : t.elements)
        for (const FormFactor& f : form_factors())
            if (f.element == element) factors.push_back(f);
    if (factors.size() != t.elements.size() || t.frames.empty()) {
        note = fmt::format("no form factor of every element: wavevectors around {} 1/angstrom", usual);
        return usual;
    }
    const XrayPeak peak = first_xray_peak(t.frames, t.species, factors);
    if (!peak.inside) note = fmt::format("no clear first peak of S(q); {:.2f} 1/angstrom is used", peak.q);
    return peak.q;
}

}  // namespace

Estimator read_msd(Section& options, DataKind) {
    analysis::MsdOptions o;
    o.lags = lag_options(options);
    o.paths = path_options(options);
    o.rejection_level = read_rejection_level(options);
    return on<Trajectory>([o](const Trajectory& t) { return analysis::msd(t, o); });
}

Estimator read_scattering_functions(Section& options, DataKind) {
    analysis::ScatteringOptions o;
    o.lags = lag_options(options);
    o.paths = path_options(options);
    double half_width = 0;
    static_cast<void>(options.raw("peak_half_width"));
    if (options.has("peak_half_width")) {
        half_width = positive(options, "peak_half_width", Dimension::wavevector, 0.06);
        for (const char* key : {"q_low", "q_high"})
            if (options.has(key)) options.fail(key, "stands beside peak_half_width; give the shell or the half width");
    } else {
        o.q_low = positive(options, "q_low", Dimension::wavevector, o.q_low);
        o.q_high = positive(options, "q_high", Dimension::wavevector, o.q_high);
        if (!(o.q_low < o.q_high)) options.fail("q_high", "is not above q_low");
    }
    o.self_wavevectors = whole(options, "self_wavevectors", o.self_wavevectors);
    o.collective_wavevectors = whole(options, "collective_wavevectors", o.collective_wavevectors);
    o.relaxation.min_lag = options.quantity("min_lag", Dimension::time, o.relaxation.min_lag);
    o.relaxation.rejection_level = read_rejection_level(options);
    if (options.choice("errors", {"groups", "time_blocks"}, "groups") == "time_blocks")
        o.errors = analysis::ScatteringErrors::time_blocks;
    return on<Trajectory>([o, half_width](const Trajectory& t) {
        if (half_width == 0) return analysis::scattering_functions(t, o);
        std::string note;
        const double q = first_peak(t, note);
        auto around = o;
        around.q_low = q - half_width;
        around.q_high = q + half_width;
        Findings out = analysis::scattering_functions(t, around);
        if (!note.empty()) out.notes.push_back(note);
        return out;
    });
}

Estimator read_van_hove(Section& options, DataKind) {
    analysis::VanHoveOptions o;
    o.paths = path_options(options);
    for (const double lag : options.numbers("lags", std::vector<double>{})) {
        if (!(lag >= 1) || lag != static_cast<double>(static_cast<std::size_t>(lag)))
            options.fail("lags", fmt::format("holds {}; numbers of frames from 1, as in [1, 10]", lag));
        o.lags.push_back(static_cast<std::size_t>(lag));
    }
    o.r_max = positive(options, "r_max", Dimension::length, o.r_max);
    o.bin = positive(options, "bin", Dimension::length, o.bin);
    o.origin_stride = options.count("origin_stride", o.origin_stride);
    o.distinct_origins = options.count("distinct_origins", o.distinct_origins);
    return on<Trajectory>([o](const Trajectory& t) { return analysis::van_hove(t, o); });
}

Estimator read_overlap(Section& options, DataKind) {
    analysis::OverlapOptions o;
    o.lags = lag_options(options);
    o.paths = path_options(options);
    o.radius = positive(options, "radius", Dimension::length, o.radius);
    return on<Trajectory>([o](const Trajectory& t) { return analysis::overlap(t, o); });
}

Estimator read_nonaffine(Section& options, DataKind) {
    analysis::NonaffineOptions o;
    o.cutoff = positive(options, "cutoff", Dimension::length, o.cutoff);
    o.threshold = options.number("threshold", o.threshold);
    o.reference = whole(options, "reference", o.reference);
    static_cast<void>(options.raw("current"));
    if (options.has("current")) o.current = whole(options, "current", 0);
    const bool every_step = options.flag("every_step", false);
    for (const char* key : {"reference", "current"})
        if (every_step && options.has(key)) options.fail(key, "stands beside every_step, which takes all frames");
    return on<Trajectory>([o, every_step](const Trajectory& t) {
        return every_step ? analysis::nonaffine_steps(t, o) : analysis::nonaffine(t, o);
    });
}

Estimator read_hops(Section& options, DataKind) {
    analysis::HopOptions o;
    o.paths = path_options(options);
    o.half_window = options.count("half_window", o.half_window);
    o.threshold = options.number("threshold", o.threshold);
    if (!(o.threshold > 0)) options.fail("threshold", fmt::format("is {} angstrom^2; positive", o.threshold));
    return on<Trajectory>([o](const Trajectory& t) { return analysis::find_hops(t, o).result; });
}

Estimator read_strings(Section& options, DataKind) {
    analysis::StringOptions o;
    o.paths = path_options(options);
    o.lag = whole(options, "lag", o.lag);
    o.mobile_share = options.number("mobile_share", o.mobile_share);
    o.reach = positive(options, "reach", Dimension::length, o.reach);
    o.origins = options.count("origins", o.origins);
    return on<Trajectory>([o](const Trajectory& t) { return analysis::string_motion(t, o); });
}

Estimator read_energy_drops(Section& options, DataKind) {
    constexpr std::size_t by_name_alone = std::numeric_limits<std::size_t>::max();
    analysis::EnergyDropOptions o;
    o.threshold = options.quantity("threshold", Dimension::energy, 0.0);
    o.bias_corrected = options.flag("bias_corrected", o.bias_corrected);
    const auto pressures = choose(options, "pressure", {"pressure", "P"}, 0, true);
    const auto energies = choose(options, "energy", {"energy", "E", "U"}, 1, true);
    const auto volumes = choose(options, "volume", {"volume", "V"}, 2, true);
    const auto stresses = choose(options, "shear_stress", {"shear_stress"}, by_name_alone, false);
    const auto strains = choose(options, "shear_strain", {"shear_strain"}, by_name_alone, false);
    return on<Columns>([=](Columns table) {
        const Column* stress = pick(table, stresses);
        const Column* strain = pick(table, strains);
        if ((stress == nullptr) != (strain == nullptr))
            throw InputError(fmt::format("{} has a {} but no {}; shear needs both", table.file.string(),
                                         stress ? "shear_stress" : "shear_strain",
                                         stress ? "shear_strain" : "shear_stress"));
        const Column* pressure = pick(table, pressures);
        const Column* energy = pick(table, energies);
        const Column* volume = pick(table, volumes);
        check_positive(table, volume, "a volume");
        // Where the volume stands still the pressure does no work.
        const auto [least, most] = std::minmax_element(volume->values.begin(), volume->values.end());
        if (*least < *most) check_sign_of_pressures(table, *pressure, volume);
        const auto p = native(*pressure, Dimension::pressure);
        std::vector<analysis::StrainStep> steps;
        const auto s = stress ? native(*stress, Dimension::pressure) : std::vector<double>(p.size());
        for (std::size_t i = 0; i < p.size(); ++i)
            steps.push_back({p[i], energy->values[i], volume->values[i], s[i], strain ? strain->values[i] : 0});
        return with_remarks(analysis::energy_drops(steps, o).result, table.remarks);
    });
}

}  // namespace vitrum::pipeline
