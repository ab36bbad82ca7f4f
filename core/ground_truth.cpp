#include "core/ground_truth.hpp"

#include <array>
#include <stdexcept>

#include "core/quantity.hpp"

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

}  // namespace vitrum
