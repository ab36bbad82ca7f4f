// Ctrl-C and SIGTERM: the handler sets a flag; long loops call check_interrupt() between blocks.
#pragma once

namespace vitrum {

void install_interrupt_handler();
[[nodiscard]] bool interrupt_requested();
void check_interrupt();  // throws Interrupted

}  // namespace vitrum
