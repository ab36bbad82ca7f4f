// Estimators that `vitrum estimate` runs on one file. A new one is one function and one row in this table.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/pipeline/config/section.hpp"

namespace vitrum::pipeline {

struct EstimatorOutput {
    std::vector<Estimate> estimates;
    // Covariance of the parameters that were fitted together; empty where there is none.
    std::vector<std::string> covariance_of;
    Eigen::MatrixXd covariance;
    std::vector<Curve> curves{};       // measured: S(q), g(r), msd(t), ...
    std::vector<std::string> notes{};  // on the data: what was left out, what looks odd; one sentence each
};

struct EstimatorKind {
    std::string_view name;
    std::string_view summary;
    std::string_view input;
    EstimatorOutput (*run)(const std::filesystem::path& data, Section& options);
};

[[nodiscard]] std::span<const EstimatorKind> estimator_kinds();

// The worst status of all rows.
[[nodiscard]] Status overall(const std::vector<Estimate>& estimates);

}  // namespace vitrum::pipeline
