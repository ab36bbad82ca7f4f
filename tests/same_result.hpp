// Compares results field by field. Structured bindings: a field that is added to a struct does not compile here until
// it is compared too.
#pragma once

#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "vitrum/core/truth/result.hpp"

namespace vitrum {

template <class T>
void expect_same(const T& a, const T& b, const std::string& what) {
    if constexpr (std::is_floating_point_v<T>)
        EXPECT_TRUE(a == b || (std::isnan(a) && std::isnan(b))) << what << ": " << a << " and " << b;
    else
        EXPECT_TRUE(a == b) << what;
}

inline void expect_same(const std::string& a, const std::string& b, const std::string& what) {
    EXPECT_EQ(a, b) << what;
}

inline void expect_same(const Coordinate& x, const Coordinate& y, const std::string& what) {
    const auto& [name, index, value, unit, text] = x;
    const auto& [name_2, index_2, value_2, unit_2, text_2] = y;
    expect_same(name, name_2, what + ".name");
    expect_same(index, index_2, what + ".index");
    expect_same(value, value_2, what + ".value");
    expect_same(unit, unit_2, what + ".unit");
    expect_same(text, text_2, what + ".text");
}

template <class T>
void expect_same(const std::vector<T>& a, const std::vector<T>& b, const std::string& what);

inline void expect_same(const Abscissa& a, const Abscissa& b, const std::string& what) {
    expect_same(static_cast<const std::vector<Coordinate>&>(a), static_cast<const std::vector<Coordinate>&>(b), what);
}

inline void expect_same(const Estimate& a, const Estimate& b, const std::string& what) {
    const auto& [quantity, unit, abscissa, value, error, lower, upper, level, status, note] = a;
    const auto& [quantity_2, unit_2, abscissa_2, value_2, error_2, lower_2, upper_2, level_2, status_2, note_2] = b;
    expect_same(quantity, quantity_2, what + ".quantity");
    expect_same(unit, unit_2, what + ".unit");
    expect_same(abscissa, abscissa_2, what + ".abscissa");
    expect_same(value, value_2, what + ".value");
    expect_same(error, error_2, what + ".standard_error");
    expect_same(lower, lower_2, what + ".lower");
    expect_same(upper, upper_2, what + ".upper");
    expect_same(level, level_2, what + ".level");
    expect_same(status, status_2, what + ".status");
    expect_same(note, note_2, what + ".note");
}

inline void expect_same(const Curve& a, const Curve& b, const std::string& what) {
    const auto& [name, x_name, x_unit, y_name, y_unit, x, y, error, weight, scatter, factor, freedom, method] = a;
    const auto& [name_2, x_name_2, x_unit_2, y_name_2, y_unit_2, x_2, y_2, error_2, weight_2, scatter_2, factor_2,
                 freedom_2, method_2] = b;
    expect_same(name, name_2, what + ".name");
    expect_same(x_name, x_name_2, what + ".x_name");
    expect_same(x_unit, x_unit_2, what + ".x_unit");
    expect_same(y_name, y_name_2, what + ".y_name");
    expect_same(y_unit, y_unit_2, what + ".y_unit");
    expect_same(x, x_2, what + ".x");
    expect_same(y, y_2, what + ".y");
    expect_same(error, error_2, what + ".y_error");
    expect_same(weight, weight_2, what + ".weight");
    expect_same(scatter, scatter_2, what + ".scatter");
    EXPECT_TRUE(factor.rows() == factor_2.rows() && factor.cols() == factor_2.cols() && factor == factor_2)
        << what << ".covariance_factor";
    expect_same(freedom, freedom_2, what + ".degrees_of_freedom");
    expect_same(method, method_2, what + ".error_method");
}

inline void expect_same(const TruthRow& a, const TruthRow& b, const std::string& what) {
    const auto& [quantity, unit, abscissa, value, origin, note] = a;
    const auto& [quantity_2, unit_2, abscissa_2, value_2, origin_2, note_2] = b;
    expect_same(quantity, quantity_2, what + ".quantity");
    expect_same(unit, unit_2, what + ".unit");
    expect_same(abscissa, abscissa_2, what + ".abscissa");
    expect_same(value, value_2, what + ".value");
    expect_same(origin, origin_2, what + ".origin");
    expect_same(note, note_2, what + ".note");
}

inline void expect_same(const GroundTruth& a, const GroundTruth& b, const std::string& what) {
    // What stands behind speckle is in memory alone.
    const auto& [rows, curves, origins, atoms] = a;
    const auto& [rows_2, curves_2, origins_2, atoms_2] = b;
    expect_same(rows, rows_2, what + ".rows");
    expect_same(curves, curves_2, what + ".curves");
    expect_same(origins, origins_2, what + ".curve_origins");
}

inline void expect_same(const TimeSeries& a, const TimeSeries& b, const std::string& what) {
    const auto& [name, unit, time, value] = a;
    const auto& [name_2, unit_2, time_2, value_2] = b;
    expect_same(name, name_2, what + ".name");
    expect_same(unit, unit_2, what + ".unit");
    expect_same(time, time_2, what + ".time");
    expect_same(value, value_2, what + ".value");
}

inline void expect_same(const TwoTimeMap& a, const TwoTimeMap& b, const std::string& what) {
    const auto& [frames, values, frame_time, unit, diagonal, on_disk] = a;
    const auto& [frames_2, values_2, frame_time_2, unit_2, diagonal_2, on_disk_2] = b;
    expect_same(frames, frames_2, what + ".frames");
    expect_same(values, values_2, what + ".values");
    expect_same(frame_time, frame_time_2, what + ".frame_time");
    expect_same(unit, unit_2, what + ".time_unit");
    expect_same(diagonal, diagonal_2, what + ".diagonal_valid");
    EXPECT_EQ(on_disk == nullptr, on_disk_2 == nullptr) << what;
}

inline void expect_same(const Beamline& a, const Beamline& b, const std::string& what) {
    const auto& [x, y, pixel, distance, energy, start] = a;
    const auto& [x_2, y_2, pixel_2, distance_2, energy_2, start_2] = b;
    expect_same(x, x_2, what + ".beam_center_x");
    expect_same(y, y_2, what + ".beam_center_y");
    expect_same(pixel, pixel_2, what + ".pixel_size");
    expect_same(distance, distance_2, what + ".distance");
    expect_same(energy, energy_2, what + ".energy");
    expect_same(start, start_2, what + ".start_time");
}

inline void expect_same(const FramesSummary& a, const FramesSummary& b, const std::string& what) {
    const auto& [name, title, frames, rows, columns, time, unit, exposure, beamline, used, dynamic, fixed, number, q,
                 static_q, of_frame, image, mean, segments, segment, delay, g2, error, g2_part, error_part, map_part] =
        a;
    const auto& [name_2, title_2, frames_2, rows_2, columns_2, time_2, unit_2, exposure_2, beamline_2, used_2,
                 dynamic_2, fixed_2, number_2, q_2, static_q_2, of_frame_2, image_2, mean_2, segments_2, segment_2,
                 delay_2, g2_2, error_2, g2_part_2, error_part_2, map_part_2] = b;
    expect_same(name, name_2, what + ".name");
    expect_same(title, title_2, what + ".title");
    expect_same(frames, frames_2, what + ".frames");
    expect_same(rows, rows_2, what + ".rows");
    expect_same(columns, columns_2, what + ".columns");
    expect_same(time, time_2, what + ".frame_time");
    expect_same(unit, unit_2, what + ".time_unit");
    expect_same(exposure, exposure_2, what + ".exposure");
    expect_same(beamline, beamline_2, what + ".beamline");
    expect_same(used, used_2, what + ".used");
    expect_same(dynamic, dynamic_2, what + ".dynamic_region");
    expect_same(fixed, fixed_2, what + ".static_region");
    expect_same(number, number_2, what + ".region_number");
    expect_same(q, q_2, what + ".dynamic_q");
    expect_same(static_q, static_q_2, what + ".static_q");
    expect_same(of_frame, of_frame_2, what + ".mean_of_frame");
    expect_same(image, image_2, what + ".mean_image");
    expect_same(mean, mean_2, what + ".static_mean");
    expect_same(segments, segments_2, what + ".segments");
    expect_same(segment, segment_2, what + ".static_segment");
    expect_same(delay, delay_2, what + ".delay");
    expect_same(g2, g2_2, what + ".g2");
    expect_same(error, error_2, what + ".g2_error");
    expect_same(g2_part, g2_part_2, what + ".g2_by_segment");
    expect_same(error_part, error_part_2, what + ".g2_error_by_segment");
    expect_same(map_part, map_part_2, what + ".map_g2_by_segment");
}

template <class T>
void expect_same(const std::optional<T>& a, const std::optional<T>& b, const std::string& what) {
    ASSERT_EQ(a.has_value(), b.has_value()) << what;
    if (a) expect_same(*a, *b, what);
}

template <class T>
void expect_same(const std::vector<T>& a, const std::vector<T>& b, const std::string& what) {
    ASSERT_EQ(a.size(), b.size()) << what;
    for (std::size_t i = 0; i < a.size(); ++i) expect_same(a[i], b[i], what + "[" + std::to_string(i) + "]");
}

inline void expect_same(const SeriesResult& a, const SeriesResult& b, const std::string& what) {
    const auto& [name, source, source_name, title, abscissa, frames, pixels, map, g2, fit, trace, curves, estimates,
                 truth, summary, traces, notes, failure] = a;
    const auto& [name_2, source_2, source_name_2, title_2, abscissa_2, frames_2, pixels_2, map_2, g2_2, fit_2, trace_2,
                 curves_2, estimates_2, truth_2, summary_2, traces_2, notes_2, failure_2] = b;
    expect_same(name, name_2, what + ".name");
    expect_same(source, source_2, what + ".source");
    expect_same(source_name, source_name_2, what + ".source_name");
    expect_same(title, title_2, what + ".title");
    expect_same(abscissa, abscissa_2, what + ".abscissa");
    expect_same(frames, frames_2, what + ".frames");
    expect_same(pixels, pixels_2, what + ".pixels");
    expect_same(map, map_2, what + ".map");
    expect_same(g2, g2_2, what + ".g2");
    expect_same(fit, fit_2, what + ".fit");
    expect_same(trace, trace_2, what + ".trace");
    expect_same(curves, curves_2, what + ".curves");
    expect_same(estimates, estimates_2, what + ".estimates");
    expect_same(truth, truth_2, what + ".truth");
    ASSERT_EQ(summary == nullptr, summary_2 == nullptr) << what << ".frames_summary";
    if (summary) expect_same(*summary, *summary_2, what + ".frames_summary");
    expect_same(traces, traces_2, what + ".traces");
    expect_same(notes, notes_2, what + ".notes");
    expect_same(failure, failure_2, what + ".failure");
}

}  // namespace vitrum
