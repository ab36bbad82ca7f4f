#include "vitrum/core/atoms/cell.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace vitrum {
namespace {

constexpr CellMatrix tilted{10, 3, -2, 0, 9, 4, 0, 0, 8};

TEST(Cell, InverseUndoesTheCell) {
    const Vector3 s{0.3, -1.2, 0.45};
    const Vector3 back = product(inverse(tilted), product(tilted, s));
    for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(back[k], s[k], 1e-14);
    EXPECT_NEAR(volume(tilted), 720, 1e-10);
    EXPECT_THROW((void)inverse({1, 2, 3, 2, 4, 6, 0, 0, 1}), std::invalid_argument);
}

TEST(Cell, FaceDistancesAreVolumeOverFaceArea) {
    const Vector3 d = face_distances(tilted);
    // Face of b = (3,9,0) and c = (-2,4,8): |b x c| = |(72, -24, 30)|; of a and c: |(0, -80, 40)|; of a and b: 90.
    EXPECT_NEAR(d[0], 720 / std::sqrt(72.0 * 72 + 24 * 24 + 30 * 30), 1e-12);
    EXPECT_NEAR(d[1], 720 / std::sqrt(80.0 * 80 + 40 * 40), 1e-12);
    EXPECT_NEAR(d[2], 8, 1e-12);
}

TEST(Cell, ShortestImageBeatsTheNearestFractionInATiltedCell) {
    const CellMatrix h{10, 4.9, 0, 0, 3, 0, 0, 0, 10};  // b leans by half of a
    const Vector3 ds{0.45, 0.45, 0};
    const Vector3 near = product(h, nearest_image(ds));
    const Vector3 shortest = shortest_image(h, ds);
    double best = 1e300;  // by trying many images
    for (int x = -3; x <= 3; ++x)
        for (int y = -3; y <= 3; ++y) {
            const Vector3 r = product(h, {ds[0] + x, ds[1] + y, ds[2]});
            best = std::min(best, std::hypot(r[0], r[1], r[2]));
        }
    EXPECT_NEAR(std::hypot(shortest[0], shortest[1], shortest[2]), best, 1e-12);
    EXPECT_GT(std::hypot(near[0], near[1], near[2]), best + 0.1);
}

}  // namespace
}  // namespace vitrum
