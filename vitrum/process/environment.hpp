// The environment of a program that is not ours: made from a list of what it may see.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace vitrum::process {

// "OMP_NUM_THREADS=1" and its kin, for every threading library that listens to one.
[[nodiscard]] std::vector<std::string> one_thread_each();

// PATH and the variables named in `keep` as they are here; HOME and TMPDIR are `scratch`; LANG and LC_ALL are C.UTF-8;
// TZ is UTC; one thread each; Python writes no byte code and hashes alike in each run. Nothing else. Sorted by name.
// Throws InputError where `keep` names what may not be handed on: a variable of VITRUM_*, or one that is set here.
[[nodiscard]] std::vector<std::string> plain_environment(const std::filesystem::path& scratch,
                                                         const std::vector<std::string>& keep = {});

}  // namespace vitrum::process
