#include "vitrum/validation/challenge/challenge_table.hpp"

#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/io/hdf5/data_hash.hpp"
#include "vitrum/io/hdf5/root_attribute.hpp"
#include "vitrum/io/hdf5/sha256.hpp"
#include "vitrum/io/text/input_file.hpp"
#include "vitrum/validation/challenge/challenge_make.hpp"

namespace vitrum::validation {

namespace fs = std::filesystem;

namespace {

std::string mark() { return fmt::format("# {} ", hash_attribute); }

std::string content_of(const fs::path& file) {
    io::expect_input_file(file);
    std::ifstream in(file, std::ios::binary);
    if (!in) throw InputError(fmt::format("'{}' cannot be read", file.string()));
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

void write(const fs::path& file, const std::string& text) {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << text;
    out.close();
    if (!out) throw RunError(fmt::format("cannot write '{}'", file.string()));
}

bool is_table(const fs::path& file) { return file.extension() == ".csv"; }

}  // namespace

void write_table(const fs::path& file, const std::vector<Column>& columns) {
    std::string text;
    for (std::size_t c = 0; c < columns.size(); ++c)
        text += (c > 0 ? "," : "") + columns[c].name + (columns[c].unit.empty() ? "" : " [" + columns[c].unit + "]");
    text += "\n";
    for (std::size_t row = 0; row < columns.front().values.size(); ++row) {
        for (std::size_t c = 0; c < columns.size(); ++c)
            text += fmt::format("{}{}", c > 0 ? "," : "", columns[c].values.at(row));
        text += "\n";
    }
    write(file, text);
}

std::string table_hash(const fs::path& file) {
    std::istringstream text(content_of(file));
    std::string data;
    for (std::string line; std::getline(text, line);)
        if (!line.starts_with("#")) data += line + "\n";
    return io::sha256(data);
}

void seal_table(const fs::path& file, const std::string& hash) { write(file, mark() + hash + "\n" + content_of(file)); }

std::string seal_of_table(const fs::path& file) {
    std::istringstream text(content_of(file));
    for (std::string line; std::getline(text, line);)
        if (line.starts_with(mark())) return line.substr(mark().size());
    return "";
}

std::string data_hash_of(const fs::path& file) {
    return is_table(file) ? table_hash(file) : io::compute_data_hash(file);
}

std::string seal_of(const fs::path& file) {
    return is_table(file) ? seal_of_table(file) : io::root_attribute(file, hash_attribute);
}

void put_seal(const fs::path& file, const std::string& hash) {
    if (is_table(file))
        seal_table(file, hash);
    else
        io::add_root_attribute(file, hash_attribute, hash);
}

}  // namespace vitrum::validation
