#include "vitrum/validation/challenge/challenge.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <boost/random/uniform_01.hpp>
#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/quantities/quantity.hpp"
#include "vitrum/pipeline/config/section.hpp"
#include "vitrum/validation/study/study_keys.hpp"

namespace vitrum::validation {

namespace fs = std::filesystem;
using pipeline::Section;

namespace {

// "5 s" -> 5 and "s"; a plain number has no unit.
std::pair<double, std::string> read_end(Section& section, const std::string& key) {
    if (!section.is_text(key)) return {section.number(key), ""};
    const std::string text = section.text(key);
    double value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    std::string unit(end, text.data() + text.size());
    if (failed != std::errc{} || unit.size() < 2 || unit.front() != ' ')
        section.fail(key, fmt::format("is '{}'; write a number, or a number with its unit as \"5 s\"", text));
    return {value, unit.substr(1)};
}

std::vector<DrawnSetting> read_draws(const toml::value& root, const std::string& file) {
    std::vector<DrawnSetting> draws;
    if (!root.contains("draw")) return draws;
    const toml::value& table = root.at("draw");
    if (!table.is_table())
        throw InputError(fmt::format(
            "{}: [draw] is no table; write \"source.NAME.KEY\" = {{ from = \"5 s\", to = \"80 s\" }}", file));
    for (const auto& key : pipeline::names_in_order(&table)) {
        if (!table.at(key).is_table())
            throw InputError(fmt::format("{}:{}: draw.{}: write \"{}\" = {{ from = \"5 s\", to = \"80 s\" }}", file,
                                         table.at(key).location().line(), key, key));
        Section section(&table.at(key), "draw." + key, file);
        DrawnSetting draw;
        draw.key = key;
        std::string unit;
        std::tie(draw.from, draw.unit) = read_end(section, "from");
        std::tie(draw.to, unit) = read_end(section, "to");
        if (unit != draw.unit) section.fail("to", fmt::format("has not the unit of from, '{}'", draw.unit));
        if (!(draw.from < draw.to)) section.fail("to", "is not above from");
        draw.logarithmic = section.choice("scale", {"linear", "log"}, "linear") == "log";
        if (draw.logarithmic && !(draw.from > 0)) section.fail("from", "is not positive; scale = \"log\" wants it so");
        section.finish();
        draws.push_back(std::move(draw));
    }
    return draws;
}

void must_be_quantities(Section& head, const std::string& key, const std::vector<std::string>& names) {
    std::vector<std::string> known;
    for (const auto& q : quantities()) known.emplace_back(q.name);
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (std::find(known.begin(), known.end(), names[i]) == known.end())
            head.fail(key, fmt::format("'{}' is no quantity{}", names[i], suggestion(names[i], known)));
        if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]) !=
            names.begin() + static_cast<std::ptrdiff_t>(i))
            head.fail(key, fmt::format("names '{}' twice", names[i]));
    }
}

void read_head(Section& head, Challenge& c) {
    c.title = head.text("title", c.name);
    c.question = head.text("question", "");
    c.replicates = head.count("replicates", 10);
    c.level = head.number("level", 0.95);
    if (!(c.level > 0) || !(c.level < 1)) head.fail("level", "lies between 0 and 1, as in 0.95");
    c.most_missing = head.number("most_missing", 0.2);
    if (!(c.most_missing >= 0) || !(c.most_missing < 1)) head.fail("most_missing", "is a share from 0 to below 1");
    c.places = head.flag("places", true);
    c.curves = head.choice("form", {"frames", "curves"}, "frames") == "curves";
    if (c.curves && head.has("traces"))
        head.fail("traces", "stand in files of frames; with form = \"curves\" there are none");
    if (head.has("traces")) c.traces = head.texts("traces");
    if (!head.has("quantities")) head.fail("quantities", "is missing: what is asked for, as in [\"tau\", \"beta\"]");
    c.quantities = head.texts("quantities");
    if (c.quantities.empty()) head.fail("quantities", "is an empty list");
    must_be_quantities(head, "quantities", c.quantities);
    if (head.has("relative")) c.relative = head.texts("relative");
    must_be_quantities(head, "relative", c.relative);
    for (const auto& q : c.relative)
        if (std::find(c.quantities.begin(), c.quantities.end(), q) == c.quantities.end())
            head.fail("relative", fmt::format("'{}' is not among the quantities{}", q, suggestion(q, c.quantities)));
}

