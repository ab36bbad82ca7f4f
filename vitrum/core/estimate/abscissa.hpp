// Where an estimate, a truth or a data set stands: pressure, lag, q region, stage of a protocol.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vitrum {

// One coordinate. Truth and estimate are joined by name and index, never by comparing doubles.
struct Coordinate {
    std::string name;  // "pressure", "lag", "region"
    std::int64_t index = 0;
    double value = 0;
    std::string unit{};  // of the value
    std::string text{};  // what is no number: the name of a source, a stage, a branch, a pair of elements
    // "pressure = 2.4 GPa", "region 3 (q = 2.71 1/angstrom)", "stage melt"
    [[nodiscard]] std::string label() const;
};

// A place that is a word: {"branch", 1, 1, "", "decompression"}.
[[nodiscard]] Coordinate named(std::string name, std::int64_t index, std::string text);

struct Abscissa : std::vector<Coordinate> {
    using std::vector<Coordinate>::vector;

    [[nodiscard]] const Coordinate* find(std::string_view name) const;  // nullptr if there is none
    [[nodiscard]] Abscissa with(Coordinate last) const;
    [[nodiscard]] Abscissa with(const Abscissa& behind) const;
    [[nodiscard]] Abscissa without(std::string_view name) const;
    [[nodiscard]] std::string label() const;  // "pressure = 2.4 GPa, lag = 3"; "" if empty
};

// Same names and indices.
[[nodiscard]] bool same_place(const Abscissa& a, const Abscissa& b);
// Same names, values, units and words, of regions and events the same index too: places of different data sets, whose
// points are numbered each by its own.
[[nodiscard]] bool same_values(const Abscissa& a, const Abscissa& b);

// Of places as files held them before words had a column of their own: the word stood as the unit.
void mend_words(Coordinate& coordinate);

}  // namespace vitrum
