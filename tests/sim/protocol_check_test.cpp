// Plans of protocols and what is refused before anything runs.
#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/small_protocol.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/sim/protocol/protocol.hpp"
#include "vitrum/sim/protocol/protocol_tasks.hpp"
#include "vitrum/sim/worker/worker_process.hpp"

namespace vitrum::sim {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::small_protocol;
using testing::stage_of;

std::string refused(const std::function<void(Protocol&)>& change) {
    Protocol p = small_protocol();
    change(p);
    try {
        check(p);
    } catch (const InputError& error) {
        EXPECT_THAT(error.what(), Not(HasSubstr("\n")));
        return error.what();
    }
    return "no InputError";
}

TEST(ProtocolPlan, SpansFollowTheStages) {
    const Protocol p = small_protocol();
    const auto span = spans(p);
    ASSERT_EQ(span.size(), p.stages.size());
    EXPECT_EQ(span[1].begin_temperature, 2000);
    EXPECT_EQ(span[1].end_temperature, 1000);
    EXPECT_DOUBLE_EQ(span[1].time, 1000 / 5e15);
    EXPECT_EQ(span[2].end_pressure, 3);
    EXPECT_EQ(span[3].begin_temperature, 1000);
    EXPECT_EQ(span[3].begin_pressure, 3);
    EXPECT_TRUE(span[2].ramp());
    EXPECT_FALSE(span[3].ramp());
}

TEST(ProtocolPlan, OneWorkerEach) {
    Protocol p = small_protocol();
    p.stages[1].inherent_every = 250;
    std::vector<std::string> names;
    double work = 0;
    for (const Task& task : tasks(p)) {
        names.push_back(task.name);
        work += task.work;
    }
    EXPECT_EQ(names, (std::vector<std::string>{"melt", "quench", "quench_inherent", "compress", "hold", "minimise",
                                               "sample_equilibrate", "sample"}));
    EXPECT_EQ(work, steps(p));
    // Nothing to compress, no worker; an inherent structure every 2000 K of 1000 K is none.
    p.stages[2].pressure = 0;
    p.stages[1].inherent_every = 2000;
    names.clear();
    for (const Task& task : tasks(p)) names.push_back(task.name);
    EXPECT_EQ(names, (std::vector<std::string>{"melt", "quench", "hold", "minimise", "sample_equilibrate", "sample"}));
}

TEST(ProtocolPlan, JobsCarryTheConstants) {
    Protocol p = small_protocol();
    p.thermostat_time = 3e-13;
    p.suffix = "opt";
    p.ranks = 2;
    ProtocolRun run;
    const auto span = spans(p);
    for (std::size_t s = 0; s < span.size(); ++s) run.stages.push_back({p.stages[s], span[s], {}, {}, {}, {}});
    const Job job = make_job(p, tasks(p)[1], "melt.restart", run);
    EXPECT_EQ(job.start, "melt.restart");
    EXPECT_EQ(job.restart, "quench.restart");
    EXPECT_EQ(job.thermostat_time, 3e-13);
    EXPECT_EQ(job.suffix, "opt");
    EXPECT_EQ(job.ranks, 2);
    EXPECT_EQ(job.channel, "quench.fifo");
    EXPECT_EQ(job.temperature, (std::array<double, 2>{2000, 1000}));
    EXPECT_GE(job.steps / job.row_every, 40);
}

TEST(ProtocolCheck, StagesThatJumpOrTurn) {
    EXPECT_THAT(refused([](auto& p) { p.stages[3].temperature = 300; }),
                HasSubstr("put a quench or heat stage between"));
    EXPECT_THAT(refused([](auto& p) { p.stages[3].pressure = 5; }), HasSubstr("put a compress or decompress stage"));
    EXPECT_THAT(refused([](auto& p) { p.stages[1].temperature = 2500; }), HasSubstr("use heat"));
    EXPECT_THAT(refused([](auto& p) { p.stages[2].pressure = -1; }), HasSubstr("use decompress"));
    EXPECT_THAT(refused([](auto& p) { p.stages.erase(p.stages.begin()); }), HasSubstr("first stage must be a melt"));
    EXPECT_THAT(refused([](auto& p) { p.stages[3].kind = StageKind::melt; }), HasSubstr("must be the first stage"));
    EXPECT_THAT(refused([](auto& p) { p.stages.clear(); }), HasSubstr("at least a melt"));
    EXPECT_THAT(refused([](auto& p) { p.stages.erase(p.stages.begin() + 3); }), HasSubstr("a hold or an anneal"));
}

TEST(ProtocolCheck, StrainsOfQuasistaticPaths) {
    const auto path = [](const std::function<void(Stage&)>& change) {
        return refused([&](auto& p) {
            Stage stage = testing::stage_of(StageKind::quasistatic);
            stage.strain_step = 1e-3;
            stage.strain_steps = 100;
            change(stage);
            p.stages.push_back(stage);
        });
    };
    EXPECT_THAT(path([](Stage& s) { s.strain_step = 0; }), HasSubstr("strain_step is 0"));
    EXPECT_THAT(path([](Stage& s) { s.strain_step = 0.02; }), HasSubstr("at most 0.01"));
    EXPECT_THAT(path([](Stage& s) { s.strain_steps = 0; }), HasSubstr("strain_steps is 0"));
    EXPECT_THAT(path([](Stage& s) { s.strain_steps = 501; }), HasSubstr("change of volume of 0.501"));
    EXPECT_THAT(path([](Stage& s) {
                    s.deformation = Deformation::shear;
                    s.strain_steps = 460;
                }),
                HasSubstr("shear strain of 0.46; at most 0.45"));
    EXPECT_THAT(path([](Stage& s) { s.temperature = 500; }), HasSubstr("put a quench or heat stage between"));
}

TEST(ProtocolCheck, NumbersAndNames) {
    EXPECT_THAT(refused([](auto& p) { p.stages[1].rate = 0; }), HasSubstr("rate of the stage 'quench'"));
    EXPECT_THAT(refused([](auto& p) { p.stages[3].time = 1e-15; }), HasSubstr("at least 20"));
    EXPECT_THAT(refused([](auto& p) { p.stages[5].interval = 5e-15; }), HasSubstr("whole number of time steps"));
    EXPECT_THAT(refused([](auto& p) { p.stages[5].frames = 3; }), HasSubstr("between 16"));
    EXPECT_THAT(refused([](auto& p) { p.stages[0].temperature = -5; }), HasSubstr("temperature must be positive"));
    EXPECT_THAT(refused([](auto& p) { p.stages[3].name = "quench"; }), HasSubstr("two stages"));
    EXPECT_THAT(refused([](auto& p) { p.stages[3].name = "a b"; }), HasSubstr("letters, digits"));
    EXPECT_THAT(refused([](auto& p) { p.fractions = {0.5, 0.6}; }), HasSubstr("add up to"));
    EXPECT_THAT(refused([](auto& p) { p.elements = {"Cu"}; }), HasSubstr("2 values for 1"));
    EXPECT_THAT(refused([](auto& p) { p.elements = {"Cu", "Ni"}; }), HasSubstr("no Ni"));
    EXPECT_THAT(refused([](auto& p) { p.atoms = 129; }), HasSubstr("128 and 250"));
    EXPECT_THAT(refused([](auto& p) { p.suffix = "opx"; }), HasSubstr("suffix"));
    // Whatever this LAMMPS has: a package that is missing is named.
    EXPECT_EQ(worker_has_package("NO-SUCH-PACKAGE"), false);
    EXPECT_TRUE(worker_has_package("MANYBODY"));
    if (!worker_has_package("OPENMP")) {
        EXPECT_THAT(refused([](auto& p) { p.suffix = "omp"; }), HasSubstr("package OPENMP"));
    }
    EXPECT_THAT(refused([](auto& p) { p.ranks = 0; }), HasSubstr("ranks"));
    EXPECT_THAT(refused([](auto& p) { p.barostat_time = 1e-16; }), HasSubstr("barostat_time"));
}

}  // namespace
}  // namespace vitrum::sim
