#include "vitrum/pipeline/config/section.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/printable.hpp"
#include "vitrum/io/text/input_file.hpp"
#include "vitrum/io/text/text_encoding.hpp"

namespace vitrum::pipeline {

namespace {

std::string type_of(const toml::value& v) {
    switch (v.type()) {
        case toml::value_t::boolean: return "true/false";
        case toml::value_t::integer: return fmt::format("the integer {}", v.as_integer());
        case toml::value_t::floating: return fmt::format("the number {}", v.as_floating());
        case toml::value_t::string: return fmt::format("the text \"{}\"", v.as_string().str);
        case toml::value_t::array: return "a list";
        case toml::value_t::table: return "a table";
        default: return "a date or time";
    }
}

}  // namespace

std::string toml_text(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (c == '\n')
            out += "\\n";
        else
            out += c;
    }
    return out + "\"";
}

std::string toml_number(double value) {
    if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
    std::string text = fmt::format("{}", value);
    if (text.find_first_of(".en") == std::string::npos) text += ".0";
    return text;
}

Section::Section(const toml::value* table, std::string name, std::string file)
    : table_(table), name_(std::move(name)), file_(std::move(file)) {
    if (table_ && !table_->is_table())
        throw InputError(
            fmt::format("{}:{}: '{}' must be a table: [{}]", file_, table_->location().line(), name_, name_));
}

bool Section::has(const std::string& key) const { return table_ && table_->contains(key); }

const toml::value* Section::find(const std::string& key) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.push_back(key);
    return has(key) ? &table_->at(key) : nullptr;
}

std::string Section::where(const std::string& key) const {
    const std::string full = name_.empty() ? key : name_ + "." + key;
    const toml::value* at = has(key) ? &table_->at(key) : table_;
    if (!at) return fmt::format("{}: {}", file_, full);
    const auto location = at->location();
    if (location.file_name().rfind("--set", 0) == 0) return location.file_name();
    return fmt::format("{}:{}: {}", file_, location.line(), full);
}

void Section::fail(const std::string& key, const std::string& what) const {
    throw InputError(where(key) + ": " + what);
}

void Section::missing(const std::string& key, const std::string& form) const {
    // A key nobody knows that is nearly this one is what the user meant.
    if (table_)
        for (const auto& [other, value] : table_->as_table())
            if (std::find(known_.begin(), known_.end(), other) == known_.end() && !nearest(other, {key}).empty())
                throw InputError(
                    fmt::format("{}: unknown key '{}' in [{}]; did you mean '{}'?", where(other), other, name_, key));
    fail(key, "is missing" + form);
}

void Section::record(const std::string& key, const std::string& literal) { lines_.push_back(key + " = " + literal); }

const toml::value& Section::need(const std::string& key) {
    const toml::value* v = find(key);
    if (!v) missing(key, "");
    return *v;
}

double Section::quantity(const std::string& key, Dimension dimension, std::optional<double> fallback) {
    const toml::value* v = find(key);
    if (!v && !fallback) missing(key, fmt::format("; give it as \"{}\"", example(dimension)));
    double value = fallback.value_or(0);
    if (v) {
        if (!v->is_string())
            fail(key,
                 fmt::format("is {}; a value with its unit is text, as in \"{}\"", type_of(*v), example(dimension)));
        value = parse_with_unit(v->as_string().str, dimension, where(key));
    }
    record(key, toml_text(with_unit(value, dimension)));
    return value;
}

std::vector<double> Section::quantities(const std::string& key, Dimension dimension,
                                        const std::optional<std::vector<double>>& fallback) {
    const toml::value* v = find(key);
    std::vector<double> values;
    if (!v) {
        if (!fallback) missing(key, fmt::format("; give a list such as [\"{}\"]", example(dimension)));
        values = *fallback;
    } else {
        if (!v->is_array())
            fail(key, fmt::format("is {}; a list is wanted, as in [\"{}\"]", type_of(*v), example(dimension)));
        for (const auto& item : v->as_array()) {
            if (!item.is_string())
                fail(key, fmt::format("holds {}; values with units are text, as in [\"{}\"]", type_of(item),
                                      example(dimension)));
            values.push_back(parse_with_unit(item.as_string().str, dimension, where(key)));
        }
        if (values.empty()) fail(key, "is an empty list");
    }
    std::vector<std::string> texts;
    for (const double x : values) texts.push_back(toml_text(with_unit(x, dimension)));
    record(key, fmt::format("[{}]", fmt::join(texts, ", ")));
    return values;
}

double Section::number(const std::string& key, std::optional<double> fallback) {
    const toml::value* v = fallback ? find(key) : &need(key);
    double value = fallback.value_or(0);
    if (v) {
        if (v->is_floating())
            value = v->as_floating();
        else if (v->is_integer())
            value = static_cast<double>(v->as_integer());
        else
            fail(key, fmt::format("is {}; a plain number is wanted", type_of(*v)));
        if (!std::isfinite(value)) fail(key, "is not finite; a plain number is wanted");
    }
    record(key, toml_number(value));
    return value;
}

