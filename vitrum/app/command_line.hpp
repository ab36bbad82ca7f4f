#pragma once

namespace vitrum::app {

// Reads the command line and runs the subcommand. Returns the exit status.
int main_program(int argc, char** argv);

}  // namespace vitrum::app
