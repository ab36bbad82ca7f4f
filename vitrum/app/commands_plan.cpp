#include <cmath>
#include <fstream>

#include <fmt/format.h>

#include "vitrum/app/commands.hpp"
#include "vitrum/app/json_measures.hpp"
#include "vitrum/app/print.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/io/text/output_path.hpp"
#include "vitrum/validation/plan/plan_domain.hpp"
#include "vitrum/validation/plan/plan_run.hpp"
#include "vitrum/validation/plan/plan_text.hpp"

namespace vitrum::app {

namespace v = validation;

namespace {

Json as_json(const v::Measure& m) {
    return {{"value", number(m.value)}, {"mcse", number(m.mcse)}, {"interval", {number(m.lower), number(m.upper)}}};
}

Json facts_of(const v::Experiment& e) {
    Json all = Json::array();
    for (const auto& f : e.facts)
        all.push_back({{"name", f.name},
                       {"value", number(f.value)},
                       {"unit", f.unit},
                       {"formula", f.formula},
                       {"from_memory", f.from_memory}});
    return all;
}

Json as_json(const v::PlanSize& s) {
    return {{"frames_added_up", s.bin},
            {"frames", s.frames},
            {"frame_time", number(s.frame_time)},
            {"rows", s.rows},
            {"columns", s.columns},
            {"mean_count", number(s.mean_count)},
            {"error_factor_of_fits", number(s.fit_factor)},
            {"error_factor_of_map_entries", number(s.entry_factor)},
            {"notes", s.notes}};
}

Json as_json(const v::Forecast& f) {
    Json bound = {{"kind", v::name(f.bound.kind)},
                  {"standard_error", number(std::sqrt(f.bound.variance))},
                  {"source", f.bound.source}};
    return {{"quantity", f.quantity},          {"unit", f.unit},
            {"truth", number(f.truth)},        {"replicates", f.attempted},
            {"without_estimate", f.without},   {"bias", as_json(f.bias)},
            {"spread", as_json(f.spread)},     {"reported_error", as_json(f.reported)},
            {"coverage", as_json(f.coverage)}, {"cramer_rao", std::move(bound)}};
}

Json as_json(const v::Domain& d) {
    Json axes = Json::array();
    for (const auto& a : d.axes)
        axes.push_back({{"name", a.name},
                        {"value", number(a.value)},
                        {"low", number(a.low)},
                        {"high", number(a.high)},
                        {"outside", a.outside()}});
    Json near = Json::array();
    for (const auto& n : d.nearest)
        near.push_back({{"cell", n.label}, {"distance", number(n.distance)}, {"stored", n.stored}});
    return {{"study", d.study}, {"inside", d.inside()}, {"axes", axes}, {"nearest", near}, {"result", d.result}};
}

Json as_json(const v::Plan& plan, const v::Domain& domain) {
    Json forecasts = Json::array();
    for (const auto& at : plan.forecasts) {
        Json quantities = Json::array();
        for (const auto& f : at.quantities) quantities.push_back(as_json(f));
        forecasts.push_back({{"tau", number(at.tau)}, {"expected", at.expected}, {"quantities", quantities}});
    }
    Json events = Json::array();
    for (const auto& e : plan.events)
        events.push_back({{"fraction", e.fraction}, {"seen", as_json(e.seen)}, {"without_p_value", e.without}});
    const auto& h = plan.heterogeneity;
    return {{"title", plan.experiment.title},
            {"seed", plan.options.seed},
            {"replicates", plan.options.replicates},
            {"facts", facts_of(plan.experiment)},
            {"notes", plan.experiment.notes},
            {"simulated", as_json(plan.size)},
            {"forecasts", forecasts},
            {"smallest_change_of_tau",
             {{"relative", number(plan.tau_change)},
              {"interval", {number(plan.tau_change_lower), number(plan.tau_change_upper)}}}},
            {"heterogeneity",
             {{"floor", as_json(h.floor)},
              {"spread", as_json(h.spread)},
              {"without_estimate", h.without},
              {"smallest_excess", number(h.excess)},
              {"smallest_width", number(h.smallest)}}},
            {"events", events},
            {"domain", as_json(domain)},
            {"study", plan.study}};
}

void write_text(const std::string& file, const std::string& text) {
    io::write_and_rename(file, [&](const std::filesystem::path& temporary) {
        std::ofstream out(temporary, std::ios::binary);
        if (!(out << text) || !out.flush()) throw RunError(fmt::format("cannot write '{}': is the disk full?", file));
    });
}

}  // namespace

int plan(const std::string& file, const PlanOptions& options, const Common& common) {
    const v::Experiment experiment = v::read_experiment(file);
    if (!common.report.empty()) io::check_output(common.report, {file}, common.force);
    const v::Domain domain = v::delivered_domain(experiment);
    const v::Plan plan =
        v::make_plan(experiment, {options.replicates, common.seed.value_or(1), common.threads, common.quiet});
    if (options.json)
        print_json(as_json(plan, domain));
    else
        print("{}", v::plan_text(plan, domain));
    if (common.report.empty()) return 0;
    write_text(common.report, v::plan_page(plan, domain));
    if (!options.json) print("\nreport  {}\n", common.report);
    return 0;
}

}  // namespace vitrum::app
