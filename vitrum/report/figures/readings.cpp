#include "vitrum/report/figures/readings.hpp"

#include <algorithm>
#include <cmath>

namespace vitrum::report {

namespace {

Abscissa completed(Abscissa abscissa, const Abscissa& place) {
    // The series' own coordinates first, in their order, so that truth and estimate agree however each was written.
    Abscissa full;
    for (const Coordinate& own : place) {
        const Coordinate* given = abscissa.find(own.name);
        full.push_back(given ? *given : own);
    }
    for (Coordinate& given : abscissa)
        if (!place.find(given.name)) full.push_back(std::move(given));
    return full;
}

}  // namespace

bool Reading::clean() const { return estimate && estimate->status == Status::ok && std::isfinite(estimate->value); }

double Reading::difference() const { return clean() && truth ? estimate->value - truth->value : not_a_number; }

std::vector<Reading> read(const std::vector<Estimate>& estimates, const GroundTruth& truth, const Abscissa& place) {
    std::vector<Estimate> full_estimates = estimates;
    for (Estimate& estimate : full_estimates) estimate.abscissa = completed(std::move(estimate.abscissa), place);
    GroundTruth full_truth;
    full_truth.rows = truth.rows;
    for (TruthRow& row : full_truth.rows) row.abscissa = completed(std::move(row.abscissa), place);

    std::vector<Reading> readings;
    for (const Judged& judged : judge(full_estimates, full_truth)) {
        Reading reading;
        reading.estimate = *judged.estimate;
        if (judged.truth) reading.truth = *judged.truth;
        reading.pull = judged.pull;
        readings.push_back(std::move(reading));
    }
    for (const TruthRow& row : full_truth.rows) {
        const bool met = std::any_of(readings.begin(), readings.end(), [&](const Reading& reading) {
            return reading.quantity() == row.quantity && same_place(reading.place(), row.abscissa);
        });
        if (met) continue;
        Reading reading;
        reading.truth = row;
        readings.push_back(std::move(reading));
    }
    return readings;
}

std::string status_text(Status status) {
    switch (status) {
        case Status::ok: return "ok";
        case Status::at_bound: return "at a bound";
        case Status::not_converged: return "did not converge";
        case Status::decay_not_reached: return "decay not reached";
        case Status::not_resolved: return "not resolved";
        case Status::no_data: return "no data";
        case Status::law_rejected: return "law rejected";
    }
    return std::string(name(status));
}

std::string origin_text(Origin origin) {
    switch (origin) {
        case Origin::closed_form: return "closed form";
        case Origin::imposed: return "imposed";
        case Origin::recorded: return "recorded";
        case Origin::reference: return "reference";
        case Origin::numerical: return "numerical";
    }
    return std::string(name(origin));
}

}  // namespace vitrum::report
