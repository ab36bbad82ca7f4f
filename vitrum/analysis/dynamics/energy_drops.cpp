#include "vitrum/analysis/dynamics/energy_drops.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "vitrum/analysis/avalanche/power_law.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/numerics/statistics.hpp"
#include "vitrum/core/units.hpp"

namespace vitrum::analysis {

namespace {

double median(std::vector<double> v) {
    std::sort(v.begin(), v.end());
    const std::size_t n = v.size();
    return n % 2 == 1 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

double usual_threshold(const std::vector<double>& dissipated) {
    const double centre = median(dissipated);
    std::vector<double> distance;
    for (const double d : dissipated) distance.push_back(std::abs(d - centre));
    const double gained = -*std::min_element(dissipated.begin(), dissipated.end());
    return std::max({1e-6, centre + 5 * 1.4826 * median(distance), 2 * gained});
}

bool sheared(const StrainStep& before, const StrainStep& after) { return after.shear_strain != before.shear_strain; }

// Strain of the step, and what it adds to the stress: of shear, or of the volume and the pressure.
double strain(const StrainStep& before, const StrainStep& after) {
    return sheared(before, after) ? after.shear_strain - before.shear_strain : -std::log(after.volume / before.volume);
}
double stress(const StrainStep& before, const StrainStep& after) {
    return sheared(before, after) ? after.shear_stress - before.shear_stress : after.pressure - before.pressure;
}

// What the stress lacks after each drop, as a fall of its magnitude.
std::vector<double> stress_drops(const std::vector<StrainStep>& rows, const std::vector<std::size_t>& after) {
    std::vector<double> moduli;
    for (std::size_t i = 1; i < rows.size(); ++i)
        if (const double s = strain(rows[i - 1], rows[i]); s != 0 && !std::binary_search(after.begin(), after.end(), i))
            moduli.push_back(stress(rows[i - 1], rows[i]) / s);
    std::vector<double> drops;
    if (moduli.empty()) return drops;
    const double modulus = median(moduli);
    for (const std::size_t i : after) {
        const StrainStep& a = rows[i - 1];
        const StrainStep& b = rows[i];
        const double held = sheared(a, b) ? a.shear_stress + b.shear_stress : a.pressure + b.pressure;
        drops.push_back(std::copysign(1.0, held) * (modulus * strain(a, b) - stress(a, b)));
    }
    return drops;
}

Estimate mean_of(const char* quantity, const std::vector<double>& values, const std::string& note) {
    if (values.empty()) return make_estimate(quantity, {}, not_a_number, not_a_number, 1, Status::no_data, note);
    return make_estimate(quantity, {}, mean(values), spread_of(values).error(), static_cast<double>(values.size()) - 1,
                         Status::ok, note);
}

}  // namespace

EnergyDrops energy_drops(const std::vector<StrainStep>& rows, const EnergyDropOptions& options) {
    if (rows.size() < 2) throw InputError(fmt::format("energy drops: {} row(s), at least 2", rows.size()));
    if (!(options.threshold >= 0))
        throw InputError(fmt::format("threshold = {} eV: must not be negative", options.threshold));
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (!std::isfinite(rows[i].pressure) || !std::isfinite(rows[i].energy) || !(rows[i].volume > 0) ||
            !std::isfinite(rows[i].volume) || !std::isfinite(rows[i].shear_stress) ||
            !std::isfinite(rows[i].shear_strain))
            throw InputError(fmt::format(
                "energy drops: row {}: pressure {} GPa, energy {} eV, volume {} angstrom^3, "
                "shear stress {} GPa, shear strain {}",
                i, rows[i].pressure, rows[i].energy, rows[i].volume, rows[i].shear_stress, rows[i].shear_strain));
    EnergyDrops out;
    for (std::size_t i = 1; i < rows.size(); ++i) {
        const StrainStep& a = rows[i - 1];
        const StrainStep& b = rows[i];
        const double work =
            -(a.pressure + b.pressure) / 2 * (b.volume - a.volume) +
            (a.volume + b.volume) / 2 * (a.shear_stress + b.shear_stress) / 2 * (b.shear_strain - a.shear_strain);
        out.dissipated.push_back(work * ev_per_gpa_a3 - (rows[i].energy - rows[i - 1].energy));
    }
    out.threshold = options.threshold > 0 ? options.threshold : usual_threshold(out.dissipated);
    out.all = {"energy drops", "eV", {}, {}, {}};
    out.compression = {"energy drops, compression", "eV", {}, {}, {}};
    out.decompression = {"energy drops, decompression", "eV", {}, {}, {}};
    Curve curve = make_curve("dissipated_energy", "step", "", "W - dE", "eV");
    double total = 0;
    for (std::size_t i = 0; i < out.dissipated.size(); ++i) {
        const double drop = out.dissipated[i];
        curve.x.push_back(static_cast<double>(i + 1));
        curve.y.push_back(drop);
        total += drop;
        if (!(drop > out.threshold)) continue;
        out.rows.push_back(i + 1);
        out.all.size.push_back(drop);
        (strain(rows[i], rows[i + 1]) > 0 ? out.compression : out.decompression).size.push_back(drop);
    }
    const std::string note =
        fmt::format("{} of {} steps above {:.6g} eV", out.rows.size(), out.dissipated.size(), out.threshold);
    out.result.curves.push_back(std::move(curve));
    out.result.estimates = {
        make_estimate("energy_drop_count", {}, static_cast<double>(out.rows.size()), not_a_number, 1, Status::ok, note),
        mean_of("energy_drop_mean", out.all.size, note),
        make_estimate("dissipated_energy", {}, total, not_a_number, 1, Status::ok, note),
        mean_of("stress_drop_mean", stress_drops(rows, out.rows),
                note + "; against the median modulus of the steps without a drop")};
    out.result.data.emplace_back("drops", out.all);
    PowerLawOptions law;
    law.x_min = out.threshold;
    law.bias_corrected = options.bias_corrected;
    for (Estimate& e : power_law(out.all, law)) out.result.estimates.push_back(std::move(e));
    return out;
}

}  // namespace vitrum::analysis
