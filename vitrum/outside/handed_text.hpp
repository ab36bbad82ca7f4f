// Curves, events and columns as CSV: names with units in the header, every digit of the numbers.
#pragma once

#include <filesystem>

#include "vitrum/outside/handed.hpp"

namespace vitrum::outside {

// x, y, and where they are known y_error, pairs (weight) and scatter.
void write_curve(const std::filesystem::path& file, const Curve& curve);

// Factor F of the covariance F F^T of the points: points x replicates numbers, no header.
void write_covariance_factor(const std::filesystem::path& file, const Curve& curve);

// time, size, duration: those that are known.
void write_events(const std::filesystem::path& file, const EventCatalogue& events);

void write_columns(const std::filesystem::path& file, const Columns& columns);

}  // namespace vitrum::outside
