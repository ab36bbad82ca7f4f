#include "vitrum/model/relaxation/scatterers.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/model/field/sample_times.hpp"
#include "vitrum/model/relaxation/kernel_on_times.hpp"

namespace vitrum::model {
namespace {

// <g1> over 40000 scatterers is exp(-|Lambda2 - Lambda1|^beta): each entry within 4.9 standard errors (1e-6), the
// scatter of a cosine being at most 1: 7 pairs of theta and k x 66 entries x 1e-6 = 4.6e-4.
TEST(Scatterers, MeanCorrelationIsTheLaw) {
    const auto times = SampleTimes{.frames = 12}.all();
    std::vector<double> clock;
    for (const double t : times) clock.push_back(t / 4 + 0.02 * t * t);
    constexpr std::size_t terms = 40000;
    std::uint64_t block = 0;
    for (const auto& [theta, k] :
         {std::pair{1.0, 2.0}, {1.0, 1.5}, {1.0, 1.0}, {1.0, 0.6}, {0.5, 2.0}, {0.8, 1.4}, {1 / 0.73, 0.73}}) {
        Stream stream({4, cell_id("scatterers"), 0}, Purpose::test, ++block);
        check_scatterers(theta, theta * k, terms);
        const auto drawn = draw_scatterers(theta, theta * k, terms, times, clock, stream);
        for (Eigen::Index i = 0; i < 12; ++i)
            for (Eigen::Index j = i + 1; j < 12; ++j) {
                const double s = clock[static_cast<std::size_t>(j)] - clock[static_cast<std::size_t>(i)];
                EXPECT_NEAR(drawn.g1(i, j), std::exp(-std::pow(s, theta * k)), 4.9 / std::sqrt(double{terms}))
                    << theta << " " << k << " " << i << " " << j;
            }
        EXPECT_NEAR(drawn.g1(3, 3), 1, 1e-12);
    }
}

// One key, two wavevectors: the displacements are the same, so phases are in the ratio of the wavevectors.
TEST(Scatterers, OneDisplacementFieldForAllWavevectors) {
    const auto times = SampleTimes{.frames = 9}.all();
    for (const double theta : {1.0, 0.6}) {
        // tau(q) = 1/(c q^(1/theta)): q 1.3 times as large makes the clock faster by 1.3^(1/theta).
        const auto phases = [&](double faster) {
            std::vector<double> clock;
            for (const double t : times) clock.push_back(t * faster / 50);
            Stream stream({4, cell_id("common"), 0}, Purpose::test, 0);
            return draw_scatterers(theta, 1.2 * theta, 300, times, clock, stream);
        };
        const auto a = phases(1);
        const auto b = phases(std::pow(1.3, 1 / theta));
        double worst = 0;
        int small = 0;
        for (Eigen::Index s = 0; s < 300; ++s) {
            const double x = std::atan2(a.waves(300 + s, 5), a.waves(s, 5));
            const double y = std::atan2(b.waves(300 + s, 5), b.waves(s, 5));
            // A phase is known up to turns: compare where both are far below one.
            if (std::abs(x) > 0.5 || std::abs(y) > 1 || std::abs(y - 1.3 * x) > 1) continue;
            ++small;
            worst = std::max(worst, std::abs(y - 1.3 * x));
        }
        EXPECT_GT(small, 100) << theta;
        EXPECT_LT(worst, 1e-4) << theta;
    }
}

TEST(Scatterers, RealisedKernelIsPositiveDefinite) {
    const auto times = SampleTimes{.frames = 80}.all();
    for (const double theta : {1.0, 0.7}) {
        Kernel k;
        k.clock.tau0 = 9;
        k.beta = 1.2;
        k.event_times = {30};
        k.event_fraction = 0.5;
        k.spectral_terms = 50;
        k.displacement_theta = theta;
        check(k);
        const Kernel drawn = realise(k, times, 0, 80, {6});
        EXPECT_GT(smallest_relative_eigenvalue(drawn.matrix(times)), -1e-12);
        EXPECT_NEAR(drawn(29.0, 31.0) / drawn.scatterers->g1(29, 31), 0.5, 1e-12);
        // Ballistic displacements keep g1 a function of the lag on a steady clock.
        EXPECT_EQ(k.stationary(), false);
        EXPECT_EQ(theta == 1, std::abs(drawn(3, 13) - drawn(9, 19)) < 1e-12);
    }
}

TEST(Scatterers, BadPairsAreNamed) {
    EXPECT_MESSAGE(check_scatterers(2.74, 2.0, 100), "theta = 2.74, k = 0.7299");
    EXPECT_MESSAGE(check_scatterers(1.2, 0.9, 100), "beyond theta = 1 only beta = 1");
    EXPECT_MESSAGE(check_scatterers(1, 1.5, 1), "spectral_terms = 1");
    Kernel k{.beta = 1.5, .spectral_terms = 10};
    k.form = KernelForm::paciorek_schervish;
    EXPECT_MESSAGE(check(k), "method = \"spectral\"");
}

}  // namespace
}  // namespace vitrum::model
