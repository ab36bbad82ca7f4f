#include "vitrum/pipeline/across/gathered_estimate.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/pipeline/across/gather.hpp"
#include "vitrum/pipeline/estimators/estimator.hpp"

namespace vitrum::pipeline {

namespace {

Gathering read_gathering(Section& section, const std::vector<SourcePlan>& sources) {
    Gathering what;
    what.of = section.text("of");
    what.along = section.text("along", "");
    if (section.has("over")) what.over = section.texts("over");
    Section where = section.inner("where");
    if (const toml::value* table = section.raw("where"); table && table->is_table())
        for (const auto& [key, value] : table->as_table()) {
            static_cast<void>(where.raw(key));
            what.where.emplace_back(key, value.is_string()     ? std::string(value.as_string())
                                         : value.is_integer()  ? fmt::format("{}", value.as_integer())
                                         : value.is_floating() ? fmt::format("{}", value.as_floating())
                                                               : "");
        }
    if (section.has("sources")) what.sources = section.texts("sources");
    std::vector<std::string> names;
    for (const auto& source : sources) names.push_back(source.name);
    for (const auto& source : what.sources) {
        // A further estimate of a source has a name that begins with the source's.
        const bool known = std::any_of(names.begin(), names.end(),
                                       [&](const auto& n) { return source == n || source.starts_with(n + "_"); });
        if (!known)
            section.fail("sources", fmt::format("there is no source '{}'{}", source, suggestion(source, names)));
    }
    return what;
}

// Truth of these quantities: that of the source over its data sets, else what all its series agree on.
void add_truth(const std::vector<SourcePlan>& sources, const std::string& name, const Abscissa& at,
               const std::vector<Estimate>& rows, Result& result) {
    const auto found = [&](const TruthRow& row) {
        return std::any_of(rows.begin(), rows.end(), [&](const Estimate& e) { return e.quantity == row.quantity; });
    };
    const auto source = std::find_if(sources.begin(), sources.end(), [&](const auto& s) { return s.name == name; });
    if (source != sources.end())
        for (auto row : source->combined_truth.rows) {
            if (!found(row)) continue;
            row.abscissa = at.with(row.abscissa);
            result.truth.rows.push_back(std::move(row));
        }
    for (const Estimate& e : rows) {
        const TruthRow* shared = nullptr;
        bool agree = true;
        for (const auto& series : result.series) {
            if (series.source_name != name) continue;
            const TruthRow* here = series.truth.find(e.quantity, {});
            if (!here) continue;
            agree = agree && (!shared || shared->value == here->value);
            shared = here;
        }
        if (!shared || !agree || result.truth.find(e.quantity, at.with(e.abscissa))) continue;
        TruthRow row = *shared;
        row.abscissa = at.with(e.abscissa);
        result.truth.rows.push_back(std::move(row));
    }
}

struct Estimation {
    std::string name;
    Gathering what;
    Estimator run;
    JointEstimator joint;
};

void add_findings(const std::vector<SourcePlan>& sources, const std::string& source, const Abscissa& place,
                  std::vector<Findings> found, Result& result) {
    const Abscissa at = Abscissa{source_coordinate(sources, source)}.with(place);
    for (auto& one : found) {
        add_truth(sources, source, at, one.estimates, result);
        for (auto& row : one.estimates) {
            row.abscissa = at.with(row.abscissa);
            result.estimates.push_back(std::move(row));
        }
        for (auto& curve : one.curves) {
            curve.name += "_" + source;
            result.curves.push_back(std::move(curve));
        }
    }
}

void run_on_columns(const Estimation& e, const std::vector<SourcePlan>& sources, Result& result) {
    for (auto& gathered : e.what.along.empty() ? gather_groups(e.what, result) : gather(e.what, result)) {
        const std::string source = gathered.source;
        const Abscissa place = gathered.place;
        try {
            add_findings(sources, source, place, e.run(Data(std::move(gathered.columns)), {}), result);
        } catch (const InputError& error) {
            result.statements.push_back(fmt::format("across.{} of '{}'{}{}: {}", e.name, source,
                                                    place.empty() ? "" : " at ", place.label(), error.what()));
        }
    }
}

void run_on_curves(const Estimation& e, const std::vector<SourcePlan>& sources, Result& result) {
    for (const auto& gathered : gather_curves(e.what, result)) {
        std::vector<Data> curves;
        std::transform(gathered.curves.begin(), gathered.curves.end(), std::back_inserter(curves),
                       [](const Curve* c) { return Data(*c); });
        std::vector<const Data*> all;
        for (const Data& curve : curves) all.push_back(&curve);
        std::vector<Findings> found;
        found.push_back(e.joint(all));
        if (gathered.one_data_set)
            for (auto& row : found.back().estimates)
                row.note +=
                    (row.note.empty() ? "" : "; ") + std::string("curves of one data set, taken as independent");
        add_findings(sources, gathered.source, {}, std::move(found), result);
    }
}

}  // namespace

AcrossRun read_gathered(Section& section, const std::string& name, const std::string& estimator,
                        const std::vector<SourcePlan>& sources) {
    const EstimatorKind* kind = nullptr;
    section.guard([&] { kind = &find_estimator(estimator); });
    Estimation e{name, read_gathering(section, sources), {}, {}};
    if (kind->read_joint) {
        e.joint = kind->read_joint(section);
        return [e](const std::vector<SourcePlan>& all, Result& result) { run_on_curves(e, all, result); };
    }
    section.guard([&] { expect_kind(*kind, DataKind::columns, "what is gathered"); });
    if (e.what.along.empty() && e.what.sources.size() != 2)
        section.fail("along", "is missing: the coordinate against which the quantity is gathered; or name two sources");
    e.run = kind->read(section, DataKind::columns);
    return [e](const std::vector<SourcePlan>& all, Result& result) { run_on_columns(e, all, result); };
}

}  // namespace vitrum::pipeline
