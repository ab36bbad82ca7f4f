#include <fmt/format.h>

#include "vitrum/app/commands.hpp"
#include "vitrum/app/json_measures.hpp"
#include "vitrum/app/print.hpp"

namespace vitrum::app {

namespace {

Json as_json(const validation::GroupScore& group) {
    Json by = Json::object();
    for (const auto& [column, value] : group.group) by[column] = value;
    Json methods = Json::array();
    for (const auto& m : group.methods)
        methods.push_back({{"method", m.method},
                           {"rows", m.rows},
                           {"failed", m.failed},
                           {"without_error", m.without_error},
                           {"own_successes", measures_as_json(m.own)},
                           {"common_successes", measures_as_json(m.common)},
                           {"against_reference", measures_as_json(m.against_reference)}});
    return {{"group", by}, {"replicates", group.replicates}, {"common", group.common}, {"methods", methods}};
}

void print_measures(const char* title, const std::vector<validation::Measure>& rows) {
    if (rows.empty()) return;
    print("  {}\n", title);
    for (const auto& m : rows)
        print("    {:<26} {:>12.6g}  MCSE {:<10.3g} [{:.5g}, {:.5g}]  n = {}\n", m.name, m.value, m.mcse, m.lower,
              m.upper, m.replicates);
}

}  // namespace

int score(const std::string& table, const validation::ScoreOptions& options, bool json) {
    const auto groups = validation::score(table, options);
    if (json) {
        Json all = Json::array();
        for (const auto& group : groups) all.push_back(as_json(group));
        print_json({{"file", table}, {"level", options.level}, {"groups", all}});
        return 0;
    }
    for (const auto& group : groups) {
        for (const auto& [column, value] : group.group) print("{} = {}  ", column, value);
        print("{} replicates, {} where every method succeeded\n", group.replicates, group.common);
        for (const auto& m : group.methods) {
            print("{}{} of {} rows failed, {} estimates without an error\n", m.method.empty() ? "" : m.method + ": ",
                  m.failed, m.rows, m.without_error);
            print_measures("on its own successes", m.own);
            print_measures("where every method succeeded", m.common);
            print_measures(fmt::format("against {}", options.reference).c_str(), m.against_reference);
        }
        print("\n");
    }
    return 0;
}

}  // namespace vitrum::app
