// Runs small protocols in LAMMPS: skipped where the worker program or the potential is missing.
#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/sim/small_protocol.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/sim/protocol/cuzr.hpp"
#include "vitrum/sim/protocol/protocol.hpp"
#include "vitrum/sim/protocol/stage_warnings.hpp"
#include "vitrum/sim/worker/worker_process.hpp"

namespace vitrum::sim {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::small_protocol;

// Processes called vitrum-lammps below us: children, or grandchildren behind mpirun.
std::vector<pid_t> workers() {
    std::vector<std::pair<pid_t, pid_t>> parents;
    std::vector<pid_t> named;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const std::string folder = entry.path().filename();
        if (folder.find_first_not_of("0123456789") != std::string::npos) continue;
        std::ifstream stat(entry.path() / "stat");
        std::string pid, program, state;
        pid_t parent = 0;
        if (!(stat >> pid >> program >> state >> parent) || state == "Z") continue;
        parents.emplace_back(std::stoi(pid), parent);
        if (program == "(vitrum-lammps)") named.push_back(std::stoi(pid));
    }
    const auto ours = [&](pid_t pid) {
        for (int up = 0; up < 3; ++up)
            for (const auto& [child, parent] : parents)
                if (child == pid) {
                    if (parent == ::getpid()) return true;
                    pid = parent;
                    break;
                }
        return false;
    };
    std::erase_if(named, [&](pid_t pid) { return !ours(pid); });
    return named;
}

