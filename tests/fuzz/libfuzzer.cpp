// The entry that libFuzzer wants; which reader it is comes from the build (VITRUM_FUZZ_TARGET).
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include <pthread.h>
#include <sanitizer/common_interface_defs.h>

#include "tests/fuzz/targets.hpp"

// The child that looks at HDF5 files may die of them: that is no finding, and it writes none.
extern "C" int LLVMFuzzerInitialize(int*, char***) {
    return pthread_atfork(nullptr, nullptr, [] { __sanitizer_set_death_callback(nullptr); });
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const vitrum::fuzz::Target& target = *vitrum::fuzz::target(VITRUM_FUZZ_TARGET);
    try {
        vitrum::fuzz::feed(target, {reinterpret_cast<const char*>(bytes), size});
    } catch (const std::exception& e) {
        std::fprintf(stderr, "not a message of the reader: %s\n", e.what());
        std::abort();
    }
    return 0;
}
