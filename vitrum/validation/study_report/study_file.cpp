#include "vitrum/validation/study_report/study_file.hpp"

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/io/hdf5/damaged.hpp"
#include "vitrum/io/result/columns_file.hpp"
#include "vitrum/pipeline/config/provenance.hpp"
#include "vitrum/validation/study/outcome_tables.hpp"

namespace vitrum::validation {

namespace {

template <class Items, class Get>
auto column(const Items& items, Get&& get) {
    std::vector<std::decay_t<decltype(get(*items.begin()))>> values;
    for (const auto& item : items) values.push_back(get(item));
    return values;
}

void write_cells(io::ColumnsWriter& file, const Study& study) {
    const auto& cells = study.cells;
    file.column("cells/label", column(cells, [](const Cell& c) { return c.label; }));
    file.column("cells/confirmatory",
                column(cells, [](const Cell& c) { return static_cast<std::uint8_t>(c.confirmatory); }));
    file.column("cells/settings", column(cells, [](const Cell& c) { return c.identity; }));
    file.column("cells/scenario", column(cells, [](const Cell& c) { return c.scenario.resolved; }));
}

void write_rows(io::ColumnsWriter& file, const Outcomes& outcomes) {
    const auto& all = outcomes.estimands;
    file.column("estimands/quantity", column(all, [](const Estimand& e) { return e.quantity; }));
    file.column("estimands/method", column(all, [](const Estimand& e) { return e.method; }));
    file.column("estimands/series", column(all, [](const Estimand& e) { return e.series; }));
    file.column("estimands/unit", column(all, [](const Estimand& e) { return e.unit; }));
    file.column("estimands/level", column(all, [](const Estimand& e) { return e.level; }));
    file.places("estimands", column(all, [](const Estimand& e) { return e.abscissa; }));

    const auto& made = outcomes.replicates;
    file.column("replicates/cell", column(made, [](const ReplicateRows& r) { return r.cell; }));
    file.column("replicates/replicate",
                column(made, [](const ReplicateRows& r) { return static_cast<std::int64_t>(r.replicate); }));
    file.column("replicates/failure", column(made, [](const ReplicateRows& r) { return r.failure; }));
    file.measured_time("replicate_seconds", column(made, [](const ReplicateRows& r) { return r.seconds; }));

    std::vector<std::uint32_t> of;
    std::vector<Row> rows;
    for (std::uint32_t i = 0; i < made.size(); ++i)
        for (const Row& row : made[i].rows) {
            of.push_back(i);
            rows.push_back(row);
        }
    file.column("rows/replicate", of);
    file.column("rows/estimand", column(rows, [](const Row& r) { return r.estimand; }));
    file.column("rows/status", column(rows, [](const Row& r) { return static_cast<std::uint8_t>(r.status); }));
    file.column("rows/origin", column(rows, [](const Row& r) { return static_cast<std::uint8_t>(r.origin); }));
    file.column("rows/truth", column(rows, [](const Row& r) { return r.truth; }));
    file.column("rows/estimate", column(rows, [](const Row& r) { return r.estimate; }));
    file.column("rows/standard_error", column(rows, [](const Row& r) { return r.standard_error; }));
    file.column("rows/lower", column(rows, [](const Row& r) { return r.lower; }));
    file.column("rows/upper", column(rows, [](const Row& r) { return r.upper; }));
}

void write_measures(io::ColumnsWriter& file, const Assessment& a) {
    struct Line {
        const Score* score;
        const char* set;
        const Measure* measure;
    };
    std::vector<Line> lines;
    for (const auto& s : a.scores) {
        for (const auto& m : s.own) lines.push_back({&s, "own successes", &m});
        for (const auto& m : s.common) lines.push_back({&s, "common successes", &m});
        for (const auto& m : s.against_reference) lines.push_back({&s, "against reference", &m});
    }
    file.column("measures/cell", column(lines, [](const Line& l) { return l.score->cell; }));
    file.column("measures/estimand", column(lines, [](const Line& l) { return l.score->estimand; }));
    file.column("measures/set", column(lines, [](const Line& l) { return std::string(l.set); }));
    file.column("measures/measure", column(lines, [](const Line& l) { return l.measure->name; }));
    file.column("measures/value", column(lines, [](const Line& l) { return l.measure->value; }));
    file.column("measures/mcse", column(lines, [](const Line& l) { return l.measure->mcse; }));
    file.column("measures/lower", column(lines, [](const Line& l) { return l.measure->lower; }));
    file.column("measures/upper", column(lines, [](const Line& l) { return l.measure->upper; }));
    file.column("measures/replicates",
                column(lines, [](const Line& l) { return static_cast<std::uint32_t>(l.measure->replicates); }));
}

void write_counts(io::ColumnsWriter& file, const Assessment& a) {
    const auto as_count = [](std::size_t n) { return static_cast<std::uint32_t>(n); };
    file.column("counts/cell", column(a.scores, [](const Score& s) { return s.cell; }));
    file.column("counts/estimand", column(a.scores, [](const Score& s) { return s.estimand; }));
    file.column("counts/attempted", column(a.scores, [&](const Score& s) { return as_count(s.counts.attempted); }));
    file.column("counts/missing", column(a.scores, [&](const Score& s) { return as_count(s.counts.missing); }));
    for (std::size_t k = 0; k < Counts{}.by_status.size(); ++k)
        file.column(fmt::format("counts/{}", name(static_cast<Status>(k))),
                    column(a.scores, [&](const Score& s) { return as_count(s.counts.by_status[k]); }));
    file.column("bounds/cell", column(a.scores, [](const Score& s) { return s.cell; }));
    file.column("bounds/estimand", column(a.scores, [](const Score& s) { return s.estimand; }));
    file.column("bounds/variance", column(a.scores, [](const Score& s) { return s.bound.variance; }));
    file.column("bounds/kind", column(a.scores, [](const Score& s) { return std::string(name(s.bound.kind)); }));
    file.column("bounds/source", column(a.scores, [](const Score& s) { return s.bound.source; }));
    file.column("counts/without_error",
                column(a.scores, [&](const Score& s) { return as_count(s.counts.without_error); }));
}

void write_verdicts(io::ColumnsWriter& file, const std::string& group, const std::vector<Verdict>& all) {
    file.column(group + "/cell", column(all, [](const Verdict& v) { return v.cell; }));
    file.column(group + "/estimand", column(all, [](const Verdict& v) { return v.estimand; }));
    file.column(group + "/measure", column(all, [](const Verdict& v) { return v.measure; }));
    file.column(group + "/value", column(all, [](const Verdict& v) { return v.found.value; }));
    file.column(group + "/lower", column(all, [](const Verdict& v) { return v.found.lower; }));
    file.column(group + "/upper", column(all, [](const Verdict& v) { return v.found.upper; }));
    file.column(group + "/margin_low", column(all, [](const Verdict& v) { return v.low; }));
    file.column(group + "/margin_high", column(all, [](const Verdict& v) { return v.high; }));
    file.column(group + "/decision", column(all, [](const Verdict& v) { return std::string(name(v.decision)); }));
    file.column(group + "/replicates_to_decide", column(all, [](const Verdict& v) { return v.replicates_to_decide; }));
}

void write_figures(io::ColumnsWriter& file, const std::vector<StudyFigure>& figures) {
    if (figures.empty()) return;
    file.group("figures", "NXcollection");
    for (const auto& figure : figures) {
        const std::string group = "figures/" + figure.name;
        file.group(group, "NXentry", figure.title);
        for (std::size_t i = 0; i < figure.curves.size(); ++i)
            file.curve(fmt::format("{}/curve_{}", group, i + 1), figure.curves[i]);
        file.default_group(group, "curve_1");
    }
    file.default_group("figures", figures.front().name);
    file.default_group("", "figures");
}

}  // namespace

void write_study(const std::filesystem::path& path, const Study& study, const Outcomes& outcomes,
                 const Assessment& assessment, const std::vector<StudyFigure>& figures) {
    io::ColumnsWriter file(path, "study");
    file.text("name", study.name);
    file.text("title", study.title);
    file.text("question", study.question);
    file.text("study", study.input);
    file.text("frozen", study.frozen);
    file.text("identity", identity_of(study));
    file.column("deviations", study.deviations);
    write_cells(file, study);
    write_rows(file, outcomes);
    write_counts(file, assessment);
    write_measures(file, assessment);
    write_verdicts(file, "verdicts", assessment.verdicts);
    std::vector<Verdict> planted;
    for (const auto& c : assessment.controls) planted.push_back(c.verdict);
    write_verdicts(file, "controls", planted);
    file.column("controls/defect", column(assessment.controls, [](const Control& c) { return c.defect; }));
    write_figures(file, figures);
    auto provenance = pipeline::provenance();
    provenance.emplace_back("seed", fmt::format("{}", study.seed));
    file.provenance(provenance);
    file.close();
}

namespace {

StoredStudy study_in(const io::ColumnsReader& file) {
    const auto& path = file.path();
    StoredStudy s;
    s.study = study_from_text(file.text("study"), path.string());
    s.study.name = file.text("name");
    s.study.frozen = file.text("frozen");
    s.study.deviations = file.texts("deviations");
    s.identity = file.text("identity");
    s.provenance = file.provenance();

    s.outcomes = read_outcomes(file, s.study.cells.size());
    return s;
}

}  // namespace

StoredStudy read_study_file(const std::filesystem::path& path) {
    return io::undamaged(path, [&] {
        const io::ColumnsReader file(path, "study", "a study; make one with 'vitrum validate'");
        return study_in(file);
    });
}

StoredStudy merge_studies(const std::vector<std::filesystem::path>& files) {
    StoredStudy all = read_study_file(files.front());
    for (std::size_t f = 1; f < files.size(); ++f) {
        StoredStudy part = read_study_file(files[f]);
        if (all.identity != part.identity)
            throw InputError(
                fmt::format("'{}' and '{}' are not parts of one study: another plan, version or processor class",
                            files.front().string(), files[f].string()));
        std::vector<std::uint32_t> place;
        for (const auto& e : part.outcomes.estimands) place.push_back(all.outcomes.index_of(e));
        for (auto& r : part.outcomes.replicates) {
            for (auto& row : r.rows) row.estimand = place[row.estimand];
            all.outcomes.replicates.push_back(std::move(r));
        }
    }
    all.outcomes.sort();
    return all;
}

}  // namespace vitrum::validation
