// Intervals of the contrast from photon statistics where pairs of photons are few and where pixels share a speckle.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <boost/random/exponential_distribution.hpp>
#include <boost/random/poisson_distribution.hpp>
#include <boost/random/uniform_01.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <gtest/gtest.h>

#include "vitrum/analysis/speckle/photon_statistics.hpp"
#include "vitrum/core/stream.hpp"

namespace vitrum::analysis {
namespace {

// Pixels and frames that share nothing: negative binomial counts of M modes, as events.
SpeckleSeries few_photons(std::size_t frames, std::size_t side, double modes, double mean, std::uint64_t run) {
    SpeckleSeries s;
    s.frames = frames;
    s.rows = s.columns = side;
    Stream stream({12, cell_id("pairs of photons"), run}, Purpose::test, 0);
    boost::random::uniform_01<double> uniform;
    const double odds = mean / (mean + modes);
    const double none = std::pow(1 - odds, modes);
    boost::random::poisson_distribution<int> lit((1 - none) * static_cast<double>(s.pixels()));
    boost::random::uniform_int_distribution<std::uint32_t> place(0, static_cast<std::uint32_t>(s.pixels() - 1));
    s.frame_ptr = {0};
    for (std::size_t f = 0; f < frames; ++f) {
        std::vector<std::uint32_t> here;
        for (int n = lit(stream); n > 0; --n) here.push_back(place(stream));
        std::sort(here.begin(), here.end());
        here.erase(std::unique(here.begin(), here.end()), here.end());
        for (const auto p : here) {
            double left = (1 - none) * uniform(stream);
            std::uint32_t k = 1;
            double probability = none * modes * odds;
            while (left > probability && k < 50) {
                left -= probability;
                ++k;
                probability *= (modes + k - 1) / k * odds;
            }
            s.index.push_back(p);
            s.intensity.push_back(k);
        }
        s.frame_ptr.push_back(s.index.size());
    }
    return s;
}

// Share of `runs` intervals of 95 % that hold, [probabilities, factorial].
template <class Make>
std::array<double, 2> coverage(int runs, double contrast, const Make& make) {
    std::array<double, 2> held{};
    for (int r = 0; r < runs; ++r) {
        const auto rows = contrast_from_photons(make(static_cast<std::uint64_t>(r)));
        for (std::size_t k = 0; k < 2; ++k)
            held.at(k) += (rows[k].lower <= contrast && contrast <= rows[k].upper) / static_cast<double>(runs);
    }
    return held;
}

// 80 frames of 64 x 64 pixels, 0.01 counts, contrast 1/2: 25 pairs of photons. 1500 runs: binomial error 0.56 %, 4.5 of
// them (7e-6, two rows) are 2.5 %.
TEST(ContrastCoverage, HoldsAtFewPairsOfPhotons) {
    const auto held = coverage(1500, 0.5, [](std::uint64_t r) { return few_photons(80, 64, 2, 0.01, r); });
    for (std::size_t k = 0; k < 2; ++k) {
        EXPECT_NEAR(held.at(k), 0.95, 0.025) << k;
        RecordProperty("held_" + std::to_string(k), std::to_string(held.at(k)));
    }
}

// Speckles of 3 x 3 equal pixels that stay for all 6 frames, one mode, 0.3 counts, 120 x 120 pixels. 400 runs: 4.5
// binomial errors are 4.9 %. Groups narrower than a speckle share what they see and say too little.
TEST(ContrastCoverage, HoldsWherePixelsShareASpeckle) {
    constexpr std::size_t side = 120;
    const auto held = coverage(400, 1, [](std::uint64_t r) {
        SpeckleSeries s;
        s.frames = 6;
        s.rows = s.columns = side;
        s.counts.resize(s.frames * s.pixels());
        Stream stream({13, cell_id("shared speckle"), r}, Purpose::test, 0);
        boost::random::exponential_distribution<double> speckle;
        std::vector<double> light(side / 3 * (side / 3));
        for (double& v : light) v = speckle(stream);
        for (std::size_t i = 0; i < s.counts.size(); ++i) {
            const std::size_t p = i % s.pixels();
            boost::random::poisson_distribution<int> count(0.3 * light[p / side / 3 * (side / 3) + p % side / 3]);
            s.counts[i] = static_cast<float>(count(stream));
        }
        return s;
    });
    for (std::size_t k = 0; k < 2; ++k) {
        EXPECT_GT(held.at(k), 0.95 - 0.049) << k;
        RecordProperty("held_" + std::to_string(k), std::to_string(held.at(k)));
    }
}

}  // namespace
}  // namespace vitrum::analysis
