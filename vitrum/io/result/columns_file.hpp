// A file of tables: groups of equally long columns, texts and curves, in one NXentry with provenance and data hash.
// For results that are tables rather than series; readable from any language.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::io {

class ColumnsWriter {
public:
    // `content` says what the file is: "study". Throws RunError if it cannot be made.
    ColumnsWriter(const std::filesystem::path& file, const std::string& content);
    ~ColumnsWriter();
    ColumnsWriter(const ColumnsWriter&) = delete;
    ColumnsWriter& operator=(const ColumnsWriter&) = delete;

    // Paths are below /entry. Groups are made as they are named.
    void text(const std::string& path, const std::string& value);
    void column(const std::string& path, const std::vector<std::string>& values);
    void column(const std::string& path, const std::vector<double>& values, const std::string& unit = {});
    void column(const std::string& path, const std::vector<std::int64_t>& values);
    void column(const std::string& path, const std::vector<std::uint32_t>& values);
    void column(const std::string& path, const std::vector<std::uint8_t>& values);
    void places(const std::string& group, const std::vector<Abscissa>& places);
    void curve(const std::string& group, const Curve& curve);  // NXdata
    void group(const std::string& path, const std::string& nx_class, const std::string& title = {});
    void default_group(const std::string& path, const std::string& group);
    void provenance(const std::vector<std::pair<std::string, std::string>>& rows);
    // Outside the data hash.
    void measured_time(const std::string& name, const std::vector<double>& seconds);

    // Flushes, closes and stores the data hash. Throws RunError.
    void close();

private:
    void parents(const std::string& path);
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

class ColumnsReader {
public:
    // Throws InputError: no file of Vitrum, or of other content; `wanted` says what would be right.
    ColumnsReader(const std::filesystem::path& file, const std::string& content, const std::string& wanted);
    ~ColumnsReader();
    ColumnsReader(const ColumnsReader&) = delete;
    ColumnsReader& operator=(const ColumnsReader&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const;
    [[nodiscard]] bool has(const std::string& path) const;
    [[nodiscard]] std::string text(const std::string& path) const;
    [[nodiscard]] std::vector<std::string> texts(const std::string& path) const;
    [[nodiscard]] std::vector<double> numbers(const std::string& path) const;
    [[nodiscard]] std::vector<std::int64_t> integers(const std::string& path) const;
    [[nodiscard]] std::vector<Abscissa> places(const std::string& group, std::size_t rows) const;
    [[nodiscard]] std::vector<double> measured_time(const std::string& name) const;  // empty if there is none
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> provenance() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

// What a file of Vitrum holds: "result", "frames", "study"; "" if it is none.
[[nodiscard]] std::string content_of(const std::filesystem::path& file);

}  // namespace vitrum::io
