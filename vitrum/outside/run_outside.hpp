// Replicates judged by somebody else's program: handed over, run, answers read. Nothing that the program does ends the
// study: a replicate has estimates, or one reason why it has none.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "vitrum/outside/answers.hpp"
#include "vitrum/outside/handed.hpp"
#include "vitrum/outside/method.hpp"

namespace vitrum::outside {

struct OutsideOutcome {
    Fault fault = Fault::none;
    std::string detail;    // one line
    std::string log_tail;  // the program's last words, where it failed
    std::vector<Answer> answers;
    double seconds = 0;  // of the start, shared by its replicates
};

// One outcome for each replicate, in their order. Starts take `batch` replicates each; where a start fails as a whole
// (the program dies, exceeds a limit, or leaves no table) its replicates are run again one by one. The limits of wall
// time, files and log of a start are those of one replicate times their number.
//
// The program works in `scratch`/work, where it finds the folders data and out, and knows no other path but that of
// `scratch` (as HOME) and of its own files: `scratch` should be named after nothing that a cell of a study holds. It is
// made if it is missing, used by one call at a time, and left empty.
//
// Throws Interrupted, InputError as files_of() and hand_over(), RunError where vitrum itself cannot write or start.
[[nodiscard]] std::vector<OutsideOutcome> run_outside(const OutsideMethod& method,
                                                      std::span<const HandedReplicate> replicates,
                                                      const std::filesystem::path& scratch,
                                                      const std::function<bool()>& cancelled = {});

}  // namespace vitrum::outside
