#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "vitrum/analysis/relaxation/age_cuts.hpp"
#include "vitrum/analysis/chain/correlation_chain.hpp"
#include "vitrum/analysis/relaxation/double_kww.hpp"
#include "vitrum/analysis/relaxation/master_curve.hpp"
#include "vitrum/analysis/relaxation/siegert.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/pipeline/estimators/analysis_options.hpp"
#include "vitrum/pipeline/estimators/estimator_input.hpp"
#include "vitrum/pipeline/estimators/estimator_rows.hpp"

namespace vitrum::pipeline {

EstimatorOutput estimate_double_kww(const std::filesystem::path& path, Section& options) {
    analysis::DoubleKwwOptions o;
    if (options.choice("form", {"field", "intensity"}, "field") == "intensity") o.form = analysis::TwoDecays::intensity;
    const auto chain = read_chain(options);
    EstimatorOutput out;
    if (!is_hdf5(path)) {
        const auto [g2, remarks] = g2_from_csv(path, options);
        options.finish();
        o.kww = kww_of_csv(chain, options, g2);
        out.estimates = analysis::estimates_of(analysis::fit_double_kww(g2, o), g2.x_unit);
        return with_remarks(std::move(out), remarks);
    }
    const auto sets = read_sets(path, options, out);
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
    EstimatorOutput out;
    const auto sets = read_sets(path, options, out);
    options.finish();
    std::vector<Curve> curves;
    for (const auto& set : sets) {
        if (const auto* series = std::get_if<SpeckleSeries>(&set.data.data); series && ages > 0) {
            analysis::AgeOptions age;
            age.ages = ages;
            analysis::TwoTimeOptions map_options;
            map_options.normalisation = chain.normalisation;
            map_options.diagonal = chain.diagonal;
            map_options.static_region = series->static_region;
            for (auto& cut : analysis::g2_by_age(*series, map_options, age)) curves.push_back(std::move(cut.g2));
            continue;
        }
        for (auto& result : analysis::correlate(set.data, chain)) {
            o.kww = analysis::kww_options(chain, result.map);
            curves.push_back(std::move(result.g2));
        }
    }
    out.estimates = analysis::master_curve(curves, o).rows;
    return out;
}

namespace {

// What the user gives wins; the rest comes from the fit. A fit that is not clean gives no amplitude.
struct SiegertInput {
    std::optional<double> contrast;
    double contrast_error = 0;
    double baseline_error = 0;
};

std::vector<Estimate> siegert_of(const Curve& g2, const analysis::KwwOptions& range, const SiegertInput& given) {
    analysis::SiegertOptions o;
    o.baseline = range.baseline.value_or(1);
    o.baseline_error = given.baseline_error;
    o.rejection_level = range.rejection_level;
    if (given.contrast) {
        o.contrast = *given.contrast;
        o.contrast_error = given.contrast_error;
        return analysis::siegert_rows(g2, o);
    }
    const auto fit = analysis::fit_kww(g2, range);
    const bool fitted = fit.status == Status::ok || fit.status == Status::law_rejected;
    if (fitted) {
        o.contrast = fit.contrast;
        o.contrast_error = std::sqrt(fit.covariance(0, 0));
        o.baseline = fit.baseline;
        if (!range.baseline) o.baseline_error = std::sqrt(fit.covariance(3, 3));
    }
    auto rows = analysis::siegert_rows(g2, o);
    for (auto& row : rows)
        if (fit.status == Status::law_rejected && row.status == Status::ok && row.quantity != "siegert_p") {
            row.status = fit.status;
            row.note += "; contrast and baseline of a fit whose law is rejected: " + describe(fit.quality);
        } else if (!fitted) {
            row.status = fit.status;
            row.note = fmt::format("the fit that gives contrast and baseline: {}; or give --set contrast=VALUE",
                                   name(fit.status));
        }
    return rows;
}

}  // namespace

EstimatorOutput estimate_siegert(const std::filesystem::path& path, Section& options) {
    SiegertInput given;
    given.contrast = options.optional_number("contrast");
    if (given.contrast && !(*given.contrast > 0))
        options.fail("contrast", fmt::format("is {}; a contrast is positive", *given.contrast));
    const auto error_of = [&](const char* key, const char* of, bool is_given) {
        const auto value = options.optional_number(key);
        if (value && !is_given) options.fail(key, fmt::format("needs {}", of));
        if (value && !(*value >= 0)) options.fail(key, fmt::format("is {}; an error is not negative", *value));
        return value.value_or(0);
    };
    const auto chain = read_chain(options);
    given.contrast_error = error_of("contrast_error", "contrast", given.contrast.has_value());
    given.baseline_error = error_of("baseline_error", "baseline", chain.baseline.has_value());
    if (chain.normalisation == analysis::Normalisation::pearson)
        options.fail("normalisation", "'pearson' estimates |F|^2 times a factor of the counts; no inversion for it");
    EstimatorOutput out;
    if (!is_hdf5(path)) {
        const auto [g2, remarks] = g2_from_csv(path, options);
        options.finish();
        out.estimates = siegert_of(g2, kww_of_csv(chain, options, g2), given);
        return with_remarks(std::move(out), remarks);
    }
    const auto sets = read_sets(path, options, out);
    options.finish();
    for (const auto& set : sets)
        for (const auto& result : analysis::correlate(set.data, chain))
            for (auto& row : siegert_of(result.g2, analysis::kww_options(chain, result.map), given)) {
                Abscissa at = place_of(set.data, result.region);
                at.insert(at.end(), row.abscissa.begin(), row.abscissa.end());
                row.abscissa = std::move(at);
                out.estimates.push_back(std::move(row));
            }
    return out;
}

}  // namespace vitrum::pipeline
