// Beam centre, distance, pixel size and energy of measured files, where they stand.
#include <initializer_list>

#include "vitrum/core/data/detector_geometry.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/io/measured/measured_parts.hpp"

namespace vitrum::io {

namespace {

constexpr double angstroms_per_metre = 1e10;
constexpr double electronvolts_per_kev = 1e3;

// The first of these datasets that holds a number.
std::optional<Number> first_of(const ReadFile& file, std::initializer_list<std::string> paths) {
    for (const auto& path : paths)
        if (auto found = number_at(file, path)) return found;
    return std::nullopt;
}

double metres(const Number& v) {
    return v.unit.empty() ? v.value : v.value * unit_factor(v.unit, Dimension::length, v.path) / angstroms_per_metre;
}

}  // namespace

double read_exposure(const ReadFile& file, const std::string& beside) {
    const std::string entry = entry_of(beside);
    const auto v = first_of(file, {parent(beside) + "/count_time", entry + "/instrument/detector/count_time",
                                   entry + "/instrument/detector_1/count_time"});
    if (!v) return 0;
    const bool bare = v->unit.empty() || v->unit == "frames";
    return bare ? v->value : v->value * unit_factor(v->unit, Dimension::time, v->path);
}

Beamline read_beamline(const ReadFile& file, const std::string& entry, const std::string& detector) {
    Beamline b;
    const std::string instrument = entry + "/instrument";
    const auto beside = [&](const char* name) {
        return first_of(file, {detector + name, instrument + "/detector" + name, instrument + "/detector_1" + name});
    };
    const auto pixels = [&](const Number& v) {
        const bool counted = v.unit.empty() || v.unit == "pixel" || v.unit == "pixels";
        return counted ? v.value : metres(v) / b.pixel_size;
    };
    if (const auto v = beside("/x_pixel_size")) b.pixel_size = metres(*v);
    if (const auto v = beside("/distance"))
        b.distance = metres(*v);
    else if (const auto other = beside("/detector_distance"))
        b.distance = metres(*other);
    if (const auto v = beside("/beam_center_x")) b.beam_center_x = pixels(*v);
    if (const auto v = beside("/beam_center_y")) b.beam_center_y = pixels(*v);
    if (const auto v = first_of(file, {instrument + "/incident_beam/incident_energy",
                                       instrument + "/beam/incident_energy", instrument + "/monochromator/energy"}))
        b.energy =
            v->value * (v->unit.empty() ? 1 : unit_factor(v->unit, Dimension::energy, v->path) / electronvolts_per_kev);
    else if (const auto wave = first_of(
                 file, {instrument + "/beam/incident_wavelength", instrument + "/incident_beam/incident_wavelength"}))
        b.energy = kev_angstrom /
                   (wave->value * (wave->unit.empty() ? 1 : unit_factor(wave->unit, Dimension::length, wave->path)));
    const std::string start = entry + "/start_time";
    if (file.is_dataset(start) && file.info(start).type_class == H5T_STRING) b.start_time = file.text(start);
    return b;
}

}  // namespace vitrum::io
