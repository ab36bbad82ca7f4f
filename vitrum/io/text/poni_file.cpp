#include "vitrum/io/text/poni_file.hpp"

#include <cmath>
#include <fstream>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/io/text/input_file.hpp"
#include "vitrum/io/text/text_table.hpp"

namespace vitrum::io {

namespace {

std::string trimmed(const std::string& text) {
    const auto from = text.find_first_not_of(" \t\r");
    return from == std::string::npos ? "" : text.substr(from, text.find_last_not_of(" \t\r") + 1 - from);
}

// A number of a flat JSON object.
std::optional<double> member(const std::string& object, const std::string& name) {
    const auto key = object.find('"' + name + '"');
    if (key == std::string::npos) return std::nullopt;
    const auto colon = object.find(':', key);
    if (colon == std::string::npos) return std::nullopt;
    return number_of(trimmed(object.substr(colon + 1, object.find_first_of(",}", colon) - colon - 1)));
}

}  // namespace

DetectorGeometry read_poni(const std::filesystem::path& path) {
    constexpr double angstroms_per_metre = 1e10;
    expect_input_file(path);
    std::ifstream in(path);
    if (!in) throw InputError(fmt::format("cannot read '{}'", path.string()));
    DetectorGeometry g;
    std::string text;
    for (std::size_t line = 1; std::getline(in, text); ++line) {
        const auto colon = text.find(':');
        if (trimmed(text).starts_with('#') || colon == std::string::npos) continue;
        const std::string key = trimmed(text.substr(0, colon));
        const std::string value = trimmed(text.substr(colon + 1));
        const auto number = [&] {
            const auto found = number_of(value);
            if (!found || !std::isfinite(*found))
                throw InputError(fmt::format("{}:{}: {} is '{}'; a number is wanted", path.string(), line, key, value));
            return *found;
        };
        if (key == "PixelSize1") g.pixel_1 = number();
        if (key == "PixelSize2") g.pixel_2 = number();
        if (key == "Distance") g.distance = number();
        if (key == "Poni1") g.poni_1 = number();
        if (key == "Poni2") g.poni_2 = number();
        if (key == "Rot1") g.rotation_1 = number();
        if (key == "Rot2") g.rotation_2 = number();
        if (key == "Rot3") g.rotation_3 = number();
        if (key == "Wavelength") g.wavelength = number() * angstroms_per_metre;
        if (key == "Detector_config") {
            if (const auto size = member(value, "pixel1")) g.pixel_1 = *size;
            if (const auto size = member(value, "pixel2")) g.pixel_2 = *size;
        }
    }
    if (!std::isfinite(g.distance))
        throw InputError(fmt::format("'{}' has no Distance; a .poni file of pyFAI is wanted", path.string()));
    return g;
}

}  // namespace vitrum::io
