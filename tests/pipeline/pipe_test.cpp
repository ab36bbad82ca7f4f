// The pipe from a source through [estimate.*] and [across.*] to judged rows, on small scenarios.
#include <algorithm>
#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "tests/temporary_folder.hpp"
#include "vitrum/core/data/data_set.hpp"
#include "vitrum/pipeline/run/replicate.hpp"
#include "vitrum/pipeline/run/series_of.hpp"
#include "vitrum/pipeline/scenario/scenario.hpp"

namespace vitrum::pipeline {
namespace {

const std::string glass = R"(
[source.glass]
kind = "speckle"
tau = "6 s"
frames = 120
rows = 16
columns = 24
)";

Scenario read(const std::string& text) {
    return scenario_from(parse_toml_text(text, "test.toml"), "test.toml", {}, std::nullopt);
}

Method as_written(const Scenario& scenario) { return {"as written", scenario.steps, scenario.across}; }

Result run(const std::string& text) {
    const Scenario scenario = read(text);
    const TemporaryFolder folder;
    return replicate(scenario, {as_written(scenario)}, {7, "cell", 0}, folder.path()).at(0);
}

const SeriesResult& series(const Result& result, const std::string& name) {
    const auto at =
        std::find_if(result.series.begin(), result.series.end(), [&](const auto& s) { return s.name == name; });
    if (at == result.series.end()) throw std::out_of_range("no series " + name);
    return *at;
}

const Estimate& row(const std::vector<Estimate>& rows, const std::string& quantity) {
    const auto at = std::find_if(rows.begin(), rows.end(), [&](const auto& e) { return e.quantity == quantity; });
    if (at == rows.end()) throw std::out_of_range("no row " + quantity);
    return *at;
}

TEST(Pipe, OneRowSaysAllOfASource) {
    const SourceTexts texts = source_texts();
    for (const SourceKind& kind : source_kinds()) {
        const SourceText* text = find_text(texts, kind.name());
        ASSERT_NE(text, nullptr) << kind.name();
        EXPECT_FALSE(text->title.empty() || text->description.empty() || kind.summary.empty()) << kind.name();
        const auto same = [&](const SourceText& other) {
            return other.kind == text->kind || other.title == text->title;
        };
        EXPECT_EQ(std::count_if(texts.begin(), texts.end(), same), 1) << kind.name();
    }
    EXPECT_NE(find_text(texts, "file"), nullptr);
    EXPECT_EQ(find_text(texts, "nobody"), nullptr);
    // The law that the row names is that of its plain data sets.
    const std::map<std::string, std::string> plain{
        {"speckle", glass}, {"power_law", "[source.s]\nkind = \"power_law\"\nalpha = 1.5\nevents = 100\n"}};
    for (const SourceKind& kind : source_kinds()) {
        const auto text = plain.find(std::string(kind.name()));
        ASSERT_EQ(text != plain.end(), kind.law != LawKind::none) << kind.name();
        if (text == plain.end()) continue;
        EXPECT_EQ(law_kind(read(text->second).sources.at(0).units.at(0).law), kind.law);
    }
}

TEST(Pipe, AgesGatheredKeepTheirCovariance) {
    const Result result = run(R"(
[source.glass]
kind = "speckle"
tau = "3 s"
frames = 480
rows = 24
columns = 24
[estimate.ages]
estimator = "ageing_law"
ages = 4
[across.law]
estimator = "ageing_law"
of = "tau"
along = "age"
sources = ["glass_ages"]
)");
    // The estimate's own law went through the covariance of the ages.
    const Estimate& own = row(series(result, "glass_ages").estimates, "ageing_tau0");
    const Estimate& gathered = row(result.estimates, "ageing_tau0");
    ASSERT_EQ(own.status, Status::ok) << own.note;
    EXPECT_NEAR(gathered.value, own.value, 1e-9 * own.value);
    EXPECT_NEAR(gathered.standard_error, own.standard_error, 1e-9 * own.standard_error);
    EXPECT_TRUE(gathered.note.starts_with(own.note)) << gathered.note;
}

TEST(Pipe, CorrelationIsTheDefaultOfSpeckle) {
    const Result result = run(glass);
    ASSERT_EQ(result.series.size(), 1U);
    EXPECT_EQ(result.series[0].name, "glass");
    EXPECT_TRUE(result.series[0].map.has_value());
    EXPECT_TRUE(result.series[0].g2.has_value());
}

TEST(Pipe, OptionsOfTheDefaultStandInItsTable) {
    const Result plain = run(glass);
    const Result by_pairs = run(glass + "[estimate.correlation]\nweights = \"pairs\"\n");
    const Result by_source = run(glass + "[source.glass.analysis]\nweights = \"pairs\"\n");
    EXPECT_EQ(row(by_pairs.series[0].estimates, "tau").value, row(by_source.series[0].estimates, "tau").value);
    EXPECT_NE(row(by_pairs.series[0].estimates, "tau").value, row(plain.series[0].estimates, "tau").value);
}

TEST(Pipe, FurtherEstimatesHaveSeriesOfTheirOwnWithTheSameTruth) {
    const Result result = run(glass + "[estimate.counts]\nestimator = \"contrast\"\n");
    ASSERT_EQ(result.series.size(), 2U);
    const auto& counts = series(result, "glass_counts");
    EXPECT_TRUE(std::isfinite(row(counts.estimates, "contrast_factorial").value));
    EXPECT_NE(counts.truth.find("contrast", {}), nullptr);
    EXPECT_EQ(row(counts.estimates, "contrast").value, row(series(result, "glass").estimates, "contrast").value);
}

TEST(Pipe, OneEstimateTakesTheCurveOfAnother) {
    const std::string from = "[estimate.two]\nestimator = \"double_kww\"\nfrom = \"correlation\"\ntake = \"g2\"\n";
    const Result chained = run(glass + from);
    EXPECT_TRUE(std::isfinite(row(series(chained, "glass_two").estimates, "tau_slow").value) ||
                row(series(chained, "glass_two").estimates, "tau_slow").status != Status::ok);
    EXPECT_MESSAGE(
        read(glass + "[estimate.two]\nestimator = \"double_kww\"\nfrom = \"nobody\"\nsources = [\"glass\"]\n"),
        "'nobody' is no estimate before this one on source 'glass'; there are correlation");
    EXPECT_MESSAGE(read(glass + "[estimate.two]\nestimator = \"msd\"\nfrom = \"correlation\"\n"), "msd needs");
}

TEST(Pipe, AnEstimatorThatNoSourceCanFeedIsRefused) {
    EXPECT_MESSAGE(read(glass + "[estimate.msd]\n"), "'msd' needs a trajectory");
    EXPECT_MESSAGE(read(glass + "[estimate.msd]\n"), "'glass' gives frames");
    EXPECT_MESSAGE(read(glass + "[estimate.tua]\n"), "no estimator 'tua'");
    EXPECT_MESSAGE(read(glass + "[estimate.kww]\nsources = [\"gals\"]\n"), "which is no source; did you mean 'glass'");
    EXPECT_MESSAGE(read(glass + "[estimate.kww]\nwieghts = \"pairs\"\n"), "wieghts");
}

TEST(Pipe, NothingThatIsAskedForIsLeftOutInSilence) {
    EXPECT_MESSAGE(read(glass + "[estimate.two]\nestimator = \"double_kww\"\nfrom = \"corelation\"\n"),
                   "'corelation' is no estimate before this one on any source");
    EXPECT_MESSAGE(read(glass + "[estimate]\nkww = 3\n"), "estimate.kww is no table");
    EXPECT_MESSAGE(read(glass + "[across]\nlaw = 3\n"), "across.law is no table");
}

TEST(Pipe, ScansOfOnePressureHaveAMeanTauWithItsTruth) {
    const Result result = run(R"(
[source.glass]
kind = "speckle"
frames = 200
rows = 24
columns = 24
scans = [
    { pressure = "1 GPa", tau = "6 s" },
    { pressure = "1 GPa", tau = "6 s" },
    { pressure = "2 GPa", tau = "9 s" },
    { pressure = "1 GPa", tau = "8 s" },
]
)");
    const auto judged = judge(result.estimates, result.truth);
    std::size_t seen = 0;
    for (const Judged& one : judged) {
        if (one.estimate->quantity != "tau_over_scans") continue;
        ++seen;
        ASSERT_NE(one.truth, nullptr);
        EXPECT_NEAR(one.truth->value, 20.0 / 3, 1e-12);
        EXPECT_NEAR(one.estimate->value, 20.0 / 3, 1.0);
    }
    EXPECT_EQ(seen, 1U);
}

TEST(Pipe, MethodsChangeEstimatesAndSeeTheSameData) {
    const Scenario scenario = read(glass);
    const toml::value flat = parse_toml_text("weights = \"pairs\"\n", "methods");
    const toml::value table = parse_toml_text("[estimate.correlation]\nweights = \"pairs\"\n", "methods");
    std::vector<Method> methods{as_written(scenario)};
    for (const toml::value* method : {&flat, &table})
        methods.push_back(
            {"pairs", {read_steps(scenario.sources[0], {&scenario.estimate, method, "pairs", "t.toml"})}, {}});
    const TemporaryFolder folder;
    const auto results = replicate(scenario, methods, {7, "cell", 0}, folder.path());
    EXPECT_EQ(results[1].series[0].g2->y, results[0].series[0].g2->y);
    EXPECT_NE(row(results[1].series[0].estimates, "tau").value, row(results[0].series[0].estimates, "tau").value);
    EXPECT_EQ(row(results[1].series[0].estimates, "tau").value, row(results[2].series[0].estimates, "tau").value);
}

TEST(Pipe, AMethodThatASourceCannotUseIsAnError) {
    const Scenario sizes = read("[source.sizes]\nkind = \"power_law\"\n");
    const toml::value flat = parse_toml_text("weights = \"pairs\"\n", "methods");
    EXPECT_MESSAGE(read_steps(sizes.sources[0], {&sizes.estimate, &flat, "pairs", "t.toml"}),
                   "are options of the correlation chain, which needs frames");
    EXPECT_MESSAGE(read_steps(sizes.sources[0], {&sizes.estimate, &flat, "pairs", "t.toml"}),
                   "source 'sizes' gives event catalogue");
}

TEST(Pipe, CataloguesAndColumnsGoThroughTheSamePipe) {
    const Result sizes = run("[source.sizes]\nkind = \"power_law\"\nevents = 300\n");
    EXPECT_TRUE(std::isfinite(row(sizes.series[0].estimates, "power_law_exponent").value));
    EXPECT_NE(sizes.series[0].truth.find("power_law_exponent", {}), nullptr);
    const Result corrected =
        run("[source.sizes]\nkind = \"power_law\"\nevents = 300\n[estimate.power_law]\nbias_corrected = true\n");
    EXPECT_NE(row(corrected.series[0].estimates, "power_law_exponent").value,
              row(sizes.series[0].estimates, "power_law_exponent").value);
    const Result groups = run("[source.groups]\nkind = \"samples\"\nsamples = 5\ndifference = 1\n");
    EXPECT_TRUE(std::isfinite(row(groups.series[0].estimates, "group_difference").value));
}

const std::string pressures = R"(
[source.glass]
kind = "speckle"
beta = 1.5
frames = 150
rows = 24
columns = 24
mean_count = 2
temperature = "300 K"
scans = [{ pressure = "0 GPa", tau = "6 s" }, { pressure = "1 GPa", tau = "9 s" }, { pressure = "2 GPa", tau = "6 s" }]
)";

