// Geometry as pyFAI writes it: .poni files, versions 1 to 2.1.
#pragma once

#include <filesystem>

#include "vitrum/core/data/detector_geometry.hpp"

namespace vitrum::io {

// PixelSize1, PixelSize2 or those of Detector_config, Distance, Poni1, Poni2, Rot1, Rot2, Rot3, Wavelength [m]; a later
// line wins. What the file lacks is NaN, rotations 0. Throws InputError: no such file, no Distance, a number that is
// none.
[[nodiscard]] DetectorGeometry read_poni(const std::filesystem::path& file);

}  // namespace vitrum::io
