#include "vitrum/pipeline/across/over_pressures.hpp"

#include <algorithm>
#include <utility>

#include "vitrum/analysis/thermo/activation_volume.hpp"
#include "vitrum/analysis/thermo/branch_ratio.hpp"
#include "vitrum/analysis/thermo/crossover_pressure.hpp"
#include "vitrum/pipeline/across/across.hpp"
#include "vitrum/pipeline/estimators/correlation_rows.hpp"

namespace vitrum::pipeline {

namespace {

struct TauOfPressure {
    Abscissa place;
    Curve curve;
};

// tau against pressure of one source, one curve per q region. What did not come out clean is not a number.
std::vector<TauOfPressure> tau_of_pressure(const SourcePlan& source, const Result& result) {
    std::vector<TauOfPressure> curves;
    for (const auto& series : result.series) {
        if (series.abscissa.empty() || !series.failure.empty() || series.source_name != source.name) continue;
        const Abscissa place = series.abscissa.without("pressure");
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

// tau of all scans of both branches at every pressure that has both, cleanly measured or not.
void add_branch_ratios_of(const SourcePlan& source, const Coordinate& which, Result& result) {
    // The same pressure and region; scans are numbered through, so that indices do not tell.
    const auto together = [](const Abscissa& a, const Abscissa& b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Coordinate& x, const Coordinate& y) {
            return x.name == y.name && x.value == y.value;
        });
    };
    std::vector<analysis::BranchScans> pressures;  // at the place of the first scan on compression, without the source
    for (const bool compression : {true, false})
        for (const auto& series : result.series) {
            const Coordinate* branch = series.abscissa.find("branch");
            if (series.source_name != source.name || !branch || compression != (branch->index == 0)) continue;
            const Abscissa place = series.abscissa.without("branch");
            auto at = std::find_if(pressures.begin(), pressures.end(),
                                   [&](const auto& p) { return together(p.place, place); });
            if (at == pressures.end() && !compression) continue;
            if (at == pressures.end()) at = pressures.insert(pressures.end(), {place, {}, {}});
            analysis::BranchTau scan;
            for (const auto& e : series.estimates) {
                if (is_clean_tau(e)) {
                    scan.tau = e.value;
                    scan.error = e.standard_error;
                }
                if (e.quantity == "stationarity_p" && e.abscissa.empty() && e.value < source.chain.rejection_level)
                    scan.steady = false;
            }
            (compression ? at->compression : at->decompression).push_back(scan);
        }
    std::erase_if(pressures, [](const auto& p) { return p.decompression.empty(); });
    for (auto& p : pressures) p.place = Abscissa{which}.with(p.place);
    for (auto& row : analysis::branch_log_ratio(pressures)) result.estimates.push_back(std::move(row));
    for (auto row : source.combined_truth.rows) {
        if (row.quantity != "branch_log_ratio") continue;
        row.abscissa.insert(row.abscissa.begin(), which);
        result.truth.rows.push_back(std::move(row));
    }
}

}  // namespace

void add_volumes_and_crossover(const std::vector<SourcePlan>& sources, const std::string& name, double temperature,
                               Result& result) {
    const auto at_name = std::find_if(sources.begin(), sources.end(), [&](const auto& s) { return s.name == name; });
    if (at_name == sources.end()) return;
    const SourcePlan& source = *at_name;
    const Abscissa which{source_coordinate(sources, name)};
    const auto placed = [&](const Abscissa& place, const Abscissa& pressure) {
        return which.with(place).with(pressure);
    };
    for (const auto& [place, tau] : tau_of_pressure(source, result)) {
        for (auto row : analysis::activation_volume(tau, {.temperature = temperature})) {
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

void add_branch_ratios(const std::vector<SourcePlan>& sources, Result& result) {
    for (const auto& source : sources) add_branch_ratios_of(source, source_coordinate(sources, source.name), result);
}

}  // namespace vitrum::pipeline
