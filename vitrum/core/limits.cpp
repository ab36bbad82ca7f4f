#include "vitrum/core/limits.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/memory.hpp"

namespace vitrum {

namespace {

Consent given;

std::string size_text(double bytes) {
    return bytes >= 1e9   ? fmt::format("{:.3g} GB", bytes / 1e9)
           : bytes >= 1e6 ? fmt::format("{:.3g} MB", bytes / 1e6)
                          : fmt::format("{:.0f} bytes", bytes);
}

}  // namespace

const Consent& consent() { return given; }

void give_consent(const Consent& consent) { given = consent; }

void expect_commands(const std::string& command, const std::string& where) {
    if (given.commands) return;
    throw InputError(fmt::format("{}: starts the program '{}'; if you trust it, say --allow-commands", where, command));
}

void expect_memory(double bytes, const std::string& where) {
    if (bytes <= free_bytes || given.large) return;
    const double room = available_memory();
    if (bytes > room)
        throw InputError(
            fmt::format("{}: wants {} of memory, {} are free; make it smaller, or try it all the same "
                        "with --allow-large",
                        where, size_text(bytes), size_text(room)));
}

void expect_inflation(double bytes, double file_bytes, const std::string& where) {
    if (given.large) return;
    if (bytes > std::max(free_bytes, most_inflation * file_bytes))
        throw InputError(fmt::format("{}: declares {}, its file has {}; if that is right, say --allow-large", where,
                                     size_text(bytes), size_text(file_bytes)));
    expect_memory(bytes, where);
}

void expect_declared(double bytes, double stored_bytes, const std::string& where) {
    if (given.large || bytes <= std::max(free_declared, most_compression * stored_bytes)) return;
    throw InputError(fmt::format("{}: declares {}, but {} of it are stored; if that is right, say --allow-large", where,
                                 size_text(bytes), size_text(stored_bytes)));
}

void expect_work(double core_seconds, const std::string& where) {
    constexpr double hour = 3600;
    if (core_seconds <= most_hours * hour || given.large) return;
    throw InputError(
        fmt::format("{}: wants some {:.3g} hours of one core, more than {:g}; make it smaller, or say "
                    "--allow-large",
                    where, core_seconds / hour, most_hours));
}

}  // namespace vitrum
