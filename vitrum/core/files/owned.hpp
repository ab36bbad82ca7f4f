// Files and folders that a process has for as long as it lives. What one that was killed left behind is told from what
// another still uses by a lock, which ends with its process; on file systems without locks it stays.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <utility>

namespace vitrum {

class Owned {
public:
    // A new file of that name, or with a number behind it where the name is taken; no link is followed. What a process
    // that died left under the name gives way. Throws RunError.
    [[nodiscard]] static Owned file(const std::filesystem::path& path);
    // The same for a folder, for its owner alone.
    [[nodiscard]] static Owned folder(const std::filesystem::path& path);
    ~Owned();
    Owned(Owned&& other) noexcept;
    Owned& operator=(Owned&&) = delete;
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    // All that was written reaches the disk; false if it does not, see errno.
    [[nodiscard]] bool sync() const;

private:
    Owned(std::filesystem::path path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
    static Owned make(const std::filesystem::path& path, bool is_folder);
    std::filesystem::path path_;
    int descriptor_;
};

// Removes what is called so in `folder`, is a file or folder of this user, and belongs to no process any more.
void remove_left_behind(const std::filesystem::path& folder, const std::function<bool(const std::string&)>& called_so);

}  // namespace vitrum
