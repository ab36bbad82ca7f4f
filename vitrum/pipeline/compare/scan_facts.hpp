// What each scan of a comparison is and where it stands, as far as anyone says. Used by compare.cpp alone.
#pragma once

#include <string>
#include <vector>

#include "vitrum/core/units.hpp"
#include "vitrum/pipeline/compare/compare.hpp"

namespace vitrum::pipeline {

// One series: a data set, or a q region of one.
struct Scan {
    SeriesResult series;
    std::filesystem::path file;
    std::string data_set;               // with the file's name where two have one
    double pressure = not_a_number;     // [GPa]
    double temperature = not_a_number;  // [K]
    double time = not_a_number;         // [s] since the first start
    int branch = -1;                    // 0 compression, 1 decompression
    [[nodiscard]] double at(const std::string& coordinate) const;
};

// Of pressure, temperature or time.
[[nodiscard]] Dimension dimension_of(const std::string& coordinate);

// The series that have a tau or a contrast, with places from the results and from `request.places`.
[[nodiscard]] std::vector<Scan> read_scans(const CompareRequest& request);

}  // namespace vitrum::pipeline
