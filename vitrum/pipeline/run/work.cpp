#include "vitrum/pipeline/run/work.hpp"

#include <algorithm>
#include <variant>

#include "vitrum/core/data/two_time_map.hpp"
#include "vitrum/core/limits.hpp"

namespace vitrum::pipeline {

double core_seconds(const Scenario& scenario) {
    double seconds = 0;
    for (const auto& source : scenario.sources)
        for (const auto& unit : source.units) seconds += unit.cost;
    return seconds;
}

double bytes_of(const Scenario& scenario) {
    double bytes = 0;
    for (const auto& source : scenario.sources)
        for (const auto& unit : source.units) {
            if (const auto* speckle = std::get_if<PlainSpeckle>(&unit.law)) {
                const double values = static_cast<double>(speckle->frames) * static_cast<double>(speckle->pixels);
                bytes = std::max(bytes, std::min(1.0, 2 * speckle->mean_count) * sizeof(float) * values +
                                            map_bytes(speckle->frames));
            } else if (const auto* sizes = std::get_if<PlainPowerLaw>(&unit.law)) {
                bytes = std::max(bytes, 2.0 * sizeof(double) * static_cast<double>(sizes->events));
            }
        }
    return bytes;
}

void expect_affordable(const Scenario& scenario, bool in_slabs) {
    expect_work(core_seconds(scenario), scenario.file.string());
    if (!in_slabs) expect_memory(bytes_of(scenario), scenario.file.string());
}

}  // namespace vitrum::pipeline
