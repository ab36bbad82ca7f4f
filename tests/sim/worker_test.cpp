// Runs real molecular dynamics, tiny: skipped where the worker program or the potential is missing.
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "vitrum/core/error.hpp"
#include "vitrum/sim/protocol/cuzr.hpp"
#include "vitrum/sim/worker/worker_process.hpp"

namespace vitrum::sim {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

CuZrOptions tiny() {
    CuZrOptions o;
    o.atoms = 250;
    o.melt_time = 0.4e-12;
    o.cooling_rate = 5e15;
    o.pressure = 2;
    o.compression_rate = 2e13;
    o.hold_time = 0.2e-12;
    o.equilibration_time = 0.1e-12;
    o.sampling_time = 0.4e-12;
    o.sampling_interval = 0.02e-12;
    o.wavevector_half_width = 0.1;
    return o;
}

// Process numbers of our children that run the worker program.
std::vector<pid_t> workers() {
    std::vector<pid_t> found;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const std::string name = entry.path().filename();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        std::ifstream stat(entry.path() / "stat");
        std::string pid, program, state;
        pid_t parent = 0;
        if (stat >> pid >> program >> state >> parent && parent == ::getpid() && program == "(vitrum-lammps)")
            found.push_back(std::stoi(pid));
    }
    return found;
}

class Lammps : public ::testing::Test {
protected:
    void SetUp() override {
        try {
            (void)find_worker();
            (void)find_potential("CuZr_mm.eam.fs");
        } catch (const InputError& error) {
            GTEST_SKIP() << error.what();
        }
        folder_ = fs::temp_directory_path() / ("vitrum_worker_" + std::to_string(::getpid()));
        fs::remove_all(folder_);
    }
    void TearDown() override {
        EXPECT_TRUE(workers().empty());
        if (!folder_.empty()) fs::remove_all(folder_);
    }
    // Sends a signal to the worker once `stage` is under way; returns the error's text.
    std::string disturb(const CuZrOptions& options, const std::string& stage, int signal_number) {
        bool sent = false;
        try {
            (void)run(options, {folder_ / "run",
                                [&](double, const std::string& now) {
                                    if (sent || now != stage || workers().empty()) return;
                                    ::kill(workers().front(), signal_number);
                                    sent = true;
                                },
                                {}});
        } catch (const RunError& error) {
            return error.what();
        }
        return "no RunError";
    }
    fs::path folder_;
};

void expect_same_rows(const std::vector<Row>& a, const std::vector<Row>& b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        EXPECT_EQ(a[i].potential_energy, b[i].potential_energy);
        EXPECT_EQ(a[i].pressure, b[i].pressure);
        EXPECT_EQ(a[i].volume, b[i].volume);
    }
}

void expect_same_bits(const CuZrRun& a, const CuZrRun& b) {
    ASSERT_EQ(a.trajectory.frames.size(), b.trajectory.frames.size());
    for (std::size_t f = 0; f < a.trajectory.frames.size(); ++f)
        EXPECT_EQ(a.trajectory.frames[f].fractional, b.trajectory.frames[f].fractional);
    expect_same_rows(a.hold, b.hold);
    expect_same_rows(a.sample, b.sample);
}

TEST_F(Lammps, ResumeAfterKillGivesTheSameBits) {
    const CuZrOptions options = tiny();
    const CuZrRun whole = run(options, {folder_ / "whole", {}, {}});
    EXPECT_EQ(whole.trajectory.frames.size(), 20U);
    EXPECT_EQ(whole.sample.size(), 20U);
    const double mass = std::accumulate(whole.trajectory.mass.begin(), whole.trajectory.mass.end(), 0.0);
    const double density = mass * 1.66053906660 / whole.sample.front().volume;
    EXPECT_GT(density, 6.0);
    EXPECT_LT(density, 8.0);
    EXPECT_FALSE(whole.lammps_version.empty());

    for (const std::string stage : {"cool", "hold", "sample"}) {
        const std::string text = disturb(options, stage, SIGKILL);
        EXPECT_THAT(text, HasSubstr("in the stage '" + stage + "'"));
        EXPECT_THAT(text, HasSubstr("signal 9"));
        EXPECT_THAT(text, HasSubstr("end of "));
        EXPECT_THAT(text, HasSubstr("Step Temp"));
    }
    std::set<std::string> ran;
    const CuZrRun resumed =
        run(options, {folder_ / "run", [&](double, const std::string& stage) { ran.insert(stage); }, {}});
    EXPECT_EQ(ran, (std::set<std::string>{"sample"}));
    expect_same_bits(whole, resumed);

    // A finished run needs no worker at all; another seed starts anew and differs.
    ran.clear();
    CuZrOptions other = options;
    other.time_limit = 7;
    expect_same_bits(whole, run(other, {folder_ / "run", [&](double, const std::string& s) { ran.insert(s); }, {}}));
    EXPECT_TRUE(ran.empty());
    other.seed = 2;
    const CuZrRun second = run(other, {folder_ / "run", [&](double, const std::string& s) { ran.insert(s); }, {}});
    EXPECT_TRUE(ran.contains("melt"));
    EXPECT_NE(second.sample.back().potential_energy, whole.sample.back().potential_energy);
}

TEST_F(Lammps, HangIsNoticed) {
    CuZrOptions options = tiny();
    options.time_limit = 3;
    EXPECT_THAT(disturb(options, "melt", SIGSTOP), HasSubstr("hangs"));
}

TEST_F(Lammps, CancelEndsTheWorker) {
    bool cancel = false;
    const WorkerPlace place{folder_, [&](double, const std::string& stage) { cancel = stage == "hold"; },
                            [&] { return cancel; }};
    EXPECT_THROW((void)run(tiny(), place), Interrupted);
    EXPECT_TRUE(workers().empty());
    EXPECT_TRUE(fs::exists(folder_ / "compress.restart"));
    EXPECT_FALSE(fs::exists(folder_ / "hold.restart"));
}

TEST_F(Lammps, ExplosionIsARunError) {
    CuZrOptions options = tiny();
    options.time_step = 50e-15;
    options.sampling_interval = 50e-15;
    options.melt_time = options.hold_time = options.equilibration_time = options.sampling_time = 2e-12;
    try {
        (void)run(options, {folder_, {}, {}});
        ADD_FAILURE() << "nothing was thrown";
    } catch (const RunError& error) {
        EXPECT_THAT(error.what(), HasSubstr("in the stage 'melt'"));
    }
}

TEST_F(Lammps, LauncherVariablesDoNoHarm) {
    ::setenv("OMPI_COMM_WORLD_SIZE", "4", 1);
    ::setenv("PMIX_NAMESPACE", "nowhere", 1);
    ::setenv("PMIX_RANK", "3", 1);
    CuZrOptions options = tiny();
    options.pressure = 0;
    EXPECT_NO_THROW((void)run(options, {folder_, {}, {}}));
    for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMIX_NAMESPACE", "PMIX_RANK"}) ::unsetenv(name);
}

}  // namespace
}  // namespace vitrum::sim
