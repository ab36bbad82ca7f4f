// A landscape of double wells taken up and down in pressure: what each scan sees follows from the whole way there.
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/core/error.hpp"
#include "vitrum/model/landscape/ensemble.hpp"
#include "vitrum/pipeline/sources/sources.hpp"
#include "vitrum/pipeline/sources/speckle/beam_trace.hpp"
#include "vitrum/pipeline/sources/speckle/landscape_keys.hpp"
#include "vitrum/pipeline/sources/speckle/speckle_keys.hpp"

namespace vitrum::pipeline {

namespace {

struct Loop {
    model::WellDistribution wells;
    model::Nodes nodes;
    model::PressureLoop loop;
    double wait = 3600;                  // [s] from the change of pressure to the moment whose tau the scan shows
    double level = 0.36787944117144233;  // share of the wells that has not flipped after tau
    model::SpeckleOptions speckle;
};

model::Normal read_normal(Section& section, const std::string& key, Dimension dimension) {
    return {section.quantity(key, dimension, 0.0), section.quantity(key + "_sd", dimension, 0.0)};
}

Loop read_loop(Section& section) {
    Loop l;
    l.wells.barriers = read_barriers(section, section.choice("barriers", {"box", "gaussian", "exponential"}, "box"));
    l.wells.asymmetry = read_normal(section, "asymmetry", Dimension::energy);
    l.wells.activation_volume = read_normal(section, "activation_volume", Dimension::volume);
    l.wells.formation_volume = read_normal(section, "formation_volume", Dimension::volume);
    l.wells.attempt_rate = section.quantity("attempt_rate", Dimension::frequency, l.wells.attempt_rate);
    l.loop.temperature = section.quantity("temperature", Dimension::temperature, l.loop.temperature);
    l.loop.pressures = section.quantities("pressures", Dimension::pressure);
    l.loop.hold = section.quantity("hold", Dimension::time, l.loop.hold);
    l.loop.ramp = section.quantity("ramp", Dimension::time, l.loop.ramp);
    l.wait = section.quantity("wait", Dimension::time, l.wait);
    l.level = section.number("level", l.level);
    if (!(l.level > 0 && l.level < 1))
        section.fail("level", fmt::format("is {}; a share of the wells between 0 and 1", l.level));
    l.nodes.barriers = section.count("nodes", l.nodes.barriers);
    if (l.nodes.barriers > 10000)
        section.fail("nodes", fmt::format("is {}; 64 are exact to many digits, 10000 at most", l.nodes.barriers));
    l.speckle = read_detector_and_field(section);
    l.speckle.relaxation.beta = section.number("beta", 1.8);
    return l;
}

struct Scan {
    std::size_t index = 0;  // of the pressure
    bool down = false;
    double pressure = 0, tau = 0, activity = 0;
};

std::vector<Scan> scans_of(const std::vector<model::LoopRow>& rows) {
    std::vector<Scan> scans;
    for (std::size_t i = 0; i < rows.size(); ++i)
        scans.push_back({i, false, rows[i].pressure, rows[i].up, rows[i].activity_up});
    for (std::size_t i = rows.size() - 1; i-- > 0;)
        scans.push_back({i, true, rows[i].pressure, rows[i].down, rows[i].activity_down});
    return scans;
}

Unit unit_of(const Loop& l, const Scan& scan, const std::string& name, std::size_t number) {
    model::SpeckleOptions o = l.speckle;
    o.relaxation.tau = scan.tau;
    o.origin = Origin::imposed;
    const char* branch = branches.at(scan.down ? 1 : 0);
    Unit unit;
    unit.name = fmt::format("{}_{}", name, number);
    unit.title = fmt::format("{:g} GPa on {}: double wells after {:g} s there, tau = {:.4g} s imposed", scan.pressure,
                             branch, l.wait, scan.tau);
    unit.abscissa = at_pressure(scan.index, scan.pressure);
    unit.abscissa.push_back(branch_coordinate(scan.down));
    const std::string note = fmt::format(
        "tau is the time after which a share {:.3g} of the wells has not flipped, from the populations that the way "
        "here "
        "left, {:g} s after {:g} GPa was reached on {}; {:.3g} flips a well and second then. It is imposed on the "
        "clock of the speckle.",
        l.level, l.wait, scan.pressure, branch, scan.activity);
    const auto dress = [o, note, at = unit.abscissa, called = unit.name, title = unit.title](
                           Labelled<SpeckleSeries> made, const StreamKey& key) {
        Labelled<DataSet> set;
        set.data.name = called;
        set.data.source = "landscape_loop";
        set.data.title = title;
        set.data.abscissa = at;
        set.data.data = std::move(made.data);
        set.data.traces = beam_trace(o, key);
        set.data.notes = {note};
        for (auto& more : speckle_notes(o)) set.data.notes.push_back(std::move(more));
        set.truth = std::move(made.truth);
        return set;
    };
    make_speckle(unit, o, dress);
    return unit;
}

}  // namespace

SourcePlan read_landscape_loop(Section& section, const std::string& name) {
    const Loop l = read_loop(section);
    std::vector<model::LoopRow> rows;
    section.guard([&] {
        model::check(l.wells);
        rows = model::hysteresis(model::quadrature(l.wells, l.nodes), l.loop, l.wait, l.level);
    });
    SourcePlan plan;
    const auto scans = scans_of(rows);
    for (std::size_t i = 0; i < scans.size(); ++i) {
        if (!std::isfinite(scans[i].tau) || !(scans[i].tau > 0))
            section.fail("barriers", fmt::format("leave no relaxation time at {:g} GPa on {}: it is {} s",
                                                 scans[i].pressure, branches.at(scans[i].down ? 1 : 0), scans[i].tau));
        plan.units.push_back(unit_of(l, scans[i], name, i + 1));
    }
    for (std::size_t i = 0; i + 1 < rows.size(); ++i)
        plan.combined_truth.add("branch_log_ratio", at_pressure(i, rows[i].pressure),
                                std::log(rows[i].down / rows[i].up), Origin::imposed,
                                "memory of the slow wells at equal waiting times");
    plan.statements.push_back(fmt::format(
        "Source '{}': hysteresis is memory. Wells slower than the {:g} s at a pressure keep the populations of the one "
        "before; at equal waiting times tau then differs between compression and decompression. tau is imposed on the "
        "clock of the speckle: the estimators are tested, not the mechanism.",
        name, l.loop.hold));
    return plan;
}

}  // namespace vitrum::pipeline
