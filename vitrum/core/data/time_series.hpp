// Traces recorded beside the frames: pressure, temperature, intensity against time.
#pragma once

#include <string>
#include <vector>

namespace vitrum {

struct TimeSeries {
    std::string name;          // "pressure"
    std::string unit;          // "GPa"
    std::vector<double> time;  // [s]
    std::vector<double> value;
};

}  // namespace vitrum