// Every setting, and both ends of what is drawn.
void check_scenarios(const Challenge& c) {
    for (const auto& cell : c.cells)
        for (const double u : {0.0, 1.0}) {
            auto settings = cell.settings;
            for (const auto& draw : c.draws) settings.emplace_back(draw.key, draw.at(u));
            try {
                static_cast<void>(c.scenario(settings));
            } catch (const InputError& e) {
                throw InputError(settings.empty() ? std::string(e.what())
                                                  : fmt::format("{} (with {})", e.what(), label_of(settings)));
            }
            if (c.draws.empty()) break;
        }
}

}  // namespace

std::string DrawnSetting::at(double u) const {
    double value = logarithmic ? from * std::pow(to / from, u) : from + (to - from) * u;
    value = std::clamp(value, from, to);
    return unit.empty() ? pipeline::toml_number(value) : pipeline::toml_text(fmt::format("{} {}", value, unit));
}

std::vector<std::pair<std::string, std::string>> Challenge::settings(std::size_t cell, const StreamKey& key) const {
    auto all = cells.at(cell).settings;
    Stream stream(key, of_challenge, 0);
    for (const auto& draw : draws) all.emplace_back(draw.key, draw.at(boost::random::uniform_01<double>()(stream)));
    return all;
}

pipeline::Scenario Challenge::scenario(const std::vector<std::pair<std::string, std::string>>& settings) const {
    auto words = common;
    for (const auto& [key, value] : settings) words.push_back(key + "=" + value);
    return pipeline::scenario_from(tables, file, words, 0);
}

Challenge read_challenge(const fs::path& path) {
    const std::string file = path.string();
    const toml::value root = pipeline::parse_toml_file(file);
    for (const auto& [key, value] : root.as_table()) {
        const std::vector<std::string> known{"challenge", "set",      "grid",     "cells",
                                             "draw",      "scenario", "analysis", "source"};
        if (std::find(known.begin(), known.end(), key) == known.end())
            throw InputError(fmt::format("{}:{}: [{}] is unknown in a challenge{}", file, value.location().line(), key,
                                         suggestion(key, known)));
    }
    Challenge c;
    c.file = path;
    c.name = path.stem().string();
    if (!root.contains("challenge"))
        throw InputError(fmt::format("{}: no table [challenge] with quantities = [\"tau\"]; is it a scenario?", file));
    Section head(&root.at("challenge"), "challenge", file);
    read_head(head, c);
    const std::string named = head.text("scenario", "");
    c.tables = scenario_tables(root, named, path, head, "challenge");
    head.finish();
    c.cells = read_cells(root, file);
    c.draws = read_draws(root, file);
    if (root.contains("set"))
        for (const auto& [key, value] : settings_of(root.at("set"), file + ": [set]"))
            c.common.push_back(key + "=" + value);
    for (const auto& draw : c.draws)
        for (const auto& cell : c.cells)
            for (const auto& [key, value] : cell.settings)
                if (key == draw.key)
                    throw InputError(fmt::format("{}: '{}' stands both in [draw] and in [grid] or cells", file, key));
    check_scenarios(c);
    toml::value whole = root;
    if (!named.empty())
        for (const auto& [key, value] : c.tables.as_table()) whole.as_table()[key] = value;
    c.input = pipeline::toml_document(whole);
    return c;
}

}  // namespace vitrum::validation
