#include "vitrum/core/truth/ground_truth.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "vitrum/core/quantities/quantity.hpp"

namespace vitrum {

namespace {
constexpr std::array origin_names{"closed_form", "imposed", "recorded", "reference", "numerical"};
}

std::string_view name(Origin origin) { return origin_names.at(static_cast<std::size_t>(origin)); }

Origin origin_from(std::string_view text) {
    for (std::size_t i = 0; i < origin_names.size(); ++i)
        if (origin_names.at(i) == text) return static_cast<Origin>(i);
    throw std::invalid_argument("unknown origin " + std::string(text));
}

void GroundTruth::add(std::string_view what, Abscissa abscissa, double value, Origin origin, std::string note) {
    rows.push_back({std::string(what), std::string(vitrum::quantity(what).unit), std::move(abscissa), value, origin,
                    std::move(note)});
}

void GroundTruth::add(Curve c, Origin origin) {
    curves.push_back(std::move(c));
    curve_origins.push_back(origin);
}

const TruthRow* GroundTruth::find(std::string_view what, const Abscissa& abscissa) const {
    for (const auto& row : rows)
        if (row.quantity == what && same_place(row.abscissa, abscissa)) return &row;
    return nullptr;
}

const Curve* GroundTruth::curve(std::string_view what) const {
    for (const auto& c : curves)
        if (c.name == what) return &c;
    return nullptr;
}

Origin GroundTruth::origin_of(const Curve& mine) const {
    return curve_origins.at(static_cast<std::size_t>(&mine - curves.data()));
}

GroundTruth GroundTruth::of_region(std::int64_t region) const {
    GroundTruth own;
    for (const auto& row : rows) {
        const auto at = std::find_if(row.abscissa.begin(), row.abscissa.end(),
                                     [](const Coordinate& c) { return c.name == "region"; });
        if (at != row.abscissa.end() && at->index != region) continue;
        own.rows.push_back(row);
        if (at != row.abscissa.end())
            own.rows.back().abscissa.erase(own.rows.back().abscissa.begin() + (at - row.abscissa.begin()));
    }
    constexpr std::string_view mark = "_region_";
    for (std::size_t i = 0; i < curves.size(); ++i) {
        const auto place = curves[i].name.rfind(mark);
        if (place != std::string::npos && curves[i].name.substr(place + mark.size()) != std::to_string(region))
            continue;
        own.add(curves[i], curve_origins[i]);
        own.curves.back().name.resize(std::min(place, curves[i].name.size()));
    }
    return own;
}

}  // namespace vitrum
