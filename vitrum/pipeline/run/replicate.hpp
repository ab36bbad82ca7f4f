// One replicate of a scenario: its data made once, every method over the same data. Nothing is written.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vitrum/core/truth/result.hpp"
#include "vitrum/pipeline/run/outside_results.hpp"
#include "vitrum/pipeline/scenario/scenario.hpp"

namespace vitrum::pipeline {

// Estimators with other options than the scenario's.
struct Method {
    std::string name;
    std::vector<std::vector<EstimateStep>> steps;  // of each source, in the scenario's order
    std::vector<AcrossStep> across;
    std::optional<OutsideMethod> outside{};  // somebody else's program instead
};

struct ReplicateKey {
    std::uint64_t seed = 0;  // of the study
    std::string cell;        // different texts, independent data
    std::uint64_t replicate = 0;
};

// What each method finds; of a program from outside nothing yet: it gets the data that go into `keep`. A source that
// dies is the failure of its series, as in a run. `scratch`: a folder for workers of sources that need one; they make
// their own folders in it. Throws Interrupted.
[[nodiscard]] std::vector<Result> replicate(const Scenario& scenario, const std::vector<Method>& methods,
                                            const ReplicateKey& key, const std::filesystem::path& scratch,
                                            std::vector<Labelled<DataSet>>* keep = nullptr);

}  // namespace vitrum::pipeline
