// Estimators of the structure of atoms: each reads a trajectory (keys of trajectory_input.hpp) and its own options.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/analysis/structure/bond_order.hpp"
#include "vitrum/analysis/structure/connections.hpp"
#include "vitrum/analysis/structure/coordination.hpp"
#include "vitrum/analysis/diffraction/fsdp.hpp"
#include "vitrum/analysis/diffraction/normalisation.hpp"
#include "vitrum/analysis/structure/pair_distribution.hpp"
#include "vitrum/analysis/diffraction/sine_transform.hpp"
#include "vitrum/analysis/diffraction/structure_factor.hpp"
#include "vitrum/analysis/structure/voronoi.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/pipeline/estimators/analysis_options.hpp"
#include "vitrum/pipeline/estimators/estimator_input.hpp"
#include "vitrum/pipeline/estimators/estimator_rows.hpp"
#include "vitrum/pipeline/estimators/trajectory_input.hpp"

namespace vitrum::pipeline {

namespace {

namespace fs = std::filesystem;

template <class Result>
EstimatorOutput output_of(Result&& result) {
    EstimatorOutput out;
    out.estimates = std::move(result.estimates);
    out.curves = std::move(result.curves);
    return out;
}

// [angstrom] 0, or absent: found from the data.
double length(Section& options, const char* key) {
    const double value = options.quantity(key, Dimension::length, 0.0);
    if (!(value >= 0)) options.fail(key, fmt::format("is {}; not negative", value));
    return value;
}

// "Cu:1.28,Zr:1.6"; empty if absent.
std::vector<std::pair<std::string, double>> numbers_by_element(Section& options, const char* key, const char* example) {
    std::vector<std::pair<std::string, double>> all;
    for (const std::string& part : names_of(options, key, example)) {
        const auto colon = part.find(':');
        const std::string number = colon == std::string::npos ? "" : part.substr(colon + 1);
        double value = 0;
        const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
        if (error != std::errc{} || end != number.data() + number.size() || !(value > 0))
            options.fail(key, fmt::format("holds '{}'; elements with positive numbers, as in {}", part, example));
        all.emplace_back(part.substr(0, colon), value);
    }
    return all;
}

// Columns q [1/angstrom], values and, where it is there, their error.
struct Measured {
    io::CsvRows table;
    Curve curve;
    std::vector<double> compton{};
};
Measured over_wavevectors(const fs::path& path, Section& options, const std::vector<std::string>& usual,
                          bool compton = false) {
    Measured m{io::read_csv_rows(path), make_curve(usual.front(), "q", "1/angstrom", usual.front(), "")};
    const auto* q = column(m.table, options, "x", {"q", "Q"}, 0, true);
    const auto* y = column(m.table, options, "y", usual, 1, true);
    const auto* error = column(m.table, options, "error", {y->name + "_error", "S_error", "error", "sigma"}, 2, false);
    const auto* incoherent = compton ? column(m.table, options, "compton", {"compton", "C"}, 3, false) : nullptr;
    check_positive(m.table, error, "an error");
    arrange_rows(m.table, {q, y, error, incoherent}, Repeats::refused);
    const double unit = q->unit.empty() ? 1 : unit_factor(q->unit, Dimension::wavevector, q->name);
    if (incoherent) m.compton = incoherent->values;
    for (const double value : q->values) m.curve.x.push_back(unit * value);
    m.curve.y = y->values;
    if (error) m.curve.y_error = error->values;
    return m;
}
const std::vector<std::string> structure_columns{"structure_factor", "structure_factor_xray", "S", "y"};

// q_low, q_high, q_bin, most_per_bin
analysis::StructureFactorOptions structure_options(Section& options) {
    analysis::StructureFactorOptions o;
    o.q_low = options.quantity("q_low", Dimension::wavevector, o.q_low);
    o.q_high = positive(options, "q_high", Dimension::wavevector, o.q_high);
    o.q_bin = positive(options, "q_bin", Dimension::wavevector, o.q_bin);
    o.most_per_bin = whole(options, "most_per_bin", o.most_per_bin);
    return o;
}

}  // namespace

EstimatorOutput estimate_pair_distribution(const fs::path& path, Section& options) {
    analysis::PairDistributionOptions o;
    o.r_max = length(options, "r_max");
    o.bin = positive(options, "bin", Dimension::length, o.bin);
    if (options.choice("like_pairs", {"N-1", "N"}, "N-1") == "N") o.like_pairs = analysis::LikePairs::n;
    o.weights_q = options.quantity("weights_q", Dimension::wavevector, o.weights_q);
    o.rejection_level = read_rejection_level(options);
    return output_of(analysis::pair_distribution(trajectory_of(path, options), o));
}

EstimatorOutput estimate_structure_factor(const fs::path& path, Section& options) {
    if (options.choice("method", {"direct", "transform"}, "direct") == "direct") {
        const auto o = structure_options(options);
        return output_of(analysis::structure_factor(trajectory_of(path, options), o));
    }
    analysis::TransformedStructureFactorOptions o;
    o.bin = positive(options, "bin", Dimension::length, o.bin);
    o.transform.window = analysis::window_from(options.choice("window", {"none", "lorch"}, "lorch"));
    o.transform.r_max = length(options, "r_max");
    o.transform.q_low = positive(options, "q_low", Dimension::wavevector, o.transform.q_low);
    o.transform.q_high = positive(options, "q_high", Dimension::wavevector, o.transform.q_high);
    o.transform.q_step = positive(options, "q_step", Dimension::wavevector, o.transform.q_step);
    return output_of(analysis::transformed_structure_factor(trajectory_of(path, options), o));
}

EstimatorOutput estimate_fsdp(const fs::path& path, Section& options) {
    analysis::FsdpOptions o;
    o.method = analysis::peak_method_from(
        options.choice("method", {"parabola", "centre_of_mass", "double_sigmoid"}, "parabola"));
    o.fraction = options.number("fraction", o.fraction);
    o.search_low = options.quantity("search_low", Dimension::wavevector, o.search_low);
    o.search_high = options.quantity("search_high", Dimension::wavevector, o.search_high);
    o.fit_low = options.quantity("fit_low", Dimension::wavevector, o.fit_low);
    o.fit_high = options.quantity("fit_high", Dimension::wavevector, o.fit_high);
    if (!io::is_trajectory(path)) {
        const Measured m = over_wavevectors(path, options, structure_columns);
        options.finish();
        return with_remarks(output_of(analysis::fsdp(m.curve, o)), m.table.remarks);
    }
    const auto how = structure_options(options);
    const std::string wanted = options.text("curve", "");
    auto structure = analysis::structure_factor(trajectory_of(path, options), how);
    const auto find = [&](const std::string& name) {
        return std::find_if(structure.curves.begin(), structure.curves.end(),
                            [&](const Curve& c) { return c.name == name; });
    };
    auto curve = find(wanted.empty() ? "structure_factor_xray" : wanted);
    if (curve == structure.curves.end() && wanted.empty()) curve = find("structure_factor");
    if (curve == structure.curves.end()) {
        std::vector<std::string> names;
        for (const Curve& c : structure.curves) names.push_back(c.name);
        throw InputError(fmt::format("curve={}: known are {}", wanted, fmt::join(names, ", ")));
    }
    auto out = output_of(analysis::fsdp(*curve, o));
    for (auto& row : out.estimates)
        row.note = fmt::format("of {}{}{}", curve->name, row.note.empty() ? "" : "; ", row.note);
    out.curves.insert(out.curves.begin(), *curve);
    return out;
}

EstimatorOutput estimate_coordination(const fs::path& path, Section& options) {
    analysis::CoordinationOptions o;
    o.cutoff = length(options, "cutoff");
    return output_of(analysis::coordination(trajectory_of(path, options), o));
}

EstimatorOutput estimate_voronoi(const fs::path& path, Section& options) {
    analysis::VoronoiOptions o;
    o.radii = numbers_by_element(options, "radii", "Cu:1.28,Zr:1.6 (angstrom)");
    o.thresholds.edge = length(options, "edge_threshold");
    o.thresholds.face = options.number("face_threshold", 0.0);
    o.most_indices = options.count("most_indices", o.most_indices);
    return output_of(analysis::voronoi(trajectory_of(path, options), o));
}

EstimatorOutput estimate_bond_order(const fs::path& path, Section& options) {
    analysis::BondOrderOptions o;
    o.l.clear();
    for (const double l : options.numbers("l", std::vector<double>{4, 6})) {
        if (!(l >= 0 && l <= 12) || l != static_cast<double>(static_cast<int>(l)))
            options.fail("l", fmt::format("holds {}; whole numbers from 0 to 12, as in [4, 6]", l));
        o.l.push_back(static_cast<int>(l));
    }
    o.neighbours = analysis::bond_neighbours_from(options.choice("neighbours", {"cutoff", "voronoi"}, "cutoff"));
    o.cutoff = length(options, "cutoff");
    o.averaged = options.flag("averaged", o.averaged);
    return output_of(analysis::bond_order(trajectory_of(path, options), o));
}

EstimatorOutput estimate_connections(const fs::path& path, Section& options) {
    analysis::ConnectionOptions o;
    o.first_shell = length(options, "first_shell");
    o.second_shell = length(options, "second_shell");
    return output_of(analysis::connections(trajectory_of(path, options), o));
}

EstimatorOutput estimate_intensity_normalisation(const fs::path& path, Section& options) {
    analysis::NormalisationOptions o;
    o.composition = numbers_by_element(options, "composition", "Cu:0.5,Zr:0.5");
    if (o.composition.empty()) options.fail("composition", "is needed: shares of atoms, as in Cu:0.5,Zr:0.5");
    o.density = options.number("density", 0.0);
    if (!(o.density >= 0)) options.fail("density", "is negative; atoms per angstrom^3, 0: found from the data");
    o.r_min = options.quantity("r_min", Dimension::length);
    o.q_max = options.quantity("q_max", Dimension::wavevector, 0.0);
    const Measured m = over_wavevectors(path, options, {"intensity", "I", "y"}, true);
    options.finish();
    Curve scattered = make_curve("compton", "q", "1/angstrom", "C", "");
    if (!m.compton.empty()) {
        scattered.x = m.curve.x;
        scattered.y = m.compton;
    }
    return with_remarks(output_of(analysis::normalise_intensity(m.curve, scattered, o)), m.table.remarks);
}

EstimatorOutput estimate_reduced_pair_distribution(const fs::path& path, Section& options) {
    analysis::ToDistanceOptions o;
    o.window = analysis::window_from(options.choice("window", {"none", "lorch"}, "lorch"));
    o.q_max = options.quantity("q_max", Dimension::wavevector, 0.0);
    o.low_q = analysis::low_q_from(options.choice("low_q", {"left_out", "constant", "parabola"}, "constant"));
    o.s_zero = options.number("s_zero", o.s_zero);
    o.r_max = positive(options, "r_max", Dimension::length, o.r_max);
    o.r_step = positive(options, "r_step", Dimension::length, o.r_step);
    const Measured m = over_wavevectors(path, options, structure_columns);
    options.finish();
    auto transformed = analysis::reduced_pair_distribution(m.curve, o);
    EstimatorOutput out;
    transformed.curve.name = "reduced_pair_distribution";
    transformed.curve.error_method += (transformed.curve.error_method.empty() ? "" : "; ") + transformed.note;
    out.curves.push_back(std::move(transformed.curve));
    return with_remarks(std::move(out), m.table.remarks);
}

}  // namespace vitrum::pipeline
