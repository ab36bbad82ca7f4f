// One of each kind of data, small, with numbers that need every digit.
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "vitrum/outside/handed.hpp"

namespace vitrum::outside::testing {

// x = 1/3, 2/3, ... with what text formats like to lose.
inline std::vector<double> awkward(std::size_t count) {
    std::vector<double> values{0.1, -0.0, std::numeric_limits<double>::denorm_min(), 1e308, 5e-324, 1.0 / 3.0};
    while (values.size() < count) values.push_back(std::sqrt(static_cast<double>(values.size())) * 1e-7);
    values.resize(count);
    return values;
}

inline SpeckleSeries small_frames(double offset = 0) {
    SpeckleSeries s;
    s.frames = 5;
    s.rows = 2;
    s.columns = 3;
    for (std::size_t i = 0; i < s.frames * s.rows * s.columns; ++i)
        s.counts.push_back(static_cast<float>((i * 7) % 11) + static_cast<float>(offset));
    s.frame_time = 0.1;
    s.exposure = 0.03;
    s.used = {1, 1, 0, 1, 1, 1};
    s.region = {1, 1, 2, 2, 2, 0};
    s.static_region = {1, 2, 2, 3, 3, 0};
    s.q = {1.1, 1.0 / 3, 2.5, 0.7, 0.9, 1.3};
    return s;
}

inline SpeckleSeries sparse_frames() {
    SpeckleSeries s;
    s.frames = 3;
    s.rows = 4;
    s.columns = 5;
    s.frame_ptr = {0, 2, 2, 5};
    s.index = {1, 19, 0, 7, 8};
    s.intensity = {1, 2, 1, 300, 1};
    s.frame_time = 1.0 / 3.0;
    return s;
}

inline TwoTimeMap small_map(std::size_t frames = 7) {
    TwoTimeMap map;
    map.frames = frames;
    map.frame_time = 0.1;
    map.values.resize(frames * frames);
    for (std::size_t i = 0; i < frames; ++i)
        for (std::size_t j = i; j < frames; ++j)
            map(i, j) = map(j, i) = 1 + std::exp(-static_cast<double>(j - i)) / 3 + 1e-17 * static_cast<double>(i * j);
    return map;
}

inline Curve small_curve() {
    Curve curve = make_curve("g2 of the cell with tau = 7 s", "lag", "s", "g2", "");
    curve.x = {0.1, 0.2, 0.30000000000000004, 0.4, 0.5, 0.6};
    curve.y = awkward(6);
    curve.y_error = {0.1, 0.2, 0.3, 0.4, 1e-300, 1.0 / 3.0};
    curve.weight = {6, 5, 4, 3, 2, 1};
    curve.scatter = awkward(6);
    curve.covariance_factor = Eigen::MatrixXd::Constant(6, 2, 1.0 / 7.0);
    curve.degrees_of_freedom = 63;
    curve.error_method = "imposed";
    return curve;
}

inline EventCatalogue small_catalogue() {
    return {"slips at tau = 7 s", "eV", {0.1, 1.0 / 3.0, 1e-30}, {0.1, 0.7, 1.9}, {}};
}

inline Columns small_columns() {
    return {
        "slips at tau = 7 s",
        {{"temperature", "K", {300, 301.1, 1.0 / 3.0}}, {"tau", "s", {1e3, 0.1, 5e-324}}, {"branch", "", {1, 1, 2}}}};
}

inline Trajectory small_trajectory() {
    Trajectory t;
    t.name = "quench with tau = 7 s";
    t.elements = {"Cu", "Zr"};
    t.species = {0, 1, 0};
    t.mass = {63.546, 91.224, 63.546};
    t.id = {2, 3, 7};
    for (int f = 0; f < 4; ++f) {
        AtomFrame frame;
        frame.step = 10.0 * f;
        frame.time = f * 1e-13 / 3.0;
        frame.box = {10 + f / 3.0, 0.1, 0, 0, 11, 0.2, 0, 0, 12};
        for (int k = 0; k < 9; ++k) frame.fractional.push_back(std::sin(f + 10 * k) * 1.7);
        t.frames.push_back(frame);
    }
    return t;
}

}  // namespace vitrum::outside::testing
