#include "vitrum/validation/study/study_keys.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/quantities/quantity.hpp"
#include "vitrum/pipeline/config/section.hpp"
#include "vitrum/pipeline/config/tables.hpp"

namespace vitrum::validation {

namespace {

using pipeline::Section;
using Settings = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t most_cells = 10000;

// "5 %" of the truth, "0.2 sd" of the estimator's spread, or a number in the quantity's unit.
std::optional<Margin> read_margin(Section& section, const std::string& key) {
    if (!section.has(key)) return std::nullopt;
    if (!section.is_text(key)) return Margin{section.number(key), Margin::Of::unit};
    const std::string text = section.text(key);
    Margin margin;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), margin.value);
    const std::string rest(end, text.data() + text.size());
    if (failed == std::errc{} && rest == " %") {
        margin.value /= 100;
        margin.of = Margin::Of::truth;
    } else if (failed == std::errc{} && rest == " sd") {
        margin.of = Margin::Of::spread;
    } else {
        section.fail(key, fmt::format("is '{}'; write a number in the quantity's unit, \"5 %\" of the truth, or "
                                      "\"0.2 sd\" of the spread",
                                      text));
    }
    return margin;
}

void must_be_positive(Section& section, const std::string& key, const std::optional<Margin>& margin) {
    if (margin && !(margin->value > 0)) section.fail(key, "is not positive");
}

std::optional<std::pair<double, double>> read_range(Section& section, const std::string& key) {
    if (!section.has(key)) return std::nullopt;
    const auto ends = section.numbers(key);
    if (ends.size() != 2 || !(ends[0] >= 0) || !(ends[0] < ends[1]) || !(ends[1] <= 1))
        section.fail(key, "wants two shares, lower and upper, as in [0.93, 0.97]");
    return std::pair{ends[0], ends[1]};
}

Judge read_judge(Section& section, const std::string& quantity, const std::string& file) {
    Judge j;
    j.quantity = quantity;
    std::vector<std::string> names;
    for (const auto& q : quantities()) names.emplace_back(q.name);
    if (std::find(names.begin(), names.end(), quantity) == names.end())
        throw InputError(fmt::format("{}: [{}]: '{}' is no quantity{}", file, section.name(), quantity,
                                     suggestion(quantity, names)));
    if (section.has("series")) j.series = section.texts("series");
    if (section.has("lags")) {
        if (quantity != "g2" && quantity != "g2_population")
            section.fail("lags", "belongs to g2 and g2_population alone");
        for (const double lag : section.numbers("lags")) {
            if (!(lag >= 1) || lag != std::floor(lag)) section.fail("lags", "are whole numbers of frames from 1 on");
            j.lags.push_back(static_cast<std::size_t>(lag));
        }
    }
    if ((quantity == "g2" || quantity == "g2_population") && j.lags.empty())
        section.fail("lags", "is missing: the lags in frames at which g2 is judged, as in [1, 15, 200]");
    j.bias = read_margin(section, "bias");
    must_be_positive(section, "bias", j.bias);
    j.coverage = read_range(section, "coverage");
    if (section.has("failures")) {
        j.failures = section.number("failures");
        if (!(*j.failures > 0) || !(*j.failures < 1)) section.fail("failures", "is a share between 0 and 1");
    }
    j.rejections = read_range(section, "rejections");
    if (section.has("threshold")) {
        j.threshold = section.number("threshold");
        if (!j.rejections) section.fail("threshold", "has no rejections = [LOWER, UPPER] beside it");
        if (!(j.threshold > 0) || !(j.threshold < 1)) section.fail("threshold", "lies between 0 and 1");
    }
    j.at_bound_counts = section.choice("at_bound", {"failure", "estimate"}, "failure") == "estimate";
    j.mcse_bias = read_margin(section, "mcse_bias");
    must_be_positive(section, "mcse_bias", j.mcse_bias);
    if (section.has("mcse_coverage")) {
        j.mcse_coverage = section.number("mcse_coverage");
        if (!(*j.mcse_coverage > 0)) section.fail("mcse_coverage", "is not positive");
    }
    section.finish();
    return j;
}

std::string bare(const std::string& value) {
    std::string text = value;
    std::erase(text, '"');
    return text;
}

}  // namespace

Settings settings_of(const toml::value& table, const std::string& where) {
    if (!table.is_table())
        throw InputError(
            fmt::format("{}: is no table of settings such as {{ \"source.speckle.tau\" = \"10 s\" }}", where));
    Settings settings;
    for (const auto& [key, value] : table.as_table()) settings.emplace_back(key, pipeline::toml_literal(value));
    std::sort(settings.begin(), settings.end());
    return settings;
}

