#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "vitrum/analysis/avalanche/power_law.hpp"
#include "vitrum/analysis/avalanche/tail_comparison.hpp"
#include "vitrum/analysis/avalanche/usual_power_law.hpp"
#include "vitrum/analysis/avalanche/x_min_search.hpp"
#include "vitrum/analysis/thermo/group_difference.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/pipeline/estimators/analysis_options.hpp"
#include "vitrum/pipeline/estimators/column_choice.hpp"
#include "vitrum/pipeline/estimators/option_values.hpp"
#include "vitrum/pipeline/estimators/rows.hpp"

namespace vitrum::pipeline {

namespace {

using Fit = std::function<std::vector<Estimate>(const EventCatalogue&)>;

// `kind` and `step`; 0: found.
analysis::SizeKind read_size_kind(Section& options, double& step) {
    const auto sizes = options.choice("kind", {"auto", "continuous", "discrete"}, "auto");
    const auto given = options.optional_number("step");
    step = given.value_or(0);
    if (given && !(step > 0)) options.fail("step", fmt::format("is {}; the step of discrete sizes is positive", step));
    if (given && sizes == "continuous") options.fail("step", "is of discrete sizes, kind is continuous");
    if (given || sizes == "discrete") return analysis::SizeKind::discrete;
    return sizes == "continuous" ? analysis::SizeKind::continuous : analysis::SizeKind::automatic;
}

// What was read of the sizes.
struct Sizes {
    analysis::SizeKind kind = analysis::SizeKind::automatic;
    double step = 0;
};

// x_min = "search".
Fit read_search(Section& options, Sizes& sizes) {
    if (const auto wanted = options.text("x_min"); wanted != "search")
        options.fail("x_min", fmt::format("is '{}'; a size, or the word search", wanted));
    analysis::SearchedOptions o;
    o.level = options.number("level", o.level);
    if (!(o.level > 0 && o.level < 1)) options.fail("level", fmt::format("is {}; between 0 and 1", o.level));
    o.rejection_level = read_rejection_level(options);
    o.replicates = whole(options, "replicates", o.replicates);
    constexpr std::size_t fewest_replicates = 50;
    constexpr std::size_t most_replicates = 100'000;
    if (o.replicates != 0 && (o.replicates < fewest_replicates || o.replicates > most_replicates))
        options.fail("replicates",
                     fmt::format("is {}; 0, or {} to {}", o.replicates, fewest_replicates, most_replicates));
    o.search.fewest = options.count("fewest", o.search.fewest);
    if (o.search.fewest < 5) options.fail("fewest", fmt::format("is {}; at least 5 sizes", o.search.fewest));
    sizes.kind = o.kind = read_size_kind(options, o.search.step);
    sizes.step = o.search.step;
    const auto ties = options.choice("ties", {"usual", "below", "up_to", "both"}, "usual");
    if (ties == "below") o.ties = analysis::Ties::below;
    if (ties == "up_to") o.ties = analysis::Ties::up_to;
    if (ties == "both") o.ties = analysis::Ties::both;
    return [o](const EventCatalogue& events) { return analysis::searched_power_law(events, o); };
}

Fit read_given(Section& options, Sizes& sizes) {
    analysis::PowerLawOptions o;
    o.x_min = options.number("x_min");
    o.bias_corrected = options.flag("bias_corrected", false);
    o.level = options.number("level", o.level);
    o.rejection_level = read_rejection_level(options);
    sizes.kind = o.kind = read_size_kind(options, o.step);
    sizes.step = o.step;
    if (!(o.x_min > 0)) options.fail("x_min", fmt::format("is {}; the smallest size is positive", o.x_min));
    return [o](const EventCatalogue& events) { return analysis::power_law(events, o); };
}

// fit = "binned" or "half_step".
Fit read_usual(Section& options, const std::string& fit) {
    analysis::UsualOptions o;
    o.fit = fit == "binned" ? analysis::UsualFit::binned : analysis::UsualFit::half_step;
    if (options.is_text("x_min")) options.fail("x_min", fmt::format("is a word; fit = \"{}\" takes a size", fit));
    o.x_min = options.number("x_min");
    if (!(o.x_min > 0)) options.fail("x_min", fmt::format("is {}; the smallest size is positive", o.x_min));
    // A source says what its sizes are; bins do not ask.
    const std::string kind = options.choice("kind", {"auto", "continuous", "discrete"}, "auto");
    if (o.fit == analysis::UsualFit::binned) {
        o.bins_per_decade = options.number("bins_per_decade", o.bins_per_decade);
        if (!(o.bins_per_decade > 0 && o.bins_per_decade <= 1000))
            options.fail("bins_per_decade", fmt::format("is {}; above 0, at most 1000", o.bins_per_decade));
    } else {
        if (kind == "continuous") options.fail("kind", "is continuous; fit = \"half_step\" is of counts");
        o.step = options.number("step", o.step);
        if (!(o.step > 0 && o.step <= o.x_min))
            options.fail("step", fmt::format("is {}; above 0, at most x_min = {}", o.step, o.x_min));
    }
    return [o](const EventCatalogue& events) { return analysis::usual_power_law(events, o); };
}

// The rows of other laws behind those of `fit`, from the same x_min on; `given`: not a number where it is searched.
Fit with_comparison(const Fit& fit, double given, const Sizes& sizes) {
    return [fit, given, sizes](const EventCatalogue& events) {
        std::vector<Estimate> rows = fit(events);
        double x_min = given;
        for (const Estimate& e : rows)
            if (e.quantity == "power_law_x_min") x_min = e.value;
        const double from = std::isfinite(given) ? given : analysis::smallest_of(events.size);
        if (rows.front().status != Status::no_data &&
            analysis::step_taken(events.size, from, sizes.kind, sizes.step) > 0)
            throw InputError(
                "compare: the other laws are of continuous sizes, these are whole multiples of a step; "
                "kind=continuous insists on taking them for continuous ones");
        if (std::isfinite(x_min))
            for (Estimate& e : analysis::rows_of(analysis::compare_laws(events.size, x_min)))
                rows.push_back(std::move(e));
        return rows;
    };
}

}  // namespace

Estimator read_power_law(Section& options, DataKind kind) {
    const std::string usual = options.choice("fit", {"likelihood", "binned", "half_step"}, "likelihood");
    const bool searched = options.is_text("x_min");
    Sizes sizes;
    Fit fit = usual != "likelihood" ? read_usual(options, usual)
              : searched            ? read_search(options, sizes)
                                    : read_given(options, sizes);
    if (usual == "likelihood" && options.flag("compare", false))
        fit = with_comparison(fit, searched ? not_a_number : options.number("x_min"), sizes);
    if (kind == DataKind::events)
        return on<EventCatalogue>([fit](const EventCatalogue& events) {
            Findings out;
            out.estimates = fit(events);
            return out;
        });
    const auto choice = choose(options, "x", {"size", "S", "s", "energy", "x"}, 0, true);
    return on<Columns>([fit, choice](const Columns& table) {
        const Column* size = pick(table, choice);
        for (std::size_t i = 0; i < size->values.size(); ++i)
            if (const double x = size->values[i]; !(x > 0) || !std::isfinite(x))
                throw InputError(fmt::format("{}: size {}; a size is positive and finite", table.place_of_row(i), x));
        EventCatalogue events;
        events.name = table.file.stem().string();
        events.unit = size->unit;
        events.size = size->values;
        Findings out;
        out.estimates = fit(events);
        return out;
    });
}

Estimator read_group_difference(Section& options, DataKind) {
    const auto errors = options.choice("errors", {"samples", "measurement"}, "samples") == "samples"
                            ? analysis::GroupErrors::samples
                            : analysis::GroupErrors::measurement;
    const auto group = choose(options, "x", {"group"}, 0, true);
    const auto value = choose(options, "y", {"value"}, 1, true);
    const auto error = choose(options, "error", {"error", "value_error", "sigma"}, 2, false);
    return on<Columns>([=](const Columns& table) {
        const Column* which = pick(table, group);
        const Column* y = pick(table, value);
        const Column* sigma = pick(table, error);
        check_positive(table, sigma, "an error");
        std::vector<analysis::MeasuredSample> a;
        std::vector<analysis::MeasuredSample> b;
        for (std::size_t i = 0; i < table.rows(); ++i) {
            const double g = which->values[i];
            if (g != 0 && g != 1)
                throw InputError(fmt::format("{}: group {}; the two groups are 0 and 1", table.place_of_row(i), g));
            (g == 0 ? a : b).push_back({y->values[i], sigma ? sigma->values[i] : not_a_number});
        }
        Findings out;
        out.estimates = analysis::group_difference(a, b, errors);
        return out;
    });
}

}  // namespace vitrum::pipeline
