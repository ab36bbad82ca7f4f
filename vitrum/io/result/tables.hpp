// Tables of estimates and truth as groups of equally long columns, readable from any language.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "vitrum/core/data/time_series.hpp"
#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/core/truth/ground_truth.hpp"
#include "vitrum/io/hdf5/hdf5.hpp"

namespace vitrum::io {

// Rows with the name of the series that they belong to ("" = the whole result).
using EstimateRows = std::vector<std::pair<std::string, Estimate>>;
using TruthRows = std::vector<std::pair<std::string, TruthRow>>;

void write_estimates(WriteFile& file, const std::string& group, const EstimateRows& rows);
[[nodiscard]] EstimateRows read_estimates(const ReadFile& file, const std::string& group);

void write_truth(WriteFile& file, const std::string& group, const TruthRows& rows);
[[nodiscard]] TruthRows read_truth(const ReadFile& file, const std::string& group);

// A curve as NXdata, with errors, weights and covariance factor where they are known.
void write_curve(WriteFile& file, const std::string& group, const Curve& curve);
[[nodiscard]] Curve read_curve(const ReadFile& file, const std::string& group);

// Curves by their names under `group`, made if there are any; read back in the order they were written.
void write_curves(WriteFile& file, const std::string& group, const std::vector<Curve>& curves);
[[nodiscard]] std::vector<Curve> read_curves(const ReadFile& file, const std::string& group);

void write_abscissa(WriteFile& file, const std::string& group, const std::vector<Abscissa>& all);
[[nodiscard]] std::vector<Abscissa> read_abscissa(const ReadFile& file, const std::string& group, std::size_t rows);

// Curves of truth under `group`, each with its origin.
void write_truth_curves(WriteFile& file, const std::string& group, const GroundTruth& truth);
void read_truth_curves(const ReadFile& file, const std::string& group, GroundTruth& truth);

void write_traces(WriteFile& file, const std::string& group, const std::vector<TimeSeries>& traces);
[[nodiscard]] std::vector<TimeSeries> read_traces(const ReadFile& file, const std::string& group);

}  // namespace vitrum::io
