// One table of a TOML scenario while it is read: typed values with units, defaults, unknown keys named with the
// nearest right one, and the resolved text (defaults filled in) as it goes along.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <toml.hpp>

#include "vitrum/core/units.hpp"

namespace vitrum::pipeline {

class Section {
public:
    // `name` as it stands in brackets, "source.speckle"; an absent table reads as empty.
    Section(const toml::value* table, std::string name, std::string file);

    [[nodiscard]] bool has(const std::string& key) const;

    // With a default the key may be missing; without, its absence is an InputError.
    double quantity(const std::string& key, Dimension dimension, std::optional<double> fallback = std::nullopt);
    std::vector<double> quantities(const std::string& key, Dimension dimension,
                                   const std::optional<std::vector<double>>& fallback = std::nullopt);
    double number(const std::string& key, std::optional<double> fallback = std::nullopt);
    std::vector<double> numbers(const std::string& key,
                                const std::optional<std::vector<double>>& fallback = std::nullopt);
    std::int64_t integer(const std::string& key, std::optional<std::int64_t> fallback = std::nullopt);
    bool flag(const std::string& key, bool fallback);
    // A whole number of at least 1.
    std::size_t count(const std::string& key, std::size_t fallback);
    std::string text(const std::string& key, const std::optional<std::string>& fallback = std::nullopt);
    std::string choice(const std::string& key, const std::vector<std::string>& choices, std::string fallback);
    [[nodiscard]] bool is_text(const std::string& key) const;  // the key is there and its value is text
    std::vector<std::string> texts(const std::string& key);
    const toml::value* raw(const std::string& key) { return find(key); }  // null if absent; not recorded
    // Keys without a default: absent gives nullopt and leaves no trace in the resolved text.
    std::optional<double> optional_number(const std::string& key);
    // A lag: an integer or float is a number of frames, text is a time. {value, in frames}; nullopt if absent.
    std::optional<std::pair<double, bool>> lag(const std::string& key);

    // A table inside this one: [source.cuzr.analysis].
    Section inner(const std::string& key);
    // The tables of a list: shapes = [{ ... }, { ... }]; empty if the key is absent.
    std::vector<Section> tables(const std::string& key);
    // As tables(), each completed by the keys of this section that `common` takes; these count as known here, so that
    // each table's finish() must be called.
    std::vector<Section> completed_tables(const std::string& key,
                                          const std::function<bool(const Section&, const std::string&)>& common);

    // Throws InputError at the first key that nobody asked for.
    void finish() const;

    // Runs `check` and puts file, line and section before its InputError.
    template <class Check>
    void guard(Check&& check) const {
        guarded(std::forward<Check>(check));
    }

    // "[source.speckle]\nkind = "speckle"\n..." and inner sections.
    [[nodiscard]] std::string resolved() const;
    [[nodiscard]] std::string resolved_inline() const;  // "{ shape = "disc", row = 3.0 }"
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const std::string& file() const { return file_; }
    // "file:12: source.speckle.tau", for messages.
    [[nodiscard]] std::string where(const std::string& key) const;
    [[noreturn]] void fail(const std::string& key, const std::string& what) const;
    void record(const std::string& key, const std::string& toml_literal);
    void adopt(const Section& other) { lines_.insert(lines_.end(), other.lines_.begin(), other.lines_.end()); }

private:
    const toml::value* find(const std::string& key);
    const toml::value& need(const std::string& key);
    [[noreturn]] void missing(const std::string& key, const std::string& form) const;
    void guarded(const std::function<void()>& check) const;
    const toml::value* table_;
    std::shared_ptr<const toml::value> owned_;  // of a completed table
    std::string name_;
    std::string file_;
    std::vector<std::string> known_;
    std::vector<std::string> lines_;
};

// Quotes and escapes a TOML string.
[[nodiscard]] std::string toml_text(std::string_view text);
[[nodiscard]] std::string toml_number(double value);

// The value as it is written in TOML, on one line.
[[nodiscard]] std::string toml_literal(const toml::value& value);
// A whole document: tables in the order of the file. The same value gives the same text.
[[nodiscard]] std::string toml_document(const toml::value& root);
// Keys of a table in the order of the file; those added by --set come last. Null or no table: none.
[[nodiscard]] std::vector<std::string> names_in_order(const toml::value* table);

// Parses a file or text; throws InputError with file and line on a syntax error.
[[nodiscard]] toml::value parse_toml_file(const std::string& path);
[[nodiscard]] toml::value parse_toml_text(const std::string& text, const std::string& called);

// Applies "source.name.key=VALUE" (a TOML value; bare text counts as a string). Throws InputError on a bad form.
void apply_setting(toml::value& root, const std::string& setting);

}  // namespace vitrum::pipeline
