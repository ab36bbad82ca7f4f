// One single-precision rank update of OpenBLAS (upper triangle, one thread), by itself in a process so that the core
// type can be chosen: OPENBLAS_CORETYPE is read when the library is loaded. Prints wall and CPU seconds and the type.
//   ssyrk_peer LIBRARY FRAMES PIXELS ROUNDS
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include <dlfcn.h>

int main(int argc, char** argv) {
    if (argc != 5) return 2;
    void* library = dlopen(argv[1], RTLD_NOW);
    if (!library) return 3;
    using Syrk = void (*)(int, int, int, int, int, float, const float*, int, float, float*, int);
    const auto syrk = reinterpret_cast<Syrk>(dlsym(library, "cblas_ssyrk"));
    const auto core = reinterpret_cast<const char* (*)()>(dlsym(library, "openblas_get_corename"));
    if (!syrk || !core) return 3;
    const int frames = std::atoi(argv[2]);
    const int pixels = std::atoi(argv[3]);
    std::vector<float> x(static_cast<std::size_t>(frames) * static_cast<std::size_t>(pixels));
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>((i * 2654435761U >> 7) % 11);
    std::vector<float> c(static_cast<std::size_t>(frames) * static_cast<std::size_t>(frames));
    constexpr int row_major = 101;
    constexpr int upper = 121;
    constexpr int no_transpose = 111;
    double wall = 1e30;
    double cpu = 1e30;
    for (int round = 0; round < std::atoi(argv[4]); ++round) {
        const auto start = std::chrono::steady_clock::now();
        const std::clock_t before = std::clock();
        syrk(row_major, upper, no_transpose, frames, pixels, 1.0F, x.data(), pixels, 0.0F, c.data(), frames);
        const double used = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
        const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        if (used < cpu) cpu = used;
        if (took < wall) wall = took;
    }
    std::printf("%g %g %s\n", wall, cpu, core());
    return 0;
}
