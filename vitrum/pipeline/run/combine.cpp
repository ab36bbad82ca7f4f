#include "vitrum/pipeline/run/combine.hpp"

#include <utility>

namespace vitrum::pipeline {

Result combine(const Scenario& scenario, const std::vector<AcrossStep>& across,
               std::vector<std::vector<SeriesResult>> done) {
    Result result;
    result.title = scenario.title;
    result.question = scenario.question;
    result.scenario = scenario.resolved;
    for (auto& series : done)
        for (auto& one : series) result.series.push_back(std::move(one));
    for (const SourcePlan& source : scenario.sources) {
        result.statements.insert(result.statements.end(), source.statements.begin(), source.statements.end());
        for (std::size_t c = 0; c < source.combined_truth.curves.size(); ++c)
            result.truth.add(source.combined_truth.curves[c], source.combined_truth.curve_origins[c]);
    }
    for (const AcrossStep& step : across) step.run(scenario.sources, result);
    return result;
}

}  // namespace vitrum::pipeline
