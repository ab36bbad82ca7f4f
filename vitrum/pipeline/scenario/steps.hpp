// Which estimators run on the data of a source: the default one of its kind, and those of [estimate.NAME].
//
//   [estimate.correlation]            options of the default of a source: here of speckle
//   weights = "pairs"
//   [estimate.slow]                   any number of others, on every source whose data they take
//   estimator = "double_kww"          absent: NAME
//   sources = ["glass"]               absent: all that fit
//   from = "correlation"              instead of the source's data: what that estimate found, a curve, a catalogue or
//   take = "g2"                       columns; absent: the first that fits
//   part = "sample"                   of a simulation that gives several kinds of data; absent: all that fit
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <toml.hpp>

#include "vitrum/pipeline/estimators/estimator.hpp"
#include "vitrum/pipeline/sources/sources.hpp"

namespace vitrum::pipeline {

struct EstimateStep {
    std::string name;  // of [estimate.NAME]
    const EstimatorKind* kind = nullptr;
    Estimator run;
    std::string part;         // of the source's data that it runs on (SourcePlan::parts)
    bool is_default = false;  // its series has the data set's name; that of another step ends in its own
    bool optional = false;    // data that it refuses are named in a note; else the series fails
    std::string from, take;
    std::size_t shift_window = 0;  // [frames] that the options name: for the truth of motion
};

// Tables [estimate.*] of a scenario and, over them, those of a method; null: none. With `file` for messages.
struct StepTables {
    const toml::value* scenario = nullptr;
    const toml::value* method = nullptr;  // the table [methods.M]
    std::string method_name;
    std::string file;
};

// Steps of one source, the default first. Keys of a method that stand outside `estimate` and `across` are options of
// the default estimator, as in [methods.pairs] weights = "pairs". Throws InputError: an
// estimator that cannot use the source's data, naming the kinds it takes.
[[nodiscard]] std::vector<EstimateStep> read_steps(const SourcePlan& source, const StepTables& tables);

// Of the steps that were read for each source. Throws InputError: a table of [estimate] that no source uses, or that
// names a source there is not.
void check_steps(const std::vector<SourcePlan>& sources, const std::vector<std::vector<EstimateStep>>& steps,
                 const StepTables& tables);

// The correlation chain with these options, as a step.
[[nodiscard]] EstimateStep correlation_step(const analysis::ChainOptions& chain);

}  // namespace vitrum::pipeline
