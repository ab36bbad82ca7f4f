#include "vitrum/report/figures/stages.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace vitrum::report {

namespace {

// "up_3_hold" -> "up hold": stages of one kind on one way of pressure.
std::string without_numbers(const std::string& stage) {
    std::string text;
    for (const char c : stage)
        if (c < '0' || c > '9') text += c == '_' ? ' ' : c;
    while (text.find("  ") != std::string::npos) text.erase(text.find("  "), 1);
    while (!text.empty() && text.back() == ' ') text.pop_back();
    return text;
}

}  // namespace

void settle(Abscissa& place, const Abscissa& series, bool at_stages) {
    const Coordinate* stage = place.find("stage");
    if (!stage) return;
    const std::string named = at_stages ? without_numbers(stage->text) : stage->text;
    const double order = stage->value;
    for (const char* name : {"pressure", "temperature"}) {
        const std::string of_sweep = std::string(name) + " of the sweep";
        const Coordinate* sweep = series.find(name);
        if (const Coordinate* said = place.find(of_sweep)) sweep = said;
        const bool keep = at_stages && std::string_view(name) == "pressure";
        Abscissa rest;
        for (const Coordinate& c : place) {
            if (c.name == of_sweep || (c.name == name && !keep)) continue;
            rest.push_back(c);
        }
        if (!keep && sweep) {
            rest.push_back(*sweep);
            rest.back().name = name;
        }
        place = std::move(rest);
    }
    place = place.without("stage");
    place.push_back({"stage", static_cast<std::int64_t>(order), order, "", named});
}

std::string in_short(const Abscissa& place) {
    std::string text;
    for (const Coordinate& c : place) {
        if (!text.empty()) text += ", ";
        text += c.text.empty() ? c.label() : c.text;
    }
    return text;
}

bool for_tables(const Reading& reading) {
    static constexpr std::array<std::string_view, 5> names{"quenches_needed", "smallest_wavevector", "energy_drift",
                                                           "temperature", "inherent_pressure"};
    const Coordinate* stage = reading.place().find("stage");
    return stage && (std::find(names.begin(), names.end(), reading.quantity()) != names.end() ||
                     stage->text.starts_with("melt"));
}

}  // namespace vitrum::report
