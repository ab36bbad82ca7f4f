// Every reader on its seeds, on what once broke it, and on some thousands of mutations: the part of fuzzing that needs
// no fuzzer. The same numbers give the same bytes.
#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "tests/fuzz/mutation.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/temporary_folder.hpp"

namespace vitrum::fuzz {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_in(const fs::path& folder) {
    std::vector<fs::path> files;
    if (fs::is_directory(folder))
        for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

std::string bytes_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream all;
    all << in.rdbuf();
    return std::move(all).str();
}

double megabytes() {
    rusage use{};
    getrusage(RUSAGE_SELF, &use);
    return static_cast<double>(use.ru_maxrss) / 1000;
}

class Replay : public testing::TestWithParam<Target> {
protected:
    void feed_timed(const std::string& bytes, const std::string& what) {
        constexpr double most_seconds = 20;
        constexpr double most_megabytes = 1000;
        const auto start = std::chrono::steady_clock::now();
        EXPECT_NO_THROW(feed(GetParam(), bytes)) << what;
        EXPECT_LT(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), most_seconds)
            << what;
        ASSERT_LT(megabytes(), most_megabytes) << what;
    }
};

TEST_P(Replay, SeedsAreTaken) {
    const TemporaryFolder folder;
    GetParam().seeds(folder.path());
    const auto seeds = files_in(folder.path());
    ASSERT_FALSE(seeds.empty());
    for (const auto& seed : seeds) EXPECT_TRUE(feed(GetParam(), bytes_of(seed))) << seed;
}

TEST_P(Replay, WhatOnceBrokeIt) {
    for (const auto& file : files_in(fs::path(VITRUM_REGRESSIONS) / GetParam().name))
        feed_timed(bytes_of(file), file.string());
}

TEST_P(Replay, Mutations) {
    const TemporaryFolder folder;
    GetParam().seeds(folder.path());
    const auto seeds = files_in(folder.path());
    // Every HDF5 file costs a process.
    const std::uint64_t count = GetParam().hdf5 ? 250 : 1500;
    constexpr double longest = 9;
    const auto start = std::chrono::steady_clock::now();
    for (std::uint64_t i = 0; i < count && !HasFailure(); ++i) {
        const auto& seed = seeds[i % seeds.size()];
        feed_timed(mutated(bytes_of(seed), i), seed.filename().string() + " mutated by " + std::to_string(i));
        if (std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() > longest) break;
    }
}

INSTANTIATE_TEST_SUITE_P(Readers, Replay, testing::ValuesIn(targets().begin(), targets().end()),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace vitrum::fuzz
