#include "vitrum/process/run_program.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <set>
#include <tuple>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/printable.hpp"
#include "vitrum/process/child.hpp"
#include "vitrum/process/descriptor.hpp"

namespace vitrum::process {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// What the program prints: kept up to a limit, counted to the end.
class Log {
public:
    Log(const fs::path& file, double most, int from)
        : file_(file, std::ios::binary | std::ios::trunc), most_(static_cast<std::uint64_t>(most)), from_(from) {
        if (!file_) throw RunError(fmt::format("cannot write '{}'", file.string()));
    }
    // All that is there now, but not for ever; false at the end of the stream.
    bool drain() {
        for (int round = 0; round < 64; ++round) {
            const ssize_t n = ::read(from_, bytes_.data(), bytes_.size());
            if (n == 0) return false;
            if (n < 0) return errno == EAGAIN || errno == EINTR;
            const auto kept = std::min<std::uint64_t>(static_cast<std::uint64_t>(n), most_ - std::min(most_, count_));
            count_ += static_cast<std::uint64_t>(n);
            file_.write(bytes_.data(), static_cast<std::streamsize>(kept));
            text_.append(bytes_.data(), kept);
            if (text_.size() > 2 * kept_text) text_.erase(0, text_.size() - kept_text);
        }
        return true;
    }
    [[nodiscard]] bool full() const { return count_ > most_; }
    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] std::string tail() const { return printable(last_lines(text_, 15), true); }

private:
    static constexpr std::size_t kept_text = 4096;
    std::ofstream file_;
    std::uint64_t most_;
    std::uint64_t count_ = 0;
    int from_;
    std::array<char, 65536> bytes_{};
    std::string text_;
};

struct Written {
    double all = 0;      // [B] on the disk
    double largest = 0;  // [B] length of one file
};

// What tells a file that was changed: device, number, length, time.
using FileState = std::tuple<dev_t, ino_t, off_t, time_t, long>;

FileState state_of(const struct stat& info) {
    return {info.st_dev, info.st_ino, info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec};
}

// Calls see(info) for each file below the folder. Files come and go while one looks: what cannot be seen is left out.
template <class See>
void for_each_file(const fs::path& folder, See&& see) {
    std::error_code failed;
    fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, failed);
    while (!failed && at != fs::recursive_directory_iterator()) {
        struct stat info {};
        if (::lstat(at->path().c_str(), &info) == 0 && S_ISREG(info.st_mode)) see(info);
        at.increment(failed);
    }
}

std::set<FileState> files_below(const fs::path& folder) {
    std::set<FileState> files;
    for_each_file(folder, [&](const struct stat& info) { files.insert(state_of(info)); });
    return files;
}

Written written_below(const fs::path& folder, const std::set<FileState>& before) {
    Written sum;
    for_each_file(folder, [&](const struct stat& info) {
        if (before.contains(state_of(info))) return;
        sum.all += 512.0 * static_cast<double>(info.st_blocks);
        sum.largest = std::max(sum.largest, static_cast<double>(info.st_size));
    });
    return sum;
}

std::string bytes_text(double bytes) { return fmt::format("{:.4g} MB", bytes / 1e6); }

void judge_status(Ending& ending, const Child& child, const Limits& limits, const Written& files) {
    if (!child.start_error().empty()) {
        ending.end = End::not_started;
        ending.reason = "could not be started: " + child.start_error();
        return;
    }
    const int status = child.status();
    const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    ending.end = signal != 0 ? End::killed : End::exited;
    ending.code = signal != 0 ? signal : WEXITSTATUS(status);
    ending.reason = describe_status(status);
    if (signal == SIGXCPU) {
        ending.end = End::timed_out;
        ending.reason = fmt::format("used more than {:g} s of processor time", limits.wall);
    }
    // A program may go on after a write that failed at the limit.
    if (signal == SIGXFSZ || files.largest >= limits.file) {
        ending.end = End::wrote_too_much;
        ending.reason = fmt::format("wrote a file of more than {}", bytes_text(limits.file));
    } else if (files.all > limits.folder) {
        ending.end = End::wrote_too_much;
        ending.reason = fmt::format("wrote more than {}", bytes_text(limits.folder));
    }
}

}  // namespace

Ending run_program(const Program& program, const Limits& limits, const fs::path& log_file,
                   const std::function<bool()>& cancelled) {
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw RunError(fmt::format("no pipe: {}", std::strerror(errno)));
    const Descriptor read_end(ends[0]);
    Descriptor write_end(ends[1]);
    ::fcntl(read_end.get(), F_SETFL, O_NONBLOCK);
    Log log(log_file, limits.printed, read_end.get());

    const std::set<FileState> before = files_below(program.folder);
    const auto start = Clock::now();
    Child child({.program = program.file,
                 .arguments = program.arguments,
                 .environment = program.environment,
                 .folder = program.folder,
                 .output = write_end.get(),
                 .limits = {limits.memory, limits.file, limits.wall, true}});
    write_end.close();

    Ending ending;
    const auto stop = [&](End end, std::string reason) {
        child.end();
        ending.end = end;
        ending.reason = std::move(reason);
        return true;
    };
    bool stopped = false;
    bool open = true;
    double next_look = 0.25;
    while (!stopped && !child.exited()) {
        if (cancelled && cancelled()) throw Interrupted();
        std::array<pollfd, 2> waiting{pollfd{open ? read_end.get() : -1, POLLIN, 0},
                                      pollfd{child.ended_descriptor(), POLLIN, 0}};
        ::poll(waiting.data(), waiting.size(), child.ended_descriptor() < 0 ? 5 : 50);
        if (open) open = log.drain();
        const double now = seconds_since(start);
        if (log.full()) stopped = stop(End::printed_too_much, "printed more than " + bytes_text(limits.printed));
        if (!stopped && now > limits.wall)
            stopped = stop(End::timed_out, fmt::format("took longer than {:g} s", limits.wall));
        if (stopped || now < next_look) continue;
        if (written_below(program.folder, before).all > limits.folder)
            stopped = stop(End::wrote_too_much, "wrote more than " + bytes_text(limits.folder));
        next_look = seconds_since(start) + 0.25;
    }
    child.end();
    if (open) log.drain();
    ending.seconds = seconds_since(start);
    ending.printed = log.count();
    ending.log_tail = log.tail();
    if (stopped) return ending;
    if (log.full()) {
        stop(End::printed_too_much, "printed more than " + bytes_text(limits.printed));
        return ending;
    }
    judge_status(ending, child, limits, written_below(program.folder, before));
    return ending;
}

std::string last_lines(std::string_view text, std::size_t count) {
    std::string lines;
    while (count > 0 && !text.empty()) {
        const auto at = text.rfind('\n');
        const std::string_view line = at == std::string_view::npos ? text : text.substr(at + 1);
        text = at == std::string_view::npos ? std::string_view{} : text.substr(0, at);
        if (line.empty()) continue;
        lines = lines.empty() ? std::string(line) : std::string(line) + '\n' + lines;
        --count;
    }
    return lines;
}

}  // namespace vitrum::process
