// Pressure and temperature of the sample during a measured run.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "vitrum/core/units.hpp"
#include "vitrum/io/hdf5/damaged.hpp"
#include "vitrum/io/measured/measured_parts.hpp"

namespace vitrum::io {

namespace {

struct Setting {
    double mean = 0;
    double low = 0;
    double high = 0;
    std::string unit{};
    std::string where{};
};

// The mean over the frames of a trace that was recorded beside them.
std::optional<Setting> of_trace(const std::string& name, const std::vector<TimeSeries>& traces) {
    const auto trace = std::find_if(traces.begin(), traces.end(), [&](const TimeSeries& t) { return t.name == name; });
    if (trace == traces.end()) return std::nullopt;
    std::vector<double> known;
    std::copy_if(trace->value.begin(), trace->value.end(), std::back_inserter(known),
                 [](double v) { return std::isfinite(v); });
    if (known.empty()) return std::nullopt;
    double sum = 0;
    for (const double v : known) sum += v;
    const auto [low, high] = std::minmax_element(known.begin(), known.end());
    return Setting{sum / static_cast<double>(known.size()), *low, *high, trace->unit, "the trace " + name};
}

std::optional<Setting> of_entry(const ReadFile& file, const std::string& entry, const std::string& name) {
    const std::string sample = entry + "/sample/" + name;
    for (const std::string& path : {sample, sample + "/value", sample + "_set"}) {
        if (!file.is_dataset(path)) continue;
        const auto type = file.info(path).type_class;
        if (type != H5T_FLOAT && type != H5T_INTEGER) continue;
        const auto values = file.read<double>(path);
        if (values.size() == 1 && std::isfinite(values.front()))
            return Setting{values.front(), values.front(), values.front(),
                           file.text_attribute(path, "units").value_or(""), path};
    }
    return std::nullopt;
}

}  // namespace

double mean_at(const std::filesystem::path& path, const std::string& dataset, Dimension dimension) {
    const auto lock = hdf5_lock();
    return undamaged(path, [&] {
        const ReadFile file(path);
        if (!file.is_dataset(dataset)) file.fail(dataset, "no such dataset");
        auto values = file.read<double>(dataset);
        std::erase_if(values, [](double v) { return !std::isfinite(v); });
        if (values.empty()) file.fail(dataset, "holds no number");
        const auto unit = file.text_attribute(dataset, "units").value_or("");
        const double factor = unit.empty() ? 1 : unit_factor(unit, dimension, dataset);
        double sum = 0;
        for (const double v : values) sum += v;
        return factor * sum / static_cast<double>(values.size());
    });
}

Abscissa read_place(const ReadFile& file, const std::string& entry, const std::vector<TimeSeries>& traces,
                    std::vector<std::string>& notes) {
    constexpr double ramp = 0.01;  // of the mean: by more it is no setting
    Abscissa place;
    for (const auto& [name, dimension] : {std::pair<const char*, Dimension>{"pressure", Dimension::pressure},
                                          {"temperature", Dimension::temperature}}) {
        auto found = of_trace(name, traces);
        if (!found) found = of_entry(file, entry, name);
        if (!found) continue;
        // Temperatures without a unit are kelvin; pressures come in too many.
        const std::string native(native_unit(dimension));
        if (found->unit.empty() && dimension == Dimension::temperature) found->unit = native;
        const auto known = known_units(dimension);
        if (std::find(known.begin(), known.end(), found->unit) == known.end()) {
            notes.push_back(
                fmt::format("The {} of the run is not taken from {}: {}.", name, found->where,
                            found->unit.empty() ? "it has no unit" : fmt::format("its unit is '{}'", found->unit)));
            continue;
        }
        const double factor = unit_factor(found->unit, dimension, found->where);
        place.push_back({name, 0, found->mean * factor, native});
        if (found->high - found->low > ramp * std::abs(found->mean))
            notes.push_back(fmt::format("The {} goes from {:.4g} to {:.4g} {} during the run; its mean is its place.",
                                        name, found->low * factor, found->high * factor, native));
    }
    return place;
}

}  // namespace vitrum::io
