#include <boost/random/normal_distribution.hpp>
#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/pipeline/sources/sources.hpp"

namespace vitrum::pipeline {

namespace {

struct Groups {
    std::size_t samples = 2;    // of each group
    double difference = 0;      // of the groups' means
    double between = 0.1;       // standard deviation between samples of a group
    double measurement = 0.05;  // standard error of one measurement
};

// Both groups as drawn: group 0 and 1.
Labelled<DataSet> draw(const Groups& g, const StreamKey& key) {
    Stream stream(key, Purpose::field, 0);
    boost::random::normal_distribution<double> normal;
    Columns table{"samples", {{"group", "", {}}, {"value", "", {}}, {"error", "", {}}}};
    for (const double group : {0.0, 1.0}) {
        normal.reset();  // each group has a distribution of its own
        for (std::size_t i = 0; i < g.samples; ++i) {
            const double sample = group * g.difference + g.between * normal(stream);
            table.columns[0].values.push_back(group);
            table.columns[1].values.push_back(sample + g.measurement * normal(stream));
            table.columns[2].values.push_back(g.measurement);
        }
    }
    Labelled<DataSet> made;
    made.data.data = std::move(table);
    made.truth.add("group_difference", {}, g.difference, Origin::closed_form);
    return made;
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
    const std::string errors = section.choice("errors", {"samples", "measurement"}, "samples");
    Unit unit;
    unit.name = name;
    unit.title = fmt::format("Two groups of {} samples", g.samples);
    unit.cost = 1e-5 + 1e-7 * static_cast<double>(g.samples);
    unit.generate = [g, name, title = unit.title](const UnitContext& context) {
        auto set = draw(g, context.key);
        set.data.name = name;
        set.data.source = "samples";
        set.data.title = title;
        return set;
    };
    SourcePlan plan;
    plan.units.push_back(std::move(unit));
    plan.data = DataKind::columns;
    plan.default_estimate = {"group_difference", toml::table{{"errors", errors}}};
    return plan;
}

}  // namespace vitrum::pipeline
