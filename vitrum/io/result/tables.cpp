#include "vitrum/io/result/tables.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace vitrum::io {

namespace {

template <class Rows, class Get>
auto column(const Rows& rows, Get&& get) {
    std::vector<std::decay_t<decltype(get(rows.front()))>> values;
    values.reserve(rows.size());
    for (const auto& row : rows) values.push_back(get(row));
    return values;
}

// A table is columns of one length.
void expect_rows(const ReadFile& file, const std::string& group, std::size_t rows,
                 const std::vector<std::string>& columns) {
    for (const auto& column : columns) {
        const auto dims = file.info(column).dims;
        if (dims != Dimensions{rows})
            file.fail(column,
                      fmt::format("has the shape ({}), the table {} has {} rows", fmt::join(dims, ", "), group, rows));
    }
}

// What stands in a group as it was written; what says nothing of its order comes by its name.
std::vector<std::string> in_order(const ReadFile& file, const std::string& group) {
    std::vector<std::pair<std::int64_t, std::string>> all;
    for (auto& child : file.children(group))
        all.emplace_back(file.number_attribute(group + "/" + child, "order").value_or(0), child);
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::string> names;
    for (auto& [order, name] : all) names.push_back(std::move(name));
    return names;
}

// Values of a curve beside its x: as many, or none.
void expect_points(const ReadFile& file, const std::string& path, std::size_t values, std::size_t points) {
    if (values != points) file.fail(path, fmt::format("has {} values, the curve has {} points", values, points));
}

}  // namespace

void write_abscissa(WriteFile& file, const std::string& group, const std::vector<Abscissa>& all) {
    std::size_t most = 0;
    for (const auto& a : all) most = std::max(most, a.size());
    for (std::size_t k = 0; k < most; ++k) {
        const std::string prefix = fmt::format("{}/axis_{}_", group, k + 1);
        const auto at = [k](const Abscissa& a) { return k < a.size() ? a[k] : Coordinate{}; };
        file.texts(prefix + "name", column(all, [&](const Abscissa& a) { return at(a).name; }));
        file.write(prefix + "index", column(all, [&](const Abscissa& a) { return at(a).index; }));
        file.write(prefix + "value", column(all, [&](const Abscissa& a) { return at(a).value; }));
        file.texts(prefix + "unit", column(all, [&](const Abscissa& a) { return at(a).unit; }));
        file.texts(prefix + "text", column(all, [&](const Abscissa& a) { return at(a).text; }));
    }
}

std::vector<Abscissa> read_abscissa(const ReadFile& file, const std::string& group, std::size_t rows) {
    std::vector<Abscissa> all(rows);
    for (std::size_t k = 1;; ++k) {
        const std::string prefix = fmt::format("{}/axis_{}_", group, k);
        if (!file.exists(prefix + "name")) break;
        expect_rows(file, group, rows, {prefix + "name", prefix + "index", prefix + "value", prefix + "unit"});
        const auto names = file.texts(prefix + "name");
        const auto indices = file.read<std::int64_t>(prefix + "index");
        const auto values = file.read<double>(prefix + "value");
        const auto units = file.texts(prefix + "unit");
        std::vector<std::string> texts(rows);
        if (file.exists(prefix + "text")) {
            expect_rows(file, group, rows, {prefix + "text"});
            texts = file.texts(prefix + "text");
        }
        for (std::size_t i = 0; i < rows; ++i) {
            if (names.at(i).empty()) continue;
            all[i].push_back({names[i], indices.at(i), values.at(i), units.at(i), texts.at(i)});
            mend_words(all[i].back());
        }
    }
    return all;
}

void write_estimates(WriteFile& file, const std::string& group, const EstimateRows& rows) {
    file.group(group, "NXcollection");
    using Row = EstimateRows::value_type;
    file.texts(group + "/series", column(rows, [](const Row& r) { return r.first; }));
    file.texts(group + "/quantity", column(rows, [](const Row& r) { return r.second.quantity; }));
    file.texts(group + "/unit", column(rows, [](const Row& r) { return r.second.unit; }));
    write_abscissa(file, group, column(rows, [](const Row& r) { return r.second.abscissa; }));
    file.write(group + "/value", column(rows, [](const Row& r) { return r.second.value; }));
    file.write(group + "/standard_error", column(rows, [](const Row& r) { return r.second.standard_error; }));
    file.write(group + "/lower", column(rows, [](const Row& r) { return r.second.lower; }));
    file.write(group + "/upper", column(rows, [](const Row& r) { return r.second.upper; }));
    file.write(group + "/level", column(rows, [](const Row& r) { return r.second.level; }));
    file.texts(group + "/status", column(rows, [](const Row& r) { return std::string(name(r.second.status)); }));
    file.texts(group + "/note", column(rows, [](const Row& r) { return r.second.note; }));
}

