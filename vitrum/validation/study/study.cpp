#include "vitrum/validation/study/study.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/limits.hpp"
#include "vitrum/io/hdf5/sha256.hpp"
#include "vitrum/pipeline/config/provenance.hpp"
#include "vitrum/pipeline/config/section.hpp"
#include "vitrum/pipeline/config/tables.hpp"
#include "vitrum/pipeline/estimators/analysis_options.hpp"
#include "vitrum/pipeline/run/work.hpp"
#include "vitrum/validation/study/study_keys.hpp"

namespace vitrum::validation {

namespace fs = std::filesystem;
using pipeline::Section;

namespace {

constexpr std::size_t least_replicates = 10;

void read_sizes(Section& head, const StudyOverrides& overrides, Study& study) {
    study.replicates = head.count("replicates", 200);
    study.stage = head.count("stage", study.replicates);
    study.most = head.count("most", study.replicates);
    if (study.replicates < least_replicates)
        head.fail("replicates", fmt::format("is {}; at least {}", study.replicates, least_replicates));
    if (study.most < study.replicates) head.fail("most", fmt::format("is below replicates = {}", study.replicates));
    if (!overrides.replicates || *overrides.replicates == study.replicates) return;
    if (*overrides.replicates < least_replicates)
        throw InputError(fmt::format("--replicates: {}; at least {}", *overrides.replicates, least_replicates));
    study.deviations.push_back(fmt::format("{} replicates a cell by --replicates; the plan says {}{}.",
                                           *overrides.replicates, study.replicates,
                                           study.most > study.replicates ? fmt::format(" to {}", study.most) : ""));
    study.replicates = study.most = study.stage = *overrides.replicates;
}

// `live`: programs from outside are looked for; a stored study is read without them.
void read_methods(const toml::value& root, const fs::path& path, bool live, Study& study) {
    const std::string file = path.string();
    const toml::value* table = root.contains("methods") ? &root.at("methods") : nullptr;
    study.method_names = pipeline::names_in_order(table);
    if (study.method_names.empty()) study.method_names.push_back("chain");
    std::map<std::string, pipeline::OutsideMethod> outside;
    for (const auto& name : study.method_names) {
        if (!table || !table->at(name).contains("command")) continue;
        Section section(&table->at(name), "methods." + name, file);
        outside[name] = pipeline::read_outside(section, name, path.parent_path(), live);
        section.finish();
        study.outside.emplace_back(name, outside[name]);
    }
    for (auto& cell : study.cells)
        for (const auto& name : study.method_names) {
            pipeline::Method method{name, {}, {}};
            if (const auto at = outside.find(name); at != outside.end()) {
                method.outside = at->second;
                cell.methods.push_back(std::move(method));
                continue;
            }
            const pipeline::StepTables tables{&cell.scenario.estimate, table ? &table->at(name) : nullptr, name, file};
            for (const auto& source : cell.scenario.sources)
                method.steps.push_back(pipeline::read_steps(source, tables));
            if (table) pipeline::check_steps(cell.scenario.sources, method.steps, tables);
            method.across = pipeline::read_across(cell.scenario.sources, &cell.scenario.across_tables,
                                                  pipeline::table_at(tables.method, "across"), file);
            cell.methods.push_back(std::move(method));
        }
}

// Keys of the grid that `head.key` names; each must be one.
void must_be_axis(Section& head, const std::string& key, const std::string& axis, const Study& study) {
    std::vector<std::string> keys;
    for (const auto& cell : study.cells)
        for (const auto& [name, value] : cell.settings)
            if (std::find(keys.begin(), keys.end(), name) == keys.end()) keys.push_back(name);
    if (std::find(keys.begin(), keys.end(), axis) == keys.end())
        head.fail(key, fmt::format("'{}' is no key of [grid]{}", axis, suggestion(axis, keys)));
    for (const auto& cell : study.cells)
        for (const auto& [name, value] : cell.settings)
            if (name == axis && !std::isfinite(number_in(value)))
                head.fail(key, fmt::format("'{}' has the value {}, which is no number", axis, value));
}

void read_confirmatory(const std::string& file, Section& head, Study& study) {
    const toml::value* list = head.raw("confirmatory");
    if (!list) return;
    if (!list->is_array()) head.fail("confirmatory", "is no list of tables of settings; [] = no cell");
    for (auto& cell : study.cells) cell.confirmatory = false;
    for (const auto& item : list->as_array()) {
        const auto settings = settings_of(item, file + ": study.confirmatory");
        bool any = false;
        for (auto& cell : study.cells)
            if (matches(cell, settings)) any = cell.confirmatory = true;
        if (!any) head.fail("confirmatory", fmt::format("names no cell: {}", label_of(settings)));
    }
}

Study study_from(const toml::value& root, const fs::path& path, const StudyOverrides& overrides, bool live) {
    const std::string file = path.string();
    Study study;
    study.file = path;
    study.name = path.stem().string();
    for (const auto& [key, value] : root.as_table()) {
        const std::vector<std::string> known{"study",    "set",      "grid",   "cells",    "methods", "judge",
                                             "scenario", "analysis", "source", "estimate", "across"};
        if (std::find(known.begin(), known.end(), key) == known.end())
            throw InputError(fmt::format("{}:{}: [{}] is unknown in a study{}", file, value.location().line(), key,
                                         suggestion(key, known)));
    }
    Section head(root.contains("study") ? &root.at("study") : nullptr, "study", file);
    study.title = head.text("title", study.name);
    study.question = head.text("question", "");
    const auto seed = head.integer("seed", 1);
    if (seed < 0) head.fail("seed", "is negative");
    study.seed = static_cast<std::uint64_t>(seed);
    if (overrides.seed && *overrides.seed != study.seed) {
        study.deviations.push_back(fmt::format("Seed {} by --seed; the plan says {}.", *overrides.seed, study.seed));
        study.seed = *overrides.seed;
    }
    const std::string named = head.text("scenario", "");
    static_cast<void>(head.flag("long", false));
    read_sizes(head, overrides, study);
    study.cells = read_cells(root, file);
    read_confirmatory(file, head, study);

    toml::value tables = scenario_tables(root, named, path, head, "study");
    if (!tables.contains("scenario")) tables.as_table()["scenario"] = toml::table{};
    if (!tables.at("scenario").contains("title")) tables.as_table()["scenario"].as_table()["title"] = study.title;
    std::vector<std::string> common;
    if (root.contains("set"))
        for (const auto& [key, value] : settings_of(root.at("set"), file + ": [set]"))
            common.push_back(key + "=" + value);
    for (const auto& setting : overrides.settings) study.deviations.push_back(fmt::format("{} by --set.", setting));
    for (auto& cell : study.cells) {
        auto settings = common;
        for (const auto& [key, value] : cell.settings) settings.push_back(key + "=" + value);
        settings.insert(settings.end(), overrides.settings.begin(), overrides.settings.end());
        try {
            cell.scenario = pipeline::scenario_from(tables, path, settings, study.seed);
        } catch (const InputError& e) {
            throw InputError(cell.settings.empty() ? std::string(e.what())
                                                   : fmt::format("{} (in the cell {})", e.what(), cell.label));
        }
    }
    read_methods(root, path, live, study);
    study.judges = read_judges(root, file);
    study.reference = head.text("reference", "");
    const auto& names = study.method_names;
    if (!study.reference.empty() && std::find(names.begin(), names.end(), study.reference) == names.end())
        head.fail("reference", fmt::format("'{}' is no method{}", study.reference, suggestion(study.reference, names)));
    if (head.has("axes")) study.axes = head.texts("axes");
    for (const auto& axis : study.axes) must_be_axis(head, "axes", axis, study);
    study.contamination = head.text("contamination", "");
    if (!study.contamination.empty()) must_be_axis(head, "contamination", study.contamination, study);
    head.finish();

    // The study with its scenario in one text; what the command line changed is in it, too.
    toml::value whole = root;
    auto& top = whole.as_table();
    if (!named.empty()) {
        for (const auto& [key, value] : tables.as_table()) top[key] = value;
        top["study"].as_table().erase("scenario");
    }
    study.frozen = io::sha256(pipeline::toml_document(whole));
    if (!top.count("study")) top["study"] = toml::table{};
    // What a program is stands in the text: results of two versions of it are two studies.
    for (const auto& [name, method] : study.outside)
        top["methods"].as_table()[name].as_table()["identity"] = method.identity;
    auto& text = top["study"].as_table();
    text["seed"] = static_cast<std::int64_t>(study.seed);
    text["replicates"] = static_cast<std::int64_t>(study.replicates);
    text["stage"] = static_cast<std::int64_t>(study.stage);
    text["most"] = static_cast<std::int64_t>(study.most);
    if (!text.count("title")) text["title"] = study.title;
    if (!overrides.settings.empty()) {
        if (!top.count("set")) top["set"] = toml::table{};
        for (const auto& setting : overrides.settings) {
            toml::value one = toml::table{};
            const auto equals = setting.find('=');
            pipeline::apply_setting(one, "value" + setting.substr(equals));
            top["set"].as_table()[setting.substr(0, equals)] = one.at("value");
        }
    }
    study.input = pipeline::toml_document(whole);
    return study;
}

}  // namespace

double Margin::absolute(double truth, double spread) const {
    switch (of) {
        case Of::truth: return value * std::abs(truth);
        case Of::spread: return value * spread;
        case Of::unit: break;
    }
    return value;
}

std::string Margin::text(const std::string& unit) const {
    switch (of) {
        case Of::truth: return fmt::format("{:g} % of the truth", 100 * value);
        case Of::spread: return fmt::format("{:g} sd", value);
        case Of::unit: break;
    }
    return unit.empty() ? fmt::format("{:g}", value) : fmt::format("{:g} {}", value, unit);
}

const Judge* Study::judge(const std::string& quantity) const {
    const auto at = std::find_if(judges.begin(), judges.end(), [&](const Judge& j) { return j.quantity == quantity; });
    return at == judges.end() ? nullptr : &*at;
}

std::vector<pipeline::ScenarioFile> known_studies() {
    return pipeline::files_with_title(pipeline::data_folders("studies"), "study");
}

Study read_study(const fs::path& given, const StudyOverrides& overrides) {
    const fs::path file = pipeline::find_named(given, known_studies, "study");
    toml::value root = pipeline::parse_toml_file(file.string());
    if (!root.is_table()) root = toml::table{};
    return study_from(root, file, overrides, true);
}

Study study_from_text(const std::string& text, const std::string& called) {
    return study_from(pipeline::parse_toml_text(text, called), called, {}, false);
}

void expect_consent(const Study& study) {
    for (const auto& [name, method] : study.outside)
        expect_commands(method.how.command.front(), fmt::format("{}: methods.{}", study.file.string(), name));
}

StudyWork work_of(const Study& study) {
    StudyWork work;
    for (const auto& cell : study.cells) {
        work.seconds += pipeline::core_seconds(cell.scenario);
        work.bytes = std::max(work.bytes, pipeline::bytes_of(cell.scenario));
    }
    return work;
}

std::string identity_of(const Study& study) {
    std::string all = study.input;
    for (const auto& cell : study.cells) all += "\n" + cell.scenario.resolved;
    return io::sha256(all + "\n" + pipeline::version() + "\n" + pipeline::processor_class());
}

}  // namespace vitrum::validation
