#include "vitrum/process/child.hpp"

#include <array>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vitrum/core/error.hpp"
#include "vitrum/process/descriptor.hpp"
#include "vitrum/process/mark.hpp"

namespace vitrum::process {

namespace {

constexpr int cannot_start = 127;

// Everything the child needs, made before fork: other threads may hold the locks of the heap.
struct Plan {
    pid_t parent;
    const char* program;
    const char* folder;
    char* const* arguments;
    char* const* environment;
    int output;
    int nothing;
    int channel;
    int trouble;  // close-on-exec: an errno comes up it, or its end
    std::uint64_t mark;
    ResourceLimits limits;
};

[[noreturn]] void give_up(int trouble) {
    const int why = errno;
    static_cast<void>(!::write(trouble, &why, sizeof why));
    ::_exit(cannot_start);
}

// `grace` more until the hard limit, which kills.
bool limit(__rlimit_resource resource, double value, double grace = 0) {
    if (!(value > 0)) return true;
    const rlimit both{static_cast<rlim_t>(value), static_cast<rlim_t>(value + grace)};
    return ::setrlimit(resource, &both) == 0;
}

// Runs between fork and exec: only async-signal-safe calls.
[[noreturn]] void become(const Plan& plan) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != plan.parent) ::_exit(cannot_start);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int number : {SIGINT, SIGTERM, SIGPIPE, SIGHUP, SIGXFSZ, SIGXCPU}) ::signal(number, SIG_DFL);
    // Copies above the standard numbers first, so that no dup2 overwrites a source; dup2 clears close-on-exec.
    const int trouble = ::fcntl(plan.trouble, F_DUPFD_CLOEXEC, 10);
    const int output = ::fcntl(plan.output, F_DUPFD_CLOEXEC, 10);
    const int nothing = ::fcntl(plan.nothing, F_DUPFD_CLOEXEC, 10);
    const int channel = plan.channel < 0 ? -1 : ::fcntl(plan.channel, F_DUPFD_CLOEXEC, 10);
    if (::dup2(nothing, 0) < 0 || ::dup2(output, 1) < 0 || ::dup2(output, 2) < 0) give_up(trouble);
    if (channel >= 0 && ::dup2(channel, channel_number) < 0) give_up(trouble);
    if (::chdir(plan.folder) != 0) give_up(trouble);
    ::close_range(static_cast<unsigned>(channel < 0 ? channel_number : channel_number + 1), ~0U, CLOSE_RANGE_CLOEXEC);
    wear_mark(plan.mark);
    const rlimit zero{0, 0};
    if (!limit(RLIMIT_AS, plan.limits.memory) || !limit(RLIMIT_FSIZE, plan.limits.file) ||
        !limit(RLIMIT_CPU, plan.limits.cpu, 5) || (plan.limits.no_core && ::setrlimit(RLIMIT_CORE, &zero) != 0))
        give_up(trouble);
    ::execve(plan.program, plan.arguments, plan.environment);
    give_up(trouble);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (std::string& text : texts) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

}  // namespace

Child::Child(const StartOptions& options) {
    const Descriptor nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
    std::array<int, 2> ends{-1, -1};
    if (nothing.get() < 0 || ::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw RunError(fmt::format("no process could be started: {}", std::strerror(errno)));
    const Descriptor trouble(ends[0]);
    Descriptor trouble_in(ends[1]);

    const std::string program = options.program.string();
    const std::string folder = options.folder.empty() ? "." : options.folder.string();
    std::vector<std::string> words = options.arguments;
    std::vector<std::string> settings = options.environment;
    const std::vector<char*> arguments = pointers(words);
    const std::vector<char*> environment = pointers(settings);
    mark_ = new_mark();
    ResourceLimits limits = options.limits;
    limits.cpu = std::ceil(limits.cpu);
    const Plan plan{::getpid(),
                    program.c_str(),
                    folder.c_str(),
                    arguments.data(),
                    environment.data(),
                    options.output < 0 ? nothing.get() : options.output,
                    nothing.get(),
                    options.channel,
                    trouble_in.get(),
                    mark_,
                    limits};
    id_ = ::fork();
    if (id_ == 0) become(plan);
    if (id_ < 0) throw RunError(fmt::format("no process could be started: {}", std::strerror(errno)));
    ::setpgid(id_, id_);  // also here: whoever comes first
    ended_ = static_cast<int>(::syscall(SYS_pidfd_open, id_, 0));
    trouble_in.close();
    int why = 0;
    ssize_t n = 0;
    while ((n = ::read(trouble.get(), &why, sizeof why)) < 0 && errno == EINTR) {
    }
    if (n == static_cast<ssize_t>(sizeof why)) start_error_ = std::strerror(why);
}

Child::~Child() {
    end();
    if (ended_ >= 0) ::close(ended_);
}

bool Child::exited() const {
    if (reaped_) return true;
    siginfo_t info{};
    // Leaves the zombie, so that the group's number cannot be taken by another before it is killed.
    return ::waitid(P_PID, static_cast<id_t>(id_), &info, WEXITED | WNOWAIT | WNOHANG) == 0 && info.si_pid == id_;
}

void Child::wait(std::chrono::milliseconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!exited() && std::chrono::steady_clock::now() < deadline) {
        pollfd ended{ended_, POLLIN, 0};
        ::poll(&ended, 1, 5);
    }
    end();
}

void Child::end() {
    if (reaped_) return;
    ::kill(-id_, SIGKILL);
    ::kill(id_, SIGKILL);
    while (::waitpid(id_, &status_, 0) < 0 && errno == EINTR) {
    }
    reaped_ = true;
    kill_marked(mark_, std::chrono::seconds(10));
}

std::string describe_status(int status) {
    if (WIFSIGNALED(status))
        return fmt::format("was killed by signal {} ({})", WTERMSIG(status), ::strsignal(WTERMSIG(status)));
    return fmt::format("ended with status {}", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

}  // namespace vitrum::process
