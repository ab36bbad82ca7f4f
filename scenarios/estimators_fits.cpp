#include <fmt/format.h>

#include "analysis/correlation/age_cuts.hpp"
#include "analysis/correlation/correlation_chain.hpp"
#include "analysis/correlation/double_kww.hpp"
#include "analysis/correlation/master_curve.hpp"
#include "core/error.hpp"
#include "scenarios/analysis_options.hpp"
#include "scenarios/estimator_input.hpp"
#include "scenarios/estimator_rows.hpp"

namespace vitrum::scenarios {

EstimatorOutput estimate_double_kww(const std::filesystem::path& path, Section& options) {
    analysis::DoubleKwwOptions o;
    if (options.choice("form", {"field", "intensity"}, "field") == "intensity") o.form = analysis::TwoDecays::intensity;
    const auto chain = read_chain(options);
    EstimatorOutput out;
    if (!is_hdf5(path)) {
        const Curve g2 = g2_from_csv(path, options);
        options.finish();
        o.kww = kww_of_csv(chain, options, g2);
        out.estimates = analysis::estimates_of(analysis::fit_double_kww(g2, o), g2.x_unit);
        return out;
    }
    const auto sets = io::read_measured(path, measured_options(options));
    options.finish();
    for (const auto& set : sets)
        for (const auto& result : analysis::correlate(set.data, chain)) {
            o.kww = analysis::kww_options(chain, result.map);
            const auto fit = analysis::fit_double_kww(result.g2, o);
            append(out, analysis::estimates_of(fit, result.map.time_unit), place_of(set.data, result.region));
        }
    return out;
}

EstimatorOutput estimate_master_curve(const std::filesystem::path& path, Section& options) {
    expect_hdf5(path, "master_curve needs frames or two-time maps");
    analysis::MasterCurveOptions o;
    o.bins = options.count("bins", 8);
    o.draws = options.count("draws", 2000);
    const std::size_t ages = options.has("ages") ? options.count("ages", 1) : 0;
    const auto chain = read_chain(options);
    const auto sets = io::read_measured(path, measured_options(options));
    options.finish();
    std::vector<Curve> curves;
    for (const auto& set : sets) {
        if (const auto* series = std::get_if<SpeckleSeries>(&set.data.data); series && ages > 0) {
            analysis::AgeOptions age;
            age.ages = ages;
            for (auto& cut : analysis::g2_by_age(*series, {}, age)) curves.push_back(std::move(cut.g2));
            continue;
        }
        for (auto& result : analysis::correlate(set.data, chain)) {
            o.kww = analysis::kww_options(chain, result.map);
            curves.push_back(std::move(result.g2));
        }
    }
    return {analysis::master_curve(curves, o).rows, {}, {}};
}

}  // namespace vitrum::scenarios
