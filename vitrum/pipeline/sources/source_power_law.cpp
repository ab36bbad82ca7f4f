#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/model/avalanche/power_law_source.hpp"
#include "vitrum/pipeline/sources/sources.hpp"

namespace vitrum::pipeline {

namespace {

struct Catalogue {
    model::PowerLaw law;
    std::size_t events = 200;
};

// "x_max" absent: no upper end.
double read_end(Section& section, const std::string& key) {
    return section.optional_number(key).value_or(std::numeric_limits<double>::infinity());
}

}  // namespace

SourcePlan read_power_law(Section& section, const std::string& name) {
    Catalogue c;
    c.law.alpha = section.number("alpha", c.law.alpha);
    c.law.x_min = section.number("x_min", c.law.x_min);
    c.law.x_max = read_end(section, "x_max");
    c.law.cutoff = read_end(section, "cutoff");
    c.law.body_from = section.optional_number("body_from").value_or(0);
    c.law.step = section.optional_number("step").value_or(0);
    c.events = section.count("events", c.events);
    section.guard([&] { model::check(c.law); });
    const double fit_from = section.number("fit_from", c.law.x_min);
    const bool bias_corrected = section.flag("bias_corrected", false);
    if (!(fit_from >= c.law.x_min))
        section.fail("fit_from", fmt::format("is {}; sizes begin at x_min = {}", fit_from, c.law.x_min));
    Unit unit;
    unit.name = name;
    unit.title = fmt::format("{} sizes of a power law, exponent {}", c.events, c.law.alpha);
    unit.cost = 1e-6 * static_cast<double>(c.events);
    unit.generate = [c, name, title = unit.title](const UnitContext& context) {
        auto made = model::generate_power_law(c.law, c.events, "", context.key);
        Labelled<DataSet> set;
        set.data.name = name;
        set.data.source = "power_law";
        set.data.title = title;
        set.data.data = std::move(made.data);
        set.truth = std::move(made.truth);
        return set;
    };
    if (std::isinf(c.law.x_max) && std::isinf(c.law.cutoff) && fit_from == c.law.x_min && c.law.body_from == 0 &&
        c.law.step == 0)
        unit.law = PlainPowerLaw{c.law.alpha, c.events};
    SourcePlan plan;
    plan.units.push_back(std::move(unit));
    plan.data = DataKind::events;
    // What is drawn.
    toml::table options{{"x_min", fit_from}, {"kind", c.law.step > 0 ? "discrete" : "continuous"}};
    if (c.law.step > 0 && c.law.step != 1) options["step"] = c.law.step;  // a method may take counts for continuous
    if (bias_corrected) options["bias_corrected"] = true;                 // a searched x_min knows no such key
    plan.default_estimate = {"power_law", std::move(options)};
    return plan;
}

}  // namespace vitrum::pipeline
