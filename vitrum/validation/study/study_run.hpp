// Runs the replicates of a study: on threads, on the ranks of one mpirun, or one chunk of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "vitrum/validation/study/outcomes.hpp"
#include "vitrum/validation/study/ranks.hpp"
#include "vitrum/validation/study/study.hpp"

namespace vitrum::validation {

struct Chunk {
    std::size_t index = 1, of = 1;  // 1/4 .. 4/4
};

struct StudyControl {
    int threads = 0;  // of each rank; 0 = all cores of a machine shared by its ranks
    bool quiet = false;
    Chunk chunk;
};

// One replicate of one cell, by itself: the same rows as in the whole study. `folder` for what its sources need.
[[nodiscard]] Observed one_replicate(const Study& study, std::uint32_t cell, std::uint64_t replicate,
                                     const std::filesystem::path& folder);

// Replicates that each cell wants after the looks that `outcomes` (sorted) allow: `replicates` at first, then a stage
// more until the Monte Carlo errors are small enough or `most` is reached.
[[nodiscard]] std::vector<std::size_t> wanted_replicates(const Study& study, const Outcomes& outcomes);

// All that is wanted, stage by stage; of a chunk, its part of the present stage. Every finished replicate is in a
// journal in `folder` at once; those found there or in `earlier` are not made again. Sorted; the same bits for any
// threads, ranks, chunks and interruptions. Throws Interrupted, RunError.
[[nodiscard]] Outcomes run_study(const Study& study, const std::filesystem::path& folder, const Outcomes& earlier,
                                 const Ranks& ranks, const StudyControl& control);

}  // namespace vitrum::validation
