#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/model/laws/law_points.hpp"
#include "vitrum/pipeline/sources/sources.hpp"

namespace vitrum::pipeline {

namespace {

using model::Law;

// The estimator of a law, with the options that it needs.
DefaultEstimate estimator_of(const model::LawPoints& p) {
    switch (p.law) {
        case Law::correlation: return {"kww", toml::table{{"weights", "errors"}}};
        case Law::activation:
            return {"activation_volume", toml::table{{"temperature", fmt::format("{} K", p.temperature)}}};
        case Law::two_wells: return {"crossover_pressure", toml::table{}};
        case Law::ageing: return {"ageing_law", toml::table{}};
        case Law::wavevector: return {"wavevector_exponent", toml::table{}};
        case Law::birch_murnaghan: return {"equation_of_state", toml::table{}};
        case Law::kink: return {"glass_transition", toml::table{}};
        case Law::line: return {"pressure_dependence_of_Tg", toml::table{}};
        case Law::liquid: return {"liquid_energy_minimum", toml::table{{"pressure_degree", 4}}};
        case Law::peak: return {"fsdp", toml::table{}};
        case Law::intensity:
            return {"intensity_normalisation",
                    toml::table{{"composition", "Cu:1"}, {"r_min", fmt::format("{} angstrom", 0.95 * p.diameter)}}};
        case Law::log: return {"thermo_log", toml::table{}};
        case Law::avalanches: break;
    }
    return {"energy_drops", toml::table{{"threshold", fmt::format("{} eV", p.smallest)}}};
}

// A range of x over which the law is seen with its usual numbers.
void usual(model::LawPoints& p) {
    switch (p.law) {
        case Law::correlation:
            p.low = 1, p.high = 60, p.points = 60, p.tau = 20, p.noise = 1e-3, p.relative = false;
            break;
        case Law::activation: p.low = 0, p.high = 6, p.points = 7; break;
        case Law::two_wells: p.low = 0, p.high = 6, p.points = 9; break;
        case Law::ageing: p.low = 0, p.high = 2000; break;
        case Law::wavevector: p.low = 2.4, p.high = 3.2; break;
        case Law::birch_murnaghan: p.low = 13, p.high = 17, p.volume = 17, p.noise = 0.1, p.relative = false; break;
        case Law::kink: p.low = 300, p.high = 1200, p.points = 46, p.noise = 5e-3, p.relative = false; break;
        case Law::line: p.low = 0, p.high = 10, p.slope_below = 20, p.noise = 5, p.relative = false; break;
        case Law::liquid:
            p.low = 0, p.high = 10, p.points = 11, p.crossing = 5, p.temperature = 1600, p.volume = 17, p.noise = 1e-3;
            break;
        case Law::peak: p.low = 2, p.high = 3.5, p.points = 151, p.noise = 0.01, p.relative = false; break;
        case Law::intensity:
            p.low = 0.2;
            p.high = 20;
            p.points = 800;
            p.noise = 1e-3;
            break;
        case Law::log:
            // A hold of 20 ps with a row each 50 fs; fluctuations of a thousand atoms.
            p.low = 0, p.high = 2e-11, p.points = 401, p.noise = 0.02, p.tau = 2e-13;
            p.temperature = 1000, p.crossing = 0, p.volume = 17, p.offset = -4.8;
            break;
        case Law::avalanches:
            p.low = 0, p.high = 20, p.points = 1000, p.volume = 16000, p.exponent = 1.8, p.noise = 1e-4;
            break;
    }
}

model::LawPoints read_points(Section& section) {
    model::LawPoints p;
    p.law = model::law_from(section.choice("law", model::law_names(), "activation"));
    usual(p);
    p.low = section.number("low", p.low);
    p.high = section.number("high", p.high);
    p.points = section.count("points", p.points);
    p.noise = section.number("noise", p.noise);
    p.relative = section.flag("relative", p.relative);
    p.tau = section.quantity("tau", Dimension::time, p.tau);
    p.beta = section.number("beta", p.beta);
    p.contrast = section.number("contrast", p.contrast);
    p.volume = section.quantity("volume", Dimension::volume, p.volume);
    p.temperature = section.quantity("temperature", Dimension::temperature, p.temperature);
    p.crossing = section.quantity("crossing", Dimension::pressure, p.crossing);
    p.asymmetry = section.number("asymmetry", p.asymmetry);
    p.sharpness = section.number("sharpness", p.sharpness);
    p.tau_star = section.quantity("tau_star", Dimension::time, p.tau_star);
    p.exponent = section.number("exponent", p.exponent);
    p.prefactor = section.number("prefactor", p.prefactor);
    p.modulus = section.quantity("modulus", Dimension::pressure, p.modulus);
    p.derivative = section.number("derivative", p.derivative);
    p.glass_transition = section.quantity("glass_transition", Dimension::temperature, p.glass_transition);
    p.slope_below = section.number("slope_below", p.slope_below);
    p.slope_above = section.number("slope_above", p.slope_above);
    p.offset = section.number("offset", p.offset);
    p.position = section.quantity("position", Dimension::wavevector, p.position);
    p.width = section.quantity("width", Dimension::wavevector, p.width);
    p.height = section.number("height", p.height);
    p.packing = section.number("packing", p.packing);
    p.diameter = section.quantity("diameter", Dimension::length, p.diameter);
    p.scale = section.number("scale", p.scale);
    p.share = section.number("share", p.share);
    p.smallest = section.quantity("smallest", Dimension::energy, p.smallest);
    section.guard([&] { model::check(p); });
    return p;
}

}  // namespace

SourcePlan read_law_points(Section& section, const std::string& name) {
    const model::LawPoints p = read_points(section);
    Unit unit;
    unit.name = name;
    unit.title = fmt::format("{} points of the law '{}'", p.points, model::name(p.law));
    unit.cost = 1e-5 + 1e-7 * static_cast<double>(p.points);
    unit.generate = [p, name, title = unit.title](const UnitContext& context) {
        auto made = model::generate(p, context.key);
        Labelled<DataSet> set;
        set.data.name = name;
        set.data.source = "law_points";
        set.data.title = title;
        set.data.data = std::move(made.data);
        set.truth = std::move(made.truth);
        return set;
    };
    SourcePlan plan;
    plan.units.push_back(std::move(unit));
    plan.data = DataKind::columns;
    plan.default_estimate = estimator_of(p);
    return plan;
}

}  // namespace vitrum::pipeline
