// The stages melt, cool, compress, hold and sample of the source cuzr as a protocol.
#pragma once

#include <string>
#include <vector>

#include "vitrum/sim/protocol/cuzr.hpp"
#include "vitrum/sim/protocol/protocol.hpp"

namespace vitrum::sim {

[[nodiscard]] Protocol protocol_of(const CuZrOptions& options);

struct FinishedStages {
    StageOutput melt;
    StageOutput hold;
    StageOutput equilibrate;
    StageOutput sample;
    std::vector<int> species;                  // 1 = Cu, 2 = Zr
    std::vector<std::string> lammps_versions;  // of all stages, without repetition
};

// Runs what is not yet finished in place.scratch. Throws as run() of cuzr.hpp.
[[nodiscard]] FinishedStages run_stages(const CuZrOptions& options, const WorkerPlace& place);

}  // namespace vitrum::sim
