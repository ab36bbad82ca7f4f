#include "vitrum/analysis/dynamics/window_correlation.hpp"

#include <array>
#include <cmath>
#include <numbers>

#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_01.hpp>
#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "vitrum/core/stream.hpp"

namespace vitrum::analysis {
namespace {

constexpr double edge = 20;
constexpr CellMatrix box{edge, 0, 0, 0, edge, 0, 0, 0, edge};

// Blocks of `together` atoms that move as one; steps of sd step[t] [angstrom] per coordinate before frame t.
Trajectory walkers(std::size_t atoms, std::size_t together, const std::vector<double>& step, std::uint64_t seed) {
    Trajectory t;
    t.elements = {"Cu"};
    t.species.assign(atoms, 0);
    t.mass.assign(atoms, 63.5);
    AtomFrame frame;
    frame.box = box;
    Stream start({seed, 0, 0}, Purpose::test, 0);
    boost::random::uniform_01<double> uniform;
    for (std::size_t i = 0; i < 3 * atoms; ++i) frame.fractional.push_back(uniform(start));
    for (std::size_t f = 0; f < step.size(); ++f) {
        Stream stream({seed, 1, 0}, Purpose::test, f);
        boost::random::normal_distribution<double> normal(0, 1);
        for (std::size_t g = 0; f > 0 && g < atoms / together; ++g)
            for (std::size_t k = 0; k < 3; ++k) {
                const double s = step[f] * normal(stream) / edge;
                for (std::size_t i = g * together; i < (g + 1) * together; ++i) frame.fractional[3 * i + k] += s;
            }
        frame.step = static_cast<double>(f);
        frame.time = static_cast<double>(f) * 1e-12;
        t.frames.push_back(frame);
    }
    return t;
}

WindowCorrelationOptions options_of(std::size_t lag) {
    WindowCorrelationOptions o;
    o.lag = lag;
    o.wavevectors = wavevectors(box, 2.6, 2.8);
    return o;
}

double row(const std::vector<Estimate>& rows, const char* quantity) {
    for (const Estimate& e : rows)
        if (e.quantity == quantity) return e.value;
    return not_a_number;
}

TEST(WindowCorrelation, BrownianParticlesHaveTheirSusceptibilityAndBlocksTheirSize) {
    // Windows of one frame share nothing. chi4 of independent walkers: variance of sin(qr)/(qr) over the steps r, here
    // of its mean over the shell's directions; blocks of m atoms have m times as much.
    const double step = 0.35;
    const std::size_t frames = 1500;
    const auto o = options_of(1);
    double mean = 0;
    double square = 0;
    constexpr int draws = 20000;
    Stream stream({1, 2, 0}, Purpose::test, 0);
    boost::random::normal_distribution<double> normal(0, step);
    for (int i = 0; i < draws; ++i) {
        const std::array<double, 3> r{normal(stream), normal(stream), normal(stream)};
        double c = 0;
        for (const Wavevector& v : o.wavevectors)
            c += std::cos(2 * std::numbers::pi / edge * (v.n[0] * r[0] + v.n[1] * r[1] + v.n[2] * r[2]));
        c /= static_cast<double>(o.wavevectors.size());
        mean += c / draws;
        square += c * c / draws;
    }
    const double one = square - mean * mean;
    for (const std::size_t together : {1U, 10U}) {
        const Trajectory t = walkers(100, together, std::vector<double>(frames, step), 7 + together);
        const WindowCorrelation found = window_correlation(t, o);
        const double chi4 = row(found.estimates, "self_susceptibility");
        const double expected = static_cast<double>(together) * one;
        // A variance of n independent, nearly Gaussian values: relative error sqrt(2/n); 4 of them: false alarm 6e-5.
        EXPECT_NEAR(chi4, expected, 4 * expected * std::sqrt(2.0 / frames) * 1.3) << together;
        double average = 0;
        for (const double v : found.trace.y) average += v / static_cast<double>(found.trace.size());
        EXPECT_NEAR(average, mean, 4 * std::sqrt(expected / 100.0 / frames));
    }
}

TEST(WindowCorrelation, TwoEpochsGiveTheirTwoValues) {
    // Slow and fast halves: F_s^2 takes two values, and 90 % reaches from one to the other.
    std::vector<double> step(400, 0.1);
    std::fill(step.begin() + 200, step.end(), 0.4);
    const WindowCorrelation found = window_correlation(walkers(4000, 1, step, 3), options_of(1));
    const double slow = found.trace.y[50];
    const double fast = found.trace.y[350];
    const double width = row(found.estimates, "self_correlation_width");
    EXPECT_NEAR(width, slow * slow - fast * fast, 0.03);
    EXPECT_GT(width, 0.3);
}

TEST(WindowCorrelation, SameBitsForAnyNumberOfThreads) {
    const Trajectory t = walkers(50, 1, std::vector<double>(60, 0.2), 5);
    std::vector<double> first;
    for (const int threads : {1, 2}) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                        static_cast<std::size_t>(threads));
        const auto found = window_correlation(t, options_of(3)).trace.y;
        if (first.empty()) first = found;
        EXPECT_EQ(found, first);
    }
}

TEST(WindowCorrelation, RefusesWhatItCannotDo) {
    Trajectory t = walkers(10, 1, std::vector<double>(10, 0.1), 5);
    EXPECT_THROW((void)window_correlation(t, options_of(10)), std::invalid_argument);
    EXPECT_EQ(window_correlation(t, options_of(1)).estimates[0].status, Status::no_data);
    t.unwrapped = false;
    EXPECT_THROW((void)window_correlation(t, options_of(1)), std::invalid_argument);
}

TEST(WindowCorrelation, WavevectorsNeededGiveThePowerTheyPromise) {
    // Noise of variance v/N_q and an extra Gaussian spread s: how often is the variance beyond what noise alone reaches
    // in one run of 20?
    constexpr double v = 1.7;
    constexpr double width = 0.05;
    constexpr std::size_t windows = 200;
    const double n_q = wavevectors_needed(width, v, windows, 1);
    const double noise = v / n_q;
    const double s = width / 3.2897;
    constexpr int runs = 4000;
    Stream stream({4, 0, 0}, Purpose::test, 0);
    const auto share_beyond = [&](double variance, double limit) {
        boost::random::normal_distribution<double> normal(0, std::sqrt(variance));
        int beyond = 0;
        for (int r = 0; r < runs; ++r) {
            double sum = 0;
            double squares = 0;
            for (std::size_t w = 0; w < windows; ++w) {
                const double x = normal(stream);
                sum += x;
                squares += x * x;
            }
            beyond += (squares - sum * sum / windows) / (windows - 1) > limit ? 1 : 0;
        }
        return static_cast<double>(beyond) / runs;
    };
    const double limit = noise * (1 + 1.6449 * std::sqrt(2.0 / windows));
    // The variance of 200 values is not quite Gaussian: 0.06 for 0.05. Standard errors 0.004 and 0.006.
    EXPECT_NEAR(share_beyond(noise, limit), 0.055, 0.02);
    EXPECT_NEAR(share_beyond(noise + s * s, limit), 0.80, 0.03);
    EXPECT_NEAR(wavevectors_needed(width, v, windows, 100) / n_q, 0.1, 0.01);
    EXPECT_TRUE(std::isinf(wavevectors_needed(width, v, 1, 1)));
}

}  // namespace
}  // namespace vitrum::analysis
