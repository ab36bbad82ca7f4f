// Where and how workers run.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace vitrum::sim {

struct WorkerPlace {
    // A folder of this run's own for logs, restart files and records of finished stages. run() never removes it: a run
    // with the same options goes on after its last finished stage, other options start anew. The caller removes it
    // once the result is safe.
    std::filesystem::path scratch;
    std::function<void(double fraction, const std::string& stage)> progress;  // may be empty
    std::function<bool()> cancelled;                                          // may be empty
};

}  // namespace vitrum::sim
