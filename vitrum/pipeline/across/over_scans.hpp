// Delta C and tau over the scans of one pressure.
#pragma once

#include <vector>

#include "vitrum/core/truth/result.hpp"
#include "vitrum/pipeline/sources/sources.hpp"

namespace vitrum::pipeline {

// For every two or more series of one source at one place (pressure, branch, region by their values): the scan-averaged
// widths and the mean of the clean tau, into result.estimates, at the place of the first of them.
void add_scan_averages(Result& result);
// And what is true of them.
void add_scan_averages(const std::vector<SourcePlan>& sources, Result& result);

}  // namespace vitrum::pipeline