std::vector<double> Section::numbers(const std::string& key, const std::optional<std::vector<double>>& fallback) {
    const toml::value* v = fallback ? find(key) : &need(key);
    std::vector<double> values = fallback.value_or(std::vector<double>{});
    if (v) {
        if (!v->is_array())
            fail(key, fmt::format("is {}; a list of plain numbers is wanted, as in [0.5, 0.3]", type_of(*v)));
        values.clear();
        for (const auto& item : v->as_array()) {
            if (!item.is_floating() && !item.is_integer())
                fail(key, fmt::format("holds {}; plain numbers are wanted, as in [0.5, 0.3]", type_of(item)));
            values.push_back(item.is_floating() ? item.as_floating() : static_cast<double>(item.as_integer()));
        }
    }
    std::vector<std::string> texts;
    for (const double x : values) texts.push_back(toml_number(x));
    record(key, fmt::format("[{}]", fmt::join(texts, ", ")));
    return values;
}

std::optional<double> Section::optional_number(const std::string& key) {
    if (!find(key)) return std::nullopt;
    return number(key);
}

std::size_t Section::count(const std::string& key, std::size_t fallback) {
    const std::int64_t value = integer(key, static_cast<std::int64_t>(fallback));
    if (value <= 0) fail(key, fmt::format("is {}; at least 1 is wanted", value));
    return static_cast<std::size_t>(value);
}

std::int64_t Section::integer(const std::string& key, std::optional<std::int64_t> fallback) {
    const toml::value* v = fallback ? find(key) : &need(key);
    std::int64_t value = fallback.value_or(0);
    if (v) {
        if (!v->is_integer()) fail(key, fmt::format("is {}; a whole number is wanted", type_of(*v)));
        value = v->as_integer();
    }
    record(key, fmt::format("{}", value));
    return value;
}

bool Section::flag(const std::string& key, bool fallback) {
    const toml::value* v = find(key);
    if (v && !v->is_boolean()) fail(key, fmt::format("is {}; true or false is wanted", type_of(*v)));
    const bool value = v ? v->as_boolean() : fallback;
    record(key, value ? "true" : "false");
    return value;
}

std::string Section::text(const std::string& key, const std::optional<std::string>& fallback) {
    const toml::value* v = fallback ? find(key) : &need(key);
    std::string value = fallback.value_or("");
    if (v) {
        if (!v->is_string()) fail(key, fmt::format("is {}; text in quotes is wanted", type_of(*v)));
        value = v->as_string().str;
    }
    record(key, toml_text(value));
    return value;
}

std::string Section::choice(const std::string& key, const std::vector<std::string>& choices, std::string fallback) {
    std::string value = text(key, std::move(fallback));
    if (std::find(choices.begin(), choices.end(), value) == choices.end())
        fail(key, fmt::format("is \"{}\"{}", value, suggestion(value, choices)));
    return value;
}

std::optional<std::pair<double, bool>> Section::lag(const std::string& key) {
    const toml::value* v = find(key);
    if (!v) return std::nullopt;
    if (v->is_integer() || v->is_floating()) {
        const double frames = v->is_integer() ? static_cast<double>(v->as_integer()) : v->as_floating();
        if (!(frames >= 0) || !std::isfinite(frames)) fail(key, fmt::format("is {}; a lag is not negative", frames));
        record(key, v->is_integer() ? fmt::format("{}", v->as_integer()) : toml_number(frames));
        return std::pair{frames, true};
    }
    const double time = quantity(key, Dimension::time);
    if (time < 0) fail(key, "is negative; a lag is not");
    return std::pair{time, false};
}

Section Section::inner(const std::string& key) {
    const toml::value* v = find(key);
    return {v, name_.empty() ? key : name_ + "." + key, file_};
}

void Section::finish() const {
    if (!table_) return;
    for (const auto& [key, value] : table_->as_table())
        if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
            const auto at = where(key);
            const auto hint = suggestion(key, known_);
            if (name_.empty()) throw InputError(fmt::format("{}: unknown section or key{}", at, hint));
            throw InputError(fmt::format("{}: unknown key '{}' in [{}]{}", at, key, name_, hint));
        }
}

void Section::guarded(const std::function<void()>& check) const {
    try {
        check();
    } catch (const InputError& e) {
        const std::string message = e.what();
        // A message that begins with a key of this section gets that key's place.
        const std::string key = message.substr(0, message.find_first_of(" =:"));
        if (has(key)) {
            const std::string at = where(key);
            throw InputError(at.substr(0, at.rfind(": ") == std::string::npos ? at.size() : at.rfind(": ")) + ": " +
                             message);
        }
        throw InputError(fmt::format("{}: [{}]: {}", file_, name_, message));
    }
}

