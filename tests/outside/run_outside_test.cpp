// Whole starts: what goes wrong costs one replicate, with its reason.
#include "vitrum/outside/run_outside.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "../message_of.hpp"
#include "../temporary_folder.hpp"
#include "sample_data.hpp"

namespace vitrum::outside {
namespace {

namespace fs = std::filesystem;
using namespace testing;

std::string text_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

constexpr const char* good = "printf 'replicate,quantity,estimate [s]\\n1,tau,5\\n' > $2/answers.csv";

class RunOutside : public ::testing::Test {
protected:
    OutsideMethod method(const std::string& script, std::size_t batch = 1) {
        std::ofstream(folder_ / "fit.sh") << "cd \"$PWD\"\n" << script << '\n';
        OutsideMethod m;
        m.name = "theirs";
        m.command = {"sh", "fit.sh", "{data}", "{out}"};
        m.folder = folder_.path();
        m.limits.wall = 60;
        m.batch = batch;
        return m;
    }
    std::vector<HandedReplicate> replicates(std::size_t count) {
        std::vector<HandedReplicate> all;
        for (std::size_t i = 0; i < count; ++i) {
            values_.push_back(std::make_unique<Columns>(small_columns()));
            values_.back()->columns[0].values[0] = static_cast<double>(i + 1);  // which one, for the scripts
            all.push_back({{{values_.back().get(), {}}}});
        }
        return all;
    }
    std::vector<OutsideOutcome> run(const OutsideMethod& m, std::size_t count = 1) {
        const auto outcomes = run_outside(m, replicates(count), folder_ / "scratch");
        EXPECT_EQ(outcomes.size(), count);
        EXPECT_TRUE(fs::is_empty(folder_ / "scratch"));
        return outcomes;
    }
    void expect_fault(const OutsideMethod& m, Fault fault, const std::string& words) {
        const OutsideOutcome got = run(m).front();
        EXPECT_EQ(name(got.fault), name(fault)) << got.detail << '\n' << got.log_tail;
        EXPECT_NE(got.detail.find(words), std::string::npos) << got.detail;
        EXPECT_TRUE(got.answers.empty());
    }
    TemporaryFolder folder_;
    std::vector<std::unique_ptr<Columns>> values_;
};

TEST_F(RunOutside, GoodAnswers) {
    const auto got = run(method(good)).front();
    ASSERT_EQ(got.fault, Fault::none) << got.detail << got.log_tail;
    EXPECT_EQ(got.answers.at(0).estimate.value, 5);
    EXPECT_EQ(got.log_tail, "");
}

TEST_F(RunOutside, EachFaultHasItsReason) {
    expect_fault(method("echo cannot; exit 2"), Fault::died, "ended with status 2");
    expect_fault(method("kill -SEGV $$"), Fault::died, "signal 11");
    expect_fault(method(std::string(good) + "; exit 1"), Fault::died, "status 1");  // not trusted
    expect_fault(method("exit 0"), Fault::no_answers, "no answers.csv");
    expect_fault(method("mkfifo $2/answers.csv"), Fault::no_answers, "no ordinary file");
    OutsideMethod m = method("sleep 100");
    m.limits.wall = 0.3;
    expect_fault(m, Fault::timed_out, "longer than 0.3 s");
    m = method("yes");
    expect_fault(m, Fault::printed_too_much, "printed more than 1 MB");
    m = method("head -c 10000000 /dev/zero > $2/big");
    m.limits.file = 1e6;
    expect_fault(m, Fault::wrote_too_much, "a file of more than 1 MB");
    m = method("exec python3 -c 'x = bytearray(10**9)'");
    m.limits.memory = 3e8;
    expect_fault(m, Fault::out_of_memory, "status 1");
    m = method(good);
    m.command[0] = "./fit.sh";
    m.command.erase(m.command.begin() + 1);
    fs::permissions(folder_ / "fit.sh", fs::perms::owner_all);  // a text without #!: no program
    expect_fault(m, Fault::not_started, "could not be started");
}

TEST_F(RunOutside, FoldersThatAreClosedAreRemoved) {
    const auto got = run(method(std::string(good) + "; mkdir -p home/a/b; chmod 0 home/a")).front();
    EXPECT_EQ(got.fault, Fault::none) << got.detail;
}

TEST_F(RunOutside, WhatForkedAwayIsGone) {
    const auto m = method(std::string(good) + "\nsetsid env -i sh -c 'echo $$ > " + (folder_ / "id").string() +
                          "; exec sleep 100 >/dev/null 2>&1 </dev/null' &\nwhile [ ! -s " + (folder_ / "id").string() +
                          " ]; do sleep 0.01; done");
    EXPECT_EQ(run(m).front().fault, Fault::none);
    const std::string stat = text_of("/proc/" + std::to_string(std::stoi(text_of(folder_ / "id"))) + "/stat");
    EXPECT_TRUE(stat.empty() || stat.find(") Z") != std::string::npos) << stat;
}

// Answers for each of its replicates, and dies of number 3.
constexpr const char* dies_of_three = R"(
echo start >> ../count
echo 'replicate,quantity,estimate [s]' > $2/answers.csv
for folder in $1/replicate_*; do
    which=$(sed -n 2p $folder/data_1.csv | cut -d, -f1)
    [ $which = 3 ] && exit 9
    echo "${folder##*_},tau,$which" >> $2/answers.csv
done)";

TEST_F(RunOutside, BatchFallsBackToOneByOne) {
    std::string script = dies_of_three;
    script.replace(script.find("../count"), 8, (folder_ / "count").string());
    const auto got = run(method(script, 4), 6);
    for (std::size_t i = 0; i < got.size(); ++i) {
        EXPECT_EQ(got[i].fault, i == 2 ? Fault::died : Fault::none) << i << got[i].detail;
        if (i == 2) continue;
        EXPECT_EQ(got[i].answers.at(0).estimate.value, static_cast<double>(i + 1));
    }
    // Four together, these four alone, two together.
    EXPECT_EQ(text_of(folder_ / "count"), "start\nstart\nstart\nstart\nstart\nstart\n");
}

TEST_F(RunOutside, BatchSurvivesAWrongRow) {
    std::string script = dies_of_three;
    script.replace(script.find("exit 9"), 6, "which=nan");
    script.replace(script.find("../count"), 8, (folder_ / "count").string());
    const auto got = run(method(script, 4), 4);
    EXPECT_EQ(got[2].fault, Fault::not_a_number);
    for (const std::size_t i : {0U, 1U, 3U}) EXPECT_EQ(got[i].fault, Fault::none);
    EXPECT_EQ(text_of(folder_ / "count"), "start\n");
}

TEST_F(RunOutside, CancelEndsIt) {
    int asked = 0;
    const auto m = method("sleep 100");
    EXPECT_THROW((void)run_outside(m, replicates(1), folder_ / "scratch", [&] { return ++asked > 2; }), Interrupted);
    EXPECT_TRUE(fs::is_empty(folder_ / "scratch"));
}

// All that a program can see of two cells whose truth differs: the same bytes.
TEST_F(RunOutside, TruthLeavesNoTrace) {
    const std::string see = R"(
{ printf '%s\n' "$0" "$@"; env | sort; pwd; ulimit -a; ls -1R . ; cat /proc/$$/cmdline; } > KEEP/seen
cp -r $1 KEEP/data
)" + std::string(good);
    std::map<std::string, std::string> seen[2];
    for (int cell = 0; cell < 2; ++cell) {
        const std::string tau = cell == 0 ? "7 s" : "11 s";
        if (cell == 1) std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // a time of writing would show
        ::setenv("VITRUM_CELL", ("tau = " + tau).c_str(), 1);
        ::setenv("CELL", tau.c_str(), 1);
        const SpeckleSeries frames = small_frames();
        const TwoTimeMap map = small_map();
        Trajectory trajectory = small_trajectory();
        trajectory.name = "tau = " + tau;
        Curve curve = small_curve();
        curve.name = curve.error_method = "tau = " + tau;
        EventCatalogue events = small_catalogue();
        events.name = "tau = " + tau;
        const Columns columns = small_columns();
        const HandedReplicate replicate{{{&frames, {{"pressure", 1, 2.4, "GPa"}}},
                                         {&map, {}},
                                         {&trajectory, {}},
                                         {&curve, {}},
                                         {&events, {}},
                                         {&columns, {}}}};
        const fs::path keep = folder_ / "keep";
        fs::remove_all(keep);
        fs::create_directory(keep);
        std::string script = see;
        for (auto at = script.find("KEEP"); at != std::string::npos; at = script.find("KEEP"))
            script.replace(at, 4, keep.string());
        script.replace(script.find("replicate,quantity"), 18, "data,quantity");
        const auto outcome = run_outside(method(script), {&replicate, 1}, folder_ / "scratch").front();
        EXPECT_EQ(outcome.fault, Fault::none) << outcome.detail << outcome.log_tail;
        for (const auto& entry : fs::recursive_directory_iterator(keep))
            if (entry.is_regular_file()) seen[cell][entry.path().string()] = text_of(entry.path());
        EXPECT_EQ(seen[cell].size(), 9U);
    }
    EXPECT_EQ(seen[0], seen[1]);
    ::unsetenv("VITRUM_CELL");
    ::unsetenv("CELL");
}

