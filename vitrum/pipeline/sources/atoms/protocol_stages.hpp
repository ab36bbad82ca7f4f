// Stages of a protocol as a scenario writes them: [[source.NAME.stages]], or one of the ready protocols.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vitrum/pipeline/config/section.hpp"
#include "vitrum/sim/protocol/protocol.hpp"

namespace vitrum::pipeline {

// A value of a stage: a number, or the word "pressure" or "temperature": that of the sweep.
struct SweptValue {
    double value = sim::as_before;
    bool swept = false;
};

struct StageKeys {
    sim::Stage stage;  // without temperature and pressure
    SweptValue temperature, pressure;
    bool measure = true;      // sample: its atoms
    bool speckle = false;     // sample: its speckle, through the correlation chain
    bool trajectory = false;  // sample: kept in a file of its own
};

// One point of the sweep.
struct SweepPoint {
    double pressure = 0;     // [GPa]
    double temperature = 0;  // [K]; 0 where no temperatures are swept
};

// From `stages` or `protocol`; what was read is recorded as `stages`, so that the resolved scenario needs no ready
// protocol. Throws InputError.
[[nodiscard]] std::vector<StageKeys> read_stages(Section& section);

// The stages at one point. A swept temperature where none is swept is an InputError.
[[nodiscard]] std::vector<sim::Stage> stages_at(const std::vector<StageKeys>& stages, const SweepPoint& point);

// The text of a ready protocol: TOML whose `stages` is a list of tables. Its parameters are keys of `keys`.
[[nodiscard]] std::string ready_protocol(const std::string& name, Section& keys);
[[nodiscard]] std::vector<std::string> ready_protocols();

}  // namespace vitrum::pipeline
