#include "vitrum/io/result/result_file.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "tests/temporary_folder.hpp"
#include "vitrum/io/hdf5/data_hash.hpp"

namespace vitrum::io {
namespace {

Result example() {
    Result r;
    r.title = "title";
    r.question = "why?";
    r.scenario = "[scenario]\n";
    r.statements = {"one", "two"};
    SeriesResult s;
    s.name = "landscape_2";
    s.source = "landscape_speckle";
    s.title = "at 2 GPa";
    s.abscissa = {{"pressure", 1, 2.0, "GPa"}};
    s.frames = 3;
    s.pixels = 7;
    s.map = TwoTimeMap{3, {1, 2, 3, 2, 1, 4, 3, 4, 1}, 0.5, "s", false};
    Curve g2;
    g2.name = "g2";
    g2.x_name = "lag";
    g2.x_unit = "s";
    g2.y_name = "g2";
    g2.x = {0.5, 1};
    g2.y = {1.2, 1.1};
    g2.y_error = {0.1, NAN};
    g2.weight = {2, 1};
    g2.covariance_factor = Eigen::MatrixXd::Random(2, 5);
    g2.degrees_of_freedom = 4;
    g2.error_method = "jackknife";
    s.g2 = g2;
    s.estimates = {make_estimate("tau", {}, 3, 0.1, 10, Status::at_bound, "note")};
    s.truth.add("tau", {}, 3.1, Origin::imposed, "why");
    s.truth.add(g2, Origin::reference);
    s.traces = {{"pressure", "GPa", {0, 1}, {2, 2.1}}};
    s.notes = {"a note"};
    Curve structure = make_curve("structure_factor", "q", "1/angstrom", "S", "");
    structure.x = {2, 2.5};
    structure.y = {0.4, 2.1};
    Curve pairs = make_curve("pair_distribution", "r", "angstrom", "g", "");
    pairs.x = {2, 2.5};
    pairs.y = {0, 3};
    s.curves = {structure, pairs};
    r.series.push_back(s);
    SeriesResult failed;
    failed.name = "cuzr_1";
    failed.failure = "worker died\nlog";
    r.series.push_back(failed);
    r.estimates = {make_estimate("activation_volume", {{"pressure", 0, 1.5, "GPa"}}, 2, 0.1, INFINITY, Status::ok, "")};
    r.provenance = {{"commit", "abc"}};
    return r;
}

TEST(ResultFile, RoundTrip) {
    const TemporaryFolder folder;
    const Result made = example();
    write_result(folder / "r.h5", made);
    const Result read = read_result(folder / "r.h5");
    EXPECT_EQ(read.statements, made.statements);
    ASSERT_EQ(read.series.size(), 2U);
    const auto& a = made.series[0];
    const auto& b = read.series[0];
    EXPECT_EQ(b.name, a.name);
    EXPECT_EQ(b.map->values, a.map->values);
    EXPECT_EQ(b.g2->y, a.g2->y);
    EXPECT_TRUE(b.g2->covariance_factor == a.g2->covariance_factor);
    EXPECT_EQ(b.estimates.at(0).status, Status::at_bound);
    EXPECT_EQ(b.estimates.at(0).upper, a.estimates.at(0).upper);
    EXPECT_EQ(b.truth.rows.at(0).origin, Origin::imposed);
    ASSERT_NE(b.truth.curve("g2"), nullptr);
    EXPECT_EQ(b.truth.curve_origins.at(0), Origin::reference);
    EXPECT_TRUE(same_place(b.abscissa, a.abscissa));
    EXPECT_EQ(b.traces.at(0).value, a.traces.at(0).value);
    ASSERT_EQ(b.curves.size(), 2U);
    EXPECT_EQ(b.curves[0].name, "structure_factor");
    EXPECT_EQ(b.curves[0].y, a.curves[0].y);
    EXPECT_EQ(b.curves[1].x_unit, "angstrom");
    EXPECT_EQ(read.series[1].failure, made.series[1].failure);
    EXPECT_EQ(read.estimates.at(0).abscissa.at(0).value, 1.5);
    // Written again it is the same, provenance aside.
    const Result again = read;
    write_result(folder / "again.h5", again);
    EXPECT_EQ(compute_data_hash(folder / "r.h5"), compute_data_hash(folder / "again.h5"));
}

TEST(ResultFile, OtherFilesAreRefused) {
    const TemporaryFolder folder;
    EXPECT_MESSAGE(read_result(folder / "no.h5"), "no such file");
}

}  // namespace
}  // namespace vitrum::io
