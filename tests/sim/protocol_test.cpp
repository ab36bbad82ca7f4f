#include <cmath>
#include <filesystem>
#include <fstream>
#include <numeric>

#include <boost/random/normal_distribution.hpp>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "vitrum/core/numerics/statistics.hpp"
#include "vitrum/core/stream.hpp"
#include "vitrum/sim/protocol/initial_state.hpp"
#include "vitrum/sim/protocol/protocol_tasks.hpp"
#include "vitrum/sim/protocol/stage_record.hpp"
#include "vitrum/sim/protocol/stages.hpp"

namespace vitrum::sim {
namespace {

namespace fs = std::filesystem;

TEST(Protocol, JobSurvivesJson) {
    Job job;
    job.stage = "hold";
    job.ensemble = Ensemble::nve;
    job.temperature = {2000.0 / 3, 0.1};
    job.total_energy = -4567.890123456789;
    job.set_energy = true;
    job.steps = 1'000'000'007;
    const Job back = job_from(nlohmann::json::parse(to_json(job).dump()));
    EXPECT_EQ(back.stage, job.stage);
    EXPECT_EQ(back.ensemble, job.ensemble);
    EXPECT_EQ(back.temperature, job.temperature);
    EXPECT_EQ(back.total_energy, job.total_energy);
    EXPECT_EQ(back.set_energy, job.set_energy);
    EXPECT_EQ(back.steps, job.steps);
}

TEST(Protocol, RecordRoundTripAndDamage) {
    const fs::path file = fs::temp_directory_path() / ("vitrum_record_" + std::to_string(::getpid()));
    StageOutput out;
    out.lammps_version = "20210929";
    out.rows = {{25, 300, 1, -4, -3, 99}, {50, 301, 2, -5, -4, 98}};
    out.frames = {{50, 0, {1, 2, 3, 4, 5, 6, 7, 8, 9}, {0.1, 0.2, 0.3}}};
    write_record(file, out);
    StageOutput in;
    ASSERT_TRUE(read_record(file, in));
    EXPECT_EQ(in.lammps_version, out.lammps_version);
    ASSERT_EQ(in.rows.size(), 2U);
    EXPECT_EQ(in.rows[1].volume, 98);
    ASSERT_EQ(in.frames.size(), 1U);
    EXPECT_EQ(in.frames[0].box, out.frames[0].box);
    EXPECT_EQ(in.frames[0].fractional, out.frames[0].fractional);

    fs::resize_file(file, fs::file_size(file) - 1);  // cut short
    EXPECT_FALSE(read_record(file, in));
    std::ofstream(file) << "something else altogether, longer than a header";
    EXPECT_FALSE(read_record(file, in));
    fs::remove(file);
    EXPECT_FALSE(read_record(file, in));
}

TEST(Protocol, StagesWithoutStepsAreLeftOut) {
    CuZrOptions options;
    options.pressure = 0;
    options.temperature = options.melt_temperature;
    double sum = 0;
    for (const Task& task : tasks(protocol_of(options))) {
        EXPECT_NE(task.name, "cool");
        EXPECT_NE(task.name, "compress");
        sum += static_cast<double>(task.steps);
    }
    EXPECT_EQ(sum, steps(options));
}

TEST(InitialState, CompositionIsExactAndTheSeedDecides) {
    const std::vector<int> species = random_species(atoms_of({0.64, 0.36}, 250), 7);
    EXPECT_EQ(std::count(species.begin(), species.end(), 1), 160);
    EXPECT_EQ(species, random_species({160, 90}, 7));
    EXPECT_NE(species, random_species({160, 90}, 8));
}

TEST(BlockedMean, CorrelatedSeries) {
    // First-order autoregression with rho = exp(-1/20): the error of the mean is sqrt((1+rho)/(1-rho)/n) for unit
    // variance. The blocked error must come near it, where the naive one is six times too small.
    constexpr std::size_t n = 1 << 15;
    const double rho = std::exp(-1.0 / 20);
    Stream stream({11, 0, 0}, Purpose::test, 0);
    boost::random::normal_distribution<double> normal;
    std::vector<double> x(n);
    double last = 0;
    for (double& value : x) value = last = rho * last + std::sqrt(1 - rho * rho) * normal(stream);
    const double exact = std::sqrt((1 + rho) / (1 - rho) / n);
    const BlockedMean found = blocked_mean(x);
    EXPECT_LT(std::abs(found.mean), 5 * exact);
    // The largest of the levels, the coarsest with 8 blocks known to 27 %: rarely beyond twice the truth.
    EXPECT_GT(found.error, 0.8 * exact);
    EXPECT_LT(found.error, 2.2 * exact);
}

TEST(BlockedMean, SmallCases) {
    EXPECT_EQ(blocked_mean({}).error, 0);
    const std::vector<double> one{3.5};
    EXPECT_EQ(blocked_mean(one).mean, 3.5);
    EXPECT_EQ(blocked_mean(one).error, 0);
}

}  // namespace
}  // namespace vitrum::sim
