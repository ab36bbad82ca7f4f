// Programs that misbehave, as small shell scripts.
#include "vitrum/process/run_program.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "../temporary_folder.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/process/environment.hpp"
#include "vitrum/process/find_program.hpp"

namespace vitrum::process {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

// Still there, and not merely waiting to be fetched by its parent.
bool alive(pid_t process) {
    const std::string stat = text_of("/proc/" + std::to_string(process) + "/stat");
    const auto at = stat.rfind(')');
    return at != std::string::npos && stat[at + 2] != 'Z' && stat[at + 2] != 'X';
}

class RunProgram : public ::testing::Test {
protected:
    Ending run(const std::string& script, Limits limits = {}, const std::function<bool()>& cancelled = {}) {
        fs::create_directories(work());
        const Program program{*find_program("sh"), {"sh", "-c", script}, plain_environment(work()), work()};
        return run_program(program, limits, folder_ / "log", cancelled);
    }
    [[nodiscard]] fs::path work() const { return folder_ / "work"; }
    // The process whose number a script wrote into a file.
    [[nodiscard]] pid_t number_in(const std::string& name) const { return std::stoi(text_of(work() / name)); }
    TemporaryFolder folder_;
};

TEST_F(RunProgram, StatusSignalAndWords) {
    const Ending good = run("echo one; echo two >&2; pwd -P > place; cat > nothing");
    EXPECT_TRUE(good.good()) << good.reason;
    EXPECT_EQ(good.log_tail, "one\ntwo");
    EXPECT_EQ(good.printed, 8U);
    EXPECT_EQ(text_of(folder_ / "log"), "one\ntwo\n");
    EXPECT_EQ(text_of(work() / "place"), fs::canonical(work()).string() + "\n");
    EXPECT_EQ(text_of(work() / "nothing"), "");

    const Ending bad = run("echo so sorry; exit 3");
    EXPECT_EQ(bad.end, End::exited);
    EXPECT_EQ(bad.code, 3);
    EXPECT_EQ(bad.reason, "ended with status 3");
    EXPECT_EQ(bad.log_tail, "so sorry");

    const Ending killed = run("kill -SEGV $$");
    EXPECT_EQ(killed.end, End::killed);
    EXPECT_EQ(killed.code, SIGSEGV);
}

TEST_F(RunProgram, OnlyWhatTheListNamesIsSeen) {
    ::setenv("VITRUM_SECRET", "tau = 7 s", 1);
    ::setenv("SOMEBODY", "else", 1);
    const Ending ending = run("env | sort");
    EXPECT_TRUE(ending.good());
    for (const char* word : {"VITRUM_SECRET", "SOMEBODY"})
        EXPECT_EQ(text_of(folder_ / "log").find(word), std::string::npos);
    EXPECT_NE(text_of(folder_ / "log").find("OPENBLAS_NUM_THREADS=1"), std::string::npos);
    const auto kept = plain_environment(work(), {"SOMEBODY"});
    EXPECT_EQ(std::count(kept.begin(), kept.end(), "SOMEBODY=else"), 1);
    EXPECT_THROW((void)plain_environment(work(), {"VITRUM_SECRET"}), InputError);
    EXPECT_THROW((void)plain_environment(work(), {"HOME"}), InputError);
    ::unsetenv("VITRUM_SECRET");
    ::unsetenv("SOMEBODY");
}

TEST_F(RunProgram, NotStarted) {
    fs::create_directories(work());
    const Program program{"/nowhere/program", {"program"}, {}, work()};
    const Ending ending = run_program(program, {}, folder_ / "log");
    EXPECT_EQ(ending.end, End::not_started);
    EXPECT_EQ(ending.reason, "could not be started: No such file or directory");
}

TEST_F(RunProgram, HangIsEnded) {
    Limits limits;
    limits.wall = 2;
    const Ending ending = run("echo $$ > id; sleep 100 & echo $! > other; wait", limits);
    EXPECT_EQ(ending.end, End::timed_out);
    EXPECT_EQ(ending.reason, "took longer than 2 s");
    EXPECT_LT(ending.seconds, 20);
    EXPECT_FALSE(alive(number_in("id")));
    EXPECT_FALSE(alive(number_in("other")));
}

TEST_F(RunProgram, ProcessorTimeOfAChildIsLimited) {
    Limits limits;
    limits.wall = 30;
    // The limit is inherited: lowered here, since a test cannot burn the time of several threads.
    const Ending ending = run("ulimit -t 1; while :; do :; done", limits);
    EXPECT_TRUE(ending.end == End::timed_out || ending.end == End::killed) << ending.reason;
}

TEST_F(RunProgram, WhatForkedAwayIsGone) {
    // A session of its own, an empty environment, no descriptors, no parent: nothing ties it to us but its limits.
    const Ending ending = run(
        "setsid env -i sh -c 'echo $$ > away; exec >/dev/null 2>&1 </dev/null; sleep 100 & echo $! > child; wait' &\n"
        "while [ ! -s child ]; do sleep 0.01; done; echo done");
    EXPECT_TRUE(ending.good()) << ending.reason;
    EXPECT_EQ(ending.log_tail, "done");
    EXPECT_FALSE(alive(number_in("away")));
    EXPECT_FALSE(alive(number_in("child")));
    EXPECT_LT(ending.seconds, 20);
}

TEST_F(RunProgram, OthersChildrenStay) {
    fs::create_directories(work());
    bool looked = false;
    const Ending outer = run("echo $$ > outer; sleep 0.6; echo good", {}, [&] {
        if (looked || !fs::exists(work() / "outer")) return false;
        looked = true;
        TemporaryFolder other;
        const Program program{*find_program("sh"), {"sh", "-c", "exit 0"}, {}, other.path()};
        EXPECT_TRUE(run_program(program, {}, other / "log").good());
        return false;
    });
    EXPECT_TRUE(looked);
    EXPECT_EQ(outer.log_tail, "good");
}

TEST_F(RunProgram, EndlessPrintingIsEnded) {
    Limits limits;
    limits.printed = 20000;
    const Ending ending = run("yes never ends", limits);
    EXPECT_EQ(ending.end, End::printed_too_much);
    EXPECT_GT(ending.printed, 20000U);
    EXPECT_EQ(fs::file_size(folder_ / "log"), 20000U);
}

TEST_F(RunProgram, LargeFilesAreRefused) {
    Limits limits;
    limits.file = 1e5;
    EXPECT_EQ(run("exec head -c 10000000 /dev/zero > big", limits).end, End::wrote_too_much);
    EXPECT_LE(fs::file_size(work() / "big"), 100000U);
    // Also where the program shrugs it off.
    EXPECT_EQ(run("(head -c 10000000 /dev/zero > big2) 2>/dev/null; exit 0", limits).end, End::wrote_too_much);
    // Files that stood there before are nobody's fault.
    EXPECT_TRUE(run("exit 0", limits).good());
}

TEST_F(RunProgram, ManyFilesAreRefused) {
    Limits limits;
    limits.folder = 1e6;
    limits.wall = 60;
    const Ending ending = run("i=0; while :; do i=$((i+1)); head -c 100000 /dev/zero > f$i; done", limits);
    EXPECT_EQ(ending.end, End::wrote_too_much);
    EXPECT_LT(ending.seconds, 50);
}

TEST_F(RunProgram, MemoryIsRefused) {
    Limits limits;
    limits.memory = 3e8;
    const Ending python = run("exec python3 -c 'x = bytearray(10**9)'", limits);
    EXPECT_EQ(python.end, End::exited);
    EXPECT_NE(python.code, 0);
    EXPECT_NE(python.log_tail.find("MemoryError"), std::string::npos) << python.log_tail;
}

TEST_F(RunProgram, CancelEndsIt) {
    EXPECT_THROW(run("echo $$ > id; sleep 100", {}, [&] { return text_of(work() / "id").ends_with('\n'); }),
                 Interrupted);
    EXPECT_FALSE(alive(number_in("id")));
}

TEST(FindProgram, AsAShellWould) {
    EXPECT_TRUE(find_program("sh"));
    EXPECT_FALSE(find_program("no-such-program-anywhere"));
    TemporaryFolder folder;
    std::ofstream(folder / "fit") << "#!/bin/sh\n";
    EXPECT_FALSE(find_program("./fit", folder.path()));
    fs::permissions(folder / "fit", fs::perms::owner_all);
    EXPECT_TRUE(find_program("./fit", folder.path()));
    EXPECT_FALSE(find_program("fit", folder.path()));
}

TEST(LastLines, WithoutEmptyOnes) {
    EXPECT_EQ(last_lines("a\n\nb\nc\n\n", 2), "b\nc");
    EXPECT_EQ(last_lines("", 2), "");
}

}  // namespace
}  // namespace vitrum::process