TEST_F(RunOutside, IdentityFollowsContents) {
    OutsideMethod m = method(good);
    const std::string first = identity(m);
    const auto files = files_of(m);
    ASSERT_EQ(files.size(), 2U);
    EXPECT_EQ(files[0].name, "sh");
    EXPECT_EQ(files[1].name, "fit.sh");
    EXPECT_EQ(identity(m), first);
    m.name = "another name";
    EXPECT_EQ(identity(m), first);
    m.batch = 2;
    EXPECT_NE(identity(m), first);
    m.batch = 1;
    m.command.push_back("--fast");
    EXPECT_NE(identity(m), first);
    EXPECT_NE(identity(method(std::string(good) + " ")), first);
    std::ofstream(folder_ / "model.txt") << "1";
    m = method(good);
    m.files = {"model.txt"};
    const std::string with_file = identity(m);
    EXPECT_NE(with_file, first);
    std::ofstream(folder_ / "model.txt") << "2";
    EXPECT_NE(identity(m), with_file);
    // Where the files stand is no part of it.
    TemporaryFolder elsewhere;
    fs::copy(folder_ / "fit.sh", elsewhere / "fit.sh");
    OutsideMethod moved = method(good);
    fs::copy_file(folder_ / "fit.sh", elsewhere / "fit.sh", fs::copy_options::overwrite_existing);
    moved.folder = elsewhere.path();
    EXPECT_EQ(identity(moved), first);
}

TEST_F(RunOutside, WhatCannotRunIsRefusedBefore) {
    OutsideMethod m = method(good);
    m.command = {};
    EXPECT_MESSAGE(files_of(m), "method 'theirs': no command");
    m.command = {"sh", "fit.sh", "{data}"};
    EXPECT_MESSAGE(files_of(m), "names no {out}");
    m.command = {"no-such-program", "{data}", "{out}"};
    EXPECT_MESSAGE(files_of(m), "no program 'no-such-program'");
    m = method(good);
    m.limits.wall = 0;
    EXPECT_MESSAGE(files_of(m), "the limit 'wall' is 0");
    m = method(good);
    m.files = {"missing.txt"};
    EXPECT_MESSAGE(files_of(m), "no file 'missing.txt'");
    m = method(good);
    m.keep = {"VITRUM_CELL"};
    EXPECT_MESSAGE(files_of(m), "'VITRUM_CELL' is not handed");
}

}  // namespace
}  // namespace vitrum::outside
