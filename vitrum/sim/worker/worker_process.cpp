#include "vitrum/sim/worker/worker_process.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <deque>
#include <fstream>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vitrum/core/error.hpp"

namespace vitrum::sim {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr int cannot_start = 127;

class Descriptor {
public:
    explicit Descriptor(int value) : value_(value) {}
    ~Descriptor() { close(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return value_; }
    void close() {
        if (value_ >= 0) ::close(value_);
        value_ = -1;
    }

private:
    int value_;
};

// Runs between fork and exec: only async-signal-safe calls, since other threads may hold locks.
[[noreturn]] void become_worker(pid_t parent, const char* folder, const char* program, char* const* arguments,
                                char* const* environment, int pipe, int output, int nothing) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(cannot_start);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int number : {SIGINT, SIGTERM, SIGPIPE, SIGHUP}) ::signal(number, SIG_DFL);
    // Copies above the standard numbers first, so that no dup2 overwrites a source; dup2 clears close-on-exec.
    pipe = ::fcntl(pipe, F_DUPFD_CLOEXEC, 10);
    output = ::fcntl(output, F_DUPFD_CLOEXEC, 10);
    nothing = ::fcntl(nothing, F_DUPFD_CLOEXEC, 10);
    if (::dup2(nothing, 0) < 0 || ::dup2(output, 1) < 0 || ::dup2(output, 2) < 0 || ::dup2(pipe, worker_pipe) < 0 ||
        ::chdir(folder) != 0)
        ::_exit(cannot_start);
    ::close_range(worker_pipe + 1, ~0U, 0);
    ::execve(program, arguments, environment);
    ::_exit(cannot_start);
}

// A running worker; its whole process group is killed and the worker reaped at the latest by the destructor.
class Worker {
public:
    explicit Worker(pid_t pid) : pid_(pid) {}
    ~Worker() { end(); }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    // Waits for the end of a worker that closed its pipe, but not for ever; then ends its group. Status as of waitpid.
    int wait(std::chrono::seconds patience) {
        const auto deadline = Clock::now() + patience;
        while (!reaped_ && Clock::now() < deadline) {
            siginfo_t info{};
            // Leaves the zombie, so that the group's number cannot be taken by another before it is killed.
            if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT | WNOHANG) == 0 &&
                info.si_pid == pid_)
                break;
            ::poll(nullptr, 0, 5);
        }
        end();
        return status_;
    }
    void end() {
        if (reaped_) return;
        ::kill(-pid_, SIGKILL);
        ::kill(pid_, SIGKILL);
        while (::waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
        }
        reaped_ = true;
    }

private:
    pid_t pid_;
    int status_ = 0;
    bool reaped_ = false;
};

std::string last_lines(const fs::path& file, std::size_t count) {
    std::ifstream in(file);
    std::deque<std::string> lines;
    for (std::string line; std::getline(in, line);) {
        if (line.empty()) continue;
        lines.push_back(line);
        if (lines.size() > count) lines.pop_front();
    }
    std::string text;
    for (const std::string& line : lines) text += "\n  " + line;
    return text;
}

