#include <cstdio>

#include <fmt/format.h>

#include "vitrum/app/commands.hpp"
#include "vitrum/app/json.hpp"
#include "vitrum/app/print.hpp"
#include "vitrum/io/hdf5/data_hash.hpp"
#include "vitrum/pipeline/estimators/estimator.hpp"
#include "vitrum/pipeline/scenario/scenario.hpp"
#include "vitrum/pipeline/sources/sources.hpp"
#include "vitrum/validation/study/study.hpp"

namespace vitrum::app {

int list(const std::string& what, bool json) {
    Json all;
    const auto wanted = [&](const char* group) { return what.empty() || what == group; };
    if (wanted("sources"))
        for (const auto& kind : pipeline::source_kinds())
            all["sources"].push_back({{"name", kind.name()}, {"summary", kind.summary}});
    if (wanted("estimators"))
        for (const auto& kind : pipeline::estimator_kinds())
            all["estimators"].push_back({{"name", kind.name}, {"summary", kind.summary}, {"input", kind.input}});
    if (wanted("across"))
        for (const auto& kind : pipeline::across_kinds())
            all["across"].push_back({{"name", kind.name}, {"summary", kind.summary}});
    const auto add_files = [&](const char* group, const std::vector<pipeline::ScenarioFile>& files) {
        if (!wanted(group)) return;
        all[group] = Json::array();
        for (const auto& file : files)
            all[group].push_back({{"name", file.name}, {"summary", file.title}, {"long", file.takes_long}});
    };
    add_files("scenarios", pipeline::known_scenarios());
    add_files("studies", validation::known_studies());
    if (json) {
        print_json(all);
        return 0;
    }
    for (const auto& [group, rows] : all.items()) {
        print("{}\n", group);
        for (const auto& row : rows) {
            const bool takes_long = row.value("long", false);
            print("  {:<28} {}{}\n", row["name"].get<std::string>(), row["summary"].get<std::string>(),
                  takes_long ? " (long)" : "");
            if (row.contains("input")) print("  {:<28} input: {}\n", "", row["input"].get<std::string>());
        }
    }
    return 0;
}

int check(const std::string& file) {
    const io::CheckedFile checked = io::check_file(file);
    print("file       {}\n", file);
    print("data hash  {}\n", checked.computed);
    constexpr int damaged = 3;
    int status = 0;
    if (checked.stored.empty())
        print("stored     none: the file was not made by vitrum\n");
    else if (checked.stored == checked.computed)
        print("stored     the same: the data are what was written\n");
    else {
        print("stored     {}: DIFFERENT, the data were changed after writing\n", checked.stored);
        status = damaged;
    }
    for (const auto& [key, value] : checked.provenance) print("{:<16} {}\n", key, value);
    if (!checked.scenario.empty()) print("\n{}", checked.scenario);
    return status;
}

}  // namespace vitrum::app
