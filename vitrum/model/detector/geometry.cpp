#include "vitrum/model/detector/geometry.hpp"

#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"

namespace vitrum::model {

namespace {

constexpr double hc = 12.398419843320026;  // [keV angstrom], exact SI values
constexpr double degree = std::numbers::pi / 180;
constexpr double metres_per_um = 1e-6;

void need_positive(const char* key, double value, const char* unit) {
    if (!(value > 0) || !std::isfinite(value))
        throw InputError(fmt::format("{} = {} {}: it must be positive", key, value, unit));
}

}  // namespace

void check(const DetectorGeometry& g) {
    need_positive("energy", g.energy, "keV");
    need_positive("distance", g.distance, "m");
    need_positive("pixel_size", g.pixel_size, "um");
    if (!std::isfinite(g.centre_row)) throw InputError("centre_row: it must be finite");
    if (!std::isfinite(g.centre_column)) throw InputError("centre_column: it must be finite");
    if (!(std::abs(g.arm_angle) <= 170))
        throw InputError(fmt::format("arm_angle = {} degrees: between -170 and 170", g.arm_angle));
}

double wavelength(double energy_kev) { return hc / energy_kev; }

PixelDirection direction(const DetectorGeometry& g, double row, double column) {
    const double pixel = g.pixel_size * metres_per_um;
    const double along = pixel * (column - g.centre_column);
    const double y = pixel * (row - g.centre_row);
    const double sine = std::sin(g.arm_angle * degree);
    const double cosine = std::cos(g.arm_angle * degree);
    const double x = g.distance * sine + along * cosine;
    const double z = g.distance * cosine - along * sine;
    // atan2 keeps its digits at small angles, where acos would lose them.
    const double two_theta = std::atan2(std::hypot(x, y), z);
    return {4 * std::numbers::pi / wavelength(g.energy) * std::sin(two_theta / 2), std::atan2(y, x) / degree};
}

std::vector<PixelDirection> directions(const DetectorGeometry& geometry, std::size_t rows, std::size_t columns) {
    std::vector<PixelDirection> all;
    all.reserve(rows * columns);
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < columns; ++c)
            all.push_back(direction(geometry, static_cast<double>(r), static_cast<double>(c)));
    return all;
}

}  // namespace vitrum::model
