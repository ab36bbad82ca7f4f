// The kinds of source that a scenario can name. A new one is one file and one row in this table.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "vitrum/analysis/chain/correlation_chain.hpp"
#include "vitrum/core/data/data_set.hpp"
#include "vitrum/core/data/series_slab.hpp"
#include "vitrum/core/stream.hpp"
#include "vitrum/core/truth/labelled.hpp"
#include "vitrum/core/truth/result.hpp"
#include "vitrum/core/truth/source_text.hpp"
#include "vitrum/pipeline/config/section.hpp"
#include "vitrum/pipeline/sources/unit_law.hpp"

namespace vitrum::pipeline {

// What a data set needs while it is made.
struct UnitContext {
    StreamKey key;
    std::filesystem::path scratch;                             // a folder of its own, kept for --resume
    std::function<void(double, const std::string&)> progress;  // fraction done, what is being done
    std::filesystem::path trajectories{};                      // folder beside the result; empty: none are kept
};

// A data set whose counts are made slab by slab of pixels, for files larger than memory.
struct SlabbedSet {
    Labelled<DataSet> set;  // the series has no counts
    bool sparse = false;
    std::size_t block = 1;                                       // slabs begin and end at its multiples
    double bytes = 0;                                            // of memory to make one pixel
    std::function<SeriesSlab(std::size_t, std::size_t)> slab{};  // of pixels begin .. end
};

// One data set to be made: independent of all others.
struct Unit {
    std::string name;  // unique: "landscape_3"
    std::string title;
    Abscissa abscissa;
    double cost = 1;        // rough seconds of one core, for order and time left
    std::size_t cores = 1;  // that it takes at a time: ranks of its workers
    std::function<Labelled<DataSet>(const UnitContext&)> generate;
    std::function<SlabbedSet(const UnitContext&)> slabs{};  // the same data, where they can be made so
    // Before `generate`, of a simulation that gives several: its log, its samples, their speckle. `generate` beside it
    // makes the frames alone.
    std::function<std::vector<Labelled<DataSet>>(const UnitContext&)> generate_all{};
    UnitLaw law{};
};

// What is estimated if nobody asks for more: an estimator, and the options that the source's own keys give it.
struct DefaultEstimate {
    std::string estimator = "correlation";
    toml::value options = toml::table{};
    std::string from{}, take{};  // as in [estimate.NAME]: of an earlier default of the same data
    bool optional = false;       // what it refuses is said in a note; else it is the data set's failure
};

// Data sets of one kind among those that a unit of `generate_all` gives.
struct DataPart {
    std::string name;  // DataSet::part
    DataKind data = DataKind::frames;
    std::vector<DefaultEstimate> estimates;
    bool further = true;  // tables [estimate.NAME] that name no part run on it too
};

struct SourcePlan {
    std::string name;
    std::string kind;
    std::vector<Unit> units;
    DataKind data = DataKind::frames;  // of every unit
    DefaultEstimate default_estimate;
    std::vector<DataPart> parts{};  // instead of these two, of units with generate_all
    analysis::ChainOptions chain;
    std::vector<std::string> statements;  // for the report: what this source can and cannot show

    // Rows of the table across data sets that the source's own keys ask for, with their options.
    std::vector<std::pair<std::string, toml::value>> across;
    GroundTruth combined_truth;  // of quantities over several units
};

// `parts`, or the one part of a source whose units give one data set each.
[[nodiscard]] std::vector<DataPart> parts_of(const SourcePlan& source);
// "a trajectory", or "columns, a trajectory": for messages.
[[nodiscard]] std::string kinds_given(const SourcePlan& source);
// By `generate` or `generate_all`; every data set is of this source.
[[nodiscard]] std::vector<Labelled<DataSet>> make(const SourcePlan& source, const Unit& unit,
                                                  const UnitContext& context);

// All that is said of a kind of source.
struct SourceKind {
    SourceText text;              // its name, and what reports say
    std::string_view summary;     // of lists
    LawKind law = LawKind::none;  // that its simplest data sets have: what bounds come from
    SourcePlan (*read)(Section& section, const std::string& name);

    [[nodiscard]] std::string_view name() const { return text.kind; }
};

[[nodiscard]] std::span<const SourceKind> source_kinds();

// Of all kinds, and of measured files.
[[nodiscard]] SourceTexts source_texts();

SourcePlan read_speckle(Section& section, const std::string& name);
SourcePlan read_landscape_speckle(Section& section, const std::string& name);
SourcePlan read_landscape_loop(Section& section, const std::string& name);
SourcePlan read_cuzr(Section& section, const std::string& name);
SourcePlan read_cuzr_protocol(Section& section, const std::string& name);
SourcePlan read_power_law(Section& section, const std::string& name);
SourcePlan read_samples(Section& section, const std::string& name);
SourcePlan read_law_points(Section& section, const std::string& name);
SourcePlan read_atom_paths(Section& section, const std::string& name);
SourcePlan read_lattice(Section& section, const std::string& name);

// "landscape_3" at a pressure; the abscissa used by every source with several pressures.
[[nodiscard]] Abscissa at_pressure(std::size_t index, double pressure);

}  // namespace vitrum::pipeline