bool matches(const Cell& cell, const Settings& settings) {
    return std::all_of(settings.begin(), settings.end(), [&](const auto& s) {
        return std::find(cell.settings.begin(), cell.settings.end(), s) != cell.settings.end();
    });
}

std::string label_of(const Settings& settings) {
    std::string label;
    for (const auto& [key, value] : settings) {
        const auto dot = key.rfind('.');
        label += fmt::format("{}{} = {}", label.empty() ? "" : ", ",
                             dot == std::string::npos ? key : key.substr(dot + 1), bare(value));
    }
    return label.empty() ? "as it stands" : label;
}

double number_in(const std::string& value) {
    const std::string text = bare(value);
    double number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failed == std::errc{} ? number : not_a_number;
}

toml::value scenario_tables(const toml::value& root, const std::string& named, const std::filesystem::path& file,
                            Section& head, const std::string& what) {
    toml::value tables = toml::table{};
    if (!named.empty()) {
        if (root.contains("source"))
            head.fail("scenario",
                      fmt::format("is named while the {} has tables [source.*] of its own; one of both", what));
        const std::filesystem::path beside = file.parent_path() / named;
        tables = pipeline::parse_toml_file(
            pipeline::find_scenario(std::filesystem::is_regular_file(beside) ? beside : std::filesystem::path(named))
                .string());
        // Estimates that the study asks for stand beside those of the scenario.
        for (const char* name : {"estimate", "across"})
            if (root.contains(name)) {
                if (!tables.contains(name)) tables.as_table()[name] = toml::table{};
                pipeline::overlay(tables.as_table()[name], &root.at(name), fmt::format("{}: {}", file.string(), name));
            }
        return tables;
    }
    for (const char* name : {"scenario", "analysis", "source", "estimate", "across"})
        if (root.contains(name)) tables.as_table()[name] = root.at(name);
    if (!root.contains("source"))
        head.fail("scenario", fmt::format("is missing: name a scenario, or add its tables [source.*] to the {}", what));
    return tables;
}

std::vector<Cell> read_cells(const toml::value& root, const std::string& file) {
    std::vector<Cell> cells{Cell{}};
    const bool listed = root.contains("cells");
    if (root.contains("grid")) {
        const toml::value& grid = root.at("grid");
        if (!grid.is_table())
            throw InputError(fmt::format("{}: [grid] is no table; write \"source.NAME.KEY\" = [VALUE, VALUE]", file));
        for (const auto& key : pipeline::names_in_order(&grid)) {
            const toml::value& values = grid.at(key);
            if (!values.is_array() || values.as_array().empty())
                throw InputError(fmt::format("{}:{}: grid.{}: is no list of values; write \"{}\" = [VALUE, VALUE]",
                                             file, values.location().line(), key, key));
            std::vector<Cell> more;
            for (const auto& cell : cells)
                for (const auto& value : values.as_array()) {
                    more.push_back(cell);
                    more.back().settings.emplace_back(key, pipeline::toml_literal(value));
                }
            cells = std::move(more);
            if (cells.size() > most_cells)
                throw InputError(fmt::format("{}: [grid] has more than {} cells", file, most_cells));
        }
    } else if (listed) {
        cells.clear();
    }
    if (listed) {
        if (!root.at("cells").is_array())
            throw InputError(fmt::format("{}: cells is no list of tables; write [[cells]] before each", file));
        for (const auto& table : root.at("cells").as_array()) {
            Cell cell;
            cell.settings = settings_of(table, file + ": cells");
            const auto named = std::find_if(cell.settings.begin(), cell.settings.end(),
                                            [](const auto& s) { return s.first == "label"; });
            if (named != cell.settings.end()) {
                cell.label = bare(named->second);
                cell.settings.erase(named);
            }
            cells.push_back(std::move(cell));
        }
    }
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (cells[i].label.empty()) cells[i].label = label_of(cells[i].settings);
        auto sorted = cells[i].settings;
        std::sort(sorted.begin(), sorted.end());
        for (const auto& [key, value] : sorted) cells[i].identity += key + "=" + value + ";";
        for (std::size_t k = 0; k < i; ++k)
            if (cells[k].identity == cells[i].identity)
                throw InputError(fmt::format("{}: the cell '{}' stands twice", file, cells[i].label));
    }
    return cells;
}

std::vector<Judge> read_judges(const toml::value& root, const std::string& file) {
    std::vector<Judge> judges;
    const toml::value* table = root.contains("judge") ? &root.at("judge") : nullptr;
    for (const auto& quantity : pipeline::names_in_order(table)) {
        Section section(&table->at(quantity), "judge." + quantity, file);
        judges.push_back(read_judge(section, quantity, file));
    }
    if (judges.empty())
        throw InputError(
            fmt::format("{}: nothing to judge; add a table such as [judge.tau] with bias = \"5 %\"", file));
    return judges;
}

}  // namespace vitrum::validation