TEST(Pipe, AcrossGathersAndEstimatesLikeTheRowThatRunsByItself) {
    const Result result = run(pressures +
                              "[across.volumes]\nestimator = \"activation_volume\"\nof = \"tau\"\n"
                              "along = \"pressure\"\ntemperature = \"300 K\"\n");
    std::vector<const Estimate*> volumes;
    for (const auto& e : result.estimates)
        if (e.quantity == "activation_volume") volumes.push_back(&e);
    ASSERT_EQ(volumes.size(), 4U);
    EXPECT_EQ(volumes[0]->value, volumes[2]->value);
    EXPECT_EQ(volumes[1]->value, volumes[3]->value);
    EXPECT_EQ(volumes[0]->standard_error, volumes[2]->standard_error);
    EXPECT_NE(result.truth.find("activation_volume", volumes[0]->abscissa), nullptr);
}

TEST(Pipe, AcrossSaysWhatIsWrong) {
    EXPECT_MESSAGE(read(pressures + "[across.v]\nestimator = \"activation_volume\"\nof = \"tau\"\n"
                                    "temperature = \"300 K\"\n"),
                   "along");
    EXPECT_MESSAGE(read(pressures + "[across.v]\nestimator = \"msd\"\nof = \"tau\"\nalong = \"pressure\"\n"),
                   "what is gathered holds columns; msd needs a trajectory");
    EXPECT_MESSAGE(read(pressures + "[across.v]\nestimator = \"scans\"\n"), "runs by itself");
    EXPECT_MESSAGE(read(pressures + "[across.v]\nestimator = \"ageing_law\"\nof = \"tau\"\nalong = \"pressure\"\n"
                                    "sources = [\"gl\"]\n"),
                   "there is no source 'gl'");
}

