// Whatever a unit holds comes back from the part folder, every field of it.
#include "vitrum/pipeline/run/part_folder.hpp"

#include <cmath>
#include <fstream>
#include <variant>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "tests/same_result.hpp"
#include "tests/temporary_folder.hpp"
#include "vitrum/pipeline/run/series_of.hpp"
#include "vitrum/pipeline/scenario/scenario.hpp"

namespace vitrum::pipeline {
namespace {

const std::string speckle = R"(
[source.s]
kind = "speckle"
tau = "8 s"
modes = 2
mean_count = 2
frames = 60
rows = 24
columns = 24
)";
const std::string rings = R"(
[source.s.geometry]
energy = "20.95 keV"
distance = "5 m"
pixel_size = "4500 um"
arm_angle = 15.54
rings = 3
)";
const std::string paths = "[source.s]\nkind = \"atom_paths\"\natoms = 60\nframes = 20\n";

// Every kind of source that needs no other program, and what its units hold.
const std::vector<std::string> scenarios{
    speckle,
    speckle + "[estimate.h]\nestimator = \"heterogeneity_width\"\n",
    speckle + "lost_frames = 0.1\n",
    speckle + "clock = \"gamma\"\nclock_step = 0.5\n[estimate.chi4]\nestimator = \"chi4\"\nlag = 8\n",
    speckle + "event_times = [\"30 s\"]\nevent_fraction = 0.9\n[estimate.events]\nestimator = \"events\"\ntau = 8\n",
    speckle + "wavevector_exponent = 1.0\nreference_q = \"2.87 1/angstrom\"\n" + rings,
    "[source.w]\nkind = \"landscape_speckle\"\npressures = [\"0 GPa\", \"3 GPa\"]\nbarrier = \"0.84 eV\"\nframes = 40\n"
    "rows = 16\ncolumns = 16\n",
    "[source.s]\nkind = \"power_law\"\n",
    "[source.s]\nkind = \"samples\"\n",
    "[source.s]\nkind = \"law_points\"\nlaw = \"birch_murnaghan\"\n",
    "[source.s]\nkind = \"law_points\"\nlaw = \"intensity\"\n",
    "[source.s]\nkind = \"law_points\"\nlaw = \"avalanches\"\n",
    paths +
        "motion = \"brownian\"\n[estimate.f]\nestimator = \"scattering_functions\"\nq_low = \"2.6 1/angstrom\"\n"
        "q_high = \"2.8 1/angstrom\"\n",
    paths + "motion = \"rigid_blocks\"\n[estimate.o]\nestimator = \"overlap\"\n",
    "[source.s]\nkind = \"lattice\"\nlattice = \"fcc\"\n[estimate.g]\nestimator = \"pair_distribution\"\n[estimate.s]\n"
    "estimator = \"structure_factor\"\nq_high = \"4 1/angstrom\"\n",
};

Scenario read(const std::string& text) {
    return scenario_from(parse_toml_text(text, "test.toml"), "test.toml", {}, std::nullopt);
}

std::vector<Labelled<DataSet>> made_by(const Scenario& scenario, const SourcePlan& source, const Unit& unit,
                                       const std::filesystem::path& scratch) {
    UnitContext context;
    context.key = {scenario.seed, cell_id(unit.name), 0};
    context.scratch = scratch;
    context.progress = [](double, const std::string&) {};
    return make(source, unit, context);
}

TEST(PartFolder, EveryUnitComesBackWhole) {
    for (const auto& text : scenarios) {
        SCOPED_TRACE(text);
        const TemporaryFolder folder;
        const Scenario scenario = read(text);
        const PartFolder part(folder / "r.h5", "identity", false, false);
        for (std::size_t s = 0; s < scenario.sources.size(); ++s)
            for (const Unit& unit : scenario.sources[s].units) {
                const auto sets = made_by(scenario, scenario.sources[s], unit, folder.path());
                const auto made = series_of(sets, scenario.steps[s], {5, {}});
                part.keep(unit.name, made);
                const auto back = part.finished(unit.name);
                ASSERT_TRUE(back.has_value());
                expect_same(*back, made, unit.name);
            }
    }
}

