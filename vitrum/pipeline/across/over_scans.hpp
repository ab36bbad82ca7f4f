// What belongs to several series together: Delta C over the scans of one pressure; events found against those put in.
#pragma once

#include "vitrum/core/truth/result.hpp"

namespace vitrum::pipeline {

// For every two or more series of one source at one place (pressure, branch, region by their values): the scan-averaged
// widths, into result.estimates, at the place of the first of them.
void add_scan_averages(Result& result);

// Numbers the events found as the truth numbers its own: each true event, in order of time, takes the nearest one found
// within `tolerance` and four standard errors. Those that match none follow behind the last true one.
void match_events(std::vector<Estimate>& estimates, const GroundTruth& truth, double tolerance);

}  // namespace vitrum::pipeline
