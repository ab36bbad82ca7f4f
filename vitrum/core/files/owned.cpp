#include "vitrum/core/files/owned.hpp"

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vitrum/core/error.hpp"

namespace vitrum {

namespace fs = std::filesystem;

namespace {

// Where there are no locks nobody takes away what is not locked either.
bool lock(int descriptor) { return flock(descriptor, LOCK_EX | LOCK_NB) == 0; }

// Somebody may have removed the name between making it and locking it.
bool still_there(const fs::path& path, int descriptor) {
    struct stat named {};
    struct stat open {};
    return lstat(path.c_str(), &named) == 0 && fstat(descriptor, &open) == 0 && named.st_dev == open.st_dev &&
           named.st_ino == open.st_ino;
}

// True if it was nobody's, and is gone.
bool removed(const fs::path& path) {
    struct stat about {};
    if (lstat(path.c_str(), &about) != 0) return errno == ENOENT;
    const bool is_folder = S_ISDIR(about.st_mode);
    if ((!is_folder && !S_ISREG(about.st_mode)) || about.st_uid != geteuid()) return false;
    const int how = is_folder ? O_RDONLY | O_DIRECTORY : O_RDWR;
    const int descriptor = open(path.c_str(), how | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return false;
    std::error_code failed;
    const bool mine = lock(descriptor) && still_there(path, descriptor);
    if (mine) fs::remove_all(path, failed);
    close(descriptor);
    return mine && !failed;
}

}  // namespace

Owned Owned::make(const fs::path& path, bool is_folder) {
    constexpr int most = 1000;
    int why = EEXIST;
    for (int k = 0; k < most; ++k) {
        const fs::path name = k == 0 ? path : fs::path(fmt::format("{}-{}", path.string(), k));
        int descriptor = -1;
        if (is_folder) {
            if (mkdir(name.c_str(), 0700) == 0) descriptor = open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        } else {
            descriptor = open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        }
        why = errno;
        if (descriptor >= 0) {
            static_cast<void>(lock(descriptor));
            if (still_there(name, descriptor)) return {name, descriptor};
            close(descriptor);
            continue;
        }
        if (why != EEXIST) break;
        if (removed(name)) --k;
    }
    throw RunError(fmt::format("cannot write '{}': {}", path.string(), std::strerror(why)));
}

Owned Owned::file(const fs::path& path) { return make(path, false); }
Owned Owned::folder(const fs::path& path) { return make(path, true); }

Owned::Owned(Owned&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

Owned::~Owned() {
    if (descriptor_ >= 0) close(descriptor_);
}

bool Owned::sync() const { return fsync(descriptor_) == 0; }

void remove_left_behind(const fs::path& folder, const std::function<bool(const std::string&)>& called_so) {
    std::error_code failed;
    fs::directory_iterator at(folder.empty() ? fs::path(".") : folder, fs::directory_options::skip_permission_denied,
                              failed);
    for (; !failed && at != fs::directory_iterator(); at.increment(failed))
        if (called_so(at->path().filename().string())) static_cast<void>(removed(at->path()));
}

}  // namespace vitrum
