#include <cmath>

#include <fmt/format.h>

#include "vitrum/analysis/avalanche/power_law.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/data/event_catalogue.hpp"
#include "vitrum/pipeline/estimators/analysis_options.hpp"
#include "vitrum/pipeline/estimators/estimator_input.hpp"
#include "vitrum/pipeline/estimators/estimator_rows.hpp"

namespace vitrum::pipeline {

EstimatorOutput estimate_power_law(const std::filesystem::path& path, Section& options) {
    analysis::PowerLawOptions o;
    o.x_min = options.number("x_min");
    o.bias_corrected = options.flag("bias_corrected", false);
    o.level = options.number("level", o.level);
    o.rejection_level = read_rejection_level(options);
    const auto kind = options.choice("kind", {"auto", "continuous", "discrete"}, "auto");
    if (kind == "continuous") o.kind = analysis::SizeKind::continuous;
    if (kind == "discrete") o.kind = analysis::SizeKind::discrete;
    if (const auto step = options.optional_number("step")) {
        if (!(*step > 0)) options.fail("step", fmt::format("is {}; the step of discrete sizes is positive", *step));
        if (kind == "continuous") options.fail("step", "is of discrete sizes, kind is continuous");
        o.kind = analysis::SizeKind::discrete;
        o.step = *step;
    }
    if (!(o.x_min > 0)) options.fail("x_min", fmt::format("is {}; the smallest size is positive", o.x_min));
    const io::CsvRows table = io::read_csv_rows(path);
    const auto* size = column(table, options, "x", {"size", "S", "s", "energy", "x"}, 0, true);
    options.finish();
    for (std::size_t i = 0; i < size->values.size(); ++i)
        if (const double x = size->values[i]; !(x > 0) || !std::isfinite(x))
            throw InputError(
                fmt::format("{}:{}: size {}; a size is positive and finite", path.string(), table.lines[i], x));
    EventCatalogue events;
    events.name = path.stem().string();
    events.unit = size->unit;
    events.size = size->values;
    return {analysis::power_law(events, o), {}, {}};
}

}  // namespace vitrum::pipeline
