#include "vitrum/core/truth/result.hpp"

#include <cmath>

namespace vitrum {

std::vector<Judged> judge(const std::vector<Estimate>& estimates, const GroundTruth& truth) {
    std::vector<Judged> rows;
    rows.reserve(estimates.size());
    for (const auto& estimate : estimates) {
        Judged row{&estimate, truth.find(estimate.quantity, estimate.abscissa), not_a_number};
        // A reference shares the atoms' noise with the estimate: their difference is paired, a pull means nothing.
        if (row.truth && row.truth->origin != Origin::reference && estimate.status == Status::ok &&
            estimate.standard_error > 0)
            row.pull = (estimate.value - row.truth->value) / estimate.standard_error;
        rows.push_back(row);
    }
    return rows;
}

}  // namespace vitrum
