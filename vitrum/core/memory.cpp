#include "vitrum/core/memory.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

namespace vitrum {

namespace {

constexpr double unknown = std::numeric_limits<double>::infinity();

// The number in a file of one number; "max" and absent files are no limit.
double number_in(const std::string& file) {
    std::ifstream in(file);
    double value = unknown;
    return in >> value ? value : unknown;
}

double system_memory() {
    std::ifstream in("/proc/meminfo");
    constexpr double kib = 1024;
    for (std::string key; in >> key;) {
        double value = 0;
        if (key == "MemAvailable:" && in >> value) return kib * value;
        in.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
    }
    return unknown;
}

// What the control group of this process and those above it leave free.
double group_memory() {
    std::ifstream in("/proc/self/cgroup");
    double least = unknown;
    for (std::string line; std::getline(in, line);) {
        const bool unified = line.rfind("0::", 0) == 0;
        const auto memory = line.find(":memory:");
        if (!unified && memory == std::string::npos) continue;
        const std::string root = unified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
        std::string group = unified ? line.substr(3) : line.substr(memory + 8);
        for (;;) {
            const std::string folder = root + (group == "/" ? "" : group);
            const double limit = number_in(folder + (unified ? "/memory.max" : "/memory.limit_in_bytes"));
            const double used = number_in(folder + (unified ? "/memory.current" : "/memory.usage_in_bytes"));
            if (limit < unknown && used < unknown) least = std::min(least, std::max(0.0, limit - used));
            if (group.empty() || group == "/") break;
            group.resize(group.rfind('/') == std::string::npos ? 0 : group.rfind('/'));
        }
    }
    return least;
}

}  // namespace

double available_memory() { return std::min(system_memory(), group_memory()); }

double memory_for_maps() { return available_memory() / 2; }

}  // namespace vitrum
