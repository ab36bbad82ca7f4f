#include "vitrum/core/estimate/abscissa.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <fmt/format.h>

namespace vitrum {

std::string Coordinate::label() const {
    if (!text.empty()) return fmt::format("{} {}", name, text);
    // Several regions may share one q: its number tells them apart.
    if (name == "region" && !unit.empty()) return fmt::format("region {} (q = {:.6g} {})", index, value, unit);
    return fmt::format("{} = {:.6g}{}{}", name, value, unit.empty() ? "" : " ", unit);
}

Coordinate named(std::string name, std::int64_t index, std::string text) {
    return {std::move(name), index, static_cast<double>(index), "", std::move(text)};
}

const Coordinate* Abscissa::find(std::string_view wanted) const {
    const auto at = std::find_if(begin(), end(), [&](const Coordinate& c) { return c.name == wanted; });
    return at == end() ? nullptr : &*at;
}

Abscissa Abscissa::with(Coordinate last) const {
    Abscissa all = *this;
    all.push_back(std::move(last));
    return all;
}

Abscissa Abscissa::with(const Abscissa& behind) const {
    Abscissa all = *this;
    all.insert(all.end(), behind.begin(), behind.end());
    return all;
}

Abscissa Abscissa::without(std::string_view unwanted) const {
    Abscissa rest;
    std::copy_if(begin(), end(), std::back_inserter(rest), [&](const Coordinate& c) { return c.name != unwanted; });
    return rest;
}

std::string Abscissa::label() const {
    std::string all;
    for (const Coordinate& c : *this) all += (all.empty() ? "" : ", ") + c.label();
    return all;
}

bool same_place(const Abscissa& a, const Abscissa& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const Coordinate& x, const Coordinate& y) { return x.name == y.name && x.index == y.index; });
}

bool same_values(const Abscissa& a, const Abscissa& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Coordinate& x, const Coordinate& y) {
        const bool numbered = x.name == "region" || x.name == "event";
        return x.name == y.name && x.value == y.value && x.unit == y.unit && x.text == y.text &&
               (!numbered || x.index == y.index);
    });
}

void mend_words(Coordinate& c) {
    constexpr std::array<std::string_view, 5> words{"source", "stage", "curve", "branch", "quantity"};
    if (!c.text.empty() || std::find(words.begin(), words.end(), c.name) == words.end()) return;
    c.text = std::exchange(c.unit, {});
}

}  // namespace vitrum
