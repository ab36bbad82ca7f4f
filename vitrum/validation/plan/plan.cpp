#include "vitrum/validation/plan/plan.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <numbers>
#include <utility>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/model/detector/geometry.hpp"
#include "vitrum/model/spatial/spatial_pattern.hpp"
#include "vitrum/pipeline/config/section.hpp"
#include "vitrum/validation/plan/plan_optics.hpp"

namespace vitrum::validation {

using pipeline::Section;

namespace {

constexpr double degree = std::numbers::pi / 180;
constexpr double angstrom_per_um = 1e4;

double positive(Section& s, const std::string& key, double value) {
    if (!(value > 0) || !std::isfinite(value)) s.fail(key, fmt::format("is {}; it must be positive", value));
    return value;
}

double positive_number(Section& s, const char* key) { return positive(s, key, s.number(key)); }

double length_um(Section& s, const char* key) {
    return positive(s, key, s.quantity(key, Dimension::length)) / angstrom_per_um;
}

// In (0, 1].
double share(Section& s, const char* key) {
    const double value = s.number(key);
    if (!(value > 0 && value <= 1)) s.fail(key, fmt::format("is {}; it lies above 0 and is at most 1", value));
    return value;
}

void refuse(const Section& s, std::initializer_list<const char*> keys, const char* why) {
    for (const char* key : keys)
        if (s.has(key)) s.fail(key, why);
}

// {q [1/angstrom], 2 theta [rad]}
std::pair<double, double> direction_of(Section& s, double wavelength) {
    if (s.has("angle")) {
        refuse(s, {"wavevector"}, "and angle exclude each other: one follows from the other");
        const double two_theta = s.number("angle") * degree;
        if (!(two_theta > 0 && two_theta < std::numbers::pi / 2))
            s.fail("angle", "is 2 theta in degrees, between 0 and 90");
        return {4 * std::numbers::pi / wavelength * std::sin(two_theta / 2), two_theta};
    }
    const double q = positive(s, "wavevector", s.quantity("wavevector", Dimension::wavevector));
    return {q, 2 * std::asin(std::min(1.0, q * wavelength / (4 * std::numbers::pi)))};
}

void read_optics(Section& s, Experiment& e) {
    const double energy = positive(s, "energy", s.quantity("energy", Dimension::energy)) / 1e3;
    model::PatternOptics o;
    o.wavelength = model::wavelength(energy);
    const auto [q, two_theta] = direction_of(s, o.wavelength);
    o.wavevector = q;
    o.distance = length_um(s, "distance") * 1e-6;
    o.pixel_size = length_um(s, "pixel_size");
    o.beam_size = length_um(s, "beam_size");
    o.bandwidth = s.number("bandwidth");
    s.guard([&] { model::check(o); });
    static_cast<void>(s.raw("coherence_length"));  // known, though it may be left out
    ScatteringVolume v{o.wavelength, two_theta, o.beam_size, 0, o.bandwidth};
    v.thickness = length_um(s, "thickness");
    const bool limited = s.has("coherence_length");
    if (limited) v.coherence_length = length_um(s, "coherence_length");
    const double background = s.number("background", 0.0);
    if (!(background >= 0 && background < 1)) s.fail("background", fmt::format("is {}; from 0 to below 1", background));
    refuse(s, {"speckle_size"}, "follows from the optics; leave it out, or leave out energy");

    const double in_plane = in_plane_factor(v);
    const double across = out_of_plane_factor(v);
    e.beam_size = o.beam_size;
    e.grain_transverse = model::transverse_grain(o);
    e.grain_radial = model::radial_grain(o);
    const double pixel = pixel_factor(e.grain_radial, e.grain_transverse);
    e.contrast = in_plane * across * pixel * std::pow(1 - background, 2);
    auto& f = e.facts;
    f.push_back({"wavelength", o.wavelength, "angstrom", "hc/E"});
    f.push_back({"wavevector", q, "1/angstrom", "(4 pi/lambda) sin(theta)"});
    f.push_back({"angle 2 theta", two_theta / degree, "degrees", "2 asin(q lambda/(4 pi))"});
    if (v.bandwidth > 0)
        f.push_back({"longitudinal coherence length", v.wavelength / v.bandwidth * 1e-4, "um",
                     "lambda/(dlambda/lambda), full width; other conventions halve it", true});
    f.push_back({"largest path difference", v.beam_size * std::sin(two_theta) + v.thickness * (1 - std::cos(two_theta)),
                 "um", "D sin(2 theta) + W (1 - cos(2 theta))"});
    f.push_back({"contrast factor in the plane of scattering", in_plane, "",
                 "mean over pairs of scatterers of exp(-(k sigma P)^2) exp(-x^2/xi^2), P their path difference"});
    f.push_back({"contrast factor across the plane", across, "", "sqrt(pi) erf(a)/a - (1 - exp(-a^2))/a^2, a = D/xi"});
    f.push_back({"speckle size, transverse", e.grain_transverse, "pixels", "lambda L/(D p)"});
    f.push_back({"speckle size, radial", e.grain_radial, "pixels",
                 "sqrt((lambda L/D)^2 + 4 pi (2 tan(theta) L b/2.3548)^2)/p"});
    f.push_back({"contrast factor of the pixel", pixel, "",
                 "product over both axes of sqrt(pi) erf(a)/a - (1 - exp(-a^2))/a^2, a = sqrt(pi)/size"});
    if (background > 0)
        f.push_back({"contrast factor of the background", std::pow(1 - background, 2), "", "(1 - b)^2"});
    f.push_back({s.has("contrast") ? "contrast from the optics, not used" : "contrast", e.contrast, "",
                 "product of the factors"});
    e.notes.emplace_back("The optics assume uniform illumination of a square beam and a Gaussian spectrum.");
    if (!limited) e.notes.emplace_back("No coherence_length: the beam counts as fully coherent across.");
}

void read_speckle(Section& s, Experiment& e) {
    if (s.has("energy")) {
        read_optics(s, e);
    } else {
        refuse(s,
               {"distance", "pixel_size", "wavevector", "angle", "bandwidth", "thickness", "coherence_length",
                "background"},
               "belongs to the optics, which need energy too; or give contrast and speckle_size");
        if (!s.has("contrast")) s.fail("contrast", "is missing; or give energy and the optics it follows from");
        if (s.has("beam_size")) e.beam_size = length_um(s, "beam_size");
        const bool pair = s.has("speckle_size") && s.raw("speckle_size")->is_array();
        const auto size = pair                    ? s.numbers("speckle_size")
                          : s.has("speckle_size") ? std::vector<double>(2, s.number("speckle_size"))
                                                  : std::vector<double>{1, 1};
        if (size.size() != 2) s.fail("speckle_size", "is one number, or [radial, transverse] in pixels");
        e.grain_radial = positive(s, "speckle_size", size[0]);
        e.grain_transverse = positive(s, "speckle_size", size[1]);
        e.facts.push_back({"speckle size, radial", e.grain_radial, "pixels", "given"});
        e.facts.push_back({"speckle size, transverse", e.grain_transverse, "pixels", "given"});
        if (!s.has("speckle_size")) e.notes.emplace_back("No speckle_size: pixels count as independent.");
    }
    if (s.has("contrast")) {
        e.contrast = share(s, "contrast");
        e.facts.push_back({"contrast", e.contrast, "", "given"});
    }
}

void read_pixels(Section& s, Experiment& e) {
    if (s.has("pixels")) {
        refuse(s, {"detector_rows", "detector_columns"}, "and pixels exclude each other");
        e.pixels = static_cast<double>(s.count("pixels", 1));
    } else if (s.has("detector_rows") || s.has("detector_columns")) {
        const auto side = [&](const char* key) { return positive(s, key, static_cast<double>(s.integer(key))); };
        e.pixels = side("detector_rows") * side("detector_columns");
    } else {
        s.fail("pixels", "is missing: the pixels in use; or detector_rows and detector_columns");
    }
    if (e.pixels < 100) s.fail(s.has("pixels") ? "pixels" : "detector_rows", "leaves fewer than 100 pixels");
    e.facts.push_back({"pixels in use", e.pixels, "", s.has("pixels") ? "given" : "rows x columns"});
}

void read_counts(Section& s, Experiment& e) {
    const int ways = (s.has("mean_count") ? 1 : 0) + (s.has("counted_flux") ? 1 : 0) + (s.has("flux") ? 1 : 0);
    if (ways != 1)
        s.fail("mean_count",
               "one of mean_count (photons per pixel and frame), counted_flux (photons per second on the "
               "pixels in use), or flux and counted_share is wanted");
    std::string formula = "given";
    if (s.has("mean_count")) {
        e.mean_count = positive_number(s, "mean_count");
    } else {
        double flux = 0;
        if (s.has("counted_flux")) {
            flux = positive_number(s, "counted_flux");
        } else {
            flux = positive_number(s, "flux");
            flux *= share(s, "counted_share");
            e.facts.push_back({"photons counted per second", flux, "1/s", "flux x counted_share"});
        }
        e.mean_count = flux * e.frame_time / e.pixels;
        formula = "counted per second x frame time/pixels";
    }
    e.facts.push_back({"photons per pixel and frame", e.mean_count, "", formula});
    const double area = std::max(1.0, e.grain_radial) * std::max(1.0, e.grain_transverse);
    e.facts.push_back({"photons per speckle and frame", e.mean_count * area, "",
                       "counts x speckle area; a speckle below a pixel counts as one pixel"});
}

void read_time(Section& s, Experiment& e) {
    e.frames = s.count("frames", 1);
    if (e.frames < 20) s.fail("frames", fmt::format("is {}; at least 20", e.frames));
    e.frame_time = positive(s, "frame_time", s.quantity("frame_time", Dimension::time));
    e.tau = positive(s, "tau", s.quantity("tau", Dimension::time));
    e.beta = positive_number(s, "beta");
    if (e.beta > 2) s.fail("beta", fmt::format("is {}; no field decays with more than 2", e.beta));
}

void tell_time(Experiment& e) {
    e.facts.push_back({"length of the run", e.run_time(), "s", "frames x frame time"});
    e.facts.push_back({"tau in frames", e.tau / e.frame_time, "", "tau/frame time"});
    e.facts.push_back({"run in tau", e.run_time() / e.tau, "", "length of the run/tau"});
    const double left = exposure_factor(e.frame_time / e.tau, e.beta);
    e.facts.push_back({"contrast left by the exposure", left, "",
                       "2 integral_0^1 (1-u) exp(-2 (u frame time/tau)^beta) du, not taken off"});
    if (left < 0.9)
        e.notes.push_back(
            fmt::format("Frames are long against tau: a full exposure leaves {:.2g} of the contrast. The "
                        "simulated frames are instantaneous, so that they see too much.",
                        left));
}

void read_drift(Section& s, Experiment& e) {
    static_cast<void>(s.raw("drift"));
    if (!s.has("drift")) return;
    e.drift = s.quantity("drift", Dimension::velocity);
    if (!(e.drift >= 0)) s.fail("drift", "is negative; give the speed");
    if (e.drift == 0) return;
    if (!(e.beam_size > 0)) s.fail("drift", "needs beam_size: how far the sample goes until it has left the beam");
    e.facts.push_back(
        {"time in which the drift crosses the beam", e.beam_size * angstrom_per_um / e.drift, "s", "beam size/drift"});
    e.notes.emplace_back(
        "The drift carries the sample through a Gaussian beam whose radius at 1/e^2 is half of beam_size.");
}

Experiment experiment_from(const toml::value& root, const std::string& file) {
    for (const auto& [key, value] : root.as_table())
        if (key != "experiment")
            throw InputError(fmt::format("{}:{}: [{}] is unknown here; an experiment has one table, [experiment]", file,
                                         value.location().line(), key));
    if (!root.contains("experiment")) throw InputError(fmt::format("{}: the table [experiment] is missing", file));
    Section s(&root.at("experiment"), "experiment", file);
    Experiment e;
    e.title = s.text("title", "");
    read_time(s, e);
    read_speckle(s, e);
    read_pixels(s, e);
    read_counts(s, e);
    read_drift(s, e);
    s.finish();
    tell_time(e);
    return e;
}

}  // namespace

Experiment read_experiment(const std::filesystem::path& file) {
    toml::value root = pipeline::parse_toml_file(file.string());
    if (!root.is_table()) root = toml::table{};
    Experiment e = experiment_from(root, file.string());
    if (e.title.empty()) e.title = file.stem().string();
    return e;
}

Experiment experiment_from_text(const std::string& text, const std::string& called) {
    return experiment_from(pipeline::parse_toml_text(text, called), called);
}

}  // namespace vitrum::validation
