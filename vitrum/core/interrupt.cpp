#include "vitrum/core/interrupt.hpp"

#include <csignal>

#include "vitrum/core/error.hpp"

namespace vitrum {

namespace {
volatile std::sig_atomic_t requested = 0;
extern "C" void on_signal(int number) {
    requested = 1;
    // A second signal ends the process at once.
    std::signal(number, SIG_DFL);
}
}  // namespace

void install_interrupt_handler() {
    std::signal(SIGINT, on_signal);
    std::signal(SIGTERM, on_signal);
}

bool interrupt_requested() { return requested != 0; }

void check_interrupt() {
    if (requested) throw Interrupted();
}

}  // namespace vitrum
