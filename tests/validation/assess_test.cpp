// Scores, controls, slopes and breakdowns of made-up replicates whose law is known.
#include "vitrum/validation/study/assess.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include <boost/random/normal_distribution.hpp>
#include <gtest/gtest.h>

#include "vitrum/core/stream.hpp"
#include "vitrum/validation/study/shapes.hpp"
#include "vitrum/validation/study_report/study_figures.hpp"

namespace vitrum::validation {
namespace {

constexpr double truth = 10;

struct Law {
    double bias = 0, spread = 1, reported = 1;
    double failing = 0;  // share
};

// A study of one quantity whose cells stand along one key.
Study study_along(const std::string& key, const std::vector<std::string>& values) {
    Study study;
    study.method_names = {"a", "b"};
    study.reference = "a";
    study.axes = {key};
    study.contamination = key;
    for (const auto& value : values) {
        Cell cell;
        cell.settings = {{key, value}};
        cell.label = key + " = " + value;
        study.cells.push_back(std::move(cell));
    }
    Judge judge;
    judge.quantity = "tau";
    judge.bias = Margin{0.02, Margin::Of::truth};
    judge.coverage = {0.9, 0.99};
    study.judges.push_back(judge);
    return study;
}

Outcomes outcomes_of(const Study& study, std::size_t replicates,
                     const std::function<Law(std::size_t cell, const std::string& method)>& law) {
    Outcomes all;
    for (std::uint32_t c = 0; c < study.cells.size(); ++c)
        for (std::uint64_t r = 0; r < replicates; ++r) {
            Stream stream({3, c, r}, Purpose::test, 0);
            boost::random::normal_distribution<double> normal;
            const double common = normal(stream);
            ReplicateRows rows;
            rows.cell = c;
            rows.replicate = r;
            for (const auto& method : study.method_names) {
                const Law l = law(c, method);
                Row row;
                row.estimand = all.index_of({method, "speckle", "tau", "s", {}, 0.95});
                row.truth = truth;
                row.estimate = truth + l.bias + l.spread * common;
                row.standard_error = l.reported;
                row.lower = row.estimate - 1.959964 * l.reported;
                row.upper = row.estimate + 1.959964 * l.reported;
                if (static_cast<double>(r) < l.failing * static_cast<double>(replicates))
                    row.status = Status::not_converged;
                rows.rows.push_back(row);
            }
            all.replicates.push_back(std::move(rows));
        }
    all.sort();
    return all;
}

TEST(Assess, GoodPassesBiasedAndOverconfidentFail) {
    const Study study = study_along("n", {"1"});
    const auto outcomes = outcomes_of(study, 2000, [](std::size_t, const std::string& method) {
        return method == "a" ? Law{0, 1, 1, 0} : Law{1, 1, 0.5, 0};
    });
    const auto a = assess(study, outcomes);
    ASSERT_EQ(a.verdicts.size(), 4U);
    EXPECT_FALSE(a.is_void);
    EXPECT_EQ(a.controls.size(), 4U);
    for (const auto& v : a.verdicts) {
        const bool good = outcomes.estimands[v.estimand].method == "a";
        EXPECT_EQ(v.decision, good ? Decision::pass : Decision::fail) << v.measure << " " << good;
    }
}

TEST(Assess, TooFewReplicatesGiveNoVerdict) {
    const Study study = study_along("n", {"1"});
    const auto law = [](std::size_t, const std::string&) { return Law{}; };
    // Twelve intervals cannot tell 67 % from 90 %.
    const auto few = assess(study, outcomes_of(study, 12, law));
    for (const auto& v : few.verdicts)
        if (v.measure == "coverage") {
            EXPECT_EQ(v.decision, Decision::withheld);
        }
    const auto many = assess(study, outcomes_of(study, 400, law));
    for (const auto& v : many.verdicts) EXPECT_NE(v.decision, Decision::withheld);
    EXPECT_FALSE(many.is_void);
}

TEST(Assess, CountsComeFirstAndCommonSuccessesApart) {
    const Study study = study_along("n", {"1"});
    const auto outcomes = outcomes_of(study, 400, [](std::size_t, const std::string& method) {
        return Law{0, 1, 1, method == "b" ? 0.25 : 0.0};
    });
    const auto scores = score_cell(study, outcomes, 0, 400);
    ASSERT_EQ(scores.size(), 2U);
    const Score& a = outcomes.estimands[scores[0].estimand].method == "a" ? scores[0] : scores[1];
    const Score& b = &a == &scores[0] ? scores[1] : scores[0];
    EXPECT_EQ(b.counts.failed(), 100U);
    EXPECT_EQ(b.counts.by_status[static_cast<std::size_t>(Status::not_converged)], 100U);
    EXPECT_EQ(a.counts.ok(), 400U);
    ASSERT_FALSE(a.common.empty());
    EXPECT_EQ(a.common.front().replicates, 300U);
    EXPECT_TRUE(b.common.empty());
    EXPECT_DOUBLE_EQ(b.find("failures")->value, 0.25);
}

TEST(Assess, AtABoundIsAnEstimateWhereTheStudySaysSo) {
    Study study = study_along("n", {"1"});
    auto outcomes = outcomes_of(study, 100, [](std::size_t, const std::string&) { return Law{}; });
    for (auto& r : outcomes.replicates)
        if (r.replicate < 30)
            for (auto& row : r.rows) row.status = Status::at_bound;
    for (const auto& s : score_cell(study, outcomes, 0, 100)) EXPECT_EQ(s.counts.failed(), 30U);
    study.judges.front().at_bound_counts = true;
    for (const auto& s : score_cell(study, outcomes, 0, 100)) {
        EXPECT_EQ(s.counts.failed(), 0U);
        EXPECT_EQ(s.counts.ok(), 70U);
        EXPECT_EQ(s.find("bias")->replicates, 100U);
    }
}

// Eight clean intervals of half width 2 around the truth 10, six of which hold it; four of rejected laws, one of which
// does; a rejected law without a number and a fit that did not converge are in neither.
TEST(Assess, CoverageWithAndWithoutRejectedLaws) {
    const Study study = study_along("n", {"1"});
    Outcomes outcomes;
    const auto add = [&](double estimate, Status status) {
        Row row;
        row.estimand = outcomes.index_of({"a", "speckle", "tau", "s", {}, 0.95});
        row.truth = truth;
        row.estimate = estimate;
        row.standard_error = 1;
        row.lower = estimate - 2;
        row.upper = estimate + 2;
        row.status = status;
        ReplicateRows rows;
        rows.replicate = outcomes.replicates.size();
        rows.rows = {row};
        outcomes.replicates.push_back(rows);
    };
    for (const double estimate : {10.0, 9.0, 11.0, 8.5, 11.5, 10.5, 7.0, 13.0}) add(estimate, Status::ok);
    const auto without_any = score_cell(study, outcomes, 0, 100);
    ASSERT_EQ(without_any.size(), 1U);
    EXPECT_FALSE(without_any.front().find("coverage_with_rejected"));
    for (const double estimate : {12.0, 15.0, 5.0, 20.0}) add(estimate, Status::law_rejected);
    add(not_a_number, Status::law_rejected);
    add(10, Status::not_converged);
    const auto scores = score_cell(study, outcomes, 0, 100);
    ASSERT_EQ(scores.size(), 1U);
    const Measure* clean = scores.front().find("coverage");
    const Measure* with_rejected = scores.front().find("coverage_with_rejected");
    ASSERT_TRUE(clean && with_rejected);
    EXPECT_DOUBLE_EQ(clean->value, 6.0 / 8);
    EXPECT_EQ(clean->replicates, 8U);
    EXPECT_DOUBLE_EQ(with_rejected->value, 7.0 / 12);
    EXPECT_EQ(with_rejected->replicates, 12U);
    EXPECT_DOUBLE_EQ(scores.front().find("failures")->value, 6.0 / 14);
    // The other measures are those of the clean ones: their errors are 0, -1, 1, -1.5, 1.5, 0.5, -3, 3.
    EXPECT_DOUBLE_EQ(scores.front().find("bias")->value, 0.5 / 8);
}

TEST(Assess, PairedOnTheSameData) {
    const Study study = study_along("n", {"1"});
    const auto outcomes = outcomes_of(study, 400, [](std::size_t, const std::string& method) {
        return method == "a" ? Law{0, 2, 2, 0} : Law{0.5, 1, 1, 0};
    });
    for (const auto& s : score_cell(study, outcomes, 0, 400)) {
        if (outcomes.estimands[s.estimand].method == "a") continue;
        ASSERT_EQ(s.against_reference.size(), 2U);
        EXPECT_NEAR(s.against_reference[0].value, 300, 1e-6);  // the spread is half: 100 (4 - 1) %
    }
}

TEST(Assess, ReferenceTruthGivesNoCoverage) {
    const Study study = study_along("n", {"1"});
    auto outcomes = outcomes_of(study, 50, [](std::size_t, const std::string&) { return Law{}; });
    for (auto& r : outcomes.replicates)
        for (auto& row : r.rows) row.origin = Origin::reference;
    for (const auto& s : score_cell(study, outcomes, 0, 50)) {
        EXPECT_TRUE(s.find("bias"));
        EXPECT_FALSE(s.find("coverage"));
        EXPECT_FALSE(s.find("pull_mean"));
    }
}

TEST(Assess, PrecisionTargets) {
    Study study = study_along("n", {"1"});
    study.judges.front().mcse_bias = Margin{0.1, Margin::Of::unit};  // spread 1: 100 replicates
    const auto outcomes = outcomes_of(study, 400, [](std::size_t, const std::string&) { return Law{}; });
    EXPECT_FALSE(precise_enough(study, outcomes, 0, 60));
    EXPECT_TRUE(precise_enough(study, outcomes, 0, 200));
    study.judges.front().mcse_coverage = 0.001;
    EXPECT_FALSE(precise_enough(study, outcomes, 0, 400));
}

TEST(Shapes, SlopeOfNoiseAndOfBias) {
    const Study study = study_along("n", {"100", "200", "400", "800", "1600"});
    // Noise falls as 1/sqrt(n) for a; b has a bias that stays.
    const auto outcomes = outcomes_of(study, 1000, [](std::size_t cell, const std::string& method) {
        const double noise = 1 / std::sqrt(std::pow(2.0, static_cast<double>(cell)));
        return method == "a" ? Law{0, noise, noise, 0} : Law{5, 0.01 * noise, noise, 0};
    });
    const auto slopes = slopes_of(study, outcomes, assess(study, outcomes));
    ASSERT_EQ(slopes.size(), 2U);
    for (const auto& s : slopes) {
        const double expected = outcomes.estimands[s.estimand].method == "a" ? -0.5 : 0;
        EXPECT_NEAR(s.slope, expected, 5 * s.error + 1e-3);
        EXPECT_LT(s.error, 0.05);
        EXPECT_EQ(s.points, 5U);
    }
}

TEST(Shapes, BreakdownIsTheFirstValueOutside) {
    const Study study = study_along("dead", {"0", "0.1", "0.2", "0.4"});
    const auto outcomes = outcomes_of(study, 2000, [](std::size_t cell, const std::string& method) {
        return method == "a" ? Law{} : Law{cell >= 2 ? 1.0 : 0.0, 1, 1, 0};
    });
    for (const auto& b : breakdowns_of(study, outcomes, assess(study, outcomes))) {
        if (outcomes.estimands[b.estimand].method == "a") {
            EXPECT_TRUE(std::isnan(b.first_bad));
            EXPECT_DOUBLE_EQ(b.last_good, 0.4);
        } else {
            EXPECT_DOUBLE_EQ(b.first_bad, 0.2);
            EXPECT_DOUBLE_EQ(b.last_good, 0.1);
            EXPECT_EQ(b.why, "bias");
        }
    }
}

TEST(Shapes, CalibrationOfHonestAndOfHalvedErrors) {
    const Study study = study_along("n", {"1"});
    const auto outcomes = outcomes_of(study, 2000, [](std::size_t, const std::string& method) {
        return Law{0, 1, method == "a" ? 1.0 : 0.5, 0};
    });
    for (const auto& s : score_cell(study, outcomes, 0, 2000)) {
        const auto c = calibration_of(s);
        ASSERT_EQ(c.level.size(), 99U);
        double worst = 0;
        for (const double excess : c.excess) worst = std::max(worst, std::abs(excess));
        if (outcomes.estimands[s.estimand].method == "a") {
            EXPECT_LT(worst, c.band);  // holds in 95 % of such tests; the seed is fixed
        } else {
            // At level 0.95 intervals of half the width hold erf(0.98/sqrt 2) = 0.673.
            EXPECT_NEAR(c.excess[94], 0.673 - 0.95, 4 * std::sqrt(0.673 * 0.327 / 2000));
        }
    }
}

TEST(Figures, EveryOneHasNumbersAndItsOwnName) {
    const Study study = study_along("n", {"100", "200", "400"});
    const auto outcomes = outcomes_of(study, 100, [](std::size_t, const std::string&) { return Law{}; });
    const auto figures = figures_of(study, outcomes, assess(study, outcomes));
    ASSERT_GE(figures.size(), 5U);
    std::vector<std::string> names;
    for (const auto& f : figures) {
        names.push_back(f.name);
        ASSERT_FALSE(f.curves.empty()) << f.name;
        for (const auto& c : f.curves) EXPECT_GT(c.size(), 0U) << f.name;
    }
    std::sort(names.begin(), names.end());
    EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

}  // namespace
}  // namespace vitrum::validation
