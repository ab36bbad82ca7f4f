#include "vitrum/io/hdf5/hdf5_probe.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <set>
#include <tuple>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/io/hdf5/hdf5.hpp"

namespace vitrum::io {

namespace {

constexpr double most_values = 32e6;    // bytes of one dataset or attribute that are read, and of all
constexpr rlim_t most_seconds = 8;      // of work of the child, whatever else the machine does
constexpr unsigned most_waiting = 300;  // seconds that pass meanwhile
constexpr double large_file = 64e6;     // bytes: a slow child proves nothing
constexpr int survived = 77;

// What is left to read.
double left = most_values;

// Reads all values of an attribute or dataset as they are in memory, and gives back what they point to.
template <class Read>
void read_values(hid_t type, hid_t space, Read&& read) {
    const Handle native(H5Tget_native_type(type, H5T_DIR_ASCEND), H5Tclose);
    const hssize_t points = H5Sget_simple_extent_npoints(space);
    if (!native || points <= 0) return;
    const double bytes = static_cast<double>(points) *
                         static_cast<double>(std::max<std::size_t>(H5Tget_size(native.get()), H5Tget_size(type)));
    if (bytes > left) return;
    left -= bytes;
    std::vector<char> values(static_cast<std::size_t>(bytes) + 1);
    if (read(native.get(), values.data()) < 0) return;
    if (H5Tis_variable_str(native.get()) > 0 || H5Tdetect_class(native.get(), H5T_VLEN) > 0)
        H5Dvlen_reclaim(native.get(), space, H5P_DEFAULT, values.data());
}

herr_t look_at_attribute(hid_t object, const char* name, const H5A_info_t*, void*) {
    const Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose);
    if (!attribute) return 0;
    const Handle type(H5Aget_type(attribute.get()), H5Tclose);
    const Handle space(H5Aget_space(attribute.get()), H5Sclose);
    if (type && space)
        read_values(type.get(), space.get(),
                    [&](hid_t native, void* out) { return H5Aread(attribute.get(), native, out); });
    return 0;
}

void look_at_dataset(hid_t set) {
    const Handle type(H5Dget_type(set), H5Tclose);
    const Handle space(H5Dget_space(set), H5Sclose);
    const Handle layout(H5Dget_create_plist(set), H5Pclose);
    if (!type || !space || !layout) return;
    const H5D_layout_t kind = H5Pget_layout(layout.get());
    // Values that stand in other files are looked at with those.
    if (kind == H5D_VIRTUAL || H5Pget_external_count(layout.get()) > 0) return;
    static_cast<void>(H5Dget_storage_size(set));
    if (kind == H5D_CHUNKED) {
        std::vector<hsize_t> chunk(H5S_MAX_RANK);
        double bytes = static_cast<double>(H5Tget_size(type.get()));
        const int rank = H5Pget_chunk(layout.get(), H5S_MAX_RANK, chunk.data());
        for (int k = 0; k < rank; ++k) bytes *= static_cast<double>(chunk[static_cast<std::size_t>(k)]);
        if (bytes > most_values) return;
    }
    read_values(type.get(), space.get(),
                [&](hid_t native, void* out) { return H5Dread(set, native, H5S_ALL, H5S_ALL, H5P_DEFAULT, out); });
}

herr_t look_at(hid_t file, const char* name, const H5O_info_t* about, void*) {
    const Handle object(H5Oopen(file, name, H5P_DEFAULT), H5Oclose);
    if (!object) return 0;
    hsize_t index = 0;
    H5Aiterate2(object.get(), H5_INDEX_NAME, H5_ITER_NATIVE, &index, look_at_attribute, nullptr);
    if (about->type == H5O_TYPE_DATASET) look_at_dataset(object.get());
    return 0;
}

// What the library asks for beyond this is refused it, and it says so. Sanitizers need all of the address space.
void limit_memory() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
    return;
#endif
#endif
    constexpr rlim_t more = 1500000000;
    rlim_t pages = 0;
    if (!(std::ifstream("/proc/self/statm") >> pages)) return;
    const rlim_t most = pages * static_cast<rlim_t>(sysconf(_SC_PAGESIZE)) + more;
    const rlimit limit{most, most};
    setrlimit(RLIMIT_AS, &limit);
}

[[noreturn]] void look(const std::filesystem::path& path) {
    for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGINT, SIGTERM, SIGALRM, SIGXCPU})
        std::signal(number, SIG_DFL);
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    limit_memory();
    const rlimit work{most_seconds, most_seconds + 1};
    setrlimit(RLIMIT_CPU, &work);
    alarm(most_waiting);
    // What the libraries have to say of a broken file is no message of ours.
    if (const int nowhere = open("/dev/null", O_RDWR); nowhere >= 0)
        for (const int stream : {0, 1, 2}) dup2(nowhere, stream);
    {
        const Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access_without_locks().get()), H5Fclose);
        if (file) H5Ovisit2(file.get(), H5_INDEX_NAME, H5_ITER_NATIVE, look_at, nullptr, H5O_INFO_BASIC);
    }
    _exit(survived);
}

using Identity = std::tuple<dev_t, ino_t, off_t, time_t, long>;

// Waits until the child ends. Ctrl-C and SIGTERM, which may be for this process alone, end the child and all.
int status_of(pid_t child) {
    int status = 0;
    const int ended = static_cast<int>(syscall(SYS_pidfd_open, child, 0));
    constexpr int moment = 50;  // ms; a signal may come just before the wait begins
    for (pollfd wait{ended, POLLIN, 0}; ended >= 0 && !interrupt_requested();)
        if (poll(&wait, 1, moment) > 0) break;
    if (ended >= 0) close(ended);
    if (interrupt_requested()) kill(child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
    check_interrupt();
    return status;
}

}  // namespace

void expect_sound(const std::filesystem::path& path) {
    struct stat about {};
    if (stat(path.c_str(), &about) != 0) return;
    static std::set<Identity> sound;
    const Identity identity{about.st_dev, about.st_ino, about.st_size, about.st_mtim.tv_sec, about.st_mtim.tv_nsec};
    if (sound.count(identity) != 0) return;
    const pid_t child = fork();
    if (child == 0) look(path);
    const int status = child > 0 ? status_of(child) : 0;
    const bool ended = child < 0 || (WIFEXITED(status) && WEXITSTATUS(status) == survived);
    const bool slow = child > 0 && WIFSIGNALED(status) && (WTERMSIG(status) == SIGALRM || WTERMSIG(status) == SIGXCPU);
    if (!ended && !(slow && static_cast<double>(about.st_size) > large_file))
        throw InputError(fmt::format("'{}' is damaged: the HDF5 library {}; copy it again", path.string(),
                                     slow ? "reads it without end" : "fails on it"));
    sound.insert(identity);
}

}  // namespace vitrum::io
