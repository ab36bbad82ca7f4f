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
    return std::max(1e-6, centre + 5 * 1.4826 * median(distance));
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
            !std::isfinite(rows[i].volume))
            throw InputError(fmt::format("energy drops: row {}: pressure {} GPa, energy {} eV, volume {} angstrom^3", i,
                                         rows[i].pressure, rows[i].energy, rows[i].volume));
    EnergyDrops out;
    for (std::size_t i = 1; i < rows.size(); ++i) {
        const double work = -(rows[i - 1].pressure + rows[i].pressure) / 2 * (rows[i].volume - rows[i - 1].volume);
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
        (rows[i + 1].volume < rows[i].volume ? out.compression : out.decompression).size.push_back(drop);
    }
    const std::string note =
        fmt::format("{} of {} steps above {:.6g} eV", out.rows.size(), out.dissipated.size(), out.threshold);
    out.result.curves.push_back(std::move(curve));
    out.result.estimates = {
        make_estimate("energy_drop_count", {}, static_cast<double>(out.rows.size()), not_a_number, 1, Status::ok, note),
        mean_of("energy_drop_mean", out.all.size, note),
        make_estimate("dissipated_energy", {}, total, not_a_number, 1, Status::ok, note)};
    PowerLawOptions law;
    law.x_min = out.threshold;
    law.bias_corrected = options.bias_corrected;
    for (Estimate& e : power_law(out.all, law)) out.result.estimates.push_back(std::move(e));
    return out;
}

std::vector<std::size_t> drop_participation(const Trajectory& inherent, const EnergyDrops& drops,
                                            const NonaffineOptions& options) {
    if (inherent.frames.size() != drops.dissipated.size() + 1)
        throw InputError(fmt::format("energy drops: {} configurations for {} rows", inherent.frames.size(),
                                     drops.dissipated.size() + 1));
    std::vector<std::size_t> atoms;
    NonaffineOptions step = options;
    for (const std::size_t row : drops.rows) {
        step.reference = row - 1;
        step.current = row;
        atoms.push_back(nonaffine_motion(inherent, step).above);
    }
    return atoms;
}

Estimate mean_participation(const std::vector<std::size_t>& atoms) {
    return mean_of("drop_participation", {atoms.begin(), atoms.end()}, fmt::format("over {} drops", atoms.size()));
}

}  // namespace vitrum::analysis