class ProtocolLammps : public ::testing::Test {
protected:
    void SetUp() override {
        try {
            (void)find_worker();
            (void)find_potential("CuZr_mm.eam.fs");
        } catch (const InputError& error) {
            GTEST_SKIP() << error.what();
        }
        folder_ = fs::temp_directory_path() / ("vitrum_protocol_" + std::to_string(::getpid()));
        fs::remove_all(folder_);
    }
    void TearDown() override {
        EXPECT_TRUE(workers().empty());
        if (!folder_.empty()) fs::remove_all(folder_);
    }
    // Signals a worker once `stage` is under way; the error's text.
    std::string disturb(const Protocol& protocol, const std::string& stage, int signal_number) {
        bool sent = false;
        try {
            (void)run(protocol, {folder_ / "run",
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

void expect_same_rows(const StageOutput& a, const StageOutput& b) {
    ASSERT_EQ(a.rows.size(), b.rows.size());
    for (std::size_t i = 0; i < a.rows.size(); ++i) {
        EXPECT_EQ(a.rows[i].potential_energy, b.rows[i].potential_energy);
        EXPECT_EQ(a.rows[i].pressure, b.rows[i].pressure);
        EXPECT_EQ(a.rows[i].volume, b.rows[i].volume);
    }
    ASSERT_EQ(a.frames.size(), b.frames.size());
    for (std::size_t i = 0; i < a.frames.size(); ++i) EXPECT_EQ(a.frames[i].fractional, b.frames[i].fractional);
}

void expect_same_run(const ProtocolRun& a, const ProtocolRun& b) {
    ASSERT_EQ(a.stages.size(), b.stages.size());
    for (std::size_t s = 0; s < a.stages.size(); ++s) {
        expect_same_rows(a.stages[s].output, b.stages[s].output);
        expect_same_rows(a.stages[s].inherent, b.stages[s].inherent);
    }
}

TEST_F(ProtocolLammps, KilledStagesGoOnWithTheSameBits) {
    Protocol protocol = small_protocol();
    protocol.stages[1].inherent_every = 250;
    const ProtocolRun whole = run(protocol, {folder_ / "whole", {}, {}});
    const auto& quench = whole.stages[1];
    ASSERT_EQ(quench.inherent.rows.size(), 4U);
    EXPECT_NEAR(quench.place[0], 0.25 * quench.span.time, 1e-14);
    // A minimum lies below the state it was found from, and colder states lie no higher by more than their noise.
    for (const Row& row : quench.inherent.rows) {
        EXPECT_LT(row.potential_energy, quench.output.rows.back().potential_energy);
        EXPECT_LT(row.largest_force, 0.01);
        EXPECT_EQ(row.temperature, 0);
    }
    EXPECT_EQ(whole.stages[5].output.frames.size(), 16U);

    EXPECT_THAT(disturb(protocol, "quench", SIGKILL), HasSubstr("in the stage 'quench'"));
    EXPECT_THAT(disturb(protocol, "sample", SIGKILL), HasSubstr("signal 9"));
    std::set<std::string> ran;
    expect_same_run(whole, run(protocol, {folder_ / "run", [&](double, const std::string& s) { ran.insert(s); }, {}}));
    EXPECT_EQ(ran, (std::set<std::string>{"sample"}));
}

TEST_F(ProtocolLammps, MinimiseLeavesTheTrajectoryAlone) {
    const Protocol with = small_protocol();
    Protocol without = with;
    without.stages.erase(without.stages.begin() + 4);
    const ProtocolRun a = run(with, {folder_ / "with", {}, {}});
    const ProtocolRun b = run(without, {folder_ / "without", {}, {}});
    expect_same_rows(a.stages[5].output, b.stages[4].output);
    // Half of 3 k T of vibration goes: some 0.13 eV at 1000 K.
    const auto n = static_cast<double>(a.species.size());
    const Row& minimum = a.stages[4].output.rows.at(0);
    double hold = 0;
    for (const Row& row : a.stages[3].output.rows)
        hold += row.potential_energy / n / static_cast<double>(a.stages[3].output.rows.size());
    EXPECT_LT(minimum.potential_energy / n, hold - 0.08);
    EXPECT_EQ(minimum.temperature, 0);
    EXPECT_TRUE(stage_warnings(with, a, 4).empty());
    EXPECT_EQ(a.stages[4].output.frames.size(), 1U);
    EXPECT_DOUBLE_EQ(a.stages[4].output.rows[0].volume, a.stages[3].output.rows.back().volume);
}

TEST_F(ProtocolLammps, AStageThatMissesItsPressureWarns) {
    Protocol p = small_protocol();
    p.stages.resize(4);
    p.stages[0].time = 1e-12;
    p.stages[2].pressure = 40;
    p.stages[2].rate = 4e14;
    p.barostat_time = 2e-11;  // cannot follow in the ramp's 0.1 ps, nor in the hold's 0.2 ps
    const ProtocolRun finished = run(p, {folder_, {}, {}});
    const auto compress = stage_warnings(p, finished, 2);
    ASSERT_FALSE(compress.empty());
    EXPECT_THAT(compress.back(), HasSubstr("stage 'compress': the pressure is off its target"));
    const auto hold = stage_warnings(p, finished, 3);
    ASSERT_FALSE(hold.empty());
    EXPECT_THAT(hold.back(), HasSubstr("stage 'hold': the pressure is off its target"));
    EXPECT_LT(finished.stages[3].output.rows.back().pressure, 35);
}

Stage quasistatic_of(Deformation deformation, std::int64_t steps, bool back) {
    Stage stage = testing::stage_of(StageKind::quasistatic);
    stage.name = "slow_" + std::string(name(deformation));
    stage.deformation = deformation;
    stage.strain_step = 5e-4;
    stage.strain_steps = steps;
    stage.back = back;
    stage.configurations = true;
    return stage;
}

// Minimum after minimum: the first is the inherent structure, each step is the strain asked for, and what the energy
// gains is the work of the stress, -P dV + V s dg: signs and units of both.
TEST_F(ProtocolLammps, QuasistaticPathsAreOfMinima) {
    Protocol p = small_protocol();
    p.stages[1].temperature = 300;
    const Stage sample = p.stages.back();
    p.stages.back() = quasistatic_of(Deformation::shear, 6, true);
    p.stages.push_back(quasistatic_of(Deformation::compress, 4, false));
    p.stages.push_back(sample);
    const ProtocolRun strained = run(p, {folder_ / "run", {}, {}});
    const StageOutput& shear = strained.stages[5].output;
    const StageOutput& press = strained.stages[6].output;
    ASSERT_EQ(shear.rows.size(), 13U);
    ASSERT_EQ(press.rows.size(), 5U);
    ASSERT_EQ(shear.frames.size(), 13U);
    const auto& inherent = strained.stages[4].output.rows.front();
    EXPECT_NEAR(shear.rows[0].potential_energy, inherent.potential_energy, 128 * 2e-8);
    EXPECT_NEAR(shear.rows[0].volume, inherent.volume, 1e-9 * inherent.volume);
    const double length = shear.frames[0].box[0];
    EXPECT_NEAR(shear.frames[6].box[1], 6 * 5e-4 * length, 1e-9 * length);
    EXPECT_NEAR(shear.frames[12].box[1], 0, 1e-9 * length);
    EXPECT_NEAR(press.rows[4].volume, std::pow(1 - 5e-4, 4) * inherent.volume, 1e-9 * inherent.volume);
    std::size_t elastic = 0;
    const auto compare = [&](const Row& a, const Row& b, double work) {
        // One in a thousand of the work: the trapezoid rule's error and the minima's are far below.
        if (std::abs(work - (b.potential_energy - a.potential_energy)) < 1e-3 * std::abs(work) + 1e-6) ++elastic;
    };
    for (std::size_t i = 1; i < shear.rows.size(); ++i) {
        const Row& a = shear.rows[i - 1];
        const Row& b = shear.rows[i];
        compare(a, b, (i <= 6 ? 5e-4 : -5e-4) * a.volume * (a.shear_stress + b.shear_stress) / 2 * ev_per_gpa_a3);
    }
    EXPECT_GE(elastic, 10U);  // all but rearrangements
    elastic = 0;
    for (std::size_t i = 1; i < press.rows.size(); ++i) {
        const Row& a = press.rows[i - 1];
        const Row& b = press.rows[i];
        compare(a, b, -(a.pressure + b.pressure) / 2 * (b.volume - a.volume) * ev_per_gpa_a3);
    }
    EXPECT_GE(elastic, 3U);
    EXPECT_TRUE(stage_warnings(p, strained, 5).empty());

    // Copies: what follows does not notice, and a killed worker does the whole path again with the same bits.
    Protocol without = p;
    without.stages.erase(without.stages.begin() + 5, without.stages.begin() + 7);
    const ProtocolRun plain = run(without, {folder_ / "plain", {}, {}});
    expect_same_rows(plain.stages.back().output, strained.stages.back().output);
    fs::remove_all(folder_ / "run");
    EXPECT_THAT(disturb(p, "slow_shear", SIGKILL), HasSubstr("in the stage 'slow_shear'"));
    expect_same_run(strained, run(p, {folder_ / "run", {}, {}}));
}

TEST_F(ProtocolLammps, TwoRanks) {
    try {
        (void)find_launcher();
    } catch (const InputError& error) {
        GTEST_SKIP() << error.what();
    }
    Protocol p = small_protocol();
    p.stages.resize(2);
    p.stages[0].time = 0.1e-12;
    Protocol one = p;
    one.stages.resize(1);
    p.ranks = 2;
    const ProtocolRun both = run(p, {folder_ / "both", {}, {}});
    // The first rows of one and two ranks agree to rounding: the same forces, added in another order.
    const ProtocolRun alone = run(one, {folder_ / "alone", {}, {}});
    const auto& first = both.stages[0].output.rows;
    EXPECT_NEAR(first[0].potential_energy, alone.stages[0].output.rows[0].potential_energy, 1e-6);
    EXPECT_NEAR(first.back().potential_energy, alone.stages[0].output.rows.back().potential_energy, 1e-3);

    // The end of one rank is one error, and the whole starts again with the same bits.
    EXPECT_THAT(disturb(p, "quench", SIGKILL), HasSubstr("in the stage 'quench'"));
    EXPECT_TRUE(workers().empty());
    expect_same_run(both, run(p, {folder_ / "run", {}, {}}));
    p.time_limit = 2;
    p.seed = 2;
    EXPECT_THAT(disturb(p, "quench", SIGSTOP), HasSubstr("hangs"));
}

TEST_F(ProtocolLammps, ExplosionIsARunError) {
    Protocol p = small_protocol();
    p.stages.resize(1);
    p.stages[0].time = 2e-12;
    p.time_step = 50e-15;
    try {
        (void)run(p, {folder_, {}, {}});
        ADD_FAILURE() << "nothing was thrown";
    } catch (const RunError& error) {
        EXPECT_THAT(error.what(), HasSubstr("in the stage 'melt'"));
        EXPECT_THAT(error.what(), HasSubstr("end of "));
    }
}

}  // namespace
}  // namespace vitrum::sim
