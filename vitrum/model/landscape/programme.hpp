// Temperature and pressure as functions of time: linear between knots, constant before the first and after the last.
// Two knots at one time are a sudden change, which belongs to its time. Units: s, K, GPa.
#pragma once

#include <cstddef>
#include <vector>

namespace vitrum::model {

struct Conditions {
    double temperature = 300;  // [K]
    double pressure = 0;       // [GPa]
    friend bool operator==(const Conditions&, const Conditions&) = default;
};

struct Knot {
    double time = 0;  // [s]
    Conditions at{};
};

// A stretch of time on which both are linear.
struct Stretch {
    double from = 0;   // [s]
    double until = 0;  // [s]
    Conditions start{};
    Conditions end{};

    [[nodiscard]] double length() const { return until - from; }
    [[nodiscard]] bool constant() const { return start == end; }
    [[nodiscard]] Conditions at(double time) const;
};

class Programme {
public:
    // Throws InputError: at least one knot, times that do not fall, positive temperatures, finite pressures.
    explicit Programme(std::vector<Knot> knots);
    // The same conditions for ever.
    explicit Programme(const Conditions& held) : Programme(std::vector<Knot>{{0, held}}) {}

    [[nodiscard]] Conditions at(double time) const;
    // The stretches that fill [from, until], in order; none if until <= from.
    [[nodiscard]] std::vector<Stretch> stretches(double from, double until) const;
    // The one that begins at `from` or holds it, cut to begin there; after the last knot it has no end.
    [[nodiscard]] Stretch stretch_from(double from) const;
    [[nodiscard]] const std::vector<Knot>& knots() const { return knots_; }

private:
    std::vector<Knot> knots_;
};

// Up through the pressures [GPa] in their order and back through all but the last: at each a stay of `hold` [s],
// between them a ramp of `ramp` [s], 0 for a sudden change. Starts at time 0, at the first pressure.
struct PressureLoop {
    double temperature = 300;         // [K]
    std::vector<double> pressures{};  // increasing
    double hold = 10800;              // [s]
    double ramp = 0;                  // [s]

    [[nodiscard]] Programme programme() const;
    // When the stay at pressures[i] begins [s], going up or coming down; the last pressure is reached once.
    [[nodiscard]] double begins(std::size_t i, bool down) const;
};

// Throws InputError: at least two increasing pressures, positive hold, ramp not negative.
void check(const PressureLoop& loop);

}  // namespace vitrum::model
