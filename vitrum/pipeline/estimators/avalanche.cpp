#include <cmath>

#include <fmt/format.h>

#include "vitrum/analysis/avalanche/power_law.hpp"
#include "vitrum/analysis/thermo/group_difference.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/pipeline/estimators/analysis_options.hpp"
#include "vitrum/pipeline/estimators/column_choice.hpp"
#include "vitrum/pipeline/estimators/rows.hpp"

namespace vitrum::pipeline {

Estimator read_power_law(Section& options, DataKind kind) {
    analysis::PowerLawOptions o;
    o.x_min = options.number("x_min");
    o.bias_corrected = options.flag("bias_corrected", false);
    o.level = options.number("level", o.level);
    o.rejection_level = read_rejection_level(options);
    const auto sizes = options.choice("kind", {"auto", "continuous", "discrete"}, "auto");
    if (sizes == "continuous") o.kind = analysis::SizeKind::continuous;
    if (sizes == "discrete") o.kind = analysis::SizeKind::discrete;
    if (const auto step = options.optional_number("step")) {
        if (!(*step > 0)) options.fail("step", fmt::format("is {}; the step of discrete sizes is positive", *step));
        if (sizes == "continuous") options.fail("step", "is of discrete sizes, kind is continuous");
        o.kind = analysis::SizeKind::discrete;
        o.step = *step;
    }
    if (!(o.x_min > 0)) options.fail("x_min", fmt::format("is {}; the smallest size is positive", o.x_min));
    if (kind == DataKind::events)
        return on<EventCatalogue>([o](const EventCatalogue& events) {
            Findings out;
            out.estimates = analysis::power_law(events, o);
            return out;
        });
    const auto choice = choose(options, "x", {"size", "S", "s", "energy", "x"}, 0, true);
    return on<Columns>([o, choice](const Columns& table) {
        const Column* size = pick(table, choice);
        for (std::size_t i = 0; i < size->values.size(); ++i)
            if (const double x = size->values[i]; !(x > 0) || !std::isfinite(x))
                throw InputError(fmt::format("{}: size {}; a size is positive and finite", table.place_of_row(i), x));
        EventCatalogue events;
        events.name = table.file.stem().string();
        events.unit = size->unit;
        events.size = size->values;
        Findings out;
        out.estimates = analysis::power_law(events, o);
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
