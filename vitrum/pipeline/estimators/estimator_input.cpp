#include "vitrum/pipeline/estimators/estimator_input.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/io/text/input_file.hpp"
#include "vitrum/io/text/text_table.hpp"

namespace vitrum::pipeline {

bool is_hdf5(const std::filesystem::path& path) {
    io::expect_input_file(path);
    std::ifstream in(path, std::ios::binary);
    if (!in) throw InputError(fmt::format("cannot read '{}'", path.string()));
    std::array<char, 4> head{};
    in.read(head.data(), head.size());
    return in.gcount() == 4 && head.at(1) == 'H' && head.at(2) == 'D' && head.at(3) == 'F';
}

void expect_hdf5(const std::filesystem::path& path, std::string_view need) {
    if (!is_hdf5(path)) throw InputError(fmt::format("'{}' is not HDF5: {}", path.string(), need));
}

namespace {

// Also as a number without quotes, as the shell gives it.
std::string text_or_whole(Section& options, const std::string& key) {
    return options.is_text(key) ? options.text(key) : fmt::format("{}", options.integer(key));
}

// A list of whole numbers as well.
std::string text_or_list(Section& options, const std::string& key) {
    const toml::value* value = options.raw(key);
    return value && value->is_array() ? fmt::format("{}", fmt::join(options.numbers(key), ","))
                                      : text_or_whole(options, key);
}

}  // namespace

const io::CsvColumn* column(const io::CsvTable& table, Section& options, const std::string& key,
                            const std::vector<std::string>& usual, std::size_t position, bool needed) {
    if (options.has(key)) {
        const std::string wanted = text_or_whole(options, key);
        if (wanted == "none" && !needed && !table.find({wanted})) return nullptr;
        return &table.column(wanted);
    }
    static_cast<void>(options.text(key, ""));
    if (const auto* found = table.find(usual)) return found;
    const bool headless = table.columns.front().name.empty();
    if (headless && position < table.columns.size()) return &table.columns[position];
    if (!needed) {
        for (const auto& c : table.columns)
            if (const auto meant = io::misspelled(c.name, usual))
                throw InputError(fmt::format("'{}' has a column '{}'; did you mean '{}'? Else give --set {}=none",
                                             table.file.string(), c.name, *meant, key));
        return nullptr;
    }
    std::string names;
    for (const auto& c : table.columns) names += (names.empty() ? "" : ", ") + c.name;
    throw InputError(fmt::format("'{}' has no column '{}' (it has {}); name one with --set {}=COLUMN",
                                 table.file.string(), usual.front(), names, key));
}

void arrange_rows(io::CsvRows& table, const std::vector<const io::CsvColumn*>& used, Repeats repeats) {
    const io::CsvColumn& axis = *used.front();
    std::vector<std::size_t> order;
    std::vector<std::size_t> gaps;
    for (std::size_t i = 0; i < axis.values.size(); ++i) {
        const bool whole =
            std::all_of(used.begin(), used.end(), [&](const auto* c) { return !c || std::isfinite(c->values[i]); });
        (whole ? order : gaps).push_back(i);
    }
    if (order.empty())
        throw InputError(fmt::format("'{}' has no row with a number in every column used", table.file.string()));
    if (!gaps.empty())
        table.remarks.push_back(fmt::format("{} row{} left out, not a finite number (line {}{})", gaps.size(),
                                            gaps.size() > 1 ? "s" : "", table.lines[gaps.front()],
                                            gaps.size() > 1 ? " first" : ""));
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return axis.values[a] < axis.values[b]; });
    // A row written twice is one measurement; two values at one place are a question for who made them.
    const std::size_t before = order.size();
    if (repeats == Repeats::refused)
        order.erase(std::unique(order.begin(), order.end(),
                                [&](std::size_t a, std::size_t b) {
                                    return std::all_of(used.begin(), used.end(), [&](const auto* c) {
                                        return !c || c->values[a] == c->values[b];
                                    });
                                }),
                    order.end());
    if (const std::size_t twice = before - order.size(); twice > 0)
        table.remarks.push_back(fmt::format("{} row{} twice, taken once", twice, twice > 1 ? "s" : ""));
    for (std::size_t i = 1; i < order.size() && repeats == Repeats::refused; ++i)
        if (const double x = axis.values[order[i]]; x == axis.values[order[i - 1]])
            throw InputError(fmt::format("'{}': {} = {} stands twice, in lines {} and {}", table.file.string(),
                                         axis.name.empty() ? "the first column" : axis.name, x,
                                         table.lines[order[i - 1]], table.lines[order[i]]));
    std::vector<std::string> unused;
    for (auto& c : table.columns) {
        if (std::find(used.begin(), used.end(), &c) == used.end() && !c.name.empty()) unused.push_back(c.name);
        std::vector<double> arranged;
        for (const std::size_t i : order) arranged.push_back(c.values[i]);
        c.values = std::move(arranged);
    }
    std::vector<std::size_t> lines;
    for (const std::size_t i : order) lines.push_back(table.lines[i]);
    table.lines = std::move(lines);
    if (!unused.empty()) table.remarks.push_back(fmt::format("columns not used: {}", fmt::join(unused, ", ")));
}

