// An estimator that is somebody else's program.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "vitrum/process/run_program.hpp"

namespace vitrum::outside {

struct OutsideMethod {
    std::string name;
    // Program and arguments, {data} and {out} for the folders. Words that name files are looked for in `folder`.
    std::vector<std::string> command;
    std::filesystem::path folder = ".";
    std::vector<std::filesystem::path> files{};  // further ones that it reads, in `folder`: part of its identity
    std::vector<std::string> keep{};             // names of environment variables that it may see
    process::Limits limits{};                    // for one replicate; memory: of each process
    std::size_t batch = 1;                       // replicates for one start
};

struct MethodFile {
    std::string name;  // as it stands in the command
    std::filesystem::path file;
    std::string sha256;  // of its content
};

// The program, found through $PATH, and every file among the words of the command, then `files`. Throws InputError: no
// command, no such program or file, {data} or {out} in no word, a limit or batch that is not positive, a variable that
// may not be kept.
[[nodiscard]] std::vector<MethodFile> files_of(const OutsideMethod& method);

// SHA-256 over the command, the contents of its files, the variables' names, the limits and the batch: what an answer
// may depend on, as far as it can be seen from outside. Where the files stand is no part of it, nor is the method's
// name.
[[nodiscard]] std::string identity(const OutsideMethod& method);
[[nodiscard]] std::string identity(const OutsideMethod& method, const std::vector<MethodFile>& files);

// Program and arguments as they are started: full paths of files, {data} and {out} filled in.
[[nodiscard]] process::Program program_of(const OutsideMethod& method, const std::string& data, const std::string& out);

}  // namespace vitrum::outside
