// Where a detector stood and what shone on the sample. NaN = not known.
#pragma once

#include <limits>
#include <string>

namespace vitrum {

struct Beamline {
    double beam_center_x = std::numeric_limits<double>::quiet_NaN();  // [pixels] along a row
    double beam_center_y = std::numeric_limits<double>::quiet_NaN();  // [pixels] along a column
    double pixel_size = std::numeric_limits<double>::quiet_NaN();     // [m]
    double distance = std::numeric_limits<double>::quiet_NaN();       // [m] sample to detector
    double energy = std::numeric_limits<double>::quiet_NaN();         // [keV]
    std::string start_time{};                                         // ISO 8601; "" = not known
};

}  // namespace vitrum
