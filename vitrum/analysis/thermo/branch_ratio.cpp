#include "vitrum/analysis/thermo/branch_ratio.hpp"

#include <cmath>
#include <limits>

namespace vitrum::analysis {

std::vector<Estimate> branch_log_ratio(const std::vector<BranchPair>& pairs) {
    constexpr double exact = std::numeric_limits<double>::infinity();
    std::vector<Estimate> rows;
    for (const auto& p : pairs) {
        const bool known = p.compression > 0 && p.decompression > 0 && std::isfinite(p.compression + p.decompression);
        const double ratio = known ? std::log(p.decompression / p.compression) : not_a_number;
        const double error =
            known ? std::hypot(p.compression_error / p.compression, p.decompression_error / p.decompression)
                  : not_a_number;
        rows.push_back(
            make_estimate("branch_log_ratio", p.place, ratio, error, exact, known ? Status::ok : Status::no_data,
                          "of one scan on each branch; hysteresis only if both begin at the same waiting time"));
    }
    return rows;
}

}  // namespace vitrum::analysis
