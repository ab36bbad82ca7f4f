// Fits of a correlation curve: of frames and maps through their g2, of columns as they stand.
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "vitrum/analysis/relaxation/age_cuts.hpp"
#include "vitrum/analysis/relaxation/double_kww.hpp"
#include "vitrum/analysis/relaxation/master_curve.hpp"
#include "vitrum/analysis/relaxation/siegert.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/pipeline/estimators/correlation_rows.hpp"
#include "vitrum/pipeline/estimators/rows.hpp"

namespace vitrum::pipeline {

Estimator read_kww(Section& options, DataKind kind) {
    const auto chain = read_chain(options);
    if (has_no_lags(kind)) return selected(chain, {"tau", "rate", "beta", "contrast", "baseline", "kww_p"});
    return on_g2(options, kind, [how = given_lags(options, chain)](const Curve& g2) {
        const auto fit = analysis::fit_kww(g2, kww_of_curve(how, g2));
        Findings out;
        out.estimates = analysis::estimates_of(fit, g2.x_unit);
        out.covariance_of = {"contrast", "ln tau", "beta", "baseline"};
        out.covariance = fit.covariance;
        return out;
    });
}

Estimator read_double_kww(Section& options, DataKind kind) {
    analysis::DoubleKwwOptions o;
    if (options.choice("form", {"field", "intensity"}, "field") == "intensity") o.form = analysis::TwoDecays::intensity;
    const auto chain = read_chain(options);
    if (!has_no_lags(kind))
        return on_g2(options, kind, [o, how = given_lags(options, chain)](const Curve& g2) {
            analysis::DoubleKwwOptions here = o;
            here.kww = kww_of_curve(how, g2);
            Findings out;
            out.estimates = analysis::estimates_of(analysis::fit_double_kww(g2, here), g2.x_unit);
            return out;
        });
    return each_region(chain, [o, chain](const Data&, const analysis::ChainResult& result, Findings& out) {
        analysis::DoubleKwwOptions here = o;
        here.kww = analysis::kww_options(chain, result.map);
        out.estimates = analysis::estimates_of(analysis::fit_double_kww(result.g2, here), result.map.time_unit);
    });
}

JointEstimator read_master_curve(Section& options) {
    analysis::MasterCurveOptions o;
    o.bins = options.count("bins", 8);
    o.draws = options.count("draws", 2000);
    const std::size_t ages = options.has("ages") ? options.count("ages", 1) : 0;
    const auto chain = read_chain(options);
    return [o, ages, chain, lags = given_lags(options, chain)](const std::vector<const Data*>& sets) {
        analysis::MasterCurveOptions here = o;
        std::vector<Curve> curves;
        for (const Data* set : sets) {
            if (const auto* g2 = std::get_if<Curve>(set)) {
                here.kww = kww_of_curve(lags, *g2);
                curves.push_back(*g2);
                continue;
            }
            if (const auto* series = std::get_if<SpeckleSeries>(set); series && ages > 0) {
                analysis::AgeOptions age;
                age.ages = ages;
                analysis::TwoTimeOptions map_options;
                map_options.normalisation = chain.normalisation;
                map_options.diagonal = chain.diagonal;
                map_options.static_region = series->static_region;
                for (auto& cut : analysis::g2_by_age(*series, map_options, age)) curves.push_back(std::move(cut.g2));
                continue;
            }
            for (auto& result : analysis::correlate(*set, chain)) {
                here.kww = analysis::kww_options(chain, result.map);
                curves.push_back(std::move(result.g2));
            }
        }
        Findings out;
        out.estimates = analysis::master_curve(curves, here).rows;
        return out;
    };
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

Estimator read_siegert(Section& options, DataKind kind) {
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
    if (!has_no_lags(kind))
        return on_g2(options, kind, [given, how = given_lags(options, chain)](const Curve& g2) {
            Findings out;
            out.estimates = siegert_of(g2, kww_of_curve(how, g2), given);
            return out;
        });
    return each_region(chain, [given, chain](const Data&, const analysis::ChainResult& result, Findings& out) {
        out.estimates = siegert_of(result.g2, analysis::kww_options(chain, result.map), given);
    });
}

}  // namespace vitrum::pipeline
