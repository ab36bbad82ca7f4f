#include <algorithm>
#include <cctype>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/io/frames/kernel_file.hpp"
#include "vitrum/io/hdf5/sha256.hpp"
#include "vitrum/io/text/csv.hpp"
#include "vitrum/io/text/input_file.hpp"
#include "vitrum/pipeline/sources/speckle/speckle_keys.hpp"

namespace vitrum::pipeline {

namespace {

using model::Kernel;
using model::RandomClockKind;

std::vector<std::string> all_clocks() {
    auto names = model::clock_names();
    for (auto& name : model::random_clock_names()) names.push_back(std::move(name));
    return names;
}

// A key of another clock is known, but not here.
void refuse_keys_of_other_clocks(const Section& section, const std::string& clock) {
    struct Key {
        const char* key;
        std::vector<std::string> of;
    };
    const std::vector<Key> keys{
        {"tau", {"stationary", "gamma", "avalanche"}},
        {"tau0", {"ageing", "accelerating", "beam_damage"}},
        {"tau_star", {"ageing", "accelerating"}},
        {"plateau_time", {"ageing", "accelerating"}},
        {"dose_rate", {"beam_damage"}},
        {"damage_dose", {"beam_damage"}},
        {"tau_times", {"piecewise", "table"}},
        {"tau_values", {"piecewise", "table"}},
        {"clock_step", {"gamma"}},
        {"tau_fast", {"two_state"}},
        {"tau_slow", {"two_state"}},
        {"time_fast", {"two_state"}},
        {"time_slow", {"two_state"}},
        {"avalanche_rate", {"avalanche"}},
        {"avalanche_advance", {"avalanche"}},
        {"avalanche_catalogue", {"avalanche"}},
        {"offspring", {"avalanche"}},
        {"offspring_mean", {"avalanche"}},
    };
    for (const auto& row : keys) {
        if (!section.has(row.key) || std::find(row.of.begin(), row.of.end(), clock) != row.of.end()) continue;
        std::string clocks;
        for (std::size_t i = 0; i < row.of.size(); ++i)
            clocks += fmt::format("{}\"{}\"", i == 0 ? "" : i + 1 == row.of.size() ? " or " : ", ", row.of[i]);
        section.fail(row.key, fmt::format("belongs to clock = {}; this clock is \"{}\"", clocks, clock));
    }
    if (section.has("jump_sizes") && !section.has("jump_times"))
        section.fail("jump_sizes", "needs jump_times, one time for each size");
    if (section.has("event_fraction") && !section.has("event_times") && !section.has("event_rate"))
        section.fail("event_fraction", "needs event_times or event_rate: without events there is nothing to take");
}

// Dose in any unit: only the time in the beam until it is reached counts.
double damage_time(Section& section) {
    const double rate = section.number("dose_rate");
    const double dose = section.number("damage_dose");
    if (!(rate > 0)) section.fail("dose_rate", fmt::format("= {}: a dose per second is positive", rate));
    if (!(dose > 0)) section.fail("damage_dose", fmt::format("= {}: the dose that halves tau is positive", dose));
    return dose / rate;
}

void read_translation(Section& section, model::Kernel& k) {
    if (!section.has("translation_velocity")) {
        if (section.has("beam_radius"))
            section.fail("beam_radius", "needs translation_velocity: a sample at rest stays in the beam");
        return;
    }
    const double speed = section.quantity("translation_velocity", Dimension::velocity);
    const double radius = section.quantity("beam_radius", Dimension::length);
    if (!(speed >= 0)) section.fail("translation_velocity", "is negative; give the speed");
    if (!(radius > 0)) section.fail("beam_radius", "is not positive");
    k.translation_rate = speed / radius;
}

// The hash of a file that the scenario reads stands in its resolved text; a run from that text refuses another file.
void record_hash(Section& section, const std::string& key, const std::string& file, const std::string& hash) {
    if (section.text(key, hash) != hash)
        section.fail(key, fmt::format("is not that of '{}', which is {}: the file has changed", file, hash));
}

std::string bytes_of(const std::string& file) {
    io::expect_input_file(file);
    std::ifstream in(file, std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    return bytes.str();
}

void read_avalanches(Section& section, Kernel& k) {
    if (section.has("tau")) k.clock.tau0 = section.quantity("tau", Dimension::time);
    const double advance = section.number("avalanche_advance");
    if (section.has("avalanche_catalogue")) {
        for (const char* key : {"avalanche_rate", "offspring", "offspring_mean"})
            if (section.has(key)) section.fail(key, "and avalanche_catalogue exclude each other");
        const std::string file = section.text("avalanche_catalogue");
        std::optional<Columns> table;
        try {
            table = io::read_csv(file);
        } catch (const InputError& e) {
            section.fail("avalanche_catalogue", e.what());
        }
        if (table->columns.size() < 2)
            section.fail("avalanche_catalogue", fmt::format("'{}' has one column; times and sizes are two", file));
        const auto* times = table->find({"time", "age", "t"});
        const auto* sizes = table->find({"size", "S", "s"});
        if (!times) times = &table->columns[0];
        if (!sizes) sizes = &table->columns[1];
        std::vector<double> ages = times->values;
        const double unit = times->unit.empty() ? 1 : unit_factor(times->unit, Dimension::time, file);
        for (double& t : ages) t *= unit;
        record_hash(section, "avalanche_catalogue_sha256", file, io::sha256(bytes_of(file)));
        section.guard([&] { k.path = model::catalogue_path(std::move(ages), sizes->values, advance); });
        return;
    }
    k.random.kind = RandomClockKind::avalanche;
    k.random.kappa = advance;
    k.random.rate = section.quantity("avalanche_rate", Dimension::frequency);
    k.random.sizes.offspring =
        model::offspring_from(section.choice("offspring", model::offspring_names(), "geometric"));
    k.random.sizes.mean = section.number("offspring_mean");
}

void read_clock(Section& section, Kernel& k) {
    model::InternalClock& c = k.clock;
    const std::string called = section.choice("clock", all_clocks(), "stationary");
    refuse_keys_of_other_clocks(section, called);
    if (called == "gamma") {
        c = model::standing_clock();
        k.random.kind = RandomClockKind::gamma;
        k.random.tau = section.quantity("tau", Dimension::time);
        k.random.step = section.number("clock_step");
        return;
    }
    if (called == "two_state") {
        c = model::standing_clock();
        k.random.kind = RandomClockKind::two_state;
        k.random.tau_fast = section.quantity("tau_fast", Dimension::time);
        k.random.tau_slow = section.quantity("tau_slow", Dimension::time);
        k.random.time_fast = section.quantity("time_fast", Dimension::time);
        k.random.time_slow = section.quantity("time_slow", Dimension::time);
        return;
    }
    if (called == "avalanche") {
        c = model::standing_clock();
        read_avalanches(section, k);
        return;
    }
    c.kind = model::clock_from(called);
    switch (c.kind) {
        case model::ClockKind::stationary: c.tau0 = section.quantity("tau", Dimension::time); break;
        case model::ClockKind::ageing:
        case model::ClockKind::accelerating:
            c.tau0 = section.quantity("tau0", Dimension::time);
            c.tau_star = section.quantity("tau_star", Dimension::time);
            if (section.has("plateau_time")) {
                c.plateau_time = section.quantity("plateau_time", Dimension::time);
                if (c.plateau_time < 0) section.fail("plateau_time", "is negative; it is an age of the sample");
            }
            break;
        case model::ClockKind::beam_damage:
            c.tau0 = section.quantity("tau0", Dimension::time);
            c.damage_time = damage_time(section);
            break;
        case model::ClockKind::piecewise:
        case model::ClockKind::table:
            c.times = section.quantities("tau_times", Dimension::time);
            c.taus = section.quantities("tau_values", Dimension::time);
            break;
    }
}

void read_matrix(Section& section, Kernel& k, const model::SpeckleOptions& o) {
    for (const char* key : {"clock", "tau", "kernel", "jump_times"})
        if (section.has(key))
            section.fail(key,
                         "and kernel_file exclude each other: the matrix is the whole correlation; give another "
                         "process in a table [[...product]]");
    const std::string place = section.text("kernel_file");
    io::KernelMatrix file;
    section.guard([&] { file = io::read_kernel_matrix(place); });
    record_hash(section, "kernel_sha256", place, file.sha256);
    section.guard([&] {
        auto stored = model::stored_kernel(std::move(file.values), "kernel_file '" + place + "'");
        stored.start = o.scan_start;
        stored.frame_time = o.frame_time;
        k.stored = std::make_shared<const model::StoredKernel>(std::move(stored));
    });
    k.clock = model::standing_clock();
}

Kernel read_kernel(Section& section, const model::SpeckleOptions& o);

// [[source.NAME.sum]] or [[source.NAME.product]]: each table a process of its own.
std::vector<model::KernelPart> read_parts(Section& section, const std::string& key, const model::SpeckleOptions& o) {
    std::vector<model::KernelPart> parts;
    if (!section.has(key)) return parts;
    auto tables = section.tables(key);
    std::string resolved;
    for (std::size_t i = 0; i < tables.size(); ++i) {
        Section& own = tables[i];
        const std::string name = own.text("name", fmt::format("{}_{}", key, i + 1));
        if (!std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) || c == '_'; }))
            own.fail("name", fmt::format("is '{}'; a name is made of letters, digits and _", name));
        model::KernelPart part{name, 1, {}};
        if (key == "sum") part.weight = own.number("weight");
        part.kernel = read_kernel(own, o);
        own.finish();
        resolved += (i > 0 ? ", " : "") + own.resolved_inline();
        parts.push_back(std::move(part));
    }
    section.record(key, "[" + resolved + "]");
    return parts;
}

