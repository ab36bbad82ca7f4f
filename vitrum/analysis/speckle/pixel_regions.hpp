// q of the pixels of a flat detector, and regions of pixels: rings in q, sectors of rings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "vitrum/core/data/detector_geometry.hpp"

namespace vitrum::analysis {

struct PixelPlaces {
    std::vector<double> q;        // [1/angstrom] 4 pi sin(theta)/lambda at the middle of each pixel, row by row
    std::vector<double> azimuth;  // [rad] -pi .. pi, from axis 2 towards axis 1
};

// Every member of `geometry` is known. Positions as in pyFAI's calc_pos_zyx.
[[nodiscard]] PixelPlaces pixel_places(const DetectorGeometry& geometry, std::size_t rows, std::size_t columns);

// `rings` of equal width in q from the least to the largest q of the pixels in use: their rings + 1 edges. `used`: 1 =
// in use; empty = all. Throws InputError: no finite q, or one q alone.
[[nodiscard]] std::vector<double> equal_rings(const std::vector<double>& q, const std::vector<std::uint8_t>& used,
                                              std::size_t rings);

// Region (ring * sectors + sector) + 1 of each pixel, 0 outside of all rings; a ring holds its lower edge, the last one
// both. Sectors of equal angle, the first from -pi. `azimuth` may be empty for one sector.
[[nodiscard]] std::vector<std::int32_t> ring_regions(const std::vector<double>& q, const std::vector<double>& azimuth,
                                                     const std::vector<double>& edges, std::size_t sectors);

}  // namespace vitrum::analysis
