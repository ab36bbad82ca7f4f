// The one table of estimators: what each takes, reads and gives. It serves `vitrum estimate`, [estimate.NAME] of
// scenarios, studies and programs that embed Vitrum. An estimator gets data and never a truth; it opens no file.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "vitrum/core/data/data.hpp"
#include "vitrum/core/data/findings.hpp"
#include "vitrum/pipeline/config/section.hpp"
#include "vitrum/pipeline/estimators/map_store.hpp"

namespace vitrum::pipeline {

// What is not the estimator's question: what viewers want beside the numbers, and where maps go that are larger than
// memory.
struct Extras {
    std::size_t segments = 0;  // parts of the run whose g2 viewers show; 0: nothing for viewers
    std::function<std::unique_ptr<MapStore>(const SpeckleSeries&)> map_store{};  // empty: maps stay in memory
};

// From data to findings, one for each part of the data (q region). Throws InputError.
using Estimator = std::function<std::vector<Findings>(const Data&, const Extras&)>;
// Of several data sets together.
using JointEstimator = std::function<Findings(const std::vector<const Data*>&)>;

struct EstimatorKind {
    std::string_view name;
    std::string_view summary;
    std::string_view input;  // in words: "frames, sparse frames or a two-time map"
    std::span<const DataKind> takes;
    // Options, checked, for data of a kind that it takes; the caller calls finish().
    Estimator (*read)(Section& options, DataKind kind);
    std::string_view quantities;  // that it gives, between blanks: names of core/quantities
    JointEstimator (*read_joint)(Section& options) = nullptr;  // instead of `read`

    [[nodiscard]] bool takes_kind(DataKind kind) const;
};

[[nodiscard]] std::span<const EstimatorKind> estimator_kinds();

// Throws InputError with a suggestion.
[[nodiscard]] const EstimatorKind& find_estimator(std::string_view name);

// Throws InputError naming the kinds that it takes; `what` names the data: "'frames.h5'", "source 'glass'".
void expect_kind(const EstimatorKind& estimator, DataKind kind, const std::string& what);

// The last status that is not ok; no_data without rows.
[[nodiscard]] Status overall(const std::vector<Estimate>& estimates);

// An estimator of one kind of data from a function T -> Findings, or what is Findings and more.
template <class T, class F>
[[nodiscard]] Estimator on(F&& work) {
    return [work = std::forward<F>(work)](const Data& data, const Extras&) {
        std::vector<Findings> all;
        all.push_back(work(std::get<T>(data)));
        return all;
    };
}

}  // namespace vitrum::pipeline
