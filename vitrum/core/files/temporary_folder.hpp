// A folder for one run in the system's place for such (TMPDIR), gone with the object; that of a process that was killed
// goes when the next one is made.
#pragma once

#include <filesystem>
#include <string>

#include "vitrum/core/files/owned.hpp"

namespace vitrum {

class TemporaryFolder {
public:
    // `purpose` names it, and its use in a message: "plan", "figure". Throws RunError.
    explicit TemporaryFolder(const std::string& purpose);
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }

private:
    Owned folder_;
};

}  // namespace vitrum