EstimateRows read_estimates(const ReadFile& file, const std::string& group) {
    const auto series = file.texts(group + "/series");
    const auto quantity = file.texts(group + "/quantity");
    const auto unit = file.texts(group + "/unit");
    expect_rows(file, group, series.size(),
                {group + "/quantity", group + "/unit", group + "/value", group + "/standard_error", group + "/lower",
                 group + "/upper", group + "/level", group + "/status", group + "/note"});
    const auto places = read_abscissa(file, group, series.size());
    const auto value = file.read<double>(group + "/value");
    const auto error = file.read<double>(group + "/standard_error");
    const auto lower = file.read<double>(group + "/lower");
    const auto upper = file.read<double>(group + "/upper");
    const auto level = file.read<double>(group + "/level");
    const auto status = file.texts(group + "/status");
    const auto note = file.texts(group + "/note");
    EstimateRows rows;
    for (std::size_t i = 0; i < series.size(); ++i)
        rows.emplace_back(series[i],
                          Estimate{quantity.at(i), unit.at(i), places[i], value.at(i), error.at(i), lower.at(i),
                                   upper.at(i), level.at(i), status_from(status.at(i)), note.at(i)});
    return rows;
}

void write_truth(WriteFile& file, const std::string& group, const TruthRows& rows) {
    file.group(group, "NXcollection");
    using Row = TruthRows::value_type;
    file.texts(group + "/series", column(rows, [](const Row& r) { return r.first; }));
    file.texts(group + "/quantity", column(rows, [](const Row& r) { return r.second.quantity; }));
    file.texts(group + "/unit", column(rows, [](const Row& r) { return r.second.unit; }));
    write_abscissa(file, group, column(rows, [](const Row& r) { return r.second.abscissa; }));
    file.write(group + "/value", column(rows, [](const Row& r) { return r.second.value; }));
    file.texts(group + "/origin", column(rows, [](const Row& r) { return std::string(name(r.second.origin)); }));
    file.texts(group + "/note", column(rows, [](const Row& r) { return r.second.note; }));
}

TruthRows read_truth(const ReadFile& file, const std::string& group) {
    const auto series = file.texts(group + "/series");
    const auto quantity = file.texts(group + "/quantity");
    const auto unit = file.texts(group + "/unit");
    expect_rows(file, group, series.size(),
                {group + "/quantity", group + "/unit", group + "/value", group + "/origin", group + "/note"});
    const auto places = read_abscissa(file, group, series.size());
    const auto value = file.read<double>(group + "/value");
    const auto origin = file.texts(group + "/origin");
    const auto note = file.texts(group + "/note");
    TruthRows rows;
    for (std::size_t i = 0; i < series.size(); ++i)
        rows.emplace_back(series[i], TruthRow{quantity.at(i), unit.at(i), places[i], value.at(i),
                                              origin_from(origin.at(i)), note.at(i)});
    return rows;
}

void write_curve(WriteFile& file, const std::string& group, const Curve& curve) {
    file.group(group, "NXdata");
    file.attribute(group, "signal", "y");
    file.attribute(group, "axes", std::vector<std::string>{"x"});
    file.attribute(group, "title", curve.name);
    file.attribute(group, "error_method", curve.error_method);
    file.write(group + "/x", curve.x, curve.x_unit);
    file.attribute(group + "/x", "long_name",
                   curve.x_unit.empty() ? curve.x_name : curve.x_name + " [" + curve.x_unit + "]");
    file.attribute(group + "/x", "quantity", curve.x_name);
    file.write(group + "/y", curve.y, curve.y_unit);
    file.attribute(group + "/y", "long_name",
                   curve.y_unit.empty() ? curve.y_name : curve.y_name + " [" + curve.y_unit + "]");
    file.attribute(group + "/y", "quantity", curve.y_name);
    if (!curve.y_error.empty()) file.write(group + "/y_errors", curve.y_error, curve.y_unit);
    if (!curve.weight.empty()) file.write(group + "/weight", curve.weight);
    if (!curve.scatter.empty()) file.write(group + "/scatter", curve.scatter, curve.y_unit);
    if (curve.covariance_factor.size() > 0) {
        // Eigen is column-major: its transpose is written as (replicates, points).
        file.write(group + "/covariance_factor", curve.covariance_factor.data(),
                   {static_cast<hsize_t>(curve.covariance_factor.cols()),
                    static_cast<hsize_t>(curve.covariance_factor.rows())});
    }
    if (curve.covariance_factor.size() > 0 || curve.degrees_of_freedom != 0)
        file.scalar(group + "/degrees_of_freedom", curve.degrees_of_freedom);
}

