#include "vitrum/io/result/columns_file.hpp"

#include <set>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/io/hdf5/data_hash.hpp"
#include "vitrum/io/hdf5/hdf5.hpp"
#include "vitrum/io/result/tables.hpp"

namespace vitrum::io {

namespace {
const std::string entry = "/entry/";
}

struct ColumnsWriter::Parts {
    std::filesystem::path path;
    WriteFile file;
    std::set<std::string> groups;
};

ColumnsWriter::ColumnsWriter(const std::filesystem::path& path, const std::string& content) {
    const auto lock = hdf5_lock();
    parts_ = std::make_unique<Parts>(Parts{path, WriteFile(path), {}});
    parts_->file.attribute("/", "default", "entry");
    parts_->file.attribute("/", "creator", "vitrum");
    parts_->file.attribute("/", "content", content);
    parts_->file.group("/entry", "NXentry");
}

ColumnsWriter::~ColumnsWriter() {
    const auto lock = hdf5_lock();
    parts_.reset();
}

void ColumnsWriter::parents(const std::string& path) {
    for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
        group(path.substr(0, slash), "NXcollection");
}

void ColumnsWriter::group(const std::string& path, const std::string& nx_class, const std::string& title) {
    const auto lock = hdf5_lock();
    parents(path);
    if (!parts_->groups.insert(path).second) return;
    parts_->file.group(entry + path, nx_class);
    if (!title.empty()) parts_->file.attribute(entry + path, "title", title);
}

void ColumnsWriter::text(const std::string& path, const std::string& value) {
    const auto lock = hdf5_lock();
    parents(path);
    parts_->file.text(entry + path, value);
}

void ColumnsWriter::column(const std::string& path, const std::vector<std::string>& values) {
    const auto lock = hdf5_lock();
    parents(path);
    parts_->file.texts(entry + path, values);
}

void ColumnsWriter::column(const std::string& path, const std::vector<double>& values, const std::string& unit) {
    const auto lock = hdf5_lock();
    parents(path);
    parts_->file.write(entry + path, values, unit);
}

void ColumnsWriter::column(const std::string& path, const std::vector<std::int64_t>& values) {
    const auto lock = hdf5_lock();
    parents(path);
    parts_->file.write(entry + path, values);
}

void ColumnsWriter::column(const std::string& path, const std::vector<std::uint32_t>& values) {
    const auto lock = hdf5_lock();
    parents(path);
    parts_->file.write(entry + path, values);
}

void ColumnsWriter::column(const std::string& path, const std::vector<std::uint8_t>& values) {
    const auto lock = hdf5_lock();
    parents(path);
    parts_->file.write(entry + path, values);
}

void ColumnsWriter::places(const std::string& group_path, const std::vector<Abscissa>& places) {
    const auto lock = hdf5_lock();
    group(group_path, "NXcollection");
    write_abscissa(parts_->file, entry + group_path, places);
}

void ColumnsWriter::curve(const std::string& path, const Curve& curve) {
    const auto lock = hdf5_lock();
    parents(path);
    parts_->groups.insert(path);
    write_curve(parts_->file, entry + path, curve);
}

void ColumnsWriter::default_group(const std::string& path, const std::string& name) {
    const auto lock = hdf5_lock();
    parts_->file.attribute(path.empty() ? "/entry" : entry + path, "default", name);
}

void ColumnsWriter::provenance(const std::vector<std::pair<std::string, std::string>>& rows) {
    for (const auto& [key, value] : rows) text("provenance/" + key, value);
}

void ColumnsWriter::measured_time(const std::string& name, const std::vector<double>& seconds) {
    column("process/" + name, seconds, "s");
}

void ColumnsWriter::close() {
    const auto lock = hdf5_lock();
    parts_->file.close();
    store_data_hash(parts_->path);
}

struct ColumnsReader::Parts {
    ReadFile file;
};

ColumnsReader::ColumnsReader(const std::filesystem::path& path, const std::string& content, const std::string& wanted) {
    const auto lock = hdf5_lock();
    parts_ = std::make_unique<Parts>(Parts{ReadFile(path)});
    if (parts_->file.text_attribute("/", "content").value_or("") != content)
        throw InputError(fmt::format("'{}' is not {}", path.string(), wanted));
}

ColumnsReader::~ColumnsReader() {
    const auto lock = hdf5_lock();
    parts_.reset();
}

const std::filesystem::path& ColumnsReader::path() const { return parts_->file.path(); }

bool ColumnsReader::has(const std::string& path) const {
    const auto lock = hdf5_lock();
    return parts_->file.exists(entry + path);
}

std::string ColumnsReader::text(const std::string& path) const {
    const auto lock = hdf5_lock();
    return parts_->file.text(entry + path);
}

std::vector<std::string> ColumnsReader::texts(const std::string& path) const {
    const auto lock = hdf5_lock();
    return parts_->file.texts(entry + path);
}

std::vector<double> ColumnsReader::numbers(const std::string& path) const {
    const auto lock = hdf5_lock();
    return parts_->file.read<double>(entry + path);
}

std::vector<std::int64_t> ColumnsReader::integers(const std::string& path) const {
    const auto lock = hdf5_lock();
    return parts_->file.read<std::int64_t>(entry + path);
}

std::vector<Abscissa> ColumnsReader::places(const std::string& group, std::size_t rows) const {
    const auto lock = hdf5_lock();
    return read_abscissa(parts_->file, entry + group, rows);
}

std::vector<double> ColumnsReader::measured_time(const std::string& name) const {
    const std::string path = "process/" + name;
    return has(path) ? numbers(path) : std::vector<double>{};
}

std::vector<std::pair<std::string, std::string>> ColumnsReader::provenance() const {
    const auto lock = hdf5_lock();
    std::vector<std::pair<std::string, std::string>> rows;
    for (const auto& key : parts_->file.children("/entry/provenance"))
        rows.emplace_back(key, parts_->file.text("/entry/provenance/" + key));
    return rows;
}

std::string content_of(const std::filesystem::path& path) {
    const auto lock = hdf5_lock();
    const ReadFile file(path);
    return file.text_attribute("/", "content").value_or("");
}

}  // namespace vitrum::io