void check_positive(const io::CsvRows& table, const io::CsvColumn* column, std::string_view what) {
    for (std::size_t i = 0; column && i < column->values.size(); ++i)
        if (column->values[i] <= 0)
            throw InputError(fmt::format("{}:{}: {} = {}; {} is positive", table.file.string(), table.lines[i],
                                         column->name.empty() ? "a number" : column->name, column->values[i], what));
}

void check_sign_of_pressures(io::CsvRows& table, const io::CsvColumn& pressure, const io::CsvColumn* volume) {
    const auto& p = pressure.values;
    const bool negative = std::all_of(p.begin(), p.end(), [](double x) { return x <= 0; }) &&
                          std::any_of(p.begin(), p.end(), [](double x) { return x < 0; });
    if (!negative) return;
    std::size_t rises = 0;
    std::size_t falls = 0;
    for (std::size_t i = 0; volume && i < p.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) {
            const double both = (p[i] - p[j]) * (volume->values[i] - volume->values[j]);
            rises += both > 0 ? 1 : 0;
            falls += both < 0 ? 1 : 0;
        }
    if (rises > 0 && falls == 0)
        throw InputError(
            fmt::format("'{}': the pressures are negative and rise with the volume: they are stresses, or beyond the "
                        "spinodal; a pressure is minus the mean stress",
                        table.file.string()));
    table.remarks.push_back("all pressures are negative; a stress has the other sign");
}

EstimatorOutput with_remarks(EstimatorOutput out, const std::vector<std::string>& remarks) {
    for (const auto& remark : remarks) {
        for (auto& row : out.estimates) row.note += (row.note.empty() ? "" : "; ") + remark;
        for (auto& curve : out.curves) curve.error_method += (curve.error_method.empty() ? "" : "; ") + remark;
    }
    return out;
}

double time_factor(const io::CsvColumn& c, std::string& unit) {
    const auto known = known_units(Dimension::time);
    if (std::find(known.begin(), known.end(), c.unit) != known.end()) {
        unit = "s";
        return unit_factor(c.unit, Dimension::time, c.name);
    }
    unit = c.unit.empty() ? "unit of the column" : c.unit;
    return 1;
}

io::MeasuredOptions measured_options(Section& options) {
    io::MeasuredOptions m;
    if (options.has("dataset")) m.dataset = options.text("dataset");
    if (options.has("mask")) m.mask = options.text("mask");
    if (options.has("regions")) m.regions = options.text("regions");
    if (options.has("static_regions")) m.static_regions = options.text("static_regions");
    if (options.has("frame_time")) m.frame_time = options.quantity("frame_time", Dimension::time);
    if (options.has("qmap")) m.qmap = options.text("qmap");
    if (options.has("frames")) io::parse_frames(options.text("frames"), m.frames);
    if (options.has("count_time")) m.count_time = options.quantity("count_time", Dimension::time);
    if (options.has("bad_frames")) io::parse_bad_frames(text_or_list(options, "bad_frames"), m.frames);
    if (options.has("bin_pixels")) io::parse_pixel_bin(text_or_whole(options, "bin_pixels"), m.frames);
    if (options.has("bin_frames")) {
        const auto bin = options.integer("bin_frames");
        if (bin < 1) options.fail("bin_frames", fmt::format("is {}; at least 1", bin));
        m.frames.bin = static_cast<std::size_t>(bin);
    }
    for (const char* key :
         {"dataset", "mask", "regions", "static_regions", "qmap", "frames", "bad_frames", "bin_pixels"})
        if (!options.has(key)) static_cast<void>(options.text(key, ""));
    return m;
}

