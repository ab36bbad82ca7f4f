#include "vitrum/core/atoms/cell.hpp"

#include <cmath>
#include <stdexcept>

namespace vitrum {

namespace {

double determinant(const CellMatrix& h) {
    return h[0] * (h[4] * h[8] - h[5] * h[7]) - h[1] * (h[3] * h[8] - h[5] * h[6]) + h[2] * (h[3] * h[7] - h[4] * h[6]);
}

double norm2(const Vector3& v) { return v[0] * v[0] + v[1] * v[1] + v[2] * v[2]; }

}  // namespace

double volume(const CellMatrix& h) { return std::abs(determinant(h)); }

CellMatrix inverse(const CellMatrix& h) {
    const double d = determinant(h);
    if (d == 0 || !std::isfinite(d)) throw std::invalid_argument("a flat cell has no inverse");
    return {(h[4] * h[8] - h[5] * h[7]) / d, (h[2] * h[7] - h[1] * h[8]) / d, (h[1] * h[5] - h[2] * h[4]) / d,
            (h[5] * h[6] - h[3] * h[8]) / d, (h[0] * h[8] - h[2] * h[6]) / d, (h[2] * h[3] - h[0] * h[5]) / d,
            (h[3] * h[7] - h[4] * h[6]) / d, (h[1] * h[6] - h[0] * h[7]) / d, (h[0] * h[4] - h[1] * h[3]) / d};
}

Vector3 face_distances(const CellMatrix& h) {
    const CellMatrix reciprocal = inverse(h);  // rows: normals of the faces over their distance
    Vector3 distance{};
    for (std::size_t k = 0; k < 3; ++k)
        distance[k] = 1 / std::sqrt(norm2({reciprocal[3 * k], reciprocal[3 * k + 1], reciprocal[3 * k + 2]}));
    return distance;
}

Vector3 nearest_image(const Vector3& ds) {
    return {ds[0] - std::nearbyint(ds[0]), ds[1] - std::nearbyint(ds[1]), ds[2] - std::nearbyint(ds[2])};
}

Vector3 shortest_image(const CellMatrix& h, const Vector3& ds) {
    const Vector3 near = nearest_image(ds);
    Vector3 best = product(h, near);
    for (int x = -1; x <= 1; ++x)
        for (int y = -1; y <= 1; ++y)
            for (int z = -1; z <= 1; ++z) {
                const Vector3 r = product(h, {near[0] + x, near[1] + y, near[2] + z});
                if (norm2(r) < norm2(best)) best = r;
            }
    return best;
}

}  // namespace vitrum
