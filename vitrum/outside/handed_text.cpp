#include "vitrum/outside/handed_text.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"

namespace vitrum::outside {

namespace {

struct Named {
    std::string name;
    std::string unit;
    const std::vector<double>& values;
};

// Nothing that a reader of CSV could take for more than a name.
std::string plain(std::string text) {
    for (char& c : text)
        if (c == ',' || c == ';' || c == '"' || c == '[' || c == ']' || c == '#' || static_cast<unsigned char>(c) < ' ')
            c = '_';
    return text;
}

void write(const std::filesystem::path& file, const std::string& text) {
    std::ofstream out(file, std::ios::binary);
    out << text;
    if (!out.flush()) throw RunError(fmt::format("cannot write '{}': {}", file.string(), std::strerror(errno)));
}

void write_table(const std::filesystem::path& file, const std::vector<Named>& columns) {
    std::string text;
    for (const Named& c : columns) {
        if (c.values.size() != columns.front().values.size())
            throw std::logic_error("columns of different lengths: " + c.name);
        text += fmt::format("{}{}{}", text.empty() ? "" : ",", plain(c.name),
                            c.unit.empty() ? "" : fmt::format(" [{}]", plain(c.unit)));
    }
    text += '\n';
    const std::size_t rows = columns.empty() ? 0 : columns.front().values.size();
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t k = 0; k < columns.size(); ++k)
            fmt::format_to(std::back_inserter(text), "{}{}", columns[k].values[i], k + 1 < columns.size() ? ',' : '\n');
    write(file, text);
}

}  // namespace

void write_curve(const std::filesystem::path& file, const Curve& curve) {
    const std::string y = curve.y_name.empty() ? "y" : curve.y_name;
    std::vector<Named> columns{{curve.x_name.empty() ? "x" : curve.x_name, curve.x_unit, curve.x},
                               {y, curve.y_unit, curve.y}};
    if (!curve.y_error.empty()) columns.push_back({y + "_error", curve.y_unit, curve.y_error});
    if (!curve.weight.empty()) columns.push_back({"pairs", "", curve.weight});
    if (!curve.scatter.empty()) columns.push_back({"scatter", curve.y_unit, curve.scatter});
    write_table(file, columns);
}

void write_covariance_factor(const std::filesystem::path& file, const Curve& curve) {
    const Eigen::MatrixXd& factor = curve.covariance_factor;
    std::string text;
    for (Eigen::Index i = 0; i < factor.rows(); ++i)
        for (Eigen::Index k = 0; k < factor.cols(); ++k)
            fmt::format_to(std::back_inserter(text), "{}{}", factor(i, k), k + 1 < factor.cols() ? ',' : '\n');
    write(file, text);
}

void write_events(const std::filesystem::path& file, const EventCatalogue& events) {
    std::vector<Named> columns;
    if (!events.time.empty()) columns.push_back({"time", "s", events.time});
    columns.push_back({"size", events.unit, events.size});
    if (!events.duration.empty()) columns.push_back({"duration", "s", events.duration});
    write_table(file, columns);
}

void write_columns(const std::filesystem::path& file, const Columns& table) {
    std::vector<Named> columns;
    for (const Column& c : table.columns) columns.push_back({c.name, c.unit, c.values});
    write_table(file, columns);
}

}  // namespace vitrum::outside
