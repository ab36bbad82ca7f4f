#include "vitrum/analysis/thermo/group_difference.hpp"

#include <cmath>
#include <limits>

#include "vitrum/core/numerics/statistics.hpp"

namespace vitrum::analysis {

namespace {

struct Mean {
    double value = 0;
    double variance = 0;  // of the mean
    double freedom = std::numeric_limits<double>::infinity();
};

Mean mean_of(const std::vector<MeasuredSample>& group, GroupErrors errors) {
    const auto n = static_cast<double>(group.size());
    std::vector<double> values;
    for (const auto& s : group) values.push_back(s.value);
    Mean m;
    m.value = mean(values);
    if (errors == GroupErrors::measurement) {
        for (const auto& s : group) m.variance += s.error * s.error / (n * n);
        return m;
    }
    m.variance = sample_variance(values) / n;
    m.freedom = n - 1;
    return m;
}

}  // namespace

std::vector<Estimate> group_difference(const std::vector<MeasuredSample>& a, const std::vector<MeasuredSample>& b,
                                       GroupErrors errors) {
    const std::size_t least = errors == GroupErrors::samples ? 2 : 1;
    constexpr double exact = std::numeric_limits<double>::infinity();
    if (a.size() < least || b.size() < least)
        return {make_estimate("group_difference", {}, not_a_number, not_a_number, exact, Status::no_data,
                              "one sample does not show how much samples differ")};
    const Mean ma = mean_of(a, errors);
    const Mean mb = mean_of(b, errors);
    const double variance = ma.variance + mb.variance;
    double freedom = exact;
    if (errors == GroupErrors::samples)  // Welch and Satterthwaite
        freedom =
            variance * variance / (ma.variance * ma.variance / ma.freedom + mb.variance * mb.variance / mb.freedom);
    return {make_estimate("group_difference", {}, mb.value - ma.value, std::sqrt(variance), freedom, Status::ok,
                          errors == GroupErrors::samples ? "error from the spread between samples"
                                                         : "error from the measurements alone")};
}

}  // namespace vitrum::analysis