std::string describe_status(int status) {
    if (WIFSIGNALED(status))
        return fmt::format("was killed by signal {} ({})", WTERMSIG(status), ::strsignal(WTERMSIG(status)));
    if (WIFEXITED(status) && WEXITSTATUS(status) == cannot_start) return "could not be started";
    return fmt::format("ended with status {}", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

struct Failure {
    const Job& job;
    const fs::path& folder;
    [[noreturn]] void operator()(const std::string& what) const {
        const fs::path log = folder / job.log;
        std::string text = fmt::format("molecular dynamics failed in the stage '{}': {}", job.stage, what);
        if (const std::string lines = last_lines(log, 15); !lines.empty())
            text += fmt::format("\nend of {}:{}", log.string(), lines);
        if (const std::string lines = last_lines(folder / (job.stage + ".out"), 15); !lines.empty())
            text += fmt::format("\nend of {}:{}", (folder / (job.stage + ".out")).string(), lines);
        throw RunError(text);
    }
};

// mpirun's own words before the worker's.
std::vector<std::string> launch_words(const Job& job, const fs::path& worker) {
    if (job.ranks == 1) return {"vitrum-lammps"};
    return {"mpirun",
            "-np",
            std::to_string(job.ranks),
            "--host",
            fmt::format("localhost:{}", job.ranks),
            "--oversubscribe",
            "--bind-to",
            "none",
            worker.string()};
}

pid_t start(const Job& job, const fs::path& folder, const Failure& fail, int write_end) {
    const fs::path worker = find_worker();
    const fs::path program = job.ranks == 1 ? worker : find_launcher();
    const std::string job_file = job.stage + ".job.json";
    fs::remove(folder / job.log);  // no tail of an earlier attempt
    if (!(std::ofstream(folder / job_file) << to_json(job).dump(2) << '\n' << std::flush))
        throw RunError("cannot write " + (folder / job_file).string());

    const Descriptor output(
        ::open((folder / (job.stage + ".out")).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    const Descriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (output.get() < 0 || nothing.get() < 0) fail(fmt::format("cannot write into {}", folder.string()));

    std::vector<std::string> words = launch_words(job, worker);
    words.push_back(job_file);
    std::vector<std::string> settings = worker_environment(job.ranks);
    // A folder of its own: in a shared one a worker that ends may take away what another is just making.
    settings.push_back("OMPI_MCA_orte_tmpdir_base=" + folder.string());
    std::vector<char*> arguments;
    std::vector<char*> environment;
    for (std::string& word : words) arguments.push_back(word.data());
    for (std::string& setting : settings) environment.push_back(setting.data());
    arguments.push_back(nullptr);
    environment.push_back(nullptr);

    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid == 0)
        become_worker(parent, folder.c_str(), program.c_str(), arguments.data(), environment.data(), write_end,
                      output.get(), nothing.get());
    if (pid < 0) fail(fmt::format("no process could be started: {}", std::strerror(errno)));
    ::setpgid(pid, pid);  // also here: whoever comes first
    return pid;
}

// Read and write end of the way up; a named pipe where the job wants one. Its write end is held by mpirun, so that the
// stream ends with the last of mpirun and rank 0.
std::array<int, 2> open_channel(const Job& job, const fs::path& folder, const Failure& fail) {
    std::array<int, 2> ends{-1, -1};
    if (job.channel.empty()) {
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail(fmt::format("no pipe: {}", std::strerror(errno)));
        return ends;
    }
    const fs::path name = folder / job.channel;
    fs::remove(name);
    if (::mkfifo(name.c_str(), 0600) == 0) {
        ends[0] = ::open(name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        ends[1] = ::open(name.c_str(), O_WRONLY | O_CLOEXEC);
    }
    if (ends[0] < 0 || ends[1] < 0) fail(fmt::format("no named pipe {}: {}", name.string(), std::strerror(errno)));
    return ends;
}

}  // namespace

StageOutput run_worker(const Job& job, const fs::path& folder, const WorkerControl& control) {
    const Failure fail{job, folder};
    const std::array<int, 2> ends = open_channel(job, folder, fail);
    const Descriptor read_end(ends[0]);
    Descriptor write_end(ends[1]);
    Worker worker(start(job, folder, fail, write_end.get()));
    write_end.close();

    StageOutput result;
    MessageReader reader;
    std::vector<std::byte> bytes(1 << 18);
    auto last_message = Clock::now();
    bool finished = false;

    const auto take = [&](Message kind, std::span<const std::byte> payload) {
        const std::string text(reinterpret_cast<const char*>(payload.data()), payload.size());
        if (kind == Message::started && !text.empty()) result.lammps_version = text;
        if (kind == Message::finished) finished = true;
        if (kind == Message::trouble) {
            worker.end();
            fail(text);
        }
        if (kind == Message::frame) result.frames.push_back(frame_from(payload));
        if (kind != Message::row) return;
        result.rows.push_back(row_from(payload));
        const auto done = job.minimise.empty()
                              ? result.rows.back().step / static_cast<double>(job.steps)
                              : static_cast<double>(result.rows.size()) / static_cast<double>(job.minimise.size());
        if (control.progress) control.progress(done);
    };

    while (true) {
        if (control.cancelled && control.cancelled()) throw Interrupted();
        pollfd waiting{read_end.get(), POLLIN, 0};
        if (::poll(&waiting, 1, 100) <= 0) {  // nothing yet, or a signal
            // Judged only when nothing waits to be read: vitrum itself may have been stopped for hours.
            if (std::chrono::duration<double>(Clock::now() - last_message).count() > control.silence_limit) {
                worker.end();
                fail(fmt::format("vitrum-lammps hangs: no sign of life for {} s; it was ended", control.silence_limit));
            }
            continue;
        }
        const ssize_t n = ::read(read_end.get(), bytes.data(), bytes.size());
        if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (n < 0) fail(fmt::format("reading from vitrum-lammps: {}", std::strerror(errno)));
        if (n == 0) break;
        reader.append(std::span(bytes).first(static_cast<std::size_t>(n)));
        Message kind{};
        std::span<const std::byte> payload;
        while (reader.next(kind, payload)) {
            last_message = Clock::now();
            take(kind, payload);
        }
    }
    const int status = worker.wait(std::chrono::seconds(30));
    if (!finished) fail("vitrum-lammps " + describe_status(status));
    return result;
}

}  // namespace vitrum::sim
