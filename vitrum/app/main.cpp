#include "vitrum/app/command_line.hpp"

int main(int argc, char** argv) { return vitrum::app::main_program(argc, argv); }
