#include "vitrum/app/print.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "vitrum/core/printable.hpp"
#include "vitrum/core/warn.hpp"
#include "vitrum/io/text/input_file.hpp"

namespace vitrum::app {

namespace {

constexpr int failed = 3;

void tell(const char* text) {
    if (write(STDERR_FILENO, text, std::strlen(text)) < 0) return;
}

// Only calls that are safe in a handler.
extern "C" void on_crash(int number) {
    tell("vitrum: ended by a fault of its own or of a library (");
    tell(number == SIGSEGV  ? "segmentation fault"
         : number == SIGBUS ? "bus error"
         : number == SIGFPE ? "arithmetic exception"
         : number == SIGILL ? "illegal instruction"
                            : "abort");
    tell(")");
    if (const char* file = io::last_input_file(); *file) {
        tell("; the last file that was opened, '");
        tell(file);
        tell("', may be damaged");
    }
    tell("\n");
    _exit(failed);
}

volatile std::sig_atomic_t pipe_closed = 0;
extern "C" void on_closed_pipe(int) { pipe_closed = 1; }

}  // namespace

void write_text(std::FILE* stream, std::string_view text) {
    const std::string safe = printable(text, true);
    std::fwrite(safe.data(), 1, safe.size(), stream);
}

void say(std::string_view message) { warn(message); }

void print_json(const Json& document) {
    using Handler = Json::error_handler_t;
    std::string text = document.dump(2, ' ', false, Handler::replace);
    if (printable(text, true) != text) text = document.dump(2, ' ', true, Handler::replace);
    text += '\n';
    std::fwrite(text.data(), 1, text.size(), stdout);
}

int status_of_output(int status) {
    errno = 0;
    const bool answered = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
    if (!answered && !pipe_closed)  // who stops reading has read enough
        say(fmt::format("cannot write to standard output{}{}", errno != 0 ? ": " : "",
                        errno != 0 ? std::strerror(errno) : ""));
    const bool heard = std::fflush(stderr) == 0 && std::ferror(stderr) == 0;
    return status == 0 && !(answered && heard) ? failed : status;
}

void open_standard_streams() {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        // An answer that goes nowhere is a failure; messages that nobody wants are none.
        while (fcntl(stream, F_GETFD) < 0 && errno == EBADF)
            if (open("/dev/null", stream == STDERR_FILENO ? O_WRONLY : O_RDONLY) < 0) return;
}

void ignore_closed_pipes() {
    // A handler, not SIG_IGN: programs that are started have the usual action again.
    struct sigaction action {};
    action.sa_handler = on_closed_pipe;
    action.sa_flags = SA_RESTART;
    sigaction(SIGPIPE, &action, nullptr);
}

void install_crash_handler() {
    // A stack of its own: the usual one may be what has run out.
    static std::array<char, 65536> stack;
    stack_t other{};
    other.ss_sp = stack.data();
    other.ss_size = stack.size();
    sigaltstack(&other, nullptr);
    struct sigaction action {};
    action.sa_handler = on_crash;
    action.sa_flags = SA_ONSTACK | SA_RESETHAND;
    for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) sigaction(number, &action, nullptr);
}

}  // namespace vitrum::app
