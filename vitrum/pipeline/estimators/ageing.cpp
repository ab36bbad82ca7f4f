// tau against age and against wavevector: of frames and maps by the correlation chain, of columns as they stand.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/analysis/relaxation/age_cuts.hpp"
#include "vitrum/analysis/relaxation/ageing_law.hpp"
#include "vitrum/analysis/relaxation/wavevector_exponent.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/pipeline/estimators/correlation_rows.hpp"
#include "vitrum/pipeline/estimators/rows.hpp"

namespace vitrum::pipeline {

namespace {

// Columns tau_factor_1, tau_factor_2, ...: F of the rows' covariance F F^T.
std::vector<const Column*> factor_of(const Columns& table, const std::string& name) {
    std::vector<const Column*> factor;
    for (const auto& column : table.columns)
        if (column.name == fmt::format("{}_factor_{}", name, factor.size() + 1)) factor.push_back(&column);
    return factor;
}

// tau, its error and covariance, rows in order of the axis; refuses what is no relaxation time.
Curve tau_against(Columns& table, const TauColumns& of, const char* axis_is) {
    const Column* x = pick(table, of.x);
    if (axis_is) check_positive(table, x, axis_is);
    const Column* value = pick(table, of.tau);
    const Column* error = pick(table, of.error);
    check_positive(table, value, "a relaxation time");
    check_positive(table, error, "an error");
    const auto factor_columns = factor_of(table, value->name);
    std::vector<const Column*> used{x, value, error};
    used.insert(used.end(), factor_columns.begin(), factor_columns.end());
    arrange_rows(table, used, Repeats::allowed);
    Curve tau;
    const double factor = time_factor(*value, tau.y_unit);
    for (const double v : value->values) tau.y.push_back(factor * v);
    if (error)
        for (const double e : error->values) tau.y_error.push_back(factor * e);
    if (factor_columns.empty() || !error) return tau;
    tau.covariance_factor.resize(static_cast<Eigen::Index>(tau.y.size()),
                                 static_cast<Eigen::Index>(factor_columns.size()));
    for (std::size_t k = 0; k < factor_columns.size(); ++k)
        for (std::size_t i = 0; i < tau.y.size(); ++i)
            tau.covariance_factor(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(k)) =
                factor * factor_columns[k]->values[i];
    tau.degrees_of_freedom = static_cast<double>(factor_columns.size()) - 1;
    return tau;
}

Findings ageing_of(const std::vector<analysis::AgeG2>& ages, const analysis::KwwOptions& kww,
                   const analysis::AgeingLawOptions& law) {
    auto tau = analysis::tau_by_age(ages, kww);
    Findings out;
    append(out, std::move(tau.rows));
    append(out, analysis::ageing_law(tau.tau, law));
    tau.tau.name = "tau_of_age";
    if (tau.tau.size() > 0) out.curves.push_back(std::move(tau.tau));
    return out;
}

// Of every region of a series.
std::vector<Findings> ageing_of(const SpeckleSeries& series, const analysis::ChainOptions& chain,
                                const analysis::AgeOptions& ages, const analysis::AgeingLawOptions& law) {
    TwoTimeMap clock;  // lags in the unit of the series
    clock.frame_time = series.frame_time;
    clock.time_unit = series.time_unit;
    std::vector<Findings> all;
    const std::int32_t regions = analysis::region_count(series);
    for (std::int32_t region = regions > 0 ? 1 : 0; region <= regions; ++region) {
        const auto pixels = analysis::active_pixels(series, region);
        if (regions > 0 && pixels.empty()) continue;
        analysis::TwoTimeOptions map_options;
        map_options.region = region;
        map_options.normalisation = chain.normalisation;
        map_options.diagonal = chain.diagonal;
        map_options.static_region = series.static_region;
        all.push_back(
            ageing_of(analysis::g2_by_age(series, map_options, ages), analysis::kww_options(chain, clock), law));
        all.back().part = part_of(series, region);
        all.back().frames = series.frames;
        all.back().pixels = pixels.size();
    }
    return all;
}

}  // namespace

Estimator read_ageing_law(Section& options, DataKind kind) {
    analysis::AgeingLawOptions law;
    law.plateau = options.choice("law", {"exponential", "plateau"}, "exponential") == "plateau";
    if (!has_no_lags(kind)) {
        const auto of = choose_tau(options, {"age", "tw", "t", "time"});
        law.rejection_level = read_rejection_level(options);
        return on<Columns>([law, of](Columns table) {
            Curve tau = tau_against(table, of, nullptr);
            const Column* age = pick(table, of.x);
            const double factor = time_factor(*age, tau.x_unit);
            for (const double t : age->values) tau.x.push_back(factor * t);
            Findings out;
            out.estimates = analysis::ageing_law(tau, law);
            return with_remarks(std::move(out), table.remarks);
        });
    }
    analysis::ChainOptions usual;
    usual.ages = 8;
    const auto chain = read_chain(options, usual);
    law.rejection_level = chain.rejection_level;
    if (chain.ages == 0) options.fail("ages", "is 0; at least one");
    analysis::AgeOptions ages;
    ages.cut = chain.cut;
    ages.ages = chain.ages;
    ages.first_frame = options.quantity("first_frame", Dimension::time, 0.0);
    return [=](const Data& data, const Extras&) {
        if (const auto* map = std::get_if<TwoTimeMap>(&data)) {
            std::vector<Findings> all;
            all.push_back(ageing_of(analysis::g2_by_age(*map, ages), analysis::kww_options(chain, *map), law));
            return all;
        }
        return ageing_of(std::get<SpeckleSeries>(data), chain, ages, law);
    };
}

Estimator read_wavevector_exponent(Section& options, DataKind kind) {
    if (!has_no_lags(kind)) {
        const auto of = choose_tau(options, {"q", "Q", "wavevector"});
        const double level = read_rejection_level(options);
        return on<Columns>([level, of](Columns table) {
            Curve tau = tau_against(table, of, "a wavevector");
            tau.x = native(*pick(table, of.x), Dimension::wavevector);
            Findings out;
            out.estimates = analysis::wavevector_exponent(tau, level);
            return with_remarks(std::move(out), table.remarks);
        });
    }
    const auto chain = read_chain(options);
    return [chain](const Data& data, const Extras&) {
        const auto* series = std::get_if<SpeckleSeries>(&data);
        if (!series || series->q.empty() || analysis::region_count(*series) < 2)
            throw InputError("wavevector_exponent needs frames with q and several q regions");
        std::vector<Findings> all;
        Curve tau;
        tau.y_unit = series->time_unit;
        for (const auto& result : analysis::correlate(data, chain)) {
            Findings out;
            out.part = part_of(data, result.region);
            for (const auto& row : result.estimates) {
                if (!is_tau_of_run(row)) continue;
                if (row.status == Status::ok) {
                    tau.x.push_back(out.part.back().value);
                    tau.y.push_back(row.value);
                    tau.y_error.push_back(row.standard_error);
                }
                out.estimates.push_back(row);
            }
            all.push_back(std::move(out));
        }
        Findings whole;
        whole.estimates = analysis::wavevector_exponent(tau, chain.rejection_level);
        all.push_back(std::move(whole));
        return all;
    };
}

}  // namespace vitrum::pipeline
