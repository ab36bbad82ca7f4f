// The library that reads files links too, and says what is wrong with a file that is not there.
#include <cstdio>

#include <vitrum/core/error.hpp>
#include <vitrum/io/result/result_file.hpp>

int main() {
    try {
        static_cast<void>(vitrum::io::read_result("no_such_file.h5"));
    } catch (const vitrum::InputError& error) {
        std::printf("good: %s\n", error.what());
        return 0;
    }
    std::printf("WRONG: a missing file was read\n");
    return 1;
}