Curve full_curve(const std::string& name, std::size_t points) {
    Curve c = make_curve(name, "x of " + name, "GPa", "y of " + name, "eV");
    for (std::size_t i = 0; i < points; ++i) {
        const auto x = static_cast<double>(i);
        c.x.push_back(x);
        c.y.push_back(x * x);
        c.y_error.push_back(i == 0 ? NAN : 0.1 * x);
        c.weight.push_back(x + 1);
        c.scatter.push_back(x + 2);
    }
    c.covariance_factor = Eigen::MatrixXd::Random(static_cast<Eigen::Index>(points), 3);
    c.degrees_of_freedom = 2;
    c.error_method = "by hand";
    return c;
}

// What no source of today makes, or only LAMMPS does.
SeriesResult full_series() {
    SeriesResult s;
    s.name = "full_1";
    s.source = "cuzr";
    s.source_name = "liquid";
    s.title = "ein \"Titel\" <b>\nmit zwei Zeilen";
    s.abscissa = {{"pressure", 1, 2.5, "GPa"}, named("branch", 2, "decompression")};
    s.frames = 3;
    s.pixels = 7;
    s.map = TwoTimeMap{3, {NAN, 2, 3, 2, 1, 4, 3, 4, INFINITY}, 0.5, "frames", true};
    s.g2 = full_curve("g2", 2);
    s.fit = full_curve("fit", 2);
    s.fit->covariance_factor = {};
    s.trace = full_curve("correlation_trace", 3);
    s.curves = {full_curve("z_last_in_the_alphabet", 4), full_curve("a", 0), full_curve("m", 1)};
    s.curves[1].covariance_factor = {};
    s.estimates = {make_estimate("tau", {}, 3, 0.1, 10, Status::at_bound, "note"), Estimate{}};
    s.estimates[1].quantity = "beta";
    s.estimates[1].level = 0.68;
    s.estimates[1].status = Status::law_rejected;
    s.estimates[1].abscissa = {{"region", 3, 0.25, "1/angstrom"}};
    s.truth.add("tau", {{"lag", 4, 2.0, "s"}}, 3.1, Origin::imposed, "why");
    s.truth.add("beta", {}, INFINITY, Origin::numerical);
    s.truth.add(full_curve("z", 2), Origin::reference);
    s.truth.add(full_curve("b", 2), Origin::recorded);
    s.traces = {{"pressure", "GPa", {0, 1}, {2, NAN}}, {"beam", "", {0}, {1}}, {"a", "K", {}, {}}};
    s.notes = {"one", "", "zwei µ"};
    s.failure = "died\nlog";
    auto summary = std::make_shared<FramesSummary>();
    summary->name = "full";
    summary->title = "a data set of one region";
    summary->frames = 3;
    summary->rows = 1;
    summary->columns = 2;
    summary->frame_time = 0.5;
    summary->time_unit = "frames";
    summary->exposure = 0.25;
    summary->beamline = {1.5, NAN, 75e-6, 5, 8, "2026-01-01T00:00:00Z"};
    summary->used = {1, 0};
    summary->dynamic_region = {1, 0};
    summary->static_region = {1, 2};
    summary->region_number = {4};
    summary->dynamic_q = {0.1};
    summary->static_q = {0.1, NAN};
    summary->mean_of_frame = {1, 2, 3};
    summary->mean_image = {2, 0};
    summary->static_mean = {2, 1};
    summary->segments = {0, 2, 3};
    summary->static_segment = {1, 2, 3, 4};
    summary->delay = {1, 2};
    summary->g2 = {1.5, 1.2};
    summary->g2_error = {0.1, NAN};
    summary->g2_by_segment = {1, 2, 3, NAN};
    summary->g2_error_by_segment = {1, NAN, 3, 4};
    summary->map_g2_by_segment = {NAN, NAN};
    s.frames_summary = summary;
    return s;
}

TEST(PartFolder, EveryFieldComesBack) {
    const TemporaryFolder folder;
    const PartFolder part(folder / "r.h5", "identity", false, false);
    SeriesResult bare;
    bare.name = "bare";
    SeriesResult no_g2 = full_series();
    no_g2.name = "no_g2";
    no_g2.g2.reset();
    no_g2.frames_summary.reset();
    no_g2.curves[0].covariance_factor = {};  // its degrees of freedom stay
    const std::vector<SeriesResult> made{full_series(), bare, no_g2};
    part.keep("unit", made);
    const auto back = part.finished("unit");
    ASSERT_TRUE(back.has_value());
    expect_same(*back, made, "unit");
}

