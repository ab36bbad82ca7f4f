#include "vitrum/model/detector/detector_layout.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"

namespace vitrum::model {

namespace {

constexpr std::array names{"rectangle", "disc", "line", "arc"};

void need(bool holds, const std::string& message) {
    if (!holds) throw InputError(message);
}

void check(const DetectorShape& s) {
    const char* name = names.at(static_cast<std::size_t>(s.kind));
    for (const double v : {s.row, s.column, s.end_row, s.end_column, s.height, s.width, s.radius})
        need(std::isfinite(v), fmt::format("shapes: a {} has a number that is not finite", name));
    using Kind = DetectorShape::Kind;
    need(s.kind == Kind::disc || s.width > 0, fmt::format("shapes: width = {} of a {}: positive", s.width, name));
    need(s.kind != Kind::rectangle || s.height > 0,
         fmt::format("shapes: height = {} of a {}: positive", s.height, name));
    need((s.kind != Kind::disc && s.kind != Kind::arc) || s.radius > 0,
         fmt::format("shapes: radius = {} of a {}: positive", s.radius, name));
    need(s.transmission >= 0 && std::isfinite(s.transmission),
         fmt::format("shapes: transmission = {} of a {}: not negative", s.transmission, name));
}

void check(const RegionPlan& p) {
    need(p.rings == 0 || p.edges.empty(), "rings and q_edges exclude each other");
    need(p.edges.empty() || p.edges.size() >= 2, "q_edges: at least 2 edges bound a ring");
    for (std::size_t i = 0; i < p.edges.size(); ++i) {
        need(p.edges[i] >= 0, fmt::format("q_edges: {} 1/angstrom is negative", p.edges[i]));
        need(i == 0 || p.edges[i] > p.edges[i - 1], "q_edges: they must increase");
    }
    need(p.lowest_q <= p.highest_q && p.lowest_q >= 0,
         fmt::format("q_range: from {} to {} 1/angstrom", p.lowest_q, p.highest_q));
    need(p.sectors >= 1 && p.sectors <= 3600, fmt::format("sectors = {}: between 1 and 3600", p.sectors));
    need(p.first_azimuth < p.last_azimuth && p.last_azimuth - p.first_azimuth <= 360,
         fmt::format("azimuth_range: from {} to {} degrees, at most a full turn", p.first_azimuth, p.last_azimuth));
    need(p.sectors == 1 || p.any(), "sectors: they cut rings; give rings or q_edges");
}

void check(const DiffractionPeak& p) {
    if (p.width == 0) return;
    need(p.position > 0 && std::isfinite(p.position), fmt::format("peak_q = {} 1/angstrom: positive", p.position));
    need(p.width > 0 && std::isfinite(p.width), fmt::format("peak_width = {} 1/angstrom: positive", p.width));
    need(p.background >= 0 && p.background <= 1,
         fmt::format("peak_background = {}: a part of the height between 0 and 1", p.background));
}

// In a gap between modules.
bool in_gap(std::size_t at, std::size_t module, std::size_t gap) {
    return module > 0 && gap > 0 && at % (module + gap) >= module;
}

// How much of the intensity each pixel sees through shapes and gaps; 0 where masked.
std::vector<double> transmissions(const LayoutOptions& o, std::size_t rows, std::size_t columns) {
    std::vector<double> seen(rows * columns, 1.0);
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < columns; ++c) {
            double& here = seen[r * columns + c];
            const auto& m = o.modules;
            if (in_gap(r, m.rows, m.gap_rows) || in_gap(c, m.columns, m.gap_columns)) here = 0;
            for (const auto& shape : o.shapes)
                if (shape.holds(static_cast<double>(r), static_cast<double>(c))) here *= shape.transmission;
        }
    return seen;
}

// Edges of the rings: as given, or of equal width. The last one of these is above the highest q, so that its pixel
// lies inside.
std::vector<double> edges_of(const RegionPlan& plan, const DetectorLayout& layout) {
    if (!plan.edges.empty()) return plan.edges;
    double low = plan.lowest_q;
    double high = plan.highest_q;
    if (high == 0) {
        low = std::numeric_limits<double>::infinity();
        for (std::size_t p = 0; p < layout.q.size(); ++p) {
            if (!layout.used.empty() && !layout.used[p]) continue;
            low = std::min(low, layout.q[p]);
            high = std::max(high, layout.q[p]);
        }
        high = std::nextafter(high, std::numeric_limits<double>::infinity());
    }
    need(high > low, fmt::format("rings = {}: the pixels in use span no range of q", plan.rings));
    std::vector<double> edges;
    for (std::size_t i = 0; i <= plan.rings; ++i)
        edges.push_back(
            i == plan.rings ? high : low + (high - low) * static_cast<double>(i) / static_cast<double>(plan.rings));
    return edges;
}

void add_regions(const RegionPlan& plan, const std::vector<PixelDirection>& at, DetectorLayout& layout) {
    const auto edges = edges_of(plan, layout);
    const std::size_t rings = edges.size() - 1;
    const double sector = (plan.last_azimuth - plan.first_azimuth) / static_cast<double>(plan.sectors);
    layout.region.assign(at.size(), 0);
    std::vector<DetectorLayout::Region> all(rings * plan.sectors);
    for (std::size_t p = 0; p < at.size(); ++p) {
        const auto above = std::upper_bound(edges.begin(), edges.end(), at[p].q);
        if (above == edges.begin() || above == edges.end()) continue;
        const auto ring = static_cast<std::size_t>(above - edges.begin()) - 1;
        // Turned into the first full turn from the first sector's edge.
        double turn = std::fmod(at[p].azimuth - plan.first_azimuth, 360.0);
        if (turn < 0) turn += 360;
        const auto slice = static_cast<std::size_t>(turn / sector);
        if (slice >= plan.sectors) continue;
        const std::size_t index = ring * plan.sectors + slice;
        layout.region[p] = static_cast<std::int32_t>(index) + 1;
        if (!layout.used.empty() && !layout.used[p]) continue;
        all[index].q += at[p].q;
        ++all[index].pixels;
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].pixels == 0) continue;
        all[i].index = static_cast<std::int32_t>(i) + 1;
        all[i].q /= static_cast<double>(all[i].pixels);
        all[i].azimuth = plan.first_azimuth + sector * (static_cast<double>(i % plan.sectors) + 0.5);
        layout.regions.push_back(all[i]);
    }
    need(!layout.regions.empty(),
         fmt::format("{}: no pixel in use lies in any region", plan.edges.empty() ? "rings" : "q_edges"));
}

}  // namespace

