#include "vitrum/model/field/gaussian_field.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/model/relaxation/kww.hpp"

namespace vitrum::model {
namespace {

TEST(Kww, FactorTwoSitsInTheSquare) {
    const Kww k{.tau = 3, .beta = 1.8};
    EXPECT_DOUBLE_EQ(k.g1(0), 1);
    EXPECT_NEAR(k.g1_squared(3), std::exp(-2.0), 1e-15);
    EXPECT_NEAR(k.g1(1.7) * k.g1(1.7), k.g1_squared(1.7), 1e-15);
}

TEST(Kww, RefusesWhatIsNotPositiveDefinite) {
    EXPECT_MESSAGE((check(Kww{.tau = 1, .beta = 2.5})), "positive definite only for 0 < beta <= 2");
    EXPECT_MESSAGE((check(Kww{.tau = -1, .beta = 1})), "tau = -1 s");
    EXPECT_EQ(message_of([] { check(Kww{.tau = 1, .beta = 2}); }), "no error");
}

// The kernel itself is tested too: beta = 2.05 has a negative eigenvalue, beta = 2 has none beyond rounding.
TEST(GaussianField, EmbeddingIsPositiveExactlyUpToBetaTwo) {
    const auto kernel = [](double beta) { return [beta](double lag) { return std::exp(-std::pow(lag / 12, beta)); }; };
    for (const double beta : {0.6, 1.0, 1.5, 1.8, 2.0})
        EXPECT_LT(GaussianField(160, kernel(beta)).clipped(), 1e-7) << beta;
    EXPECT_MESSAGE(GaussianField(160, kernel(2.5)), "not positive definite");
}

// 20000 paths of 24 times: every entry of the sample covariance within 4.9 standard errors of g1, each 1/sqrt(n) for a
// complex Gaussian: false alarm below 1e-3 over 2 x 24 x 24 entries.
TEST(GaussianField, CovarianceOfPathsIsTheKernel) {
    constexpr std::size_t frames = 24;
    constexpr int paths = 20000;
    const Kww kww{.tau = 5, .beta = 1.8};
    const GaussianField field(frames, [&](double lag) { return kww.g1(lag); });
    auto work = field.make_work();
    std::vector<std::complex<double>> sum(frames * frames);
    Stream stream({11, 0, 0}, Purpose::test, 0);
    for (int n = 0; n < paths; ++n) {
        const auto* e = field.draw(stream, work);
        for (std::size_t i = 0; i < frames; ++i)
            for (std::size_t j = 0; j < frames; ++j) sum[i * frames + j] += e[i] * std::conj(e[j]);
    }
    const double tolerance = 4.9 / std::sqrt(static_cast<double>(paths));
    for (std::size_t i = 0; i < frames; ++i)
        for (std::size_t j = 0; j < frames; ++j) {
            const auto mean = sum[i * frames + j] / static_cast<double>(paths);
            EXPECT_NEAR(mean.real(), kww.g1(static_cast<double>(i) - static_cast<double>(j)), tolerance);
            EXPECT_NEAR(mean.imag(), 0, tolerance);
        }
}

}  // namespace
}  // namespace vitrum::model
