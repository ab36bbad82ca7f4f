#include "vitrum/pipeline/run/replicate.hpp"

#include <exception>
#include <iterator>
#include <utility>

#include "vitrum/core/error.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/pipeline/run/combine.hpp"
#include "vitrum/pipeline/run/runner.hpp"
#include "vitrum/pipeline/run/series_of.hpp"

namespace vitrum::pipeline {

namespace {

UnitContext context_of(const Unit& unit, const ReplicateKey& key, const std::filesystem::path& scratch) {
    UnitContext context;
    context.key = {key.seed, cell_id(key.cell + "/" + unit.name), key.replicate};
    context.scratch = scratch / unit.name;
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
            std::vector<Labelled<DataSet>> sets;
            const auto died = guarded([&]() -> std::vector<SeriesResult> {
                sets = make(source, unit, context_of(unit, key, scratch));
                return {};
            });
            for (std::size_t m = 0; m < methods.size(); ++m) {
                if (methods[m].outside) continue;
                done[m].push_back(died.empty() ? guarded([&] { return series_of(sets, methods[m].steps[s], {}); })
                                               : died);
            }
            if (keep && died.empty()) std::move(sets.begin(), sets.end(), std::back_inserter(*keep));
        }
    }
    std::vector<Result> results;
    for (std::size_t m = 0; m < methods.size(); ++m)
        results.push_back(combine(scenario, methods[m].across, std::move(done[m])));
    return results;
}

}  // namespace vitrum::pipeline
