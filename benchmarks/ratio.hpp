// Wall time of one call, or processor time of the process, and the ratio of two measured in turn: best of several, in
// one run.
#pragma once

#include <algorithm>
#include <chrono>
#include <ctime>
#include <limits>

namespace vitrum::benchmarks {

template <class Work>
double seconds(Work&& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// For work on one thread, on a machine that others use too.
template <class Work>
double processor_seconds(Work&& work) {
    const std::clock_t start = std::clock();
    work();
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

struct Pair {
    double ours = std::numeric_limits<double>::infinity();
    double peer = std::numeric_limits<double>::infinity();
    [[nodiscard]] double ratio() const { return ours / peer; }
};

// Alternates the two, so that a machine that slows down slows both.
template <class Ours, class Peer>
Pair compare(Ours&& ours, Peer&& peer, int rounds = 5) {
    Pair best;
    for (int i = 0; i < rounds; ++i) {
        best.ours = std::min(best.ours, seconds(ours));
        best.peer = std::min(best.peer, seconds(peer));
    }
    return best;
}

}  // namespace vitrum::benchmarks
