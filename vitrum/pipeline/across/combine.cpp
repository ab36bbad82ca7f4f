#include "vitrum/pipeline/across/combine.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "vitrum/analysis/thermo/activation_volume.hpp"
#include "vitrum/analysis/thermo/branch_ratio.hpp"
#include "vitrum/analysis/thermo/crossover_pressure.hpp"
#include "vitrum/pipeline/across/combine_quenches.hpp"
#include "vitrum/pipeline/across/compare_preparations.hpp"
#include "vitrum/pipeline/estimators/estimator_input.hpp"
#include "vitrum/pipeline/across/over_regions.hpp"
#include "vitrum/pipeline/across/over_scans.hpp"

namespace vitrum::pipeline {

namespace {

// Where a series stands apart from its pressure: its q region.
Abscissa without_pressure(const Abscissa& abscissa) {
    Abscissa rest;
    std::copy_if(abscissa.begin(), abscissa.end(), std::back_inserter(rest),
                 [](const Coordinate& c) { return c.name != "pressure"; });
    return rest;
}

struct TauOfPressure {
    Abscissa place;
    Curve curve;
};

// tau against pressure of one source, one curve per q region. What did not come out clean is not a number.
std::vector<TauOfPressure> tau_of_pressure(const SourcePlan& source, const Result& result) {
    std::vector<TauOfPressure> curves;
    for (const auto& series : result.series) {
        if (series.abscissa.empty() || !series.failure.empty() || series.source_name != source.name) continue;
        const Abscissa place = without_pressure(series.abscissa);
        auto at = std::find_if(curves.begin(), curves.end(), [&](const auto& c) { return same_place(c.place, place); });
        if (at == curves.end()) at = curves.insert(curves.end(), {place, {}});
        for (const auto& e : series.estimates)
            if (is_tau_of_run(e)) {
                const bool clean = e.status == Status::ok;
                at->curve.x.push_back(series.abscissa.front().value);
                at->curve.y.push_back(clean ? e.value : not_a_number);
                at->curve.y_error.push_back(clean ? e.standard_error : not_a_number);
            }
    }
    return curves;
}

void add_activation_volume(const SourcePlan& source, std::int64_t ordinal, Result& result) {
    const Coordinate which{"source", ordinal, static_cast<double>(ordinal), source.name};
    const auto placed = [&](const Abscissa& place, const Abscissa& pressure) {
        Abscissa at{which};
        at.insert(at.end(), place.begin(), place.end());
        at.insert(at.end(), pressure.begin(), pressure.end());
        return at;
    };
    for (const auto& [place, tau] : tau_of_pressure(source, result)) {
        for (auto row : analysis::activation_volume(tau, {source.temperature})) {
            row.abscissa = placed(place, row.abscissa);
            result.estimates.push_back(std::move(row));
        }
        if (tau.size() > 2)
            for (auto row : analysis::crossover_pressure(tau, source.chain.rejection_level)) {
                row.abscissa = placed(place, row.abscissa);
                result.estimates.push_back(std::move(row));
            }
        for (auto row : source.combined_truth.rows) {
            if (row.quantity != "activation_volume" && !row.quantity.starts_with("crossover_pressure")) continue;
            row.abscissa = placed(place, row.abscissa);
            result.truth.rows.push_back(std::move(row));
        }
    }
}

// tau of both branches at every pressure where both were measured, cleanly or not.
void add_branch_ratios(const SourcePlan& source, std::int64_t ordinal, Result& result) {
    struct Scan {
        Abscissa place;  // without the branch
        bool compression = false;
        double tau = not_a_number, error = not_a_number;
    };
    std::vector<Scan> scans;
    for (const auto& series : result.series) {
        const auto branch = std::find_if(series.abscissa.begin(), series.abscissa.end(),
                                         [](const Coordinate& c) { return c.name == "branch"; });
        if (series.source_name != source.name || branch == series.abscissa.end()) continue;
        Scan scan;
        scan.compression = branch->index == 0;
        std::copy_if(series.abscissa.begin(), series.abscissa.end(), std::back_inserter(scan.place),
                     [](const Coordinate& c) { return c.name != "branch"; });
        for (const auto& e : series.estimates)
            if (is_clean_tau(e)) {
                scan.tau = e.value;
                scan.error = e.standard_error;
            }
        scans.push_back(std::move(scan));
    }
    // The same pressure and region; scans are numbered through, so that indices do not tell.
    const auto together = [](const Abscissa& a, const Abscissa& b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Coordinate& x, const Coordinate& y) {
            return x.name == y.name && x.value == y.value;
        });
    };
    std::vector<analysis::BranchPair> pairs;
    for (const auto& up : scans)
        for (const auto& down : scans)
            if (up.compression && !down.compression && together(up.place, down.place)) {
                analysis::BranchPair pair{{{"source", ordinal, static_cast<double>(ordinal), source.name}},
                                          up.tau,
                                          up.error,
                                          down.tau,
                                          down.error};
                pair.place.insert(pair.place.end(), up.place.begin(), up.place.end());
                pairs.push_back(std::move(pair));
            }
    for (auto& row : analysis::branch_log_ratio(pairs)) result.estimates.push_back(std::move(row));
    for (auto row : source.combined_truth.rows) {
        if (row.quantity != "branch_log_ratio") continue;
        row.abscissa.insert(row.abscissa.begin(), {"source", ordinal, static_cast<double>(ordinal), source.name});
        result.truth.rows.push_back(std::move(row));
    }
}

// The source to which a data set belongs, as a coordinate.
Coordinate source_of(const Scenario& scenario, const std::string& unit) {
    for (std::size_t s = 0; s < scenario.sources.size(); ++s)
        for (const auto& u : scenario.sources[s].units)
            if (u.name == unit)
                return {"source", static_cast<std::int64_t>(s), static_cast<double>(s), scenario.sources[s].name};
    return {"source", -1, -1, unit};
}

}  // namespace

Result combine(const Scenario& scenario, std::vector<std::vector<SeriesResult>> done) {
    Result result;
    result.title = scenario.title;
    result.question = scenario.question;
    result.scenario = scenario.resolved;
    for (auto& series : done)
        for (auto& one : series) result.series.push_back(std::move(one));
    for (std::size_t s = 0; s < scenario.sources.size(); ++s) {
        const SourcePlan& source = scenario.sources[s];
        result.statements.insert(result.statements.end(), source.statements.begin(), source.statements.end());
        for (std::size_t c = 0; c < source.combined_truth.curves.size(); ++c)
            result.truth.add(source.combined_truth.curves[c], source.combined_truth.curve_origins[c]);
        if (source.activation_volume) add_activation_volume(source, static_cast<std::int64_t>(s), result);
        add_branch_ratios(source, static_cast<std::int64_t>(s), result);
    }
    add_quench_means(scenario, result);
    add_differences(scenario, result);
    add_energy_minima(scenario, result);
    add_tg_slopes(scenario, result);
    add_scan_averages(result);
    add_wavevector_exponents(result, [&](const std::string& unit) { return source_of(scenario, unit); });
    return result;
}

}  // namespace vitrum::pipeline
