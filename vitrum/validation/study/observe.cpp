#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "vitrum/core/quantities/quantity.hpp"
#include "vitrum/validation/study/outcomes.hpp"

namespace vitrum::validation {

namespace {

bool wanted(const Judge& judge, const std::string& series) {
    return judge.series.empty() || std::find(judge.series.begin(), judge.series.end(), series) != judge.series.end();
}

void add(Observed& seen, Estimand estimand, Row row) {
    row.estimand = static_cast<std::uint32_t>(seen.estimands.size());
    seen.estimands.push_back(std::move(estimand));
    seen.rows.rows.push_back(row);
}

// Where a quantity of lags has a curve of its name as its truth, which begins at lag 1; nullptr elsewhere.
const Curve* truth_over_lags(const Estimate& e, const GroundTruth& truth) {
    if (e.abscissa.size() != 1 || e.abscissa.front().name != "lag" || e.abscissa.front().index < 1) return nullptr;
    const Curve* curve = truth.curve(e.quantity);
    // Both ways to take the noise out of chi4 mean the variance that such a run shows without it.
    if (e.quantity == "chi4_split" || e.quantity == "chi4_formula") curve = truth.curve("chi4_run");
    return curve && static_cast<std::size_t>(e.abscissa.front().index) <= curve->size() ? curve : nullptr;
}

void add_estimates(const Study& study, const std::string& method, const std::string& series,
                   const std::vector<Estimate>& estimates, const GroundTruth& truth, Observed& seen) {
    for (const auto& e : estimates) {
        const Judge* judge = study.judge(e.quantity);
        if (!judge || !wanted(*judge, series)) continue;
        Row row;
        row.status = e.status;
        if (const TruthRow* known = truth.find(e.quantity, e.abscissa)) {
            row.truth = known->value;
            row.origin = known->origin;
        } else if (const Curve* curve = truth_over_lags(e, truth)) {
            row.truth = curve->y[static_cast<std::size_t>(e.abscissa.front().index - 1)];
            row.origin = truth.origin_of(*curve);
        }
        row.estimate = e.value;
        row.standard_error = e.standard_error;
        row.lower = e.lower;
        row.upper = e.upper;
        add(seen, {method, series, e.quantity, e.unit, e.abscissa, e.level}, row);
    }
}

// g2 at the judged lags; its interval is that of the chain's figures, 1.96 standard errors or Student's factor.
void add_g2(const Study& study, const std::string& method, const SeriesResult& series, Observed& seen) {
    if (!series.g2) return;
    const Curve& g2 = *series.g2;
    for (const auto& judge : study.judges) {
        if (judge.lags.empty() || !wanted(judge, series.name)) continue;
        const Curve* truth = series.truth.curve(judge.quantity);
        if (!truth) truth = series.truth.curve("g2");  // of homogeneous dynamics run and population agree
        for (const std::size_t lag : judge.lags) {
            const std::size_t at = lag - 1;  // g2 begins at one frame
            if (at >= g2.size()) continue;
            const double error = at < g2.y_error.size() ? g2.y_error[at] : not_a_number;
            const double freedom = g2.degrees_of_freedom > 0 ? g2.degrees_of_freedom : 1e9;
            Row row;
            row.estimate = g2.y[at];
            row.standard_error = error;
            row.lower = g2.y[at] - student_factor(freedom) * error;
            row.upper = g2.y[at] + student_factor(freedom) * error;
            if (!std::isfinite(row.estimate)) row.status = Status::no_data;
            if (truth && at < truth->size()) {
                row.truth = truth->y[at];
                row.origin = series.truth.origin_of(*truth);
            }
            const Abscissa place{{"lag", static_cast<std::int64_t>(lag), static_cast<double>(lag), "frames"}};
            add(seen, {method, series.name, judge.quantity, "", place, 0.95}, row);
        }
    }
}

}  // namespace

Observed observe(const Study& study, std::uint32_t cell, std::uint64_t replicate, const std::vector<Result>& results) {
    Observed seen;
    seen.rows.cell = cell;
    seen.rows.replicate = replicate;
    for (std::size_t m = 0; m < results.size(); ++m) {
        const std::string& method = study.method_names[m];
        for (const auto& series : results[m].series) {
            if (!series.failure.empty() && seen.rows.failure.empty())
                seen.rows.failure = fmt::format("{}: {}", series.name, series.failure);
            add_estimates(study, method, series.name, series.estimates, series.truth, seen);
            add_g2(study, method, series, seen);
        }
        add_estimates(study, method, "", results[m].estimates, results[m].truth, seen);
    }
    return seen;
}

}  // namespace vitrum::validation