Curve read_curve(const ReadFile& file, const std::string& group) {
    Curve c;
    c.name = file.text_attribute(group, "title").value_or("");
    c.error_method = file.text_attribute(group, "error_method").value_or("");
    c.x_unit = file.text_attribute(group + "/x", "units").value_or("");
    c.y_unit = file.text_attribute(group + "/y", "units").value_or("");
    c.x_name = file.text_attribute(group + "/x", "quantity").value_or("x");
    c.y_name = file.text_attribute(group + "/y", "quantity").value_or("y");
    c.x = file.read<double>(group + "/x");
    c.y = file.read<double>(group + "/y");
    if (file.exists(group + "/y_errors")) c.y_error = file.read<double>(group + "/y_errors");
    if (file.exists(group + "/weight")) c.weight = file.read<double>(group + "/weight");
    if (file.exists(group + "/scatter")) c.scatter = file.read<double>(group + "/scatter");
    expect_points(file, group + "/y", c.y.size(), c.x.size());
    if (!c.y_error.empty()) expect_points(file, group + "/y_errors", c.y_error.size(), c.x.size());
    if (!c.weight.empty()) expect_points(file, group + "/weight", c.weight.size(), c.x.size());
    if (!c.scatter.empty()) expect_points(file, group + "/scatter", c.scatter.size(), c.x.size());
    if (file.exists(group + "/covariance_factor")) {
        const auto dims = file.info(group + "/covariance_factor").dims;
        if (dims.size() != 2 || dims[1] != c.x.size())
            file.fail(group + "/covariance_factor",
                      fmt::format("has the shape ({}), the curve has {} points", fmt::join(dims, ", "), c.x.size()));
        const auto values = file.read<double>(group + "/covariance_factor");
        c.covariance_factor = Eigen::Map<const Eigen::MatrixXd>(values.data(), static_cast<Eigen::Index>(dims.at(1)),
                                                                static_cast<Eigen::Index>(dims.at(0)));
    }
    if (file.exists(group + "/degrees_of_freedom"))
        c.degrees_of_freedom = file.scalar<double>(group + "/degrees_of_freedom");
    return c;
}

void write_curves(WriteFile& file, const std::string& group, const std::vector<Curve>& curves) {
    if (curves.empty()) return;
    file.group(group, "NXcollection");
    file.attribute(group, "default", curves.front().name);
    std::vector<std::string> order;
    for (const Curve& curve : curves) {
        write_curve(file, group + "/" + curve.name, curve);
        order.push_back(curve.name);
    }
    file.texts(group + "/names", order);
}

std::vector<Curve> read_curves(const ReadFile& file, const std::string& group) {
    std::vector<Curve> curves;
    if (!file.is_group(group)) return curves;
    for (const std::string& name : file.texts(group + "/names")) curves.push_back(read_curve(file, group + "/" + name));
    return curves;
}

void write_truth_curves(WriteFile& file, const std::string& group, const GroundTruth& truth) {
    for (std::size_t i = 0; i < truth.curves.size(); ++i) {
        const std::string path = group + "/" + truth.curves[i].name;
        write_curve(file, path, truth.curves[i]);
        file.attribute(path, "origin", std::string(name(truth.curve_origins[i])));
        file.attribute(path, "order", static_cast<std::int64_t>(i));
    }
}

void read_truth_curves(const ReadFile& file, const std::string& group, GroundTruth& truth) {
    for (const auto& child : in_order(file, group))
        if (const std::string path = group + "/" + child; file.is_group(path))
            truth.add(read_curve(file, path), origin_from(file.text_attribute(path, "origin").value_or("closed_form")));
}

void write_traces(WriteFile& file, const std::string& group, const std::vector<TimeSeries>& traces) {
    for (std::size_t i = 0; i < traces.size(); ++i) {
        const TimeSeries& trace = traces[i];
        const std::string path = group + "/" + trace.name;
        file.group(path, "NXdata");
        file.attribute(path, "order", static_cast<std::int64_t>(i));
        file.attribute(path, "signal", "value");
        file.attribute(path, "axes", std::vector<std::string>{"time"});
        file.write(path + "/value", trace.value, trace.unit);
        file.write(path + "/time", trace.time, "s");
    }
}

std::vector<TimeSeries> read_traces(const ReadFile& file, const std::string& group) {
    std::vector<TimeSeries> traces;
    if (!file.is_group(group)) return traces;
    for (const auto& child : in_order(file, group)) {
        const std::string path = group + "/" + child;
        if (!file.exists(path + "/value") || !file.exists(path + "/time")) continue;
        traces.push_back({child, file.text_attribute(path + "/value", "units").value_or(""),
                          file.read<double>(path + "/time"), file.read<double>(path + "/value")});
        expect_points(file, path + "/value", traces.back().value.size(), traces.back().time.size());
    }
    return traces;
}

}  // namespace vitrum::io
