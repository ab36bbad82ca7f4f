// Where a result goes: checked before anything runs, written beside its place, renamed when complete.
#pragma once

#include <filesystem>
#include <functional>
#include <vector>

namespace vitrum::io {

// Throws InputError if the folder is missing or not writable, the output is one of the inputs or no file, or it exists
// and `force` is not set. What processes that were killed left beside it is removed.
void check_output(const std::filesystem::path& output, const std::vector<std::filesystem::path>& inputs, bool force);

// Files and folders beside `output` in which a process that is no more was making it.
void remove_left_behind(const std::filesystem::path& output);

// Calls write(temporary) with a name beside `output`, syncs it to disk and renames it. The temporary file is removed
// if anything fails.
void write_and_rename(const std::filesystem::path& output,
                      const std::function<void(const std::filesystem::path&)>& write);

}  // namespace vitrum::io
