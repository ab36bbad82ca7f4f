#include <algorithm>
#include <cctype>
#include <cmath>
#include <numeric>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/core/error.hpp"
#include "vitrum/sim/protocol/cuzr.hpp"
#include "vitrum/sim/protocol/initial_state.hpp"
#include "vitrum/sim/protocol/potential.hpp"
#include "vitrum/sim/protocol/protocol.hpp"
#include "vitrum/sim/protocol/protocol_tasks.hpp"
#include "vitrum/sim/worker/worker_process.hpp"

namespace vitrum::sim {

namespace {

constexpr double highest_pressure = 500;  // [GPa]

void positive(double value, const std::string& name, const char* unit) {
    if (!std::isfinite(value) || value <= 0)
        throw InputError(fmt::format("{} must be positive and finite [{}], not {}", name, unit, value));
}

[[noreturn]] void reject(const Stage& stage, const std::string& why) {
    throw InputError(fmt::format("stage '{}' ({}): {}", stage.name, name(stage.kind), why));
}

double state(const Stage& stage, double wanted, double before, const char* what, const char* unit, const char* ways) {
    if (std::isnan(wanted) || wanted == before) return before;
    reject(stage, fmt::format("its {0} is {1:g} {2}, but the stage before ends at {3:g} {2}; put a {4} stage between",
                              what, wanted, unit, before, ways));
}

double ramp(const Stage& stage, double wanted, double before, const char* what, const char* unit, bool up,
            const char* other) {
    if (std::isnan(wanted)) reject(stage, fmt::format("it has no {}", what));
    positive(stage.rate, fmt::format("rate of the stage '{}'", stage.name), unit);
    if (up ? wanted < before : wanted > before)
        reject(stage, fmt::format("{} goes from {:g} to {:g}; use {}", what, before, wanted, other));
    return wanted;
}

void check_atoms(const Protocol& p) {
    constexpr std::int64_t fewest = 128;
    constexpr std::int64_t most = 2 * 100 * 100 * 100;
    if (p.atoms < fewest || p.atoms > most)
        throw InputError(fmt::format("atoms must lie between {} and {}, not {}; 1024 is usual", fewest, most, p.atoms));
    if (cells_per_edge(p.atoms) == 0) {
        const auto low = static_cast<std::int64_t>(std::floor(std::cbrt(static_cast<double>(p.atoms) / 2)));
        const std::int64_t high = low + 1;
        throw InputError(
            fmt::format("atoms = {} does not fill whole cells (2 n^3 atoms); the nearest that do are {} and {}",
                        p.atoms, 2 * low * low * low, 2 * high * high * high));
    }
    if (p.elements.empty() || p.elements.size() != p.fractions.size())
        throw InputError(fmt::format("fractions has {} values for {} elements; one for each is wanted",
                                     p.fractions.size(), p.elements.size()));
    if (std::set<std::string>(p.elements.begin(), p.elements.end()).size() != p.elements.size())
        throw InputError("elements names one twice");
    const double sum = std::accumulate(p.fractions.begin(), p.fractions.end(), 0.0);
    if (!(std::abs(sum - 1) < 1e-9)) throw InputError(fmt::format("fractions add up to {:g}, not to 1", sum));
    const auto counts = atoms_of(p.fractions, p.atoms);
    for (std::size_t k = 0; k < counts.size(); ++k)
        if (!(p.fractions[k] > 0) || counts[k] <= 0)
            throw InputError(fmt::format("fractions: {} of {} atoms leaves {} without an atom", p.fractions[k], p.atoms,
                                         p.elements[k]));
}

void check_names(const Protocol& p) {
    std::set<std::string> names;
    for (const Stage& stage : p.stages) {
        const auto plain = [](unsigned char c) { return std::isalnum(c) || c == '_'; };
        if (stage.name.empty() || !std::isalpha(static_cast<unsigned char>(stage.name.front())) ||
            !std::all_of(stage.name.begin(), stage.name.end(), plain))
            throw InputError(fmt::format("stage name '{}' must be made of letters, digits and _", stage.name));
    }
    for (const Task& task : tasks(p))
        if (!names.insert(task.name).second)
            throw InputError(fmt::format("two stages would be called '{}'; give one another name", task.name));
    for (const Stage& stage : p.stages)
        if (std::count_if(p.stages.begin(), p.stages.end(), [&](const Stage& s) { return s.name == stage.name; }) > 1)
            throw InputError(fmt::format("two stages would be called '{}'; give one another name", stage.name));
}

// Tilts beyond half an edge are those of another cell, volumes beyond these of another substance.
void check_strain(const Stage& stage) {
    constexpr double largest_step = 0.01;
    constexpr std::int64_t most = 1'000'000;
    const bool shear = stage.deformation == Deformation::shear;
    if (!(stage.strain_step > 0) || stage.strain_step > largest_step)
        reject(stage, fmt::format("strain_step is {}; above 0 and at most {}", stage.strain_step, largest_step));
    if (stage.strain_steps < 1 || stage.strain_steps > most)
        reject(stage, fmt::format("strain_steps is {}; between 1 and {}", stage.strain_steps, most));
    const double total = static_cast<double>(stage.strain_steps) * stage.strain_step;
    const double highest = shear ? 0.45 : 0.5;
    if (total > highest)
        reject(stage, fmt::format("its {} steps of {:g} add up to a {} of {:g}; at most {:g}", stage.strain_steps,
                                  stage.strain_step, shear ? "shear strain" : "change of volume", total, highest));
}

void check_stage(const Protocol& p, std::size_t s, const StageSpan& span) {
    const Stage& stage = p.stages[s];
    constexpr double fewest = 19.5;
    const auto long_enough = [&](double time, const char* what) {
        positive(time, fmt::format("{} of the stage '{}'", what, stage.name), "s");
        if (time / p.time_step < fewest)
            reject(stage, fmt::format("{} holds {:.3g} time steps of {:.6g} s; at least 20 are needed", what,
                                      time / p.time_step, p.time_step));
    };
    if (stage.kind == StageKind::melt || stage.kind == StageKind::hold || stage.kind == StageKind::anneal)
        long_enough(stage.time, "time");
    if (stage.inherent_every < 0 || !std::isfinite(stage.inherent_every))
        reject(stage, fmt::format("inherent_every is {}; a step is positive", stage.inherent_every));
    if (stage.inherent_every > 0 && span.ramp() && stage.inherent_every / stage.rate / p.time_step < 1)
        reject(stage, "inherent_every is less than one time step of the ramp");
    if (stage.kind == StageKind::quasistatic) check_strain(stage);
    if (stage.kind != StageKind::sample) return;
    long_enough(stage.equilibration_time, "equilibration");
    positive(stage.interval, fmt::format("interval of the stage '{}'", stage.name), "s");
    const double ratio = stage.interval / p.time_step;
    if (ratio > 1e9 || std::abs(ratio - std::round(ratio)) > 1e-6 * ratio || std::round(ratio) < 1)
        reject(stage, fmt::format("interval must be a whole number of time steps: {:.6g} s is {:.6g} of {:.6g} s",
                                  stage.interval, ratio, p.time_step));
    if (stage.frames < 16 || stage.frames > 10'000'000)
        reject(stage, fmt::format("frames = {}; between 16 and 10 million are wanted", stage.frames));
    std::size_t before = s;
    while (before > 0 && !moves(p.stages[before - 1].kind)) --before;
    const StageKind kind = before > 0 ? p.stages[before - 1].kind : StageKind::sample;
    if (kind != StageKind::hold && kind != StageKind::anneal)
        reject(stage, "it takes its volume from the stage before, which must be a hold or an anneal");
}

}  // namespace

std::string_view name(StageKind kind) {
    switch (kind) {
        case StageKind::melt: return "melt";
        case StageKind::quench: return "quench";
        case StageKind::heat: return "heat";
        case StageKind::hold: return "hold";
        case StageKind::anneal: return "anneal";
        case StageKind::compress: return "compress";
        case StageKind::decompress: return "decompress";
        case StageKind::minimise: return "minimise";
        case StageKind::sample: return "sample";
        case StageKind::quasistatic: return "quasistatic";
    }
    return "";
}

std::vector<StageSpan> spans(const Protocol& protocol) {
    std::vector<StageSpan> all;
    double temperature = 0;
    double pressure = 0;
    for (const Stage& stage : protocol.stages) {
        StageSpan span{temperature, temperature, pressure, pressure, stage.time};
        const bool melt = stage.kind == StageKind::melt;
        if (melt != all.empty()) reject(stage, melt ? "it must be the first stage" : "the first stage must be a melt");
        if (melt) {
            span.end_temperature = span.begin_temperature = stage.temperature;
            span.end_pressure = span.begin_pressure = std::isnan(stage.pressure) ? 0 : stage.pressure;
        } else if (stage.kind == StageKind::quench || stage.kind == StageKind::heat) {
            const bool heat = stage.kind == StageKind::heat;
            span.end_temperature =
                ramp(stage, stage.temperature, temperature, "temperature", "K/s", heat, heat ? "quench" : "heat");
            state(stage, stage.pressure, pressure, "pressure", "GPa", "compress or decompress");
            span.time = std::abs(span.end_temperature - temperature) / stage.rate;
        } else if (stage.kind == StageKind::compress || stage.kind == StageKind::decompress) {
            const bool up = stage.kind == StageKind::compress;
            span.end_pressure =
                ramp(stage, stage.pressure, pressure, "pressure", "GPa/s", up, up ? "decompress" : "compress");
            state(stage, stage.temperature, temperature, "temperature", "K", "quench or heat");
            span.time = std::abs(span.end_pressure - pressure) / stage.rate;
        } else {
            state(stage, stage.temperature, temperature, "temperature", "K", "quench or heat");
            state(stage, stage.pressure, pressure, "pressure", "GPa", "compress or decompress");
        }
        if (stage.kind == StageKind::sample)
            span.time = stage.equilibration_time + static_cast<double>(stage.frames) * stage.interval;
        temperature = span.end_temperature;
        pressure = span.end_pressure;
        if (!std::isfinite(temperature) || temperature <= 0)
            reject(stage, fmt::format("temperature must be positive and finite [K], not {}", temperature));
        if (!std::isfinite(pressure) || pressure < -10 || pressure > highest_pressure)
            reject(stage, fmt::format("pressure must lie between -10 and {} GPa, not {}", highest_pressure, pressure));
        all.push_back(span);
    }
    if (all.empty()) throw InputError("stages: a protocol needs at least a melt");
    return all;
}

void check(const Protocol& p) {
    check_atoms(p);
    positive(p.time_step, "time_step", "s");
    positive(p.thermostat_time, "thermostat_time", "s");
    positive(p.barostat_time, "barostat_time", "s");
    positive(p.time_limit, "time_limit", "s");
    if (p.thermostat_time < p.time_step || p.barostat_time < p.time_step)
        throw InputError("thermostat_time and barostat_time must not be shorter than time_step");
    if (p.ranks < 1 || p.ranks > 1024)
        throw InputError(fmt::format("ranks = {}; between 1 and 1024 are wanted", p.ranks));
    const std::vector<std::string> suffixes{"", "opt", "omp", "intel", "gpu"};
    if (std::find(suffixes.begin(), suffixes.end(), p.suffix) == suffixes.end())
        throw InputError(fmt::format("suffix = \"{}\"{}", p.suffix, suggestion(p.suffix, suffixes)));
    const auto span = spans(p);
    double time = 0;
    for (std::size_t s = 0; s < p.stages.size(); ++s) {
        check_stage(p, s, span[s]);
        time += span[s].time;
    }
    if (!(time / p.time_step < 1e9))
        throw InputError(
            fmt::format("the times and rates add up to {:.3g} steps, more than any run can do", time / p.time_step));
    check_names(p);
    (void)inspect_potential(find_potential(p.potential), p.elements);
    (void)find_worker();
    for (const auto& [suffix, package] :
         {std::pair{"opt", "OPT"}, {"omp", "OPENMP"}, {"intel", "INTEL"}, {"gpu", "GPU"}})
        if (p.suffix == suffix && !worker_has_package(package))
            throw InputError(fmt::format("suffix = \"{}\" needs LAMMPS's package {}, which this one was built without",
                                         p.suffix, package));
    if (p.ranks > 1) (void)find_launcher();
}

}  // namespace vitrum::sim
