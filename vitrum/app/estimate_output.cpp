#include "vitrum/app/estimate_output.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/io/result/columns_file.hpp"
#include "vitrum/io/text/output_path.hpp"

namespace vitrum::app {

namespace fs = std::filesystem;

namespace {

bool is_hdf5_name(const fs::path& path) { return path.extension() == ".h5" || path.extension() == ".hdf5"; }

std::string with_unit(const std::string& name, const std::string& unit) {
    return unit.empty() ? name : fmt::format("{} [{}]", name, unit);
}

template <class Get>
auto column_of(const std::vector<Estimate>& rows, Get&& get) {
    std::vector<std::decay_t<decltype(get(rows.front()))>> values;
    for (const auto& row : rows) values.push_back(get(row));
    return values;
}

void write_hdf5(const fs::path& file, const std::string& title, const Findings& out,
                const std::vector<std::pair<std::string, std::string>>& provenance) {
    io::ColumnsWriter writer(file, "estimates");
    writer.text("title", title);
    const auto& rows = out.estimates;
    writer.column("estimates/quantity", column_of(rows, [](const Estimate& e) { return e.quantity; }));
    writer.column("estimates/unit", column_of(rows, [](const Estimate& e) { return e.unit; }));
    writer.places("estimates", column_of(rows, [](const Estimate& e) { return e.abscissa; }));
    writer.column("estimates/value", column_of(rows, [](const Estimate& e) { return e.value; }));
    writer.column("estimates/standard_error", column_of(rows, [](const Estimate& e) { return e.standard_error; }));
    writer.column("estimates/lower", column_of(rows, [](const Estimate& e) { return e.lower; }));
    writer.column("estimates/upper", column_of(rows, [](const Estimate& e) { return e.upper; }));
    writer.column("estimates/level", column_of(rows, [](const Estimate& e) { return e.level; }));
    writer.column("estimates/status", column_of(rows, [](const Estimate& e) { return std::string(name(e.status)); }));
    writer.column("estimates/note", column_of(rows, [](const Estimate& e) { return e.note; }));
    if (!out.notes.empty()) writer.column("notes", out.notes);
    for (const auto& curve : out.curves) writer.curve("curves/" + curve.name, curve);
    if (!out.curves.empty()) {
        writer.default_group("", "curves");
        writer.default_group("curves", out.curves.front().name);
    }
    writer.provenance(provenance);
    writer.close();
}

// Columns of a table of curves that share x; of one curve alone.
std::string table_of(const std::vector<const Curve*>& curves, bool comment) {
    std::string text = comment ? "# " : "";
    text += with_unit(curves.front()->x_name, curves.front()->x_unit);
    for (const Curve* c : curves) {
        text += ", " + with_unit(c->name, c->y_unit);
        if (!c->y_error.empty()) text += ", " + with_unit(c->name + "_error", c->y_unit);
    }
    text += '\n';
    for (std::size_t i = 0; i < curves.front()->size(); ++i) {
        text += fmt::format("{}", curves.front()->x[i]);
        for (const Curve* c : curves) {
            text += fmt::format(", {}", c->y[i]);
            if (!c->y_error.empty()) text += fmt::format(", {}", c->y_error[i]);
        }
        text += '\n';
    }
    return text;
}

std::string quoted(std::string text) {
    std::replace(text.begin(), text.end(), '"', '\'');
    return '"' + text + '"';
}

// One quantity along one coordinate, as g2 along the lag: columns that estimators read.
bool is_curve(const std::vector<Estimate>& rows) {
    return rows.size() > 1 && std::all_of(rows.begin(), rows.end(), [&](const Estimate& e) {
               return e.quantity == rows.front().quantity && e.abscissa.size() == 1 &&
                      e.abscissa.front().text.empty() &&
                      e.abscissa.front().name == rows.front().abscissa.front().name &&
                      e.abscissa.front().unit == rows.front().abscissa.front().unit;
           });
}

std::string columns_of(const std::vector<Estimate>& rows) {
    const Estimate& first = rows.front();
    const Coordinate& along = first.abscissa.front();
    std::string text =
        fmt::format("{}, {}, {}\n", with_unit(along.name, along.unit), with_unit(first.quantity, first.unit),
                    with_unit(first.quantity + "_error", first.unit));
    for (const auto& e : rows) {
        const bool clean = e.status == Status::ok;
        text += fmt::format("{}, {}, {}\n", e.abscissa.front().value, clean ? e.value : not_a_number,
                            clean ? e.standard_error : not_a_number);
    }
    return text;
}

std::string text_of(const Findings& out) {
    std::string notes;
    for (const auto& note : out.notes) notes += "# " + note + '\n';
    if (out.curves.empty() && is_curve(out.estimates)) return notes + columns_of(out.estimates);
    if (out.curves.empty()) {
        std::string text = notes + "quantity, unit, place, value, standard_error, lower, upper, status, note\n";
        for (const auto& e : out.estimates)
            text += fmt::format("{}, {}, {}, {}, {}, {}, {}, {}, {}\n", e.quantity, quoted(e.unit),
                                quoted(e.abscissa.label()), e.value, e.standard_error, e.lower, e.upper, name(e.status),
                                quoted(e.note));
        return text;
    }
    const Curve& first = out.curves.front();
    const bool shared = std::all_of(out.curves.begin(), out.curves.end(), [&](const Curve& c) {
        return c.x == first.x && c.x_name == first.x_name && c.x_unit == first.x_unit;
    });
    std::vector<const Curve*> all;
    for (const Curve& c : out.curves) all.push_back(&c);
    if (shared) return notes + table_of(all, false);
    std::string text;
    for (const Curve* c : all) text += (text.empty() ? "" : "\n\n") + table_of({c}, true);
    return notes + text;
}

}  // namespace

void check_estimate_output(const fs::path& output) {
    const auto ending = output.extension();
    if (is_hdf5_name(output) || ending == ".csv" || ending == ".txt" || ending == ".dat") return;
    throw InputError(fmt::format("the output '{}' ends in .h5, or in .csv, .txt or .dat for text", output.string()));
}

void write_estimate_output(const fs::path& output, const std::string& title, const Findings& out,
                           const std::vector<std::pair<std::string, std::string>>& provenance) {
    io::write_and_rename(output, [&](const fs::path& file) {
        if (is_hdf5_name(output)) return write_hdf5(file, title, out, provenance);
        std::ofstream text(file);
        text << text_of(out);
        if (!text.flush()) throw RunError(fmt::format("cannot write '{}': {}", output.string(), std::strerror(errno)));
    });
}

}  // namespace vitrum::app
