#include "vitrum/model/relaxation/settling_pressure.hpp"

#include <cmath>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"

namespace vitrum::model {

InternalClock SettlingPressure::clock() const {
    return {.kind = ClockKind::ageing, .tau0 = decorrelation * time / std::abs(step), .tau_star = time};
}

double SettlingPressure::missing(double t) const { return -step * std::exp(-t / time); }

void check(const SettlingPressure& p) {
    const auto need = [](bool holds, const std::string& message) {
        if (!holds) throw InputError(message);
    };
    need(p.step != 0 && std::isfinite(p.step),
         fmt::format("pressure_step = {} GPa: what the pressure still has to go is not 0", p.step));
    need(p.time > 0 && std::isfinite(p.time), fmt::format("settling_time = {} s: it is positive", p.time));
    need(p.decorrelation > 0 && std::isfinite(p.decorrelation),
         fmt::format("decorrelation_pressure = {} GPa: it is positive", p.decorrelation));
}

}  // namespace vitrum::model
