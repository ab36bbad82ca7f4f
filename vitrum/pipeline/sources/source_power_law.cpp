#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "vitrum/analysis/avalanche/power_law.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/model/avalanche/power_law_source.hpp"
#include "vitrum/pipeline/sources/sources.hpp"

namespace vitrum::pipeline {

namespace {

struct Catalogue {
    model::PowerLaw law;
    std::size_t events = 200;
    analysis::PowerLawOptions estimator;
};

// "x_max" absent: no upper end.
double read_end(Section& section, const std::string& key) {
    return section.optional_number(key).value_or(std::numeric_limits<double>::infinity());
}

std::vector<SeriesResult> measure(const Catalogue& c, const std::string& name, const std::string& title,
                                  const StreamKey& key) {
    const auto made = model::generate_power_law(c.law, c.events, "", key);
    SeriesResult series;
    series.name = name;
    series.source = "power_law";
    series.source_name = name;
    series.title = title;
    series.estimates = analysis::power_law(made.data, c.estimator);
    series.truth = made.truth;
    return {std::move(series)};
}

}  // namespace

SourcePlan read_power_law(Section& section, const std::string& name) {
    Catalogue c;
    c.law.alpha = section.number("alpha", c.law.alpha);
    c.law.x_min = section.number("x_min", c.law.x_min);
    c.law.x_max = read_end(section, "x_max");
    c.law.cutoff = read_end(section, "cutoff");
    c.events = section.count("events", c.events);
    c.estimator.x_min = section.number("fit_from", c.law.x_min);
    c.estimator.kind = analysis::SizeKind::continuous;  // it is what is drawn
    c.estimator.bias_corrected = section.flag("bias_corrected", false);
    section.guard([&] { model::check(c.law); });
    if (!(c.estimator.x_min >= c.law.x_min))
        section.fail("fit_from", fmt::format("is {}; sizes begin at x_min = {}", c.estimator.x_min, c.law.x_min));
    Unit unit;
    unit.name = name;
    unit.title = fmt::format("{} sizes of a power law, exponent {}", c.events, c.law.alpha);
    unit.cost = 1e-6 * static_cast<double>(c.events);
    unit.measured = [c, name, title = unit.title](const UnitContext& context) {
        return measure(c, name, title, context.key);
    };
    unit.columns = [c](const UnitContext& context) -> LabelledColumns {
        auto made = model::generate_power_law(c.law, c.events, "", context.key);
        return {{{"size", "", std::move(made.data.size)}}, std::move(made.truth)};
    };
    if (std::isinf(c.law.x_max) && std::isinf(c.law.cutoff) && c.estimator.x_min == c.law.x_min)
        unit.law = PlainPowerLaw{c.law.alpha, c.events};
    SourcePlan plan;
    plan.units.push_back(std::move(unit));
    return plan;
}

}  // namespace vitrum::pipeline
