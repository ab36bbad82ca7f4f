// S(q), its first peak and its transform: of a trajectory, of a curve, of columns.
#include <algorithm>
#include <functional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/analysis/diffraction/fsdp.hpp"
#include "vitrum/analysis/diffraction/normalisation.hpp"
#include "vitrum/analysis/diffraction/sine_transform.hpp"
#include "vitrum/analysis/diffraction/structure_factor.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/pipeline/estimators/column_choice.hpp"
#include "vitrum/pipeline/estimators/option_values.hpp"
#include "vitrum/pipeline/estimators/rows.hpp"

namespace vitrum::pipeline {

namespace {

// Columns q [1/angstrom], values and, where they are there, their error and what is scattered incoherently.
struct OverWavevectors {
    ColumnChoice q, y, error, compton;
    bool with_compton = false;
};
OverWavevectors over_wavevectors(Section& options, const std::vector<std::string>& usual, bool compton) {
    OverWavevectors choice{choose(options, "x", {"q", "Q"}, 0, true),
                           choose(options, "y", usual, 1, true),
                           choose(options, "error", {"S_error", "error", "sigma"}, 2, false),
                           {},
                           compton};
    if (compton) choice.compton = choose(options, "compton", {"compton", "C"}, 3, false);
    return choice;
}

struct Measured {
    Columns table;
    Curve curve;
    std::vector<double> compton{};
};
Measured take(const Columns& given, const OverWavevectors& of) {
    Measured m{given, make_curve(of.y.usual.front(), "q", "1/angstrom", of.y.usual.front(), "")};
    const Column* q = pick(m.table, of.q);
    const Column* y = pick(m.table, of.y);
    const Column* error = pick(m.table, of.error, y->name + "_error");
    const Column* incoherent = of.with_compton ? pick(m.table, of.compton) : nullptr;
    check_positive(m.table, error, "an error");
    arrange_rows(m.table, {q, y, error, incoherent}, Repeats::refused);
    if (incoherent) m.compton = incoherent->values;
    m.curve.x = native(*q, Dimension::wavevector);
    m.curve.y = y->values;
    if (error) m.curve.y_error = error->values;
    return m;
}

// Of a curve S(q), or of columns of it.
Estimator on_structure_factor(Section& options, DataKind kind, std::function<Findings(const Curve&)> work) {
    if (kind == DataKind::curve) return on<Curve>(std::move(work));
    const auto choice = over_wavevectors(options, {"structure_factor", "structure_factor_xray", "S", "y"}, false);
    return on<Columns>([choice, work = std::move(work)](const Columns& table) {
        const Measured m = take(table, choice);
        return with_remarks(work(m.curve), m.table.remarks);
    });
}

// q_low, q_high, q_bin, most_per_bin
analysis::StructureFactorOptions structure_options(Section& options) {
    analysis::StructureFactorOptions o;
    o.frames = frame_choice(options);
    o.q_low = options.quantity("q_low", Dimension::wavevector, o.q_low);
    o.q_high = positive(options, "q_high", Dimension::wavevector, o.q_high);
    o.q_bin = positive(options, "q_bin", Dimension::wavevector, o.q_bin);
    o.most_per_bin = whole(options, "most_per_bin", o.most_per_bin);
    return o;
}

}  // namespace

Estimator read_structure_factor(Section& options, DataKind) {
    if (options.choice("method", {"direct", "transform"}, "direct") == "direct") {
        const auto o = structure_options(options);
        return on<Trajectory>([o](const Trajectory& t) { return analysis::structure_factor(t, o); });
    }
    analysis::TransformedStructureFactorOptions o;
    o.bin = positive(options, "bin", Dimension::length, o.bin);
    o.transform.window = analysis::window_from(options.choice("window", {"none", "lorch"}, "lorch"));
    o.transform.r_max = not_negative(options, "r_max");
    o.transform.q_low = positive(options, "q_low", Dimension::wavevector, o.transform.q_low);
    o.transform.q_high = positive(options, "q_high", Dimension::wavevector, o.transform.q_high);
    o.transform.q_step = positive(options, "q_step", Dimension::wavevector, o.transform.q_step);
    return on<Trajectory>([o](const Trajectory& t) { return analysis::transformed_structure_factor(t, o); });
}

Estimator read_fsdp(Section& options, DataKind kind) {
    analysis::FsdpOptions o;
    o.method = analysis::peak_method_from(
        options.choice("method", {"parabola", "centre_of_mass", "double_sigmoid"}, "parabola"));
    o.fraction = options.number("fraction", o.fraction);
    o.search_low = options.quantity("search_low", Dimension::wavevector, o.search_low);
    o.search_high = options.quantity("search_high", Dimension::wavevector, o.search_high);
    o.fit_low = options.quantity("fit_low", Dimension::wavevector, o.fit_low);
    o.fit_high = options.quantity("fit_high", Dimension::wavevector, o.fit_high);
    if (kind != DataKind::trajectory)
        return on_structure_factor(options, kind, [o](const Curve& s) { return analysis::fsdp(s, o); });
    const auto how = structure_options(options);
    const std::string wanted = options.text("curve", "");
    return on<Trajectory>([=](const Trajectory& t) {
        auto structure = analysis::structure_factor(t, how);
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
        auto out = analysis::fsdp(*curve, o);
        for (auto& row : out.estimates)
            row.note = fmt::format("of {}{}{}", curve->name, row.note.empty() ? "" : "; ", row.note);
        out.curves.insert(out.curves.begin(), *curve);
        return out;
    });
}

Estimator read_intensity_normalisation(Section& options, DataKind) {
    analysis::NormalisationOptions o;
    o.composition = numbers_by_element(options, "composition", "Cu:0.5,Zr:0.5");
    if (o.composition.empty()) options.fail("composition", "is needed: shares of atoms, as in Cu:0.5,Zr:0.5");
    o.density = options.number("density", 0.0);
    if (!(o.density >= 0)) options.fail("density", "is negative; atoms per angstrom^3, 0: found from the data");
    o.r_min = options.quantity("r_min", Dimension::length);
    o.q_max = options.quantity("q_max", Dimension::wavevector, 0.0);
    return on<Columns>([o, choice = over_wavevectors(options, {"intensity", "I", "y"}, true)](const Columns& table) {
        const Measured m = take(table, choice);
        Curve scattered = make_curve("compton", "q", "1/angstrom", "C", "");
        if (!m.compton.empty()) {
            scattered.x = m.curve.x;
            scattered.y = m.compton;
        }
        return with_remarks(analysis::normalise_intensity(m.curve, scattered, o), m.table.remarks);
    });
}

Estimator read_reduced_pair_distribution(Section& options, DataKind kind) {
    analysis::ToDistanceOptions o;
    o.window = analysis::window_from(options.choice("window", {"none", "lorch"}, "lorch"));
    o.q_max = options.quantity("q_max", Dimension::wavevector, 0.0);
    o.low_q = analysis::low_q_from(options.choice("low_q", {"left_out", "constant", "parabola"}, "constant"));
    o.s_zero = options.number("s_zero", o.s_zero);
    o.r_max = positive(options, "r_max", Dimension::length, o.r_max);
    o.r_step = positive(options, "r_step", Dimension::length, o.r_step);
    return on_structure_factor(options, kind, [o](const Curve& s) {
        auto transformed = analysis::reduced_pair_distribution(s, o);
        Findings out;
        transformed.curve.name = "reduced_pair_distribution";
        transformed.curve.error_method += (transformed.curve.error_method.empty() ? "" : "; ") + transformed.note;
        out.curves.push_back(std::move(transformed.curve));
        return out;
    });
}

}  // namespace vitrum::pipeline
