#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/analysis/relaxation/age_cuts.hpp"
#include "vitrum/analysis/relaxation/ageing_law.hpp"
#include "vitrum/analysis/chain/correlation_chain.hpp"
#include "vitrum/analysis/relaxation/wavevector_exponent.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/pipeline/estimators/analysis_options.hpp"
#include "vitrum/pipeline/estimators/estimator_input.hpp"
#include "vitrum/pipeline/estimators/estimator_rows.hpp"

namespace vitrum::pipeline {

namespace {

namespace fs = std::filesystem;

// y = tau and its error from two columns, rows in order of the axis; refuses what is no relaxation time.
void read_tau(io::CsvRows& table, const io::CsvColumn* axis, Section& options, Curve& tau) {
    const auto* value = column(table, options, "y", {"tau"}, 1, true);
    const auto* error = column(table, options, "error", {"tau_error", "tau_err", "error", "sigma"}, 2, false);
    check_positive(table, value, "a relaxation time");
    check_positive(table, error, "an error");
    arrange_rows(table, {axis, value, error}, Repeats::allowed);
    const double factor = time_factor(*value, tau.y_unit);
    for (const double v : value->values) tau.y.push_back(factor * v);
    if (!error) return;
    for (const double e : error->values) tau.y_error.push_back(factor * e);
}

void append_ageing(EstimatorOutput& out, const std::vector<analysis::AgeG2>& ages, const analysis::KwwOptions& kww,
                   const analysis::AgeingLawOptions& law, const Abscissa& place) {
    auto tau = analysis::tau_by_age(ages, kww);
    append(out, std::move(tau.rows), place);
    append(out, analysis::ageing_law(tau.tau, law), place);
}

}  // namespace

EstimatorOutput estimate_ageing_law(const fs::path& path, Section& options) {
    analysis::AgeingLawOptions law;
    law.plateau = options.choice("law", {"exponential", "plateau"}, "exponential") == "plateau";
    if (!is_hdf5(path)) {
        io::CsvRows table = io::read_csv_rows(path);
        const auto* age = column(table, options, "x", {"age", "tw", "t", "time"}, 0, true);
        Curve tau;
        read_tau(table, age, options, tau);
        law.rejection_level = read_rejection_level(options);
        options.finish();
        const double factor = time_factor(*age, tau.x_unit);
        for (const double t : age->values) tau.x.push_back(factor * t);
        return with_remarks({analysis::ageing_law(tau, law), {}, {}}, table.remarks);
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
    EstimatorOutput out;
    const auto sets = read_sets(path, options, out);
    options.finish();
    for (const auto& set : sets) {
        if (const auto* map = std::get_if<TwoTimeMap>(&set.data.data)) {
            append_ageing(out, analysis::g2_by_age(*map, ages), analysis::kww_options(chain, *map), law,
                          place_of(set.data, 0));
            continue;
        }
        const auto& series = std::get<SpeckleSeries>(set.data.data);
        TwoTimeMap clock;  // lags in the unit of the series
        clock.frame_time = series.frame_time;
        clock.time_unit = series.time_unit;
        const std::int32_t regions = analysis::region_count(series);
        for (std::int32_t region = regions > 0 ? 1 : 0; region <= regions; ++region) {
            if (regions > 0 && analysis::active_pixels(series, region).empty()) continue;
            analysis::TwoTimeOptions map_options;
            map_options.region = region;
            map_options.normalisation = chain.normalisation;
            map_options.diagonal = chain.diagonal;
            map_options.static_region = series.static_region;
            append_ageing(out, analysis::g2_by_age(series, map_options, ages), analysis::kww_options(chain, clock), law,
                          place_of(set.data, region));
        }
    }
    return out;
}

EstimatorOutput estimate_wavevector_exponent(const fs::path& path, Section& options) {
    EstimatorOutput out;
    if (!is_hdf5(path)) {
        io::CsvRows table = io::read_csv_rows(path);
        const auto* q = column(table, options, "x", {"q", "Q", "wavevector"}, 0, true);
        Curve tau;
        check_positive(table, q, "a wavevector");
        read_tau(table, q, options, tau);
        const double level = read_rejection_level(options);
        options.finish();
        const double factor = q->unit.empty() ? 1 : unit_factor(q->unit, Dimension::wavevector, q->name);
        for (const double v : q->values) tau.x.push_back(factor * v);
        return with_remarks({analysis::wavevector_exponent(tau, level), {}, {}}, table.remarks);
    }
    const auto chain = read_chain(options);
    const auto sets = read_sets(path, options, out);
    options.finish();
    for (const auto& set : sets) {
        const auto* series = std::get_if<SpeckleSeries>(&set.data.data);
        if (!series || series->q.empty() || analysis::region_count(*series) < 2)
            throw InputError(fmt::format("'{}': '{}' does not hold frames with q and several q regions", path.string(),
                                         set.data.name));
        Curve tau;
        tau.y_unit = series->time_unit;
        for (const auto& result : analysis::correlate(set.data, chain)) {
            const double q = place_of(set.data, result.region).back().value;
            for (auto row : result.estimates) {
                if (!is_tau_of_run(row)) continue;
                if (row.status == Status::ok) {
                    tau.x.push_back(q);
                    tau.y.push_back(row.value);
                    tau.y_error.push_back(row.standard_error);
                }
                append(out, {std::move(row)}, place_of(set.data, result.region));
            }
        }
        append(out, analysis::wavevector_exponent(tau, chain.rejection_level), place_of(set.data, 0));
    }
    return out;
}

}  // namespace vitrum::pipeline
