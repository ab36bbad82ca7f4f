#include <algorithm>
#include <cmath>
#include <cstdio>
#include <thread>

#include <fmt/format.h>
#include <tbb/global_control.h>

#include "vitrum/app/commands.hpp"
#include "vitrum/app/estimate_output.hpp"
#include "vitrum/app/json.hpp"
#include "vitrum/app/json_estimate.hpp"
#include "vitrum/app/print.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/option_text.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/io/text/output_path.hpp"
#include "vitrum/pipeline/config/provenance.hpp"
#include "vitrum/pipeline/estimators/estimator.hpp"
#include "vitrum/pipeline/read/read_data.hpp"

namespace vitrum::app {

namespace {

Json as_json(const Eigen::MatrixXd& matrix) {
    Json rows = Json::array();
    for (Eigen::Index i = 0; i < matrix.rows(); ++i) {
        Json row = Json::array();
        for (Eigen::Index j = 0; j < matrix.cols(); ++j) row.push_back(number(matrix(i, j)));
        rows.push_back(row);
    }
    return rows;
}

Json as_json(const std::vector<double>& values) {
    Json list = Json::array();
    for (const double v : values) list.push_back(number(v));
    return list;
}

Json as_json(const Curve& c) {
    Json curve = {{"name", c.name},
                  {"x", {{"name", c.x_name}, {"unit", c.x_unit}, {"values", as_json(c.x)}}},
                  {"y", {{"name", c.y_name}, {"unit", c.y_unit}, {"values", as_json(c.y)}}}};
    if (!c.y_error.empty()) curve["standard_error"] = as_json(c.y_error);
    if (!c.weight.empty()) curve["weight"] = as_json(c.weight);
    curve["error_method"] = c.error_method;
    return curve;
}

void print_curves(const std::vector<Curve>& curves) {
    for (const auto& c : curves)
        print("curve {:<24} {} points against {}{}; all of it with --json or -o FILE\n", c.name, c.size(), c.x_name,
              c.x_unit.empty() ? "" : " [" + c.x_unit + "]");
}

void print_table(const std::vector<Estimate>& rows) {
    for (const auto& e : rows) {
        const std::string at = e.abscissa.label();
        print("{:<30} {:<24} ", e.quantity, at);
        // Times in the unit that reads best; files and JSON have seconds.
        const bool time = e.unit == "s" && std::isfinite(e.value) && e.value != 0;
        const auto [factor, unit] = time ? readable_time(std::abs(e.value)) : Scale{1, e.unit};
        if (std::isfinite(e.value) && std::isfinite(e.standard_error))
            print("{:.6g} +- {:.2g} [{:.6g}, {:.6g}] {}", factor * e.value, factor * e.standard_error, factor * e.lower,
                  factor * e.upper, unit);
        else if (std::isfinite(e.value))
            print("{:.6g} {} without an error", factor * e.value, unit);
        else
            print("no value");
        print("  {}{}\n", name(e.status), e.note.empty() ? "" : "; " + e.note);
    }
}

}  // namespace

namespace {

// What the parts of all data sets gave, each row at its whole place; `covariance` of a single part.
Findings flattened(std::vector<std::pair<Abscissa, std::vector<Findings>>> all) {
    Findings out;
    for (auto& [place, parts] : all)
        for (auto& part : parts) {
            const Abscissa at = place.with(part.part);
            for (auto& row : part.estimates) {
                row.abscissa = at.with(row.abscissa);
                out.estimates.push_back(std::move(row));
            }
            for (auto& curve : part.curves) out.curves.push_back(std::move(curve));
            for (auto& note : part.notes) out.notes.push_back(std::move(note));
            out.covariance_of = std::move(part.covariance_of);
            out.covariance = std::move(part.covariance);
        }
    if (all.size() > 1 || (all.size() == 1 && all.front().second.size() > 1)) {
        out.covariance_of.clear();
        out.covariance.resize(0, 0);
    }
    return out;
}

Findings estimate_file(const pipeline::EstimatorKind& kind, const std::string& file, pipeline::Section& options) {
    const pipeline::FileReader reader(file, kind, options);
    pipeline::Estimator estimator;
    pipeline::JointEstimator joint;
    if (kind.read_joint)
        joint = kind.read_joint(options);
    else
        estimator = kind.read(options, reader.kind());
    options.finish();
    const auto read = reader.read();
    Findings out;
    if (joint) {
        std::vector<const Data*> sets;
        for (const auto& set : read.sets) sets.push_back(&set.data.data);
        out = joint(sets);
    } else {
        std::vector<std::pair<Abscissa, std::vector<Findings>>> all;
        for (const auto& set : read.sets) all.emplace_back(set.data.abscissa, estimator(set.data.data, {}));
        out = flattened(std::move(all));
    }
    out.notes.insert(out.notes.begin(), read.notes.begin(), read.notes.end());
    return out;
}

}  // namespace

int estimate(const std::string& estimator, const std::string& data, const Common& common, bool json) {
    const pipeline::EstimatorKind& kind = pipeline::find_estimator(estimator);
    toml::value root = toml::table{};
    for (const auto& setting : common.settings) pipeline::apply_setting(root, setting);
    pipeline::Section options(&root, "options of " + estimator, "--set");
    if (!common.output.empty()) {
        check_estimate_output(common.output);
        io::check_output(common.output, {data}, common.force);
    }
    set_option_style(OptionStyle::settings);
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                    common.threads > 0 ? static_cast<std::size_t>(common.threads) : cores);
    const Findings out = estimate_file(kind, data, options);
    auto made = pipeline::provenance();
    made.emplace_back("data", data);
    made.emplace_back("options", options.resolved());
    if (!common.output.empty())
        write_estimate_output(common.output, fmt::format("{} of {}", estimator, data), out, made);
    if (!json) {
        for (const auto& note : out.notes) print("note: {}\n", note);
        print_table(out.estimates);
        print_curves(out.curves);
        if (!common.output.empty()) print("output  {}\n", common.output);
        return 0;
    }
    Json document = {{"estimator", estimator}, {"status", name(pipeline::overall(out.estimates))}};
    document["estimates"] = Json::array();
    for (const auto& row : out.estimates) document["estimates"].push_back(as_json(row));
    if (out.covariance.size() > 0)
        document["covariance"] = {{"of", out.covariance_of}, {"matrix", as_json(out.covariance)}};
    if (!out.curves.empty()) document["curves"] = Json::array();
    for (const auto& curve : out.curves) document["curves"].push_back(as_json(curve));
    if (!out.notes.empty()) document["notes"] = out.notes;
    document["provenance"] = Json::object();
    for (const auto& [key, value] : made) document["provenance"][key] = value;
    print_json(document);
    return 0;
}

}  // namespace vitrum::app
