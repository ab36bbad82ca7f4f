// The one table of what is measured across data sets. A row gathers estimates or curves of several series of a result
// and hands them to an ordinary estimator; what did not come out clean is counted and left out.
//
//   [across.NAME]               any number
//   estimator = "ageing_law"    a row of the table below, or an estimator that takes columns; absent: NAME
//   of = "tau"                  the quantity gathered
//   along = "pressure"          against this coordinate; two `sources` instead: a column `group` of 0 and 1
//   over = ["quench"]           coordinates whose places are repetitions; those left stand for themselves
//   where = { stage = "melt" }  only rows there
//   sources = ["glass"]         absent: all, each by itself
// and the estimator's own options.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <toml.hpp>

#include "vitrum/core/truth/result.hpp"
#include "vitrum/pipeline/config/section.hpp"
#include "vitrum/pipeline/sources/sources.hpp"

namespace vitrum::pipeline {

using AcrossRun = std::function<void(const std::vector<SourcePlan>&, Result&)>;

struct AcrossStep {
    std::string name;
    AcrossRun run;
};

struct AcrossKind {
    std::string_view name;
    std::string_view summary;
    // What runs without being asked, wherever its coordinates are there: nullptr otherwise.
    void (*always)(const std::vector<SourcePlan>&, Result&);
    AcrossRun (*read)(Section& options);  // of [across.NAME]; nullptr: it takes no options
};

[[nodiscard]] std::span<const AcrossKind> across_kinds();

// The rows that always run, then those that the sources' keys ask for, then [across.*] of a scenario and, over them,
// of a method (null: none).
[[nodiscard]] std::vector<AcrossStep> read_across(const std::vector<SourcePlan>& sources, const toml::value* tables,
                                                  const toml::value* over, const std::string& file);

// The series of one source that stand in `result`, as its coordinate.
[[nodiscard]] Coordinate source_coordinate(const std::vector<SourcePlan>& sources, const std::string& name);

}  // namespace vitrum::pipeline
