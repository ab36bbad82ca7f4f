#include "vitrum/model/avalanche/galton_watson.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"

namespace vitrum::model {
namespace {

// Published first probabilities (Borel law; Catalan numbers), all digits.
TEST(GaltonWatson, FirstProbabilities) {
    const auto expect = [](const GaltonWatson& law, const std::vector<double>& values) {
        for (std::size_t s = 0; s < values.size(); ++s) EXPECT_NEAR(law.probability(s + 1), values[s], 5e-6) << s + 1;
    };
    expect({Offspring::poisson, 1}, {0.36788, 0.13534, 0.07468, 0.04884, 0.03509, 0.02677});
    expect({Offspring::poisson, 0.9}, {0.40657, 0.14877, 0.08165, 0.05312, 0.03796, 0.02880});
    expect({Offspring::geometric, 1}, {0.5, 0.125, 0.0625, 0.03906, 0.02734, 0.02051});
    expect({Offspring::geometric, 0}, {1, 0, 0});
}

// Generating function and moments against sums over the probabilities (the tail beyond 4000 is below 1e-9 at m = 0.8).
TEST(GaltonWatson, GeneratingFunctionAndMomentsAreSums) {
    for (const auto offspring : {Offspring::geometric, Offspring::poisson})
        for (const double m : {0.0, 0.3, 0.8}) {
            const GaltonWatson law{offspring, m};
            for (const double z : {0.0, 0.3, 0.9, 1.0}) {
                double sum = 0;
                double mean = 0;
                double square = 0;
                for (std::uint64_t s = 1; s <= 4000; ++s) {
                    const double p = law.probability(s);
                    const double size = static_cast<double>(s);
                    sum += p * std::pow(z, size);
                    mean += p * size;
                    square += p * size * size;
                }
                EXPECT_NEAR(law.generating(z), sum, 1e-9) << m << " " << z;
                EXPECT_NEAR(law.mean_size(), mean, 1e-7 * mean);
                EXPECT_NEAR(law.variance_of_size(), square - mean * mean, 1e-6 * square);
            }
        }
    // Critical: closed form, and the fixed point G = z exp(G - 1).
    EXPECT_NEAR((GaltonWatson{Offspring::geometric, 1}.generating(0.7)), 1 - std::sqrt(0.3), 1e-12);
    const double g = GaltonWatson{Offspring::poisson, 1}.generating(0.7);
    EXPECT_NEAR(g, 0.7 * std::exp(g - 1), 1e-12);
    EXPECT_NEAR((GaltonWatson{Offspring::poisson, 1}.generating(1)), 1, 1e-7);
}

// 100000 sizes: shares of the first five sizes and of the rest, each within 4.9 standard errors (1e-6 two-sided; 4 laws
// x 6 shares: 2.3e-5 in all).
TEST(GaltonWatson, DrawsHaveTheirProbabilities) {
    constexpr int draws = 100000;
    std::uint64_t block = 0;
    for (const auto offspring : {Offspring::geometric, Offspring::poisson})
        for (const double m : {0.6, 1.0}) {
            const GaltonWatson law{offspring, m};
            Stream stream({5, cell_id("sizes"), 0}, Purpose::test, ++block);
            std::vector<double> share(6);
            for (int i = 0; i < draws; ++i) share[std::min<std::uint64_t>(law.draw(stream), 6) - 1] += 1.0 / draws;
            double rest = 1;
            for (std::size_t s = 0; s < share.size(); ++s) {
                const double p = s + 1 < share.size() ? law.probability(s + 1) : rest;
                EXPECT_NEAR(share[s], p, 4.9 * std::sqrt(p * (1 - p) / draws)) << m << " " << s + 1;
                rest -= p;
            }
        }
}

TEST(GaltonWatson, BadMeansAreNamed) {
    EXPECT_MESSAGE((check(GaltonWatson{Offspring::poisson, 1.01})), "offspring_mean = 1.01");
    EXPECT_MESSAGE((check(GaltonWatson{Offspring::poisson, -0.1})), "offspring_mean = -0.1");
    EXPECT_MESSAGE((void)offspring_from("poison"), "did you mean 'poisson'?");
}

}  // namespace
}  // namespace vitrum::model
