// Ready protocols: lists of stages with a few parameters, written out as TOML.
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "vitrum/pipeline/sources/atoms/protocol_stages.hpp"

namespace vitrum::pipeline {

namespace {

std::string line(const std::string& kind, const std::string& rest) {
    return fmt::format("    {{ kind = \"{}\"{}{} }},\n", kind, rest.empty() ? "" : ", ", rest);
}

// The parameters that ready protocols share, as texts with units.
class Parameters {
public:
    explicit Parameters(Section& keys) : keys_(keys) {
        melt_ = text("melt_temperature", Dimension::temperature, 2000);
        melt_time_ = text("melt_time", Dimension::time, 20e-12);
        temperature_ = text("temperature", Dimension::temperature, 300);
        cooling_ = text("cooling_rate", Dimension::temperature_rate, 5e12);
        compression_ = text("compression_rate", Dimension::pressure_rate, 0.5e12);
        hold_ = text("hold_time", Dimension::time, 20e-12);
        inherent_ = text("inherent_every", Dimension::temperature, 50);
        frames_ = keys.integer("frames", 400);
        interval_ = text("interval", Dimension::time, 0.05e-12);
    }
    [[nodiscard]] std::string text(const std::string& key, Dimension dimension, double fallback) {
        return with_unit(keys_.quantity(key, dimension, fallback), dimension);
    }
    [[nodiscard]] Section& keys() const { return keys_; }

    [[nodiscard]] std::string melt() const {
        return line("melt", fmt::format("temperature = \"{}\", time = \"{}\"", melt_, melt_time_));
    }
    [[nodiscard]] std::string quench() const {
        return line("quench", fmt::format("temperature = \"{}\", rate = \"{}\", inherent_every = \"{}\"", temperature_,
                                          cooling_, inherent_));
    }
    [[nodiscard]] std::string hold(const std::string& name) const {
        return line("hold", fmt::format("name = \"{}\", time = \"{}\"", name, hold_));
    }
    [[nodiscard]] static std::string minimise(const std::string& name) {
        return line("minimise", fmt::format("name = \"{}\"", name));
    }
    [[nodiscard]] std::string compress() const {
        return line("compress", fmt::format("pressure = \"pressure\", rate = \"{}\"", compression_));
    }
    [[nodiscard]] std::string release() const {
        return line("decompress", fmt::format("pressure = \"0 GPa\", rate = \"{}\"", compression_));
    }
    [[nodiscard]] std::string sample(const std::string& name) const {
        return line("sample", fmt::format("name = \"{}\", frames = {}, interval = \"{}\"", name, frames_, interval_));
    }
    // What is compared between preparations: the glass at rest.
    [[nodiscard]] std::string at_rest() const { return hold("at_rest") + minimise("inherent") + sample("sample"); }
    [[nodiscard]] const std::string& temperature() const { return temperature_; }
    [[nodiscard]] const std::string& compression() const { return compression_; }

private:
    Section& keys_;
    std::string melt_, melt_time_, temperature_, cooling_, compression_, hold_, inherent_, interval_;
    std::int64_t frames_ = 0;
};

std::string reference(Parameters& p) { return p.melt() + p.quench() + p.at_rest(); }

std::string quenched_under_pressure(Parameters& p) {
    return p.melt() + p.compress() + p.hold("liquid") + p.quench() + p.hold("at_pressure") +
           Parameters::minimise("inherent_at_pressure") + p.release() + p.at_rest();
}

// Annealed at pressure, or alike at ambient pressure: the same stages but those that change the pressure.
std::string annealed(Parameters& p, bool pressed) {
    const std::string rate = p.text("heating_rate", Dimension::temperature_rate, 2e13);
    const std::string time = p.text("anneal_time", Dimension::time, 100e-12);
    Section& keys = p.keys();
    std::string hot = "temperature";  // of the sweep
    if (!(keys.is_text("anneal_temperature") && keys.raw("anneal_temperature")->as_string().str == hot))
        hot = p.text("anneal_temperature", Dimension::temperature, 700);
    std::string stages = p.melt() + p.quench() + p.hold("as_quenched") + Parameters::minimise("inherent_as_quenched");
    if (pressed) stages += p.compress();
    stages += line("heat", fmt::format("temperature = \"{}\", rate = \"{}\"", hot, rate));
    stages += line("anneal", fmt::format("time = \"{}\"", time));
    stages +=
        line("quench", fmt::format("name = \"cool_down\", temperature = \"{}\", rate = \"{}\"", p.temperature(), rate));
    if (pressed) stages += p.hold("at_pressure") + Parameters::minimise("inherent_at_pressure") + p.release();
    return stages + p.at_rest();
}

std::string annealed_under_pressure(Parameters& p) { return annealed(p, true); }
std::string annealed_control(Parameters& p) { return annealed(p, false); }

std::string cycle(Parameters& p) {
    const std::string inherent = p.text("inherent_step", Dimension::pressure, 0.1);
    const auto steps = p.keys().quantities("pressure_steps", Dimension::pressure, std::vector<double>{2, 4, 6, 8, 10});
    std::vector<double> path = steps;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (!(steps[i] > (i == 0 ? 0 : steps[i - 1]))) p.keys().fail("pressure_steps", "must increase from above 0");
    }
    for (std::size_t i = steps.size(); i-- > 0;) path.push_back(i == 0 ? 0 : steps[i - 1]);
    std::string stages =
        p.melt() + p.quench() + p.hold("start") + Parameters::minimise("start_minimum") + p.sample("start_sample");
    for (std::size_t k = 0; k < path.size(); ++k) {
        const bool up = k < steps.size();
        const std::string name = fmt::format("{}_{}", up ? "up" : "down", up ? k + 1 : k + 1 - steps.size());
        stages += line(up ? "compress" : "decompress",
                       fmt::format("name = \"{}\", pressure = \"{}\", rate = \"{}\", inherent_every = \"{}\"", name,
                                   with_unit(path[k], Dimension::pressure), p.compression(), inherent));
        stages += p.hold(name + "_hold") + Parameters::minimise(name + "_minimum") + p.sample(name + "_sample");
    }
    return stages;
}

std::string cooled_under_pressure(Parameters& p) {
    return p.melt() + p.compress() + p.hold("liquid") + p.quench() + p.hold("glass") + Parameters::minimise("inherent");
}

struct Ready {
    const char* name;
    std::string (*stages)(Parameters&);
};
constexpr std::array ready{
    Ready{"reference", reference},
    Ready{"quenched_under_pressure", quenched_under_pressure},
    Ready{"annealed_under_pressure", annealed_under_pressure},
    Ready{"annealed_control", annealed_control},
    Ready{"cycle", cycle},
    Ready{"cooled_under_pressure", cooled_under_pressure},
};

}  // namespace

std::vector<std::string> ready_protocols() {
    std::vector<std::string> names;
    for (const Ready& r : ready) names.emplace_back(r.name);
    return names;
}

std::string ready_protocol(const std::string& name, Section& keys) {
    Parameters parameters(keys);
    for (const Ready& r : ready)
        if (name == r.name) return "stages = [\n" + r.stages(parameters) + "]\n";
    return {};
}

}  // namespace vitrum::pipeline
