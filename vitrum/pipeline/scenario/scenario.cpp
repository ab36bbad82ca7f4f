#include "vitrum/pipeline/scenario/scenario.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <stdexcept>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/io/result/result_file.hpp"
#include "vitrum/pipeline/estimators/analysis_options.hpp"

namespace vitrum::pipeline {

namespace fs = std::filesystem;

namespace {

bool plain_name(const std::string& name) {
    constexpr std::size_t longest = 100;  // it becomes part of file names
    return !name.empty() && name.size() <= longest && std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return std::isalnum(c) || c == '_' || c == '-';
    });
}

// A table of [estimate] as it stands.
std::string table_text(const toml::value& table) {
    std::string text;
    for (const auto& key : names_in_order(&table)) text += fmt::format("{} = {}\n", key, toml_literal(table.at(key)));
    return text;
}

SourcePlan read_source(Section& section, const std::string& name, const analysis::ChainOptions& chain) {
    if (!plain_name(name))
        section.fail("kind", "is in a source whose name is not made of letters, digits, _ and -, 100 of them at most");
    if (io::reserved_name(name))
        section.fail("kind", fmt::format("is in a source called '{}', a name that result files use; rename it", name));
    std::vector<std::string> kinds;
    for (const auto& kind : source_kinds()) kinds.emplace_back(kind.name());
    const std::string wanted = section.text("kind");
    for (const auto& kind : source_kinds()) {
        if (kind.name() != wanted) continue;
        Section own = section.inner("analysis");
        SourcePlan plan = kind.read(section, name);
        plan.name = name;
        plan.kind = wanted;
        for (const Unit& unit : plan.units)
            if (law_kind(unit.law) != LawKind::none && law_kind(unit.law) != kind.law)
                throw std::logic_error(fmt::format("'{}' has a law that its source's row does not name", unit.name));
        plan.chain = read_chain(own, chain);
        own.finish();
        section.finish();
        return plan;
    }
    section.fail("kind", fmt::format("'{}' is no kind of source{}", wanted, suggestion(wanted, kinds)));
}

}  // namespace

// In the tree the program stands in build/*/bin; installed, beside ../share.
std::vector<fs::path> data_folders(const std::string& name) {
    std::error_code failed;
    const fs::path program = fs::read_symlink("/proc/self/exe", failed);
    std::vector<fs::path> folders;
    std::string variable = "VITRUM_" + name;
    for (char& c : variable) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    if (const char* named = std::getenv(variable.c_str()); named && fs::is_directory(named))
        folders.emplace_back(named);
    if (failed) return folders;
    const fs::path bin = program.parent_path();
    for (const char* relative : {"../share/vitrum", "../../..", "../..", ".."})
        if (const fs::path folder = (bin / relative / name).lexically_normal(); fs::is_directory(folder))
            folders.push_back(folder);
    return folders;
}

fs::path find_named(const fs::path& given, std::vector<ScenarioFile> (*all)(), const std::string& what) {
    if (fs::is_regular_file(given)) return given;
    std::vector<std::string> names;
    for (const auto& known : all()) {
        if (known.name == given.string()) return known.path;
        names.push_back(known.name);
    }
    throw InputError(fmt::format("no {0} '{1}': neither a file nor one that comes with vitrum{2}", what, given.string(),
                                 suggestion(given.stem().string(), names)));
}

std::vector<ScenarioFile> known_scenarios() { return files_with_title(data_folders("scenarios"), "scenario"); }

std::vector<ScenarioFile> files_with_title(const std::vector<fs::path>& folders, const std::string& table) {
    std::vector<ScenarioFile> found;
    for (const auto& folder : folders)
        for (const auto& entry : fs::recursive_directory_iterator(folder)) {
            if (entry.path().extension() != ".toml") continue;
            ScenarioFile file{entry.path().stem().string(), "", entry.path(), false};
            try {
                const auto root = parse_toml_file(entry.path().string());
                Section head(root.contains(table) ? &root.at(table) : nullptr, table, file.path.string());
                file.title = head.text("title", "");
                file.takes_long = head.flag("long", false);
            } catch (const std::exception&) {
                continue;  // a broken file is reported when it is run
            }
            if (std::none_of(found.begin(), found.end(), [&](const auto& f) { return f.name == file.name; }))
                found.push_back(file);
        }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return found;
}

