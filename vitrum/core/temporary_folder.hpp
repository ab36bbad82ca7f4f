// A folder for one run in the system's place for such (TMPDIR), gone with the object.
#pragma once

#include <filesystem>
#include <string>

namespace vitrum {

class TemporaryFolder {
public:
    // `purpose` names it, and its use in a message: "plan", "figure". Throws RunError.
    explicit TemporaryFolder(const std::string& purpose);
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace vitrum
