#include "vitrum/core/truth/result.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace vitrum {
namespace {

Estimate tau_at(std::int64_t index, double value, double error) {
    return make_estimate("tau", {{"pressure", index, 0.1 * static_cast<double>(index), "GPa"}}, value, error, 1e9,
                         Status::ok, "");
}

TEST(Judge, JoinsOnQuantityAndIndexNeverOnDoubles) {
    GroundTruth truth;
    // 0.1 * 3 differs from 0.3 in the last bit; the index decides.
    truth.add("tau", {{"pressure", 3, 0.3, "GPa"}}, 20, Origin::closed_form);
    const std::vector<Estimate> estimates{tau_at(3, 22, 1), tau_at(4, 22, 1)};
    const auto rows = judge(estimates, truth);
    ASSERT_NE(rows[0].truth, nullptr);
    EXPECT_DOUBLE_EQ(rows[0].pull, 2.0);
    EXPECT_EQ(rows[1].truth, nullptr);
}

TEST(Judge, NoPullAgainstAReferenceOrAFailedFit) {
    GroundTruth truth;
    truth.add("tau", {}, 20, Origin::reference);
    truth.add("beta", {}, 1.8, Origin::closed_form);
    const std::vector<Estimate> estimates{make_estimate("tau", {}, 22, 1, 63, Status::ok, ""),
                                          make_estimate("beta", {}, 1.9, 0.1, 63, Status::decay_not_reached, "")};
    const auto rows = judge(estimates, truth);
    EXPECT_TRUE(std::isnan(rows[0].pull));
    EXPECT_TRUE(std::isnan(rows[1].pull));
}

TEST(Estimate, StudentInterval) {
    EXPECT_NEAR(student_factor(INFINITY), 1.959964, 1e-6);
    EXPECT_NEAR(student_factor(19), 2.093024, 1e-6);
    const auto e = make_estimate("tau", {}, 10, 2, 19, Status::ok, "");
    EXPECT_NEAR(e.upper - e.value, 2 * 2.093024, 1e-5);
}

}  // namespace
}  // namespace vitrum
