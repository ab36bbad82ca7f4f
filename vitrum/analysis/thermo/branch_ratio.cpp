#include "vitrum/analysis/thermo/branch_ratio.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include <fmt/format.h>

namespace vitrum::analysis {

namespace {

// ln tau of the scans of one branch that have one.
struct Branch {
    explicit Branch(const std::vector<BranchTau>& scans) : given(scans.size()) {
        for (const auto& scan : scans) {
            if (!(scan.tau > 0) || !std::isfinite(scan.tau)) continue;
            values.push_back(std::log(scan.tau));
            mean += values.back();
            own += std::pow(scan.error / scan.tau, 2);
            changing += scan.steady ? 0 : 1;
        }
        const auto n = static_cast<double>(values.size());
        mean /= n;
        own /= n * n;
        for (const double v : values) squares += (v - mean) * (v - mean);
    }
    [[nodiscard]] double count() const { return static_cast<double>(values.size()); }

    std::size_t given;
    std::vector<double> values;
    double mean = 0;
    double own = 0;      // variance of the mean by the errors of the fits
    double squares = 0;  // about the mean
    std::size_t changing = 0;
};

std::string note_of(const Branch& up, const Branch& down, double freedom, double scatter) {
    std::string note =
        freedom > 0 ? fmt::format(
                          "of {} scans on compression and {} on decompression; scans of a branch scatter by "
                          "{:.2g} in ln tau",
                          up.values.size(), down.values.size(), scatter)
                    : "of one scan on each branch: the error is that of the fits, without what differs from scan to "
                      "scan";
    const std::size_t left = up.given + down.given - up.values.size() - down.values.size();
    if (left > 0) note += fmt::format("; {} scan{} without a clean tau left out", left, left == 1 ? "" : "s");
    if (const std::size_t n = up.changing + down.changing; n > 0)
        note += fmt::format("; dynamics change within {} of them", n);
    return note + "; hysteresis only if all begin at the same waiting time, and pressure resets the age";
}

}  // namespace

std::vector<Estimate> branch_log_ratio(const std::vector<BranchScans>& pressures) {
    std::vector<Estimate> rows;
    for (const auto& p : pressures) {
        const Branch up(p.compression);
        const Branch down(p.decompression);
        if (up.values.empty() || down.values.empty()) {
            rows.push_back(make_estimate("branch_log_ratio", p.place, not_a_number, not_a_number,
                                         std::numeric_limits<double>::infinity(), Status::no_data,
                                         "no clean tau on one of the branches"));
            continue;
        }
        const double freedom = up.count() + down.count() - 2;
        const double between = freedom > 0 ? (up.squares + down.squares) / freedom : 0;
        const double variance = std::max(between / up.count(), up.own) + std::max(between / down.count(), down.own);
        rows.push_back(make_estimate("branch_log_ratio", p.place, down.mean - up.mean, std::sqrt(variance),
                                     freedom > 0 ? freedom : std::numeric_limits<double>::infinity(), Status::ok,
                                     note_of(up, down, freedom, std::sqrt(between))));
    }
    return rows;
}

}  // namespace vitrum::analysis
