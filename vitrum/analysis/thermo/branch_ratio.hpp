// Hysteresis of the dynamics: ln(tau on decompression / tau on compression) at one pressure, from one scan or several
// on each branch. Ageing alone gives a ratio different from 1 unless the scans begin at the same waiting time after the
// change of pressure, and ageing that pressure does not reset even then.
#pragma once

#include <cstddef>
#include <vector>

#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

struct BranchTau {
    double tau = not_a_number;  // any one unit; not a number where there is no clean one
    double error = not_a_number;
    bool steady = true;  // its scan shows no change of the dynamics
};

// The scans of one pressure.
struct BranchScans {
    Abscissa place;  // of the estimate: pressure, region
    std::vector<BranchTau> compression;
    std::vector<BranchTau> decompression;
};

// One row, branch_log_ratio, for each pressure: mean ln tau on decompression less that on compression. Of one scan on
// each branch its error is that of the fits alone. From two scans of a branch on it is the scatter of ln tau between
// scans of a branch, pooled over both as if they scattered alike (Student, with its degrees of freedom), or the errors
// of the fits where these are larger: what differs from scan to scan, an event here and none there, no fit knows. A
// branch without a tau that is positive and finite: no_data.
[[nodiscard]] std::vector<Estimate> branch_log_ratio(const std::vector<BranchScans>& pressures);

}  // namespace vitrum::analysis