std::vector<io::LabelledData> read_sets(const std::filesystem::path& path, Section& options, EstimatorOutput& out) {
    return io::read_measured(path, measured_options(options), &out.notes);
}

Abscissa place_of(const DataSet& set, std::int32_t region) {
    Abscissa at = set.abscissa;
    if (region == 0) return at;
    const auto* series = std::get_if<SpeckleSeries>(&set.data);
    if (!series || series->q.empty()) {
        at.push_back({"region", region, static_cast<double>(region), ""});
        return at;
    }
    double q = 0;
    const auto pixels = analysis::active_pixels(*series, region);
    for (const auto p : pixels) q += series->q[p];
    at.push_back({"region", region, q / static_cast<double>(pixels.size()), "1/angstrom"});
    return at;
}

void append(EstimatorOutput& out, std::vector<Estimate> rows, const Abscissa& place) {
    for (auto& row : rows) {
        row.abscissa.insert(row.abscissa.begin(), place.begin(), place.end());
        out.estimates.push_back(std::move(row));
    }
}

double tau_in_frames(const std::optional<analysis::Lag>& wanted, const analysis::ChainResult& result) {
    if (wanted) return wanted->in_unit_of(result.map) / result.map.frame_time;
    for (const auto& e : result.estimates)
        if (is_tau_of_run(e) && (e.status == Status::ok || e.status == Status::law_rejected))
            return e.value / result.map.frame_time;
    return 0;
}

CsvCurve g2_from_csv(const std::filesystem::path& path, Section& options) {
    io::CsvRows table = io::read_csv_rows(path);
    const auto* lag = column(table, options, "x", {"lag", "delay", "dt", "tau", "t", "x"}, 0, true);
    const auto* value = column(table, options, "y", {"g2", "y"}, 1, true);
    const auto* error = column(table, options, "error", {"g2_error", "g2_err", "error", "sigma", "y_error"}, 2, false);
    const auto* pairs = column(table, options, "pairs", {"pairs", "weight"}, 3, false);
    check_positive(table, error, "an error");
    arrange_rows(table, {lag, value, error, pairs}, Repeats::refused);
    Curve g2;
    g2.name = g2.y_name = "g2";
    g2.x_name = "lag";
    const double factor = time_factor(*lag, g2.x_unit);
    for (const double x : lag->values) g2.x.push_back(factor * x);
    g2.y = value->values;
    if (error) g2.y_error = error->values;
    if (pairs) g2.weight = pairs->values;
    return {std::move(g2), std::move(table.remarks)};
}

analysis::KwwOptions kww_of_csv(const analysis::ChainOptions& chain, Section& options, const Curve& g2) {
    if (chain.max_lag && chain.max_lag->in_frames != chain.min_lag.in_frames && g2.x_unit != "s")
        throw InputError("lags of a curve are given as numbers in the unit of its first column");
    analysis::KwwOptions kww;
    // Plain numbers are in the unit of the column; lags below the first row need no limit.
    kww.min_lag = options.has("min_lag") ? chain.min_lag.value : 0;
    if (chain.max_lag) kww.max_lag = chain.max_lag->value;
    kww.weights = chain.weights;
    kww.baseline = chain.baseline;
    kww.beta = chain.beta;
    kww.profile = chain.profile;
    kww.rejection_level = chain.rejection_level;
    return kww;
}

}  // namespace vitrum::pipeline
