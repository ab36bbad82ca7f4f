// What stands where on the detector: q of each pixel, rings and sectors of q as regions, masks, and the mean intensity
// of the sample's first sharp diffraction peak.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "vitrum/model/detector/geometry.hpp"

namespace vitrum::model {

// A shape on the surface, in pixels. A pixel belongs to it if its middle does.
struct DetectorShape {
    enum class Kind {
        rectangle,  // row .. row + height, column .. column + width (edges of pixels: row - 1/2 is the edge of row)
        disc,       // about (row, column)
        line,       // straight band of `width` from (row, column) to (end_row, end_column): a Kossel line, a wire
        arc,        // band of `width` about the circle of `radius` around (row, column): a curved Kossel line
    };
    Kind kind = Kind::rectangle;
    double row = 0, column = 0;
    double height = 0, width = 0;
    double end_row = 0, end_column = 0;
    double radius = 0;
    // 0: the pixels are masked and count nothing. Otherwise they stay in use and see this part of the intensity: a
    // shadow that nobody masked.
    double transmission = 0;

    [[nodiscard]] bool holds(double at_row, double at_column) const;
};

// Modules of rows x columns pixels with gaps between them that are masked. 0 = one module.
struct DetectorModules {
    std::size_t rows = 0, columns = 0;
    std::size_t gap_rows = 0, gap_columns = 0;
};

// Rings in q, cut into sectors of azimuth. Regions are numbered 1, 2, ... ring by ring, sector by sector.
struct RegionPlan {
    std::size_t rings = 0;               // of equal width in q, if there are no edges; 0 = one region, no map
    std::vector<double> edges{};         // [1/angstrom] increasing: ring i holds edges[i] <= q < edges[i + 1]
    double lowest_q = 0, highest_q = 0;  // [1/angstrom] of the rings of equal width; both 0 = those of the used pixels
    std::size_t sectors = 1;
    double first_azimuth = -180, last_azimuth = 180;  // [degrees] shared by the sectors; pixels outside have no region

    [[nodiscard]] bool any() const { return rings > 0 || !edges.empty(); }
};

// Mean intensity across q: b + (1 - b) / (1 + ((q - q0)/(w/2))^2), a Lorentzian on a flat background, scaled to mean 1
// over the pixels used. width = 0: flat.
struct DiffractionPeak {
    double position = 0;    // q0 [1/angstrom]
    double width = 0;       // w, full width at half maximum above the background [1/angstrom]
    double background = 0;  // b, of the height of the peak

    [[nodiscard]] double operator()(double q) const;
};

struct LayoutOptions {
    DetectorGeometry geometry{};
    std::vector<DetectorShape> shapes{};
    DetectorModules modules{};
    RegionPlan regions{};
    DiffractionPeak peak{};
};

struct DetectorLayout {
    struct Region {
        std::int32_t index = 0;  // as in the map
        double q = 0;            // [1/angstrom] mean over its pixels in use
        double azimuth = 0;      // [degrees] middle of its sector
        std::size_t pixels = 0;  // in use
    };
    std::vector<double> q;             // [1/angstrom] of each pixel
    std::vector<std::int32_t> region;  // 1-based, 0 = none; empty = no map
    std::vector<std::uint8_t> used;    // empty = all
    std::vector<double> intensity;     // of each pixel, mean 1 over the pixels used, 0 where masked; empty = flat
    std::vector<Region> regions;       // those with pixels, by index

    // Every pixel in use, all of the same intensity.
    [[nodiscard]] bool even() const { return used.empty() && intensity.empty(); }
};

// Throws InputError, one line: geometry, a shape without extent, edges that do not increase, a region plan or masks
// that leave no pixel.
[[nodiscard]] DetectorLayout lay_out(const LayoutOptions& options, std::size_t rows, std::size_t columns);

[[nodiscard]] std::vector<std::string> shape_names();
[[nodiscard]] DetectorShape::Kind shape_from(const std::string& name);  // throws InputError

}  // namespace vitrum::model
