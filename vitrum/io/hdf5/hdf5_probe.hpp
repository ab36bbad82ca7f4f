// Whether the HDF5 library survives a file. Its defects with damaged files (heaps that point outside, lists without an
// end) end the process or never end, so that a child process looks first: at every object, attribute and type, and at
// the values as far as they are few.
#pragma once

#include <filesystem>

namespace vitrum::io {

// Throws InputError where the child died or did not come to an end. A file that was looked at is not looked at again
// while its size and time stay. The caller holds hdf5_lock().
void expect_sound(const std::filesystem::path& file);

}  // namespace vitrum::io
