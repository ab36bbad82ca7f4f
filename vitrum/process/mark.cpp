#include "vitrum/process/mark.hpp"

#include <atomic>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include <poll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "vitrum/process/descriptor.hpp"

namespace vitrum::process {

namespace {

constexpr std::uint64_t lowest = std::uint64_t{1} << 52;  // [us], 140 years

bool wears(pid_t process, std::uint64_t mark) {
    rlimit limit{};
    return ::prlimit(process, RLIMIT_RTTIME, nullptr, &limit) == 0 && limit.rlim_max == mark;
}

// Dead, but not yet fetched by its parent.
bool is_zombie(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string text;
    std::getline(file, text);
    const auto at = text.rfind(')');  // the name before may hold anything
    return at == std::string::npos || at + 2 >= text.size() || text[at + 2] == 'Z' || text[at + 2] == 'X';
}

// The handle comes first: the number cannot change hands between the look and the signal.
bool kill_if_marked(pid_t process, std::uint64_t mark) {
    if (!wears(process, mark)) return false;
    const Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
    if (!wears(process, mark) || is_zombie(process)) return false;
    if (handle.get() >= 0)
        ::syscall(SYS_pidfd_send_signal, handle.get(), SIGKILL, nullptr, 0);
    else
        ::kill(process, SIGKILL);
    return true;
}

}  // namespace

std::uint64_t new_mark() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_RTTIME, &limit) != 0 || limit.rlim_max != RLIM_INFINITY) return 0;
    // Random, so that two programs, or two containers under one root, do not end each other's children.
    static const std::uint64_t ours = lowest + ((std::uint64_t{std::random_device{}()} & 0x3fffffff) << 20);
    static std::atomic<std::uint64_t> count{0};
    return ours + (count.fetch_add(1) & 0xfffff);
}

void wear_mark(std::uint64_t mark) {
    const rlimit limit{mark, mark};
    if (mark != 0) ::setrlimit(RLIMIT_RTTIME, &limit);
}

bool kill_marked(std::uint64_t mark, std::chrono::milliseconds patience) {
    if (mark == 0) return true;
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (true) {
        bool found = false;
        std::error_code failed;
        for (const auto& entry : std::filesystem::directory_iterator("/proc", failed)) {
            const std::string name = entry.path().filename().string();
            pid_t process = 0;
            const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), process);
            if (error == std::errc() && end == name.data() + name.size())
                found = kill_if_marked(process, mark) || found;
        }
        if (!found) return true;
        if (std::chrono::steady_clock::now() > deadline) return false;
        ::poll(nullptr, 0, 1);
    }
}

}  // namespace vitrum::process