fs::path find_scenario(const fs::path& given) { return find_named(given, known_scenarios, "scenario"); }

Scenario read_scenario(const fs::path& given, const std::vector<std::string>& settings,
                       std::optional<std::uint64_t> seed) {
    const fs::path file = find_scenario(given);
    return scenario_from(parse_toml_file(file.string()), file, settings, seed);
}

Scenario scenario_from(toml::value root, const fs::path& from, const std::vector<std::string>& settings,
                       std::optional<std::uint64_t> seed) {
    Scenario scenario;
    scenario.file = from;
    scenario.name = scenario.file.stem().string();
    if (!root.is_table()) root = toml::table{};
    for (const auto& setting : settings) apply_setting(root, setting);

    const std::string file = scenario.file.string();
    Section whole(&root, "", file);
    Section head = whole.inner("scenario");
    scenario.title = head.text("title", scenario.name);
    scenario.question = head.text("question", "");
    const std::int64_t from_file = head.integer("seed", 1);
    if (from_file < 0) head.fail("seed", fmt::format("is {}; a seed is not negative", from_file));
    scenario.seed = seed.value_or(static_cast<std::uint64_t>(from_file));
    scenario.takes_long = head.flag("long", false);
    head.finish();
    Section chain_section = whole.inner("analysis");
    const analysis::ChainOptions chain = read_chain(chain_section);
    chain_section.finish();
    Section sources = whole.inner("source");
    if (const toml::value* estimate = whole.raw("estimate")) {
        if (!estimate->is_table()) whole.fail("estimate", "is no table; write [estimate.NAME]");
        scenario.estimate = *estimate;
    }
    if (const toml::value* across = whole.raw("across")) {
        if (!across->is_table()) whole.fail("across", "is no table; write [across.NAME]");
        scenario.across_tables = *across;
    }
    whole.finish();

    scenario.resolved = fmt::format("[scenario]\ntitle = {}\nquestion = {}\nseed = {}\n", toml_text(scenario.title),
                                    toml_text(scenario.question), scenario.seed);
    if (scenario.takes_long) scenario.resolved += "long = true\n";
    const toml::value* table = root.contains("source") ? &root.at("source") : nullptr;
    for (const auto& name : names_in_order(table)) {
        Section section = sources.inner(name);
        scenario.sources.push_back(read_source(section, name, chain));
        scenario.resolved += "\n" + section.resolved();
        // The chain with its defaults, as this source uses it.
        Section own(nullptr, "source." + name + ".analysis", file);
        static_cast<void>(read_chain(own, scenario.sources.back().chain));
        scenario.resolved += "\n" + own.resolved();
    }
    const StepTables tables{&scenario.estimate, nullptr, "", file};
    for (const auto& source : scenario.sources) scenario.steps.push_back(read_steps(source, tables));
    check_steps(scenario.sources, scenario.steps, tables);
    scenario.across = read_across(scenario.sources, &scenario.across_tables, nullptr, file);
    for (const auto& name : names_in_order(&scenario.estimate))
        scenario.resolved += fmt::format("\n[estimate.{}]\n", name) + table_text(scenario.estimate.at(name));
    for (const auto& name : names_in_order(&scenario.across_tables))
        scenario.resolved += fmt::format("\n[across.{}]\n", name) + table_text(scenario.across_tables.at(name));
    if (scenario.sources.empty())
        throw InputError(
            fmt::format("{}: no source; add a table such as [source.speckle] with kind = \"speckle\"", file));
    std::vector<std::string> units;
    for (const auto& source : scenario.sources)
        for (const auto& unit : source.units) {
            if (std::find(units.begin(), units.end(), unit.name) != units.end())
                throw InputError(
                    fmt::format("{}: two data sets would be called '{}'; rename a source", file, unit.name));
            units.push_back(unit.name);
        }
    return scenario;
}

}  // namespace vitrum::pipeline
