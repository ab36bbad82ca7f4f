#include <boost/random/normal_distribution.hpp>
#include <fmt/format.h>

#include "vitrum/analysis/thermo/group_difference.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/pipeline/sources/sources.hpp"

namespace vitrum::pipeline {

namespace {

struct Groups {
    std::size_t samples = 2;    // of each group
    double difference = 0;      // of the groups' means
    double between = 0.1;       // standard deviation between samples of a group
    double measurement = 0.05;  // standard error of one measurement
    analysis::GroupErrors errors = analysis::GroupErrors::samples;
};

std::vector<analysis::MeasuredSample> draw(const Groups& g, double mean, Stream& stream) {
    boost::random::normal_distribution<double> normal;
    std::vector<analysis::MeasuredSample> group;
    for (std::size_t i = 0; i < g.samples; ++i) {
        const double sample = mean + g.between * normal(stream);
        group.push_back({sample + g.measurement * normal(stream), g.measurement});
    }
    return group;
}

// Both groups as drawn: group 0 and 1.
LabelledColumns table(const Groups& g, const StreamKey& key) {
    Stream stream(key, Purpose::field, 0);
    LabelledColumns made;
    made.columns = {{"group", "", {}}, {"value", "", {}}, {"error", "", {}}};
    for (const double group : {0.0, 1.0})
        for (const auto& sample : draw(g, group * g.difference, stream)) {
            made.columns[0].values.push_back(group);
            made.columns[1].values.push_back(sample.value);
            made.columns[2].values.push_back(sample.error);
        }
    made.truth.add("group_difference", {}, g.difference, Origin::closed_form);
    return made;
}

std::vector<SeriesResult> measure(const Groups& g, const std::string& name, const std::string& title,
                                  const StreamKey& key) {
    Stream stream(key, Purpose::field, 0);
    const auto a = draw(g, 0, stream);
    const auto b = draw(g, g.difference, stream);
    SeriesResult series;
    series.name = name;
    series.source = "samples";
    series.source_name = name;
    series.title = title;
    series.estimates = analysis::group_difference(a, b, g.errors);
    series.truth.add("group_difference", {}, g.difference, Origin::closed_form);
    return {std::move(series)};
}

}  // namespace

SourcePlan read_samples(Section& section, const std::string& name) {
    Groups g;
    g.samples = section.count("samples", g.samples);
    g.difference = section.number("difference", g.difference);
    g.between = section.number("between", g.between);
    g.measurement = section.number("measurement", g.measurement);
    if (!(g.between >= 0)) section.fail("between", "is negative");
    if (!(g.measurement > 0)) section.fail("measurement", "is not positive");
    g.errors = section.choice("errors", {"samples", "measurement"}, "samples") == "samples"
                   ? analysis::GroupErrors::samples
                   : analysis::GroupErrors::measurement;
    Unit unit;
    unit.name = name;
    unit.title = fmt::format("Two groups of {} samples", g.samples);
    unit.cost = 1e-5 + 1e-7 * static_cast<double>(g.samples);
    unit.measured = [g, name, title = unit.title](const UnitContext& context) {
        return measure(g, name, title, context.key);
    };
    unit.columns = [g](const UnitContext& context) { return table(g, context.key); };
    SourcePlan plan;
    plan.units.push_back(std::move(unit));
    return plan;
}

}  // namespace vitrum::pipeline
