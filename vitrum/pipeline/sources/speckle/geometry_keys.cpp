#include <cmath>
#include <memory>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/model/relaxation/wavevector_law.hpp"
#include "vitrum/pipeline/sources/speckle/speckle_keys.hpp"

namespace vitrum::pipeline {

namespace {

constexpr double angstrom_per_um = 1e4;
constexpr double angstrom_per_m = 1e10;
constexpr double ev_per_kev = 1e3;

std::size_t whole(Section& s, const char* key) {
    const auto value = s.integer(key, 0);
    if (value < 0) s.fail(key, fmt::format("is {}; it is not negative", value));
    return static_cast<std::size_t>(value);
}

model::DetectorShape read_shape(Section& s) {
    using Kind = model::DetectorShape::Kind;
    model::DetectorShape shape;
    const auto names = model::shape_names();
    shape.kind = model::shape_from(s.choice("shape", names, names.front()));
    shape.row = s.number("row");
    shape.column = s.number("column");
    if (shape.kind == Kind::rectangle) shape.height = s.number("height");
    if (shape.kind != Kind::disc) shape.width = s.number("width");
    if (shape.kind == Kind::line) {
        shape.end_row = s.number("end_row");
        shape.end_column = s.number("end_column");
    }
    if (shape.kind == Kind::disc || shape.kind == Kind::arc) shape.radius = s.number("radius");
    shape.transmission = s.number("transmission", 0.0);
    s.finish();
    return shape;
}

std::pair<double, double> pair_of(Section& s, const char* key, const std::vector<double>& values) {
    if (values.size() != 2) s.fail(key, fmt::format("has {} values; two are wanted, from and to", values.size()));
    return {values[0], values[1]};
}

model::LayoutOptions read_layout(Section& s, std::size_t rows, std::size_t columns) {
    model::LayoutOptions o;
    auto& g = o.geometry;
    g.energy = s.quantity("energy", Dimension::energy, g.energy * ev_per_kev) / ev_per_kev;
    g.distance = s.quantity("distance", Dimension::length, g.distance * angstrom_per_m) / angstrom_per_m;
    g.pixel_size = s.quantity("pixel_size", Dimension::length, g.pixel_size * angstrom_per_um) / angstrom_per_um;
    g.centre_row = s.number("centre_row", (static_cast<double>(rows) - 1) / 2);
    g.centre_column = s.number("centre_column", (static_cast<double>(columns) - 1) / 2);
    g.arm_angle = s.number("arm_angle", g.arm_angle);

    auto& plan = o.regions;
    if (s.has("q_edges")) {
        if (s.has("rings")) s.fail("rings", "rings and q_edges exclude each other");
        plan.edges = s.quantities("q_edges", Dimension::wavevector);
    } else {
        plan.rings = whole(s, "rings");
        if (s.has("q_range"))
            std::tie(plan.lowest_q, plan.highest_q) =
                pair_of(s, "q_range", s.quantities("q_range", Dimension::wavevector));
    }
    plan.sectors = s.count("sectors", 1);
    if (s.has("azimuth_range"))
        std::tie(plan.first_azimuth, plan.last_azimuth) = pair_of(s, "azimuth_range", s.numbers("azimuth_range"));

    o.modules.rows = whole(s, "module_rows");
    o.modules.columns = whole(s, "module_columns");
    o.modules.gap_rows = whole(s, "gap_rows");
    o.modules.gap_columns = whole(s, "gap_columns");
    std::vector<std::string> shapes;
    for (auto& table : s.tables("shapes")) {
        o.shapes.push_back(read_shape(table));
        shapes.push_back(table.resolved_inline());
    }
    if (!shapes.empty()) s.record("shapes", fmt::format("[{}]", fmt::join(shapes, ", ")));
    if (s.has("peak_q")) {
        o.peak.position = s.quantity("peak_q", Dimension::wavevector);
        o.peak.width = s.quantity("peak_width", Dimension::wavevector);
        o.peak.background = s.number("peak_background", 0.0);
    }
    s.finish();
    return o;
}

}  // namespace

void read_geometry(Section& section, model::SpeckleOptions& o) {
    if (section.has("geometry")) {
        Section own = section.inner("geometry");
        const auto layout = read_layout(own, o.rows, o.columns);
        own.guard([&] {
            o.detector.layout = std::make_shared<model::DetectorLayout>(model::lay_out(layout, o.rows, o.columns));
        });
        section.record("geometry", own.resolved_inline());
    }
    auto& w = o.wavevector;
    if (section.has("displacement_theta")) {
        const double theta = section.number("displacement_theta");
        const double k = section.number("displacement_index");
        section.guard([&] { model::check_displacement_pair(theta, k); });
        if (section.has("wavevector_exponent"))
            section.fail("wavevector_exponent", "is 1/displacement_theta here; leave it out");
        if (std::abs(o.relaxation.beta - theta * k) > 1e-9)
            section.fail("beta", fmt::format("is {}; these displacements have beta = theta k = {}", o.relaxation.beta,
                                             theta * k));
        w.exponent = 1 / theta;
        if (o.dynamics.spectral_terms > 0) o.dynamics.displacement_theta = theta;  // one field of them for all q
    } else if (section.has("wavevector_exponent")) {
        w.exponent = section.number("wavevector_exponent");
    }
    if (section.has("reference_q") || w.exponent != 0)
        w.reference = section.quantity("reference_q", Dimension::wavevector);
}

}  // namespace vitrum::pipeline