TEST(Pipe, TheEstimatorSeesTheDataThemselvesAndNoCopy) {
    Labelled<DataSet> set;
    EventCatalogue events;
    events.size.assign(1000, 1.0);
    set.data.data = std::move(events);
    const Data* seen = nullptr;
    EstimateStep step;
    step.name = "look";
    step.kind = &find_estimator("power_law");
    step.is_default = true;
    step.run = [&](const Data& data, const Extras&) {
        seen = &data;
        return std::vector<Findings>(1);
    };
    static_cast<void>(series_of(set, {step}, {}));
    EXPECT_EQ(seen, &set.data.data);
}

TEST(Pipe, MasterCurveOverTheScansOfASource) {
    const Result result =
        run(pressures + "[across.collapse]\nestimator = \"master_curve\"\nof = \"g2\"\ndraws = 200\n");
    EXPECT_TRUE(std::isfinite(row(result.estimates, "master_curve_p_value").value));
}

TEST(Pipe, TheResolvedScenarioHoldsEveryTable) {
    const Scenario scenario = read(pressures +
                                   "[estimate.correlation]\nweights = \"pairs\"\n[across.volumes]\n"
                                   "estimator = \"activation_volume\"\nof = \"tau\"\nalong = \"pressure\"\n"
                                   "temperature = \"300 K\"\n");
    const Scenario again = read(scenario.resolved);
    EXPECT_EQ(again.resolved, scenario.resolved);
    EXPECT_NE(scenario.resolved.find("[across.volumes]"), std::string::npos);
    EXPECT_NE(scenario.resolved.find("[estimate.correlation]"), std::string::npos);
}

}  // namespace
}  // namespace vitrum::pipeline