std::string Section::resolved() const {
    std::string text = name_.empty() ? "" : fmt::format("[{}]\n", name_);
    for (const auto& line : lines_) text += line + "\n";
    return text;
}

namespace {

// On a text in quotes that is no UTF-8 the parser reads beyond its buffer.
void expect_utf8(const std::string& text, const std::string& called) {
    const std::size_t at = first_not_utf8(text);
    if (at == std::string_view::npos) return;
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    throw InputError(fmt::format("{}:{}: not valid TOML: byte {:#04x} is no UTF-8", called, line,
                                 static_cast<unsigned>(static_cast<unsigned char>(text[at]))));
}

// The parser calls itself for every list and table within another: how deep they go is counted before.
void expect_shallow(const std::string& text, const std::string& called) {
    constexpr int deepest = 64;
    constexpr std::size_t longest = 16000000;
    if (text.size() > longest)
        throw InputError(fmt::format("{}: has {} bytes; a scenario has at most {}", called, text.size(), longest));
    int depth = 0;
    int dots = 0;  // of the key or header at hand
    std::size_t line = 1;
    const auto too_deep = [&](const char* what) {
        throw InputError(fmt::format("{}:{}: not valid TOML: {} more than {} deep", called, line, what, deepest));
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\n') ++line;
        if (c == '\n' || c == '=' || c == ',') dots = 0;
        if (c == '.' && ++dots > deepest) too_deep("a key goes");
        if ((c == '[' || c == '{') && ++depth > deepest) too_deep("lists and tables stand in each other");
        if ((c == ']' || c == '}') && depth > 0) --depth;
        if (c == '#') i = std::min(text.find('\n', i), text.size()) - 1;
        if (c != '"' && c != '\'') continue;
        // A text, of one line or, after three quotes, of many; a backslash takes the next sign with it in "..." alone.
        const bool many = text.compare(i, 3, std::string(3, c)) == 0;
        for (i += many ? 3 : 1; i < text.size(); ++i) {
            if (text[i] == '\n' && !many) {  // not closed: the parser says so
                --i;
                break;
            }
            if (text[i] == '\n') ++line;
            if (text[i] == '\\' && c == '"') {
                if (i + 1 < text.size() && text[i + 1] == '\n') ++line;
                ++i;
            } else if (text[i] == c && (!many || text.compare(i, 3, std::string(3, c)) == 0)) {
                if (many) i += 2;
                break;
            }
        }
    }
}

}  // namespace

toml::value parse_toml_text(const std::string& text, const std::string& called) {
    expect_utf8(text, called);
    expect_shallow(text, called);
    std::istringstream stream(text);
    try {
        return toml::parse(stream, called);
    } catch (const toml::syntax_error& e) {
        std::string first = e.what();
        first = first.substr(0, first.find('\n'));
        if (const auto bracket = first.find("[error] "); bracket != std::string::npos)
            first = first.substr(bracket + 8);
        throw InputError(fmt::format("{}:{}: not valid TOML: {}", called, e.location().line(), first));
    } catch (const std::exception& e) {
        std::string first = e.what();
        throw InputError(fmt::format("{}: not valid TOML: {}", called, first.substr(0, first.find('\n'))));
    }
}

toml::value parse_toml_file(const std::string& path) {
    io::expect_input_file(path);
    return parse_toml_text(io::read_text_file(path), path);
}

void apply_setting(toml::value& root, const std::string& setting) {
    const auto equals = setting.find('=');
    if (equals == std::string::npos || equals == 0)
        throw InputError(
            fmt::format("--set {}: write it as KEY=VALUE, for instance source.speckle.tau=\"20 s\"", setting));
    const std::string called = "--set " + setting;
    const std::string literal = setting.substr(equals + 1);
    toml::value holder;
    try {
        holder = parse_toml_text("value = " + literal + "\n", called);
    } catch (const InputError&) {
        // The shell took the quotes: 20 s is meant as "20 s".
        holder = parse_toml_text("value = " + toml_text(literal) + "\n", called);
    }
    toml::value* at = &root;
    std::string rest = setting.substr(0, equals);
    for (auto dot = rest.find('.'); dot != std::string::npos; dot = rest.find('.')) {
        const std::string head = rest.substr(0, dot);
        rest = rest.substr(dot + 1);
        auto& table = at->as_table();
        if (!table.count(head)) table[head] = toml::table{};
        at = &table[head];
        if (!at->is_table()) throw InputError(fmt::format("{}: '{}' is not a table", called, head));
    }
    at->as_table()[rest] = holder.at("value");
}

}  // namespace vitrum::pipeline