std::vector<std::string> shape_names() { return {names.begin(), names.end()}; }

DetectorShape::Kind shape_from(const std::string& name) {
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end()) throw InputError(fmt::format("shape = \"{}\"{}", name, suggestion(name, shape_names())));
    return static_cast<DetectorShape::Kind>(at - names.begin());
}

bool DetectorShape::holds(double r, double c) const {
    switch (kind) {
        case Kind::rectangle:
            return r >= row - 0.5 && r < row - 0.5 + height && c >= column - 0.5 && c < column - 0.5 + width;
        case Kind::disc: return std::hypot(r - row, c - column) <= radius;
        case Kind::line: {
            const double along_row = end_row - row;
            const double along_column = end_column - column;
            const double length = std::hypot(along_row, along_column);
            if (length == 0) return std::hypot(r - row, c - column) <= width / 2;
            const double along = ((r - row) * along_row + (c - column) * along_column) / length;
            const double across = ((r - row) * along_column - (c - column) * along_row) / length;
            return along >= 0 && along <= length && std::abs(across) <= width / 2;
        }
        case Kind::arc: return std::abs(std::hypot(r - row, c - column) - radius) <= width / 2;
    }
    return false;
}

double DiffractionPeak::operator()(double q) const {
    if (width == 0) return 1;
    const double x = (q - position) / (width / 2);
    return background + (1 - background) / (1 + x * x);
}

DetectorLayout lay_out(const LayoutOptions& o, std::size_t rows, std::size_t columns) {
    check(o.geometry);
    for (const auto& shape : o.shapes) check(shape);
    check(o.regions);
    check(o.peak);
    need(o.modules.rows > 0 || o.modules.gap_rows == 0, "gap_rows: it needs module_rows");
    need(o.modules.columns > 0 || o.modules.gap_columns == 0, "gap_columns: it needs module_columns");

    const auto at = directions(o.geometry, rows, columns);
    DetectorLayout layout;
    for (const auto& pixel : at) layout.q.push_back(pixel.q);
    std::vector<double> intensity = transmissions(o, rows, columns);
    if (std::any_of(intensity.begin(), intensity.end(), [](double v) { return v == 0; }))
        for (const double seen : intensity) layout.used.push_back(seen > 0 ? 1 : 0);
    double sum = 0;
    double used = 0;
    for (std::size_t p = 0; p < at.size(); ++p) {
        intensity[p] *= o.peak(at[p].q);
        sum += intensity[p];
        used += intensity[p] > 0 ? 1 : 0;
    }
    need(used > 0, "shapes: they leave no pixel in use");
    const double mean = sum / used;
    for (double& value : intensity) value /= mean;
    if (std::any_of(intensity.begin(), intensity.end(), [](double v) { return v != 1; }))
        layout.intensity = std::move(intensity);
    if (o.regions.any()) add_regions(o.regions, at, layout);
    return layout;
}

}  // namespace vitrum::model
