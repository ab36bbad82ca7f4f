#include "sim/stages.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <numeric>
#include <sstream>

#include <boost/random/uniform_int_distribution.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/stream.hpp"
#include "sim/initial_state.hpp"
#include "sim/stage_record.hpp"
#include "sim/statistics.hpp"

namespace vitrum::sim {

namespace {

namespace fs = std::filesystem;

constexpr const char* identity_file = "identity.json";
constexpr const char* potential_file = "potential.eam.fs";
constexpr const char* initial_file = "initial.data";

std::int64_t steps_of(double time, const CuZrOptions& options) { return std::llround(time / options.time_step); }

std::string read_text(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

void write_text(const fs::path& file, const std::string& text) {
    const fs::path part = file.string() + ".part";
    if (!(std::ofstream(part, std::ios::binary) << text << std::flush)) throw RunError("cannot write " + part.string());
    fs::rename(part, file);
}

// Clears the folder of an earlier run if that was another one, and puts the inputs in place. The potential is copied,
// so that no path of it ever stands in a LAMMPS command.
void prepare(const CuZrOptions& options, const fs::path& scratch, const std::vector<int>& species) {
    const fs::path potential = find_potential(options.potential);
    const std::string wanted = identity(options, potential).dump(2) + "\n";
    fs::create_directories(scratch);
    if (read_text(scratch / identity_file) == wanted) return;
    fs::remove(scratch / identity_file);
    for (const StagePlan& stage : plan(options))
        for (const char* ending : {".record", ".restart"}) fs::remove(scratch / (stage.name + ending));
    write_text(scratch / potential_file, read_text(potential));
    write_initial_state(scratch / initial_file, species);
    write_text(scratch / identity_file, wanted);
}

int velocity_seed(std::uint64_t seed) {
    Stream stream({seed, cell_id("sim/velocities"), 0}, Purpose::molecular_dynamics, 0);
    return boost::random::uniform_int_distribution<int>(1, 900'000'000)(stream);
}

std::vector<double> second_half(const StageOutput& output, double Row::*member) {
    std::vector<double> values;
    for (std::size_t i = output.rows.size() / 2; i < output.rows.size(); ++i) values.push_back(output.rows[i].*member);
    return values;
}

Job make_job(const CuZrOptions& options, const StagePlan& stage, const std::string& start, const FinishedStages& done) {
    const std::int64_t interval = std::max<std::int64_t>(1, steps_of(options.sampling_interval, options));
    Job job;
    job.stage = stage.name;
    job.start = start;
    job.potential = potential_file;
    job.time_step = options.time_step;
    job.steps = stage.steps;
    job.row_every = std::clamp<std::int64_t>(steps_of(50e-15, options), 1, stage.steps);
    job.log = stage.name + ".log";
    job.restart = stage.name + ".restart";
    job.temperature = {options.temperature, options.temperature};
    job.pressure = {options.pressure, options.pressure};
    if (stage.name == "melt") {
        job.fresh = true;
        // Half of it turns into potential energy at once.
        job.start_temperature = 2 * options.melt_temperature;
        job.velocity_seed = velocity_seed(options.seed);
        job.temperature = {options.melt_temperature, options.melt_temperature};
        job.pressure = {0, 0};
        // Two frames tell whether the atoms flow: half way and at the end.
        const std::int64_t half = stage.steps / 2;
        job.row_every = std::max<std::int64_t>(1, half / std::max<std::int64_t>(1, half / job.row_every));
        job.frame_every = std::max<std::int64_t>(1, half / job.row_every) * job.row_every;
    } else if (stage.name == "cool") {
        job.temperature = {options.melt_temperature, options.temperature};
        job.pressure = {0, 0};
    } else if (stage.name == "compress") {
        job.pressure = {0, options.pressure};
    } else if (stage.name == "equilibrate") {
        job.ensemble = Ensemble::nvt;
        job.box_length = std::cbrt(blocked_mean(second_half(done.hold, &Row::volume)).mean);
    } else if (stage.name == "sample") {
        job.ensemble = Ensemble::nve;
        // The thermostat left the energy at one draw of its distribution; its mean is what the temperature asks for.
        job.set_energy = true;
        job.total_energy = blocked_mean(second_half(done.equilibrate, &Row::total_energy)).mean;
        job.row_every = interval;
        job.frame_every = interval;
    }
    return job;
}

}  // namespace

std::vector<StagePlan> plan(const CuZrOptions& options) {
    const double cooling = std::abs(options.melt_temperature - options.temperature) / options.cooling_rate;
    // Whole sampling intervals, so that the last row has its frame.
    const std::int64_t interval = std::max<std::int64_t>(1, steps_of(options.sampling_interval, options));
    const std::int64_t frames = std::llround(options.sampling_time / options.sampling_interval);
    std::vector<StagePlan> stages{
        {"melt", steps_of(options.melt_time, options)},
        {"cool", steps_of(cooling, options)},
        {"compress", steps_of(std::abs(options.pressure) / options.compression_rate, options)},
        {"hold", steps_of(options.hold_time, options)},
        {"equilibrate", steps_of(options.equilibration_time, options)},
        {"sample", frames * interval},
    };
    std::erase_if(stages, [](const StagePlan& stage) { return stage.steps <= 0; });
    return stages;
}

double steps(const CuZrOptions& options) {
    double sum = 0;
    for (const StagePlan& stage : plan(options)) sum += static_cast<double>(stage.steps);
    return sum;
}

nlohmann::json identity(const CuZrOptions& options, const fs::path& potential) {
    return {{"protocol", protocol_version},
            {"copper_fraction", options.copper_fraction},
            {"atoms", options.atoms},
            {"potential_content", fmt::format("{:016x}", cell_id(read_text(potential)))},
            {"melt_temperature", options.melt_temperature},
            {"temperature", options.temperature},
            {"pressure", options.pressure},
            {"melt_time", options.melt_time},
            {"cooling_rate", options.cooling_rate},
            {"compression_rate", options.compression_rate},
            {"hold_time", options.hold_time},
            {"equilibration_time", options.equilibration_time},
            {"sampling_time", options.sampling_time},
            {"sampling_interval", options.sampling_interval},
            {"time_step", options.time_step},
            {"seed", options.seed}};
}

FinishedStages run_stages(const CuZrOptions& options, const WorkerPlace& place) {
    FinishedStages result;
    result.species = random_species(options.atoms, copper_atoms(options.copper_fraction, options.atoms), options.seed);
    prepare(options, place.scratch, result.species);

    const double total = steps(options);
    double done = 0;
    bool unbroken = true;  // a stage counts as finished only if all before it are
    std::string start = initial_file;
    for (const StagePlan& stage : plan(options)) {
        const fs::path record = place.scratch / (stage.name + ".record");
        const Job job = make_job(options, stage, start, result);
        start = job.restart;
        StageOutput output;
        unbroken = unbroken && fs::exists(place.scratch / job.restart) && read_record(record, output);
        if (!unbroken) {
            WorkerControl control;
            control.silence_limit = options.time_limit;
            control.cancelled = place.cancelled;
            if (place.progress) {
                place.progress(done / total, stage.name);
                control.progress = [&](double fraction) {
                    place.progress((done + fraction * static_cast<double>(stage.steps)) / total, stage.name);
                };
            }
            fs::remove(record);
            output = run_worker(job, fs::absolute(place.scratch), control);
            write_record(record, output);
        }
        done += static_cast<double>(stage.steps);
        if (std::find(result.lammps_versions.begin(), result.lammps_versions.end(), output.lammps_version) ==
            result.lammps_versions.end())
            result.lammps_versions.push_back(output.lammps_version);
        if (stage.name == "melt") result.melt = std::move(output);
        if (stage.name == "hold") result.hold = std::move(output);
        if (stage.name == "equilibrate") result.equilibrate = std::move(output);
        if (stage.name == "sample") result.sample = std::move(output);
    }
    return result;
}

}  // namespace vitrum::sim