// The summary of frames is shown with all its maps or not at all; to which data set a series belongs is known anyway.
TEST(PartFolder, ASeriesWithoutAMapKeepsItsDataSet) {
    const TemporaryFolder folder;
    const PartFolder part(folder / "r.h5", "identity", false, false);
    SeriesResult made = full_series();
    made.map.reset();
    part.keep("unit", {made});
    const auto back = part.finished("unit");
    ASSERT_TRUE(back && back->front().frames_summary);
    EXPECT_EQ(back->front().data_set(), "full");
}

TEST(PartFolder, GeneratedDataComeBack) {
    for (const std::string& options :
         {std::string(), std::string("mean_count = 0.01\n"), "lost_frames = 0.1\n" + rings}) {
        SCOPED_TRACE(options);
        const TemporaryFolder folder;
        std::string text = speckle + options;
        if (options.starts_with("mean")) text.erase(text.find("mean_count = 2\n"), 15);
        const Scenario scenario = read(text);
        const PartFolder part(folder / "r.h5", "identity", false, false);
        const auto made =
            std::move(made_by(scenario, scenario.sources[0], scenario.sources[0].units[0], folder.path()).front());
        part.keep_data("s", made);
        const auto back = part.finished_data("s");
        ASSERT_TRUE(back.has_value());
        const auto& a = std::get<SpeckleSeries>(made.data.data);
        const auto& b = std::get<SpeckleSeries>(back->data.data);
        expect_same(a.counts, b.counts, "counts");
        expect_same(a.frame_ptr, b.frame_ptr, "frame_ptr");
        expect_same(a.index, b.index, "index");
        expect_same(a.intensity, b.intensity, "intensity");
        expect_same(a.lost, b.lost, "lost");
        expect_same(a.region, b.region, "region");
        expect_same(a.q, b.q, "q");
        expect_same(a.frame_time, b.frame_time, "frame_time");
        expect_same(a.exposure, b.exposure, "exposure");
        expect_same(made.truth, back->truth, "truth");
        expect_same(made.data.name, back->data.name, "name");
        expect_same(made.data.source, back->data.source, "source");
        expect_same(made.data.source_name, back->data.source_name, "source_name");
        expect_same(made.data.title, back->data.title, "title");
        expect_same(made.data.abscissa, back->data.abscissa, "abscissa");
        expect_same(made.data.traces, back->data.traces, "traces");
        expect_same(made.data.notes, back->data.notes, "notes");
    }
}

// Every byte of a part counts: one that is not what was written is made again, not believed.
TEST(PartFolder, DamagedPartsAreNotTaken) {
    const TemporaryFolder folder;
    const PartFolder part(folder / "r.h5", "run 1", false, false);
    const auto file = part.path() / "unit.h5";
    part.keep("unit", {full_series()});
    const auto size = std::filesystem::file_size(file);
    for (std::size_t at = 0; at < size; at += 97) {
        std::fstream change(file, std::ios::in | std::ios::out | std::ios::binary);
        change.seekg(static_cast<std::streamoff>(at));
        const int before = change.get();
        const auto put = [&](int value) {
            change.seekp(static_cast<std::streamoff>(at));
            change.put(static_cast<char>(value)).flush();
        };
        put(before ^ 4);
        ASSERT_FALSE(part.finished("unit").has_value()) << at;
        put(before);
    }
    EXPECT_TRUE(part.finished("unit").has_value());
    std::filesystem::resize_file(file, size / 2);
    EXPECT_FALSE(part.finished("unit").has_value());
    part.keep("unit", {full_series()});
    std::filesystem::remove(part.path() / "unit.sha256");
    EXPECT_FALSE(part.finished("unit").has_value());
}

TEST(PartFolder, ForceDiscardsNothingOfOthers) {
    const TemporaryFolder folder;
    std::filesystem::create_directories(folder / "r.h5.part");
    std::ofstream(folder / "r.h5.part" / "photos") << "mine";
    EXPECT_MESSAGE(PartFolder(folder / "r.h5", "run 1", false, true), "is not of vitrum");
    EXPECT_MESSAGE(PartFolder(folder / "r.h5", "run 1", true, false), "is not of vitrum");
    std::filesystem::remove(folder / "r.h5.part" / "photos");
    EXPECT_EQ(PartFolder(folder / "r.h5", "run 1", false, true).path(), folder / "r.h5.part");
    EXPECT_MESSAGE(PartFolder(folder / "r.h5", "run 2", true, false), "another scenario");
    EXPECT_EQ(PartFolder(folder / "r.h5", "run 2", false, true).path(), folder / "r.h5.part");
}

}  // namespace
}  // namespace vitrum::pipeline
