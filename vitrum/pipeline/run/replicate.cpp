#include "vitrum/pipeline/run/replicate.hpp"

#include <exception>

#include "vitrum/core/error.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/pipeline/run/combine.hpp"
#include "vitrum/pipeline/run/runner.hpp"
#include "vitrum/pipeline/run/series_of.hpp"

namespace vitrum::pipeline {

namespace {

UnitContext context_of(const SourcePlan& source, const Unit& unit, const ReplicateKey& key,
                       const std::filesystem::path& scratch) {
    UnitContext context;
    context.key = {key.seed, cell_id(key.cell + "/" + unit.name), key.replicate};
    context.scratch = scratch / unit.name;
    context.chain = &source.chain;
    context.progress = [](double, const std::string&) { check_interrupt(); };
    return context;
}

}  // namespace

std::vector<Result> replicate(const Scenario& scenario, const std::vector<Method>& methods, const ReplicateKey& key,
                              const std::filesystem::path& scratch, std::vector<Labelled<DataSet>>* keep) {
    std::vector<std::vector<std::vector<SeriesResult>>> done(methods.size());  // [method][unit][region]
    for (std::size_t s = 0; s < scenario.sources.size(); ++s) {
        const SourcePlan& source = scenario.sources[s];
        for (const Unit& unit : source.units) {
            check_interrupt();
            const auto guarded = [&](const auto& work) -> std::vector<SeriesResult> {
                try {
                    return work();
                } catch (const Interrupted&) {
                    throw;
                } catch (const std::exception& e) {
                    return {failed_series(source, unit, e.what())};
                }
            };
            if (unit.measured) {
                const auto found = guarded([&] { return unit.measured(context_of(source, unit, key, scratch)); });
                for (auto& of_method : done) of_method.push_back(found);
                continue;
            }
            Labelled<DataSet> set;
            const auto died = guarded([&]() -> std::vector<SeriesResult> {
                set = unit.generate(context_of(source, unit, key, scratch));
                set.data.source_name = source.name;
                return {};
            });
            for (std::size_t m = 0; m < methods.size(); ++m) {
                if (methods[m].outside) continue;
                done[m].push_back(died.empty() ? guarded([&] { return series_of(set, methods[m].steps[s], {}); })
                                               : died);
            }
            if (keep && died.empty()) keep->push_back(std::move(set));
        }
    }
    std::vector<Result> results;
    for (std::size_t m = 0; m < methods.size(); ++m)
        results.push_back(combine(scenario, methods[m].across, std::move(done[m])));
    return results;
}

}  // namespace vitrum::pipeline
