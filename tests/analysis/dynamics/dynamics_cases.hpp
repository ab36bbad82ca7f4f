// Replicates of atoms with known motion, and the test that their mean is the truth.
#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "vitrum/analysis/dynamics/jackknife.hpp"
#include "vitrum/model/atoms/paths.hpp"

namespace vitrum::analysis {

inline constexpr std::size_t replicates = 20;

// |mean - truth| < 6 standard errors of the mean of 20 replicates: a Student variable with 19 degrees of freedom lies
// outside once in 1e5 checks.
inline void expect_mean(const std::vector<double>& values, double truth, const std::string& what) {
    const auto n = static_cast<double>(values.size());
    double mean = 0;
    for (const double v : values) mean += v / n;
    double sum = 0;
    for (const double v : values) sum += (v - mean) * (v - mean);
    const double error = std::sqrt(sum / (n * (n - 1)));
    EXPECT_GT(error, 0) << what;
    EXPECT_LT(std::abs(mean - truth), 6 * error)
        << what << ": mean " << mean << ", truth " << truth << ", error " << error;
}

inline const Curve& curve(const Findings& result, const std::string& name) {
    for (const Curve& c : result.curves)
        if (c.name == name) return c;
    throw std::runtime_error("no curve " + name);
}

inline Estimate estimate(const Findings& result, const std::string& name) {
    for (const Estimate& e : result.estimates)
        if (e.quantity == name) return e;
    throw std::runtime_error("no estimate " + name);
}

// y of one curve at some points, for every replicate of the paths.
template <class Measure>
std::vector<std::vector<double>> replicate_points(const model::AtomPaths& paths, const std::vector<std::size_t>& points,
                                                  const std::string& name, Measure&& measure) {
    std::vector<std::vector<double>> values(points.size());
    for (std::size_t r = 0; r < replicates; ++r) {
        const Findings result = measure(model::generate(paths, {7, cell_id(name), r}));
        for (std::size_t i = 0; i < points.size(); ++i) values[i].push_back(curve(result, name).y.at(points[i]));
    }
    return values;
}

}  // namespace vitrum::analysis