Kernel read_kernel(Section& section, const model::SpeckleOptions& o) {
    Kernel k;
    const bool of_parts = section.has("sum") || section.has("product") || section.has("pressure_step");
    if (section.has("kernel_file")) {
        read_matrix(section, k, o);
    } else if (of_parts && !section.has("clock") && !section.has("tau")) {
        k.clock = model::standing_clock();
    } else {
        k.beta = section.number("beta", 1.8);
        read_clock(section, k);
        k.form = model::kernel_from(section.choice("kernel", model::kernel_names(), "internal_clock"));
    }
    if (section.has("jump_times")) {
        k.clock.jump_times = section.quantities("jump_times", Dimension::time);
        k.clock.jump_sizes = section.numbers("jump_sizes");
    }
    if (section.has("event_times")) k.event_times = section.quantities("event_times", Dimension::time);
    if (section.has("event_rate")) k.event_rate = section.quantity("event_rate", Dimension::frequency);
    if (section.has("event_times") || section.has("event_rate"))
        k.event_fraction = section.number("event_fraction", 1.0);
    k.static_fraction = section.number("static_fraction", 0.0);
    k.sum = read_parts(section, "sum", o);
    k.product = read_parts(section, "product", o);
    return k;
}

}  // namespace

void read_dynamics(Section& section, model::SpeckleOptions& o) {
    o.scan_start = section.quantity("scan_start", Dimension::time, 0.0);
    o.dynamics = read_kernel(section, o);
    read_translation(section, o.dynamics);
    if (section.choice("method", {"exact", "spectral"}, "exact") == "spectral") {
        o.dynamics.spectral_terms = section.count("spectral_terms", 200);
        // Displacements that give tau(q) are read with the geometry.
        if (!section.has("displacement_theta")) o.dynamics.displacement_theta = section.number("spectral_theta", 1.0);
    } else {
        for (const char* key : {"spectral_terms", "spectral_theta"})
            if (section.has(key)) section.fail(key, "belongs to method = \"spectral\"");
    }
    o.relaxation.beta = o.dynamics.beta;
    if (o.dynamics.clock.kind == model::ClockKind::stationary) o.relaxation.tau = o.dynamics.clock.tau0;
}

}  // namespace vitrum::pipeline
