// Atoms over time in a periodic cell, from a simulation or from somebody's file.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace vitrum {

// [angstrom] r = h s with fractional s: the columns are the cell vectors, stored row by row.
using CellMatrix = std::array<double, 9>;

struct AtomFrame {
    double step = 0;                 // of the integrator
    double time = 0;                 // [s]
    CellMatrix box{};                // [angstrom] of this frame: cells may change
    std::vector<double> fractional;  // atoms x 3 in order of atom ID; may lie outside 0..1 where unwrapped
};

// What was changed along a trajectory, a value for each frame: "temperature", "K".
struct Programme {
    std::string name, unit;
    std::vector<double> values;
};

struct Trajectory {
    std::string name;
    std::vector<std::string> elements;  // "Cu", "Zr"
    std::vector<int> species;           // of each atom: index into elements
    std::vector<double> mass;           // [g/mol] of each atom
    std::vector<std::int64_t> id;       // of each atom, increasing
    std::vector<AtomFrame> frames;      // in order of time
    // False: positions were wrapped into the cell, so paths have to be unwrapped by steps shorter than half a cell.
    bool unwrapped = true;
    Programme along{};  // empty: all frames are of one state

    [[nodiscard]] std::size_t atoms() const { return species.size(); }
};

}  // namespace vitrum
