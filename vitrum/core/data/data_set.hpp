// One data set on its way to the estimators, and what came with it.
#pragma once

#include <string>
#include <vector>

#include "vitrum/core/data/beamline.hpp"
#include "vitrum/core/data/data.hpp"
#include "vitrum/core/data/time_series.hpp"
#include "vitrum/core/estimate/abscissa.hpp"

namespace vitrum {

struct DataSet {
    std::string name;         // unique in its file: "landscape_3"
    std::string source;       // kind of source: "speckle", "landscape_speckle", "cuzr", "file"
    std::string source_name;  // of its source in the scenario: "landscape"; of a file, its own name
    std::string title;
    Abscissa abscissa;   // pressure, ...
    std::string part{};  // of a run that gives several kinds of data: "log", "sample"; names of SourcePlan::parts
    std::string run{};   // the series that its default estimates stand in, with those of other parts; empty: its own
    Abscissa at{};       // where in the run it was taken: before the place of each of its estimates
    Data data;
    Beamline beamline;
    std::vector<TimeSeries> traces;
    std::vector<std::string> notes;
};

}  // namespace vitrum
