#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "vitrum/core/data/curve_errors.hpp"
#include "vitrum/core/numerics/least_squares.hpp"
#include "vitrum/core/numerics/minimise.hpp"
#include "vitrum/core/numerics/statistics.hpp"

namespace vitrum {
namespace {

TEST(Statistics, OfFourNumbersByHand) {
    const std::array<double, 4> x{1, 2, 3, 4};
    EXPECT_EQ(mean(x), 2.5);
    EXPECT_DOUBLE_EQ(sample_variance(x), 5.0 / 3);
    const Spread s = spread_of(x);
    EXPECT_EQ(s.n, 4U);
    EXPECT_DOUBLE_EQ(s.error(), std::sqrt(5.0 / 12));
    // Values without one group: squares about the mean times (n - 1)/n.
    EXPECT_DOUBLE_EQ(jackknife_error(x), std::sqrt(5.0 * 3 / 4));
}

TEST(Statistics, TooFewValuesAreNotANumber) {
    EXPECT_TRUE(std::isnan(mean({})));
    EXPECT_TRUE(std::isnan(sample_variance(std::array<double, 1>{3})));
    EXPECT_TRUE(std::isnan(spread_of(std::array<double, 1>{3}).sd));
    EXPECT_EQ(blocked_mean(std::array<double, 1>{3}).error, 0);
}

TEST(Statistics, BlocksSeeThatNeighboursAreAlike) {
    // Every value 16 times: as good as 64 independent ones, whose error is four times that of 1024.
    std::vector<double> x;
    for (int i = 0; i < 64; ++i)
        for (int k = 0; k < 16; ++k) x.push_back(std::sin(37.0 * i));
    std::vector<double> once;
    for (int i = 0; i < 64; ++i) once.push_back(std::sin(37.0 * i));
    EXPECT_NEAR(blocked_mean(x).mean, mean(once), 1e-12);
    EXPECT_GE(blocked_mean(x).error, spread_of(once).error() * (1 - 1e-12));
}

TEST(Statistics, AJackknifeOfOneGroupHasNoError) {
    EXPECT_TRUE(std::isnan(jackknife_error(std::array<double, 1>{3})));
    EXPECT_TRUE(std::isnan(jackknife_error({})));
}

TEST(LeastSquares, ALineByHand) {
    // Through (0, 1), (1, 3), (2, 4), (3, 8): slope 11/5, intercept 7/10, squares of the residuals 18/10.
    Eigen::MatrixXd columns(4, 2);
    columns << 1, 0, 1, 1, 1, 2, 1, 3;
    const Eigen::Vector4d y(1, 3, 4, 8);
    const LinearFit fit = fit_linear(columns, y);
    EXPECT_NEAR(fit.parameters(0), 0.7, 1e-14);
    EXPECT_NEAR(fit.parameters(1), 2.2, 1e-14);
    EXPECT_NEAR(fit.chi_square, 1.8, 1e-13);
    EXPECT_NEAR(fit.covariance(0, 0), 0.7, 1e-14);
    EXPECT_NEAR(fit.covariance(0, 1), -0.3, 1e-14);
    EXPECT_NEAR(fit.covariance(1, 1), 0.2, 1e-14);
    EXPECT_NEAR(fit.residuals.sum(), 0, 1e-14);
    // Equal errors of 2: the same line, four times the covariance, a quarter of chi^2.
    const std::array<double, 4> twice{2, 2, 2, 2};
    const LinearFit weighed = fit_linear(columns, y, twice);
    EXPECT_NEAR(weighed.parameters(1), 2.2, 1e-14);
    EXPECT_NEAR(weighed.chi_square, 0.45, 1e-13);
    EXPECT_NEAR(weighed.covariance(1, 1), 0.8, 1e-14);
    // A point of next to no weight counts for nothing.
    const std::array<double, 4> last_unknown{1, 1, 1, 1e9};
    EXPECT_NEAR(fit_linear(columns, y, last_unknown).parameters(1), 1.5, 1e-9);
}

TEST(LeastSquares, ColumnsOfVeryDifferentSizeKeepTheirDigits) {
    // 1, t, t^2, t^3 at 1000 to 1010 seconds: the normal equations have lost them all.
    Eigen::MatrixXd columns(11, 4);
    Eigen::VectorXd y(11);
    for (int i = 0; i < 11; ++i) {
        const double t = 1000 + i;
        columns.row(i) << 1, t, t * t, t * t * t;
        y(i) = 2 + 3 * t - 1e-3 * t * t + 1e-6 * t * t * t;
    }
    const LinearFit fit = fit_linear(columns, y);
    EXPECT_LT(fit.residuals.norm(), 1e-9 * y.norm());
    EXPECT_TRUE(fit.covariance.allFinite());
}

TEST(LeastSquares, ColumnsThatSayTheSameHaveNoCovariance) {
    Eigen::MatrixXd columns(3, 2);
    columns << 1, 2, 1, 2, 1, 2;
    const LinearFit fit = fit_linear(columns, Eigen::Vector3d(1, 2, 3));
    EXPECT_NEAR(fit.chi_square, 2, 1e-13) << "the mean is still found";
    EXPECT_TRUE(std::isnan(fit.covariance(0, 0)) && std::isnan(fit.covariance(1, 1)));
    EXPECT_EQ(LeastSquares(Eigen::MatrixXd(3, 0)).parameters(Eigen::Vector3d(1, 2, 3)).size(), 0);
}

TEST(LeastSquares, CarriesAFactorOfTheCovariance) {
    // One column of ones is the mean: of independent points of error s its variance is s^2/n.
    const Eigen::MatrixXd ones = Eigen::MatrixXd::Ones(4, 1);
    const Eigen::MatrixXd moved = LeastSquares(ones).parameters(3 * Eigen::MatrixXd::Identity(4, 4));
    ASSERT_EQ(moved.rows(), 1);
    EXPECT_NEAR(moved.squaredNorm(), 9.0 / 4, 1e-14);
}

TEST(CurveErrors, TheJackknifeOfACurveIsThatOfEachPoint) {
    Curve curve = make_curve("c", "x", "", "y", "");
    curve.x = curve.y = {1, 2, 3};
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const std::vector<std::vector<double>> left_out{{1, 2, nan}, {2, 2, 3}, {4, 2, 3}};
    set_jackknife(curve, side_by_side(left_out), "groups of things");
    EXPECT_NEAR(curve.y_error[0], jackknife_error(std::array<double, 3>{1, 2, 4}), 1e-14);
    EXPECT_EQ(curve.y_error[1], 0);
    EXPECT_TRUE(std::isnan(curve.y_error[2])) << "a group makes it undefined";
    EXPECT_EQ(curve.covariance_factor.row(2).norm(), 0);
    EXPECT_EQ(curve.degrees_of_freedom, 2);
    EXPECT_EQ(curve.error_method, "jackknife over 3 groups of things");
    Curve bare = make_curve("c", "x", "", "y", "");
    set_jackknife(bare, Eigen::MatrixXd::Ones(3, 1), "groups of things");
    EXPECT_TRUE(bare.y_error.empty());
}

TEST(Minimise, FindsTheLowerOfTwoWellsAndTheEnds) {
    const auto wells = [](double x) { return (x * x - 1) * (x * x - 1) + 0.1 * x; };
    const double at = minimise(wells, -2, 2, 40);
    // 4 x (x^2 - 1) + 0.1 = 0 near -1.
    EXPECT_NEAR(4 * at * (at * at - 1) + 0.1, 0, 1e-5);
    EXPECT_LT(at, -1);
    EXPECT_NEAR(minimise([](double x) { return x; }, 3, 5, 10), 3, 1e-6);
    EXPECT_NEAR(minimise([](double x) { return -x; }, 3, 5, 10), 5, 1e-6);
    EXPECT_NEAR(minimise([](double x) { return std::abs(x - 0.3); }, 0, 1, 7), 0.3, 1e-6);
}

}  // namespace
}  // namespace vitrum
