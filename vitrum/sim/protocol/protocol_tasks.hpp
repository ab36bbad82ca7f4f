// A protocol as a chain of worker processes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "vitrum/sim/protocol/protocol.hpp"

namespace vitrum::sim {

// One worker process. File names in the run's folder begin with its name.
struct Task {
    std::string name;
    std::size_t stage = 0;  // to which it belongs
    enum class Kind { dynamics, equilibrate, sample, minimise, inherent, quasistatic } kind = Kind::dynamics;
    double work = 0;         // rough number of steps
    std::int64_t steps = 0;  // of dynamics
};

// In order; stages without steps (compression to the pressure that is there) are left out.
[[nodiscard]] std::vector<Task> tasks(const Protocol& protocol);

// The job of a task that starts from the file `start`. `done`: what has run so far.
[[nodiscard]] Job make_job(const Protocol& protocol, const Task& task, const std::string& start,
                           const ProtocolRun& done);

// Names of the data files whose inherent structures an `inherent` task wants, and the files themselves.
[[nodiscard]] std::vector<std::string> inherent_starts(const Task& task, const FinishedStage& ramp);
void write_inherent_starts(const std::filesystem::path& folder, const Task& task, const ProtocolRun& done);

inline constexpr const char* potential_file = "potential.eam";

}  // namespace vitrum::sim
