// [source.NAME.pattern]: grain of the speckle and motion of the pattern.
#include <array>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "vitrum/pipeline/sources/speckle/speckle_keys.hpp"

namespace vitrum::pipeline {

namespace {

constexpr double hc = 12398.419843320026;  // [eV angstrom]

// [rows, columns]
std::array<double, 2> pair_of(Section& section, const std::string& key, const char* unit,
                              const std::optional<std::vector<double>>& fallback = std::nullopt) {
    const auto values = section.numbers(key, fallback);
    if (values.size() != 2)
        section.fail(key, fmt::format("has {} entries; it is [rows, columns] in {}", values.size(), unit));
    return {values[0], values[1]};
}

// "[name]\na = 1\nb = 2\n" to "{ a = 1, b = 2 }".
std::string inline_table(const Section& section) {
    std::string text = section.resolved();
    text.erase(0, text.find('\n') + 1);
    std::string line = "{ ";
    for (const char c : text) line += c == '\n' ? std::string(", ") : std::string(1, c);
    line.replace(line.size() - 2, 2, " }");
    return line;
}

bool has_optics(const Section& section) { return section.has("beam_size"); }

model::PatternOptics read_optics(Section& section) {
    model::PatternOptics o;
    const double energy = section.quantity("energy", Dimension::energy);
    if (!(energy > 0)) section.fail("energy", "is not positive");
    o.wavelength = hc / energy;
    o.wavevector = section.quantity("wavevector", Dimension::wavevector);
    o.distance = section.quantity("distance", Dimension::length) * 1e-10;
    o.pixel_size = section.quantity("pixel_size", Dimension::length) * 1e-4;
    o.beam_size = section.quantity("beam_size", Dimension::length) * 1e-4;
    o.bandwidth = section.number("bandwidth", 0.0);
    section.guard([&] { model::check(o); });
    return o;
}

// dq/q per second.
double read_strain_rate(Section& section) {
    if (!section.has("pressure_drift")) {
        if (section.has("compressibility")) section.fail("compressibility", "needs pressure_drift");
        return section.number("strain_rate", 0.0);
    }
    if (section.has("strain_rate"))
        section.fail("strain_rate", "and pressure_drift exclude each other: the drift times compressibility is a rate");
    const double drift = section.quantity("pressure_drift", Dimension::pressure_rate);
    return drift * section.number("compressibility");
}

void refuse(const Section& section, std::initializer_list<const char*> keys, const char* why) {
    for (const char* key : keys)
        if (section.has(key)) section.fail(key, why);
}

}  // namespace

model::PatternOptions read_pattern(Section& outer, std::size_t rows, std::size_t columns) {
    model::PatternOptions p;
    if (!outer.has("pattern")) return p;
    Section section = outer.inner("pattern");
    const double strain_rate = read_strain_rate(section);
    if (has_optics(section)) {
        refuse(section, {"grain", "centre"}, "follows from beam_size and the other keys of the optics; leave it out");
        const bool along_rows = section.choice("radial", {"rows", "columns"}, "columns") == "rows";
        model::set_optics(p, read_optics(section), strain_rate, along_rows, (static_cast<double>(rows) - 1) / 2,
                          (static_cast<double>(columns) - 1) / 2);
    } else {
        refuse(section, {"energy", "wavevector", "distance", "pixel_size", "bandwidth", "radial"},
               "belongs to the optics, which needs beam_size too; or give the grain in pixels");
        const auto grain = pair_of(section, "grain", "pixels");
        p.rows.grain = grain[0];
        p.columns.grain = grain[1];
        if (strain_rate != 0) {
            const auto centre = pair_of(section, "centre", "pixels from the first one");
            p.rows.centre = centre[0];
            p.columns.centre = centre[1];
            p.rows.strain_rate = p.columns.strain_rate = strain_rate;
        } else {
            refuse(section, {"centre"}, "needs a strain_rate or a pressure_drift");
        }
    }
    p.subpixels = section.count("subpixels", 1);
    if (section.has("velocity")) {
        const auto velocity = pair_of(section, "velocity", "pixels per second");
        p.rows.velocity = velocity[0];
        p.columns.velocity = velocity[1];
    }
    if (section.has("walk")) {
        const auto walk = pair_of(section, "walk", "pixels after one second");
        p.rows.walk = walk[0];
        p.columns.walk = walk[1];
    }
    if (section.has("step_times")) {
        p.step_times = section.quantities("step_times", Dimension::time);
        if (!section.has("step_rows") && !section.has("step_columns"))
            section.fail("step_times", "needs step_rows or step_columns, one shift in pixels for each time");
        if (section.has("step_rows")) p.rows.step_sizes = section.numbers("step_rows");
        if (section.has("step_columns")) p.columns.step_sizes = section.numbers("step_columns");
    } else {
        refuse(section, {"step_rows", "step_columns"}, "needs step_times, one time for each shift");
    }
    section.guard([&] { model::check(p); });
    section.finish();
    outer.record("pattern", inline_table(section));
    return p;
}

}  // namespace vitrum::pipeline
