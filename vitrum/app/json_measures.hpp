// Performance measures as JSON: NaN is null.
#pragma once

#include <vector>

#include "vitrum/app/json.hpp"
#include "vitrum/validation/measures/performance.hpp"

namespace vitrum::app {

inline Json measures_as_json(const std::vector<validation::Measure>& rows) {
    Json all = Json::object();
    for (const auto& m : rows)
        all[m.name] = {{"value", number(m.value)},
                       {"mcse", number(m.mcse)},
                       {"interval", {number(m.lower), number(m.upper)}},
                       {"replicates", m.replicates}};
    return all;
}

}  // namespace vitrum::app
