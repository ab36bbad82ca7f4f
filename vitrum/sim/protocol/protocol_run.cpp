#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "vitrum/core/error.hpp"
#include "vitrum/core/stream.hpp"
#include "vitrum/sim/protocol/cuzr.hpp"
#include "vitrum/sim/protocol/initial_state.hpp"
#include "vitrum/sim/protocol/potential.hpp"
#include "vitrum/sim/protocol/protocol.hpp"
#include "vitrum/sim/protocol/protocol_tasks.hpp"
#include "vitrum/sim/protocol/stage_record.hpp"

namespace vitrum::sim {

namespace {

namespace fs = std::filesystem;

constexpr const char* identity_file = "identity.json";
constexpr const char* initial_file = "initial.data";

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

// Constant of the first lattice: 10 % above the volume that the potential's own lattices give; Cu-Zr has its usual one.
double cell_of(const Protocol& protocol, const PotentialFile& potential) {
    if (protocol.elements == std::vector<std::string>{"Cu", "Zr"}) return usual_cell;
    double volume = 0;
    for (std::size_t k = 0; k < protocol.elements.size(); ++k)
        volume += protocol.fractions[k] * potential.volume[potential.index(protocol.elements[k])];
    return volume > 0 ? std::cbrt(2 * 1.1 * volume) : usual_cell;
}

// Clears the folder of an earlier run if that was another one, and puts the inputs in place. The potential is copied,
// so that no path of it ever stands in a LAMMPS command.
void prepare(const Protocol& protocol, const PotentialFile& head, const fs::path& potential, const fs::path& scratch,
             const ProtocolRun& run) {
    const std::string wanted = identity(protocol, potential).dump(2) + "\n";
    fs::create_directories(scratch);
    if (read_text(scratch / identity_file) == wanted) return;
    fs::remove(scratch / identity_file);
    for (const auto& entry : fs::directory_iterator(scratch))
        for (const char* ending : {".record", ".restart"})
            if (entry.path().extension() == ending) fs::remove(entry.path());
    write_text(scratch / potential_file, read_text(potential));
    write_initial_state(scratch / initial_file, run.species, run.masses, cell_of(protocol, head));
    write_text(scratch / identity_file, wanted);
}

void keep(const Protocol& protocol, const Task& task, StageOutput output, ProtocolRun& run) {
    if (std::find(run.lammps_versions.begin(), run.lammps_versions.end(), output.lammps_version) ==
        run.lammps_versions.end())
        run.lammps_versions.push_back(output.lammps_version);
    for (Frame& frame : output.frames) frame.time = frame.step * protocol.time_step;
    FinishedStage& at = run.stages[task.stage];
    if (task.kind == Task::Kind::equilibrate) {
        at.equilibrate = std::move(output);
    } else if (task.kind == Task::Kind::inherent) {
        for (std::size_t k = 0; k < output.rows.size(); ++k) at.place.push_back(at.output.frames[k].time);
        at.output.frames.clear();  // no longer wanted
        at.inherent = std::move(output);
    } else {
        at.output = std::move(output);
    }
}

ProtocolRun run_tasks(const Protocol& protocol, const WorkerPlace& place) {
    ProtocolRun run;
    const fs::path potential = find_potential(protocol.potential);
    const PotentialFile head = inspect_potential(potential, protocol.elements);
    run.elements = protocol.elements;
    run.ranks = protocol.ranks;
    for (const std::string& element : protocol.elements) run.masses.push_back(head.mass[head.index(element)]);
    run.species = random_species(atoms_of(protocol.fractions, protocol.atoms), protocol.seed);
    const auto span = spans(protocol);
    for (std::size_t s = 0; s < span.size(); ++s) run.stages.push_back({protocol.stages[s], span[s], {}, {}, {}, {}});
    prepare(protocol, head, potential, place.scratch, run);

    const double total = steps(protocol);
    double done = 0;
    bool unbroken = true;  // a stage counts as finished only if all before it are
    std::string start = initial_file;
    for (const Task& task : tasks(protocol)) {
        const fs::path record = place.scratch / (task.name + ".record");
        Job job = make_job(protocol, task, start, run);
        job.pair_style = head.style;
        const bool goes_on = !job.restart.empty();
        if (goes_on) start = job.restart;
        StageOutput output;
        unbroken = unbroken && (!goes_on || fs::exists(place.scratch / job.restart)) && read_record(record, output);
        if (!unbroken) {
            WorkerControl control;
            control.silence_limit = protocol.time_limit;
            control.cancelled = place.cancelled;
            if (place.progress) {
                place.progress(done / total, task.name);
                control.progress = [&](double fraction) {
                    place.progress((done + fraction * task.work) / total, task.name);
                };
            }
            fs::remove(record);
            if (task.kind == Task::Kind::inherent) write_inherent_starts(place.scratch, task, run);
            output = run_worker(job, fs::absolute(place.scratch), control);
            write_record(record, output);
            for (const std::string& file : job.minimise)
                if (job.fresh) fs::remove(place.scratch / file);
        }
        done += task.work;
        keep(protocol, task, std::move(output), run);
    }
    return run;
}

}  // namespace

nlohmann::json identity(const Protocol& protocol, const fs::path& potential) {
    nlohmann::json stages = nlohmann::json::array();
    const auto span = spans(protocol);
    for (std::size_t s = 0; s < span.size(); ++s) {
        const Stage& stage = protocol.stages[s];
        stages.push_back({{"kind", name(stage.kind)},
                          {"name", stage.name},
                          {"temperature", {span[s].begin_temperature, span[s].end_temperature}},
                          {"pressure", {span[s].begin_pressure, span[s].end_pressure}},
                          {"time", span[s].time},
                          {"equilibration_time", stage.equilibration_time},
                          {"interval", stage.interval},
                          {"frames", stage.frames},
                          {"inherent_every", stage.inherent_every},
                          {"row_interval", stage.row_interval}});
        if (stage.kind == StageKind::quasistatic)
            stages.back().update({{"deformation", name(stage.deformation)},
                                  {"strain_step", stage.strain_step},
                                  {"strain_steps", stage.strain_steps},
                                  {"back", stage.back},
                                  {"configurations", stage.configurations}});
    }
    return {{"protocol", protocol_version},
            {"elements", protocol.elements},
            {"fractions", protocol.fractions},
            {"atoms", protocol.atoms},
            {"potential_content", fmt::format("{:016x}", cell_id(read_text(potential)))},
            {"time_step", protocol.time_step},
            {"thermostat_time", protocol.thermostat_time},
            {"barostat_time", protocol.barostat_time},
            {"suffix", protocol.suffix},
            {"ranks", protocol.ranks},
            {"seed", protocol.seed},
            {"stages", stages}};
}

ProtocolRun run(const Protocol& protocol, const WorkerPlace& place) {
    check(protocol);
    try {
        return run_tasks(protocol, place);
    } catch (const fs::filesystem_error& error) {
        throw RunError(fmt::format("the folder of the molecular dynamics cannot be used: {}", error.what()));
    }
}

}  // namespace vitrum::sim
