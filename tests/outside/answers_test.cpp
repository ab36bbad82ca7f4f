// What is made of answers.csv, right or wrong.
#include "vitrum/outside/answers.hpp"

#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "../temporary_folder.hpp"
#include "sample_data.hpp"
#include "vitrum/core/data/data_set.hpp"

namespace vitrum::outside {
namespace {

using namespace testing;

class Answers : public ::testing::Test {
protected:
    AnswersRead read(const std::string& text) {
        std::ofstream(folder_ / "answers.csv", std::ios::binary) << text;
        return read_answers(folder_ / "answers.csv", asked_, asked_.size() > 1);
    }
    // The only replicate's.
    ReplicateAnswers one(const std::string& text) {
        const AnswersRead all = read(text);
        return all.fault == Fault::none ? all.replicates.front() : ReplicateAnswers{all.fault, all.detail, {}};
    }
    void expect_fault(const std::string& text, Fault fault, const std::string& words) {
        const ReplicateAnswers got = one(text);
        EXPECT_EQ(name(got.fault), name(fault)) << text;
        EXPECT_NE(got.detail.find(words), std::string::npos) << got.detail;
        EXPECT_TRUE(got.answers.empty());
    }
    TemporaryFolder folder_;
    SpeckleSeries frames_ = small_frames();
    std::vector<HandedReplicate> asked_{{{{&frames_, {{"pressure", 3, 2.4, "GPa"}}}}}};
};

TEST_F(Answers, StandardErrorGivesTheNormalInterval) {
    const auto got = one("quantity,estimate [s],standard_error\ntau,0.30000000000000004,0.1\n");
    ASSERT_EQ(got.fault, Fault::none) << got.detail;
    ASSERT_EQ(got.answers.size(), 1U);
    const Estimate& e = got.answers[0].estimate;
    EXPECT_EQ(got.answers[0].data, 0U);
    EXPECT_EQ(e.quantity, "tau");
    EXPECT_EQ(e.unit, "s");
    EXPECT_EQ(e.value, 0.30000000000000004);
    EXPECT_EQ(e.standard_error, 0.1);
    EXPECT_EQ(e.lower, e.value - normal_factor(0.95) * 0.1);
    EXPECT_EQ(e.upper, e.value + normal_factor(0.95) * 0.1);
    EXPECT_EQ(e.status, Status::ok);
    ASSERT_EQ(e.abscissa.size(), 1U);
    EXPECT_EQ(e.abscissa[0].index, 3);
    EXPECT_EQ(e.abscissa[0].value, 2.4);
}

TEST_F(Answers, StudentIntervalAndGivenOnes) {
    const auto got =
        one("quantity,unit,estimate,standard_error,degrees_of_freedom,lower,upper,status,note\n"
            "tau,s,5,1,4,,,ok,\n"
            "beta,,1.5,,,1.2,1.9,at_bound,\"a \"\"note\"\", with a comma\"\n"
            "rate,Hz,2,0.5,,0,inf,,\n"
            "contrast,1,0.3,,,,,,\n"
            "baseline,,,,,,,not_converged,\n"
            "tau_fast,s,nan,nan,,nan,nan,no_data,\n");
    ASSERT_EQ(got.fault, Fault::none) << got.detail;
    ASSERT_EQ(got.answers.size(), 6U);
    const auto e = [&](std::size_t i) { return got.answers[i].estimate; };
    EXPECT_EQ(e(0).upper, 5 + student_factor(4));
    EXPECT_EQ(e(1).lower, 1.2);
    EXPECT_EQ(e(1).upper, 1.9);
    EXPECT_TRUE(std::isnan(e(1).standard_error));
    EXPECT_EQ(e(1).status, Status::at_bound);
    EXPECT_EQ(e(1).note, "a \"note\", with a comma");
    EXPECT_EQ(e(2).unit, "1/s");
    EXPECT_TRUE(std::isinf(e(2).upper));
    EXPECT_TRUE(std::isnan(e(3).standard_error) && std::isnan(e(3).lower));
    EXPECT_EQ(e(4).status, Status::not_converged);
    EXPECT_TRUE(std::isnan(e(4).value) && std::isnan(e(5).value));
}

TEST_F(Answers, UnitsAreConverted) {
    const auto got =
        one("\xEF\xBB\xBF# written by hand\r\nquantity, estimate [ms], standard_error [s], lower [us], upper\r\n\r\n"
            "tau, 1500, 0.25, 1e6, 2000\r\n");
    ASSERT_EQ(got.fault, Fault::none) << got.detail;
    const Estimate& e = got.answers[0].estimate;
    EXPECT_EQ(e.unit, "s");
    EXPECT_DOUBLE_EQ(e.value, 1.5);
    EXPECT_EQ(e.standard_error, 0.25);
    EXPECT_DOUBLE_EQ(e.lower, 1.0);
    EXPECT_DOUBLE_EQ(e.upper, 2.0);
}

TEST_F(Answers, FramesAreAUnitWhereNoOtherIsKnown) {
    expect_fault("quantity,estimate [frames]\ntau,5\n", Fault::wrong_unit, "estimate in 'frames'; it is in s");
    frames_.time_unit = "frames";
    const auto got = one("quantity,estimate [frames]\ntau,5\n");
    ASSERT_EQ(got.fault, Fault::none) << got.detail;
    EXPECT_EQ(got.answers[0].estimate.unit, "frames");
}

TEST_F(Answers, CoordinatesAreIndices) {
    const auto got =
        one("quantity,estimate,region,region_value [1/angstrom],lag,pressure\n"
            "g2,1.25,1,2.7,4,3\n"
            "g2,1.5,2,,,\n");
    ASSERT_EQ(got.fault, Fault::none) << got.detail;
    const Abscissa& at = got.answers[0].estimate.abscissa;
    ASSERT_EQ(at.size(), 3U);
    EXPECT_EQ(at[0].name, "pressure");
    EXPECT_EQ(at[1].name, "region");
    EXPECT_EQ(at[1].index, 1);
    EXPECT_EQ(at[1].value, 2.7);
    EXPECT_EQ(at[1].unit, "1/angstrom");
    EXPECT_EQ(at[2].index, 4);
    EXPECT_EQ(got.answers[1].estimate.abscissa.size(), 2U);
    expect_fault("quantity,estimate,pressure\ng2,1,4\n", Fault::bad_coordinate, "'pressure' is 3 in these data, not 4");
    expect_fault("quantity,estimate,lag\ng2,1,0.5\n", Fault::bad_coordinate, "line 2: 'lag' '0.5' is no whole number");
    expect_fault("quantity,estimate,lag_value [s]\ng2,1,0.5\n", Fault::missing_column, "no column 'lag'");
}

TEST_F(Answers, EveryFaultHasItsName) {
    expect_fault("", Fault::malformed, "is empty");
    expect_fault("quantity,estimate\ntau,\"5\n", Fault::malformed, "line 2: quotes");
    expect_fault("quantity,estimate\ntau\n", Fault::malformed, "line 2 has 1 fields, the header has 2");
    expect_fault("quantity,estimate,statsu\ntau,5,ok\n", Fault::malformed, "did you mean status?");
    expect_fault("quantity,estimate,estimate\ntau,5,5\n", Fault::malformed, "two columns");
    expect_fault("quantity,unit,estimate [s]\ntau,s,5\n", Fault::malformed, "header and in the column");
    expect_fault("quantity,value\ntau,5\n", Fault::missing_column, "no column estimate");
    expect_fault("estimate\n5\n", Fault::missing_column, "no column quantity");
    expect_fault("quantity,estimate [s],lower\ntau,5,4\n", Fault::missing_column, "lower and upper");
    expect_fault("quantity,estimate [s]\n", Fault::no_answers, "no row");
    expect_fault("quantity,estimate [s],data\ntau,5,2\n", Fault::unknown_data, "data '2' is not one of 1 to 1");
    expect_fault("quantity,estimate [s]\ntua,5\n", Fault::unknown_quantity, "no quantity 'tua'; did you mean");
    expect_fault("quantity,estimate\ntau,5\n", Fault::wrong_unit, "estimate without a unit; it is in s");
    expect_fault("quantity,estimate [K]\ntau,5\n", Fault::wrong_unit, "estimate in 'K'; it is in s");
    expect_fault("quantity,estimate [s]\nbeta,1.5\n", Fault::wrong_unit, "it has no unit");
    expect_fault("quantity,estimate [s]\ntau,nan\n", Fault::not_a_number, "line 2: estimate is 'nan'");
    expect_fault("quantity,estimate [s]\ntau,inf\n", Fault::not_a_number, "'inf', status ok");
    expect_fault("quantity,estimate [s]\ntau,\n", Fault::not_a_number, "'', status ok");
    expect_fault("quantity,estimate [s]\ntau,5 s\n", Fault::not_a_number, "'5 s'");
    expect_fault("quantity,estimate [s],standard_error\ntau,5,nan\n", Fault::bad_error, "standard_error is 'nan'");
    expect_fault("quantity,estimate [s],standard_error\ntau,5,-1\n", Fault::bad_error, "standard_error is '-1'");
    expect_fault("quantity,estimate [s],standard_error,degrees_of_freedom\ntau,5,1,0\n", Fault::bad_error, "freedom");
    expect_fault("quantity,estimate [s],lower,upper\ntau,5,6,4\n", Fault::bad_error, "lower is above upper");
    expect_fault("quantity,estimate [s],lower,upper\ntau,5,4,\n", Fault::bad_error, "lower and upper go together");
    expect_fault("quantity,estimate [s],status\ntau,5,fine\n", Fault::bad_status, "no status 'fine'");
    expect_fault("quantity,estimate [s]\ntau,5\ntau,5\n", Fault::row_twice, "line 3: a second row for 'tau'");
    EXPECT_EQ(read_answers(folder_ / "none.csv", asked_, false).fault, Fault::no_answers);
    std::filesystem::create_symlink("/dev/zero", folder_ / "zero.csv");
    EXPECT_EQ(read_answers(folder_ / "zero.csv", asked_, false).fault, Fault::no_answers);
}

TEST_F(Answers, AFaultCostsItsReplicateOnly) {
    asked_.assign(3, asked_.front());
    const AnswersRead got =
        read("replicate,quantity,estimate [s]\n1,tau,5\n2,tau,nan\n2,tau_fast,1\n3,tau,7\n1,tau_fast,2\n");
    ASSERT_EQ(got.fault, Fault::none) << got.detail;
    ASSERT_EQ(got.replicates.size(), 3U);
    EXPECT_EQ(got.replicates[0].answers.size(), 2U);
    EXPECT_EQ(got.replicates[1].fault, Fault::not_a_number);
    EXPECT_TRUE(got.replicates[1].answers.empty());
    EXPECT_EQ(got.replicates[2].answers.size(), 1U);
    EXPECT_EQ(read("replicate,quantity,estimate [s]\n4,tau,5\n").fault, Fault::unknown_replicate);
    EXPECT_EQ(read("quantity,estimate [s]\ntau,5\n").fault, Fault::missing_column);
    EXPECT_EQ(read("replicate,quantity,estimate [s]\n1,tau,5\n").replicates[2].fault, Fault::no_answers);
}

TEST_F(Answers, SeveralDataSets) {
    asked_.front().data.push_back({&frames_, {{"pressure", 5, 4.8, "GPa"}}});
    EXPECT_EQ(one("quantity,estimate [s]\ntau,5\n").fault, Fault::missing_column);
    const auto got = one("data,quantity,unit,estimate\n1,tau,s,5\n2,tau,s,6\n,activation_volume,angstrom^3,30\n");
    ASSERT_EQ(got.fault, Fault::none) << got.detail;
    EXPECT_EQ(got.answers[1].data, 1U);
    EXPECT_EQ(got.answers[1].estimate.abscissa.at(0).index, 5);
    EXPECT_FALSE(got.answers[2].data);
    EXPECT_TRUE(got.answers[2].estimate.abscissa.empty());
}

}  // namespace
}  // namespace vitrum::outside
