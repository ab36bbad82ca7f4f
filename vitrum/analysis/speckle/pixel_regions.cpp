#include "vitrum/analysis/speckle/pixel_regions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "vitrum/core/error.hpp"

namespace vitrum::analysis {

using std::numbers::pi;

PixelPlaces pixel_places(const DetectorGeometry& g, std::size_t rows, std::size_t columns) {
    const double c1 = std::cos(g.rotation_1), s1 = std::sin(g.rotation_1);
    const double c2 = std::cos(g.rotation_2), s2 = std::sin(g.rotation_2);
    const double c3 = std::cos(g.rotation_3), s3 = std::sin(g.rotation_3);
    PixelPlaces places;
    places.q.reserve(rows * columns);
    places.azimuth.reserve(rows * columns);
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t column = 0; column < columns; ++column) {
            const double p1 = (static_cast<double>(row) + 0.5) * g.pixel_1 - g.poni_1;
            const double p2 = (static_cast<double>(column) + 0.5) * g.pixel_2 - g.poni_2;
            const double t1 = p1 * c2 * c3 + p2 * (c3 * s1 * s2 - c1 * s3) - g.distance * (c1 * c3 * s2 + s1 * s3);
            const double t2 = p1 * c2 * s3 + p2 * (c1 * c3 + s1 * s2 * s3) - g.distance * (c1 * s2 * s3 - c3 * s1);
            const double t3 = p1 * s2 - p2 * c2 * s1 + g.distance * c1 * c2;
            places.q.push_back(4 * pi / g.wavelength * std::sin(std::atan2(std::hypot(t1, t2), t3) / 2));
            places.azimuth.push_back(std::atan2(t1, t2));
        }
    return places;
}

std::vector<double> equal_rings(const std::vector<double>& q, const std::vector<std::uint8_t>& used,
                                std::size_t rings) {
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (std::size_t p = 0; p < q.size(); ++p) {
        if (!std::isfinite(q[p]) || (!used.empty() && !used[p])) continue;
        low = std::min(low, q[p]);
        high = std::max(high, q[p]);
    }
    if (!(high > low)) throw InputError("rings: the pixels in use have no two q");
    std::vector<double> edges;
    for (std::size_t k = 0; k <= rings; ++k)
        edges.push_back(std::lerp(low, high, static_cast<double>(k) / static_cast<double>(rings)));
    return edges;
}

std::vector<std::int32_t> ring_regions(const std::vector<double>& q, const std::vector<double>& azimuth,
                                       const std::vector<double>& edges, std::size_t sectors) {
    std::vector<std::int32_t> region(q.size(), 0);
    for (std::size_t p = 0; p < q.size(); ++p) {
        if (!(q[p] >= edges.front()) || !(q[p] <= edges.back())) continue;
        const auto above = static_cast<std::size_t>(std::upper_bound(edges.begin(), edges.end(), q[p]) - edges.begin());
        const std::size_t ring = std::min(above, edges.size() - 1) - 1;
        std::size_t sector = 0;
        if (sectors > 1) {
            const double turn = (azimuth[p] + pi) / (2 * pi);
            sector = std::min(sectors - 1, static_cast<std::size_t>(turn * static_cast<double>(sectors)));
        }
        region[p] = static_cast<std::int32_t>(ring * sectors + sector) + 1;
    }
    return region;
}

}  // namespace vitrum::analysis
