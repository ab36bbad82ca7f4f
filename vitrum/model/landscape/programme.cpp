#include "vitrum/model/landscape/programme.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/model/landscape/double_well.hpp"

namespace vitrum::model {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

void need(bool holds, const std::string& message) {
    if (!holds) throw InputError(message);
}

}  // namespace

Conditions Stretch::at(double time) const {
    // An endless stretch is constant.
    if (constant() || time <= from) return start;
    if (time >= until) return end;
    const double along = (time - from) / length();
    return {start.temperature + along * (end.temperature - start.temperature),
            start.pressure + along * (end.pressure - start.pressure)};
}

Programme::Programme(std::vector<Knot> knots) : knots_(std::move(knots)) {
    need(!knots_.empty(), "a programme has at least one knot (time, temperature, pressure)");
    for (std::size_t i = 0; i < knots_.size(); ++i) {
        const Knot& k = knots_[i];
        need(std::isfinite(k.time) && (i == 0 || k.time >= knots_[i - 1].time),
             fmt::format("programme: knot {} at {} s comes before the knot ahead of it; times do not fall", i + 1,
                         k.time));
        check_temperature(k.at.temperature);
        need(std::isfinite(k.at.pressure), fmt::format("programme: the pressure of knot {} is not finite", i + 1));
    }
}

Stretch Programme::stretch_from(double from) const {
    const auto next = std::upper_bound(knots_.begin(), knots_.end(), from,
                                       [](double time, const Knot& knot) { return time < knot.time; });
    if (next == knots_.end()) return {from, infinity, knots_.back().at, knots_.back().at};
    if (next == knots_.begin()) return {from, next->time, next->at, next->at};
    const Knot& last = *std::prev(next);
    const Stretch whole{last.time, next->time, last.at, next->at};
    return {from, next->time, whole.at(from), next->at};
}

Conditions Programme::at(double time) const { return stretch_from(time).start; }

std::vector<Stretch> Programme::stretches(double from, double until) const {
    std::vector<Stretch> all;
    while (from < until) {
        Stretch s = stretch_from(from);
        if (s.until > until) {
            s.end = s.at(until);
            s.until = until;
        }
        all.push_back(s);
        from = s.until;
    }
    return all;
}

Programme PressureLoop::programme() const {
    check(*this);
    std::vector<Knot> knots;
    const auto stay = [&](double begin, double pressure) {
        knots.push_back({begin, {temperature, pressure}});
        knots.push_back({begin + hold, {temperature, pressure}});
    };
    for (std::size_t i = 0; i < pressures.size(); ++i) stay(begins(i, false), pressures[i]);
    for (std::size_t i = pressures.size() - 1; i-- > 0;) stay(begins(i, true), pressures[i]);
    return Programme(std::move(knots));
}

double PressureLoop::begins(std::size_t i, bool down) const {
    const std::size_t last = pressures.size() - 1;
    return static_cast<double>(down ? 2 * last - i : i) * (hold + ramp);
}

void check(const PressureLoop& l) {
    check_temperature(l.temperature);
    need(l.pressures.size() >= 2, "pressures: a loop goes through at least two pressures");
    for (std::size_t i = 0; i < l.pressures.size(); ++i)
        need(
            std::isfinite(l.pressures[i]) && (i == 0 || l.pressures[i] > l.pressures[i - 1]),
            fmt::format("pressures: {} GPa does not increase; the loop goes up through them and back", l.pressures[i]));
    need(l.hold > 0 && std::isfinite(l.hold), fmt::format("hold = {} s: the stay at a pressure is positive", l.hold));
    need(l.ramp >= 0 && std::isfinite(l.ramp), fmt::format("ramp = {} s: a ramp's time is not negative", l.ramp));
}

}  // namespace vitrum::model
