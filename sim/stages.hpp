// The protocol melt, cool, compress, hold, equilibrate, sample as jobs for the worker, and its progress on disk.
//
// A stage is finished when its record (rows and frames) and its restart file lie in the scratch folder, both renamed
// into place. Every stage is a process of its own that starts from the restart file of the stage before, whether or
// not the run was ever interrupted: so a resumed run gives the same bits as one that was not.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "sim/cuzr.hpp"
#include "sim/worker_process.hpp"

namespace vitrum::sim {

// Steps of one stage; stages without steps (compression to zero pressure, cooling by nothing) are left out.
struct StagePlan {
    std::string name;
    std::int64_t steps = 0;
};
[[nodiscard]] std::vector<StagePlan> plan(const CuZrOptions& options);

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

// What fixes the trajectory: every option but those of analysis and patience, and the potential's content.
[[nodiscard]] nlohmann::json identity(const CuZrOptions& options, const std::filesystem::path& potential);

}  // namespace vitrum::sim
