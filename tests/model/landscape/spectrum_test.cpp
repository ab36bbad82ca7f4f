#include "vitrum/model/landscape/spectrum.hpp"

#include <cmath>
#include <numbers>
#include <vector>

#include <boost/math/quadrature/tanh_sinh.hpp>
#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/model/landscape/gibbs_spectrum.hpp"

namespace vitrum::model {
namespace {

constexpr double temperature = 400;
const double kt = boltzmann_ev * temperature;
constexpr double euler = 0.57721566490153286;

RelaxationSpectrum of(const Spectrum& s, double tau_00 = 1) { return {s, temperature, tau_00}; }

// <f(tau)> by brute force over the barriers.
template <class F>
double average(double from, double until, F&& f) {
    double sum = 0;
    constexpr int panels = 64;
    boost::math::quadrature::tanh_sinh<double> rule;
    for (int i = 0; i < panels; ++i)
        sum += rule.integrate(f, from + (until - from) * i / panels, from + (until - from) * (i + 1) / panels);
    return sum;
}

double gaussian(double v, const GaussianBarriers& b) {
    const double z = (v - b.mean) / b.sd;
    return std::exp(-z * z / 2) / (b.sd * std::sqrt(2 * std::numbers::pi));
}

// Ten digits each at x = 1, 10, 1e3, 1e6.
TEST(Spectrum, GilroyPhillipsDigits) {
    struct Row {
        double alpha;
        std::array<double, 4> phi;
    };
    constexpr std::array<double, 4> x{1, 10, 1e3, 1e6};
    for (const Row& row : {Row{0.3, {0.8217907226, 0.4497995759, 0.1129848666, 0.0142239520}},
                           Row{0.1, {0.9283972028, 0.7556843584, 0.4768048606, 0.2389685090}},
                           Row{0.5, {0.7468241328, 0.2802473905, 0.0280249561, 8.862269e-4}}}) {
        const auto s = of(ExponentialBarriers{.scale = kt / row.alpha}, 2.5);
        for (std::size_t i = 0; i < x.size(); ++i)
            EXPECT_NEAR(s.relaxation(2.5 * x[i]), row.phi[i], i == 3 && row.alpha == 0.5 ? 1e-10 : 6e-11);
        EXPECT_NEAR(s.relaxation(2.5e9) / (std::tgamma(1 + row.alpha) * std::pow(1e9, -row.alpha)), 1, 1e-9);
        EXPECT_EQ(s.relaxation(0), 1);
        EXPECT_NEAR(s.moment(row.alpha / 2), std::pow(2.5, row.alpha / 2) / (1 - 0.5), 1e-12);
        EXPECT_TRUE(std::isinf(s.moment(row.alpha)));
        EXPECT_NEAR(s.moment(-2), std::pow(2.5, -2) / (1 + 2 / row.alpha), 1e-12);
        // (pi alpha/2)/cos(pi alpha/2) (omega tau_00)^alpha
        const double half = std::numbers::pi * row.alpha / 2;
        const double omega = 1e-12 / 2.5;
        EXPECT_NEAR(s.loss(omega) / (half / std::cos(half) * std::pow(1e-12, row.alpha)), 1, 2e-6) << row.alpha;
    }
}

TEST(Spectrum, CutExponentialAndBoxAgainstQuadrature) {
    const ExponentialBarriers cut{.scale = 0.1, .from = 0.05, .until = 0.4};
    const BoxBarriers box{0.05, 0.4};
    const double norm = std::exp(-0.5) - std::exp(-4.0);
    for (const double t : {1e-3, 1.0, 7.0, 300.0, 2e4, 1e6}) {
        const auto decay = [&](double v) { return std::exp(-t * std::exp(-v / kt)); };
        const auto density = [&](double v) { return std::exp(-v / 0.1) / (0.1 * norm); };
        EXPECT_NEAR(of(cut).relaxation(t), average(0.05, 0.4, [&](double v) { return density(v) * decay(v); }), 1e-12);
        EXPECT_NEAR(of(box).relaxation(t), average(0.05, 0.4, [&](double v) { return decay(v) / 0.35; }), 1e-12);
        const auto flow = [&](double v) { return std::exp(-v / kt) * decay(v); };
        const double rate = average(0.05, 0.4, [&](double v) { return density(v) * flow(v); });
        EXPECT_NEAR(of(cut).event_rate(t), rate, 1e-10 * rate + 1e-12 / t);
        const double omori = average(0.05, 0.4, [&](double v) { return flow(v) / 0.35; });
        EXPECT_NEAR(of(box).event_rate(t), omori, 1e-10 * omori + 1e-12 / t);
        const auto debye = [&](double v) {
            const double x = std::exp(v / kt) / t;
            return x / (1 + x * x);
        };
        EXPECT_NEAR(of(cut).loss(1 / t), average(0.05, 0.4, [&](double v) { return density(v) * debye(v); }), 1e-10);
        EXPECT_NEAR(of(box).loss(1 / t), average(0.05, 0.4, [&](double v) { return debye(v) / 0.35; }), 1e-10);
    }
    for (const double n : {-1.0, 0.5, 2.0}) {
        const auto power = [&](double v) { return std::exp(n * v / kt); };
        const double mean = average(0.05, 0.4, [&](double v) { return std::exp(-v / 0.1) / (0.1 * norm) * power(v); });
        EXPECT_NEAR(of(cut).moment(n) / mean, 1, 1e-11);
        EXPECT_NEAR(of(box).moment(n) / average(0.05, 0.4, [&](double v) { return power(v) / 0.35; }), 1, 1e-11);
    }
    EXPECT_EQ(of(box).moment(0), 1);
}

// tau1 << t << tau2: kT/(V2 - V1) [ln(tau2/t) - 0.5772156649], an Omori law with p = 1.
TEST(Spectrum, BoxDecaysAsTheLogarithmOfTime) {
    const auto s = of(BoxBarriers{0.0, 40 * kt});
    const double t = std::exp(20.0);
    EXPECT_NEAR(s.relaxation(t), (20 - 0.5772156649) / 40, 1e-9);
    EXPECT_NEAR(s.event_rate(t) * t, 1.0 / 40, 1e-8);
}

TEST(Spectrum, GaussianIsLogNormal) {
    for (const double sd : {0.3 * kt, 2 * kt, 12 * kt}) {
        const GaussianBarriers b{60 * kt, sd};
        const auto s = of(b, std::exp(-60));
        for (const double t : {1e-8, 0.1, 1.0, 30.0, 1e5}) {
            const auto decay = [&](double v) { return gaussian(v, b) * std::exp(-t * std::exp(60 - v / kt)); };
            EXPECT_NEAR(s.relaxation(t), average(b.mean - 9 * sd, b.mean + 9 * sd, decay), 1e-12) << sd << " " << t;
            const auto flow = [&](double v) { return std::exp(60 - v / kt) * decay(v); };
            const double rate = average(b.mean - 9 * sd, b.mean + 9 * sd, flow);
            EXPECT_NEAR(s.event_rate(t), rate, 1e-9 * rate + 1e-12 / t) << sd << " " << t;
        }
        const double x = sd / kt;
        EXPECT_NEAR(s.moment(2) / std::exp(2 * x * x), 1, 1e-12);
        EXPECT_NEAR(s.mean_activation_energy(), b.mean + sd * sd / kt, 1e-12);
    }
}

// d ln<tau>/d(1/kT), by differences of the first moment.
TEST(Spectrum, ActivationEnergyOfTheMeanTime) {
    for (const Spectrum& barriers : {Spectrum(ExponentialBarriers{.scale = 0.02, .from = 0.3}),
                                     Spectrum(ExponentialBarriers{.scale = 0.1, .from = 0.3, .until = 0.7}),
                                     Spectrum(BoxBarriers{0.3, 0.5}), Spectrum(GaussianBarriers{0.5, 0.04})}) {
        const auto log_mean = [&](double inverse) {
            return std::log(RelaxationSpectrum{barriers, 1 / (boltzmann_ev * inverse), 1e-13}.moment(1));
        };
        const double b = 1 / kt;
        EXPECT_NEAR(of(barriers).mean_activation_energy(),
                    (log_mean(b * (1 + 1e-5)) - log_mean(b * (1 - 1e-5))) / (2e-5 * b), 1e-7)
            << name(barriers);
    }
    EXPECT_TRUE(std::isnan(of(GammaRates{}).mean_activation_energy()));
    EXPECT_TRUE(std::isnan(of(ExponentialBarriers{.scale = 1}).mean_activation_energy()));
}

TEST(Spectrum, GammaRatesAreOmoriUtsu) {
    const auto s = of(GammaRates{0.7, 3});
    EXPECT_NEAR(s.relaxation(6), std::pow(3, -0.7), 1e-14);
    EXPECT_NEAR(s.event_rate(6), 0.7 / 3 * std::pow(3, -1.7), 1e-14);
    EXPECT_NEAR(s.moment(0.5), std::pow(3, 0.5) * std::tgamma(0.2) / std::tgamma(0.7), 1e-12);
    EXPECT_NEAR(s.moment(-1), 0.7 / 3, 1e-14);
    EXPECT_TRUE(std::isinf(s.moment(0.7)));
    // A gamma law of large shape is one rate.
    EXPECT_NEAR(of(GammaRates{1e7, 2e7}).loss(0.5), 0.5, 1e-6);
}

TEST(Spectrum, StableRatesAreStretched) {
    const auto s = of(StableRates{0.6, 2});
    EXPECT_NEAR(s.relaxation(5), std::exp(-std::pow(2.5, 0.6)), 1e-14);
    EXPECT_NEAR(s.moment(1), 2 * std::tgamma(1 / 0.6) / 0.6, 1e-12);
    EXPECT_NEAR(s.moment(-0.3), std::pow(2, -0.3) * std::tgamma(1 - 0.5) / std::tgamma(1 - 0.3), 1e-12);
    EXPECT_TRUE(std::isinf(s.moment(-0.6)));
    // beta = 1/2: the loss has a closed form in error functions of complex argument; at low frequency it is
    // omega <tau>, at high Gamma(1 + beta) sin(beta pi/2) (omega tau)^-beta.
    EXPECT_NEAR(s.loss(1e-4) / (1e-4 * s.moment(1)), 1, 1e-4);
    EXPECT_NEAR(s.loss(1e8) / (std::tgamma(1.6) * std::sin(0.3 * std::numbers::pi) * std::pow(2e8, -0.6)), 1, 1e-4);
}

// integral of exp(-(t/tau)^b) = tau Gamma(1/b)/b, from the spectrum where it exists.
TEST(Spectrum, MeanTimesOfStretchedDecays) {
    for (const auto& [b, mean] : {std::pair{0.5, 2.0}, {0.6, 1.50457549}, {0.7, 1.26582351}})
        EXPECT_NEAR(of(StableRates{b, 1}).moment(1), mean, 1e-8) << b;
    for (const auto& [b, mean] : {std::pair{1.5, 0.90274529}, {1.6, 0.89657428}, {1.8, 0.88928673}, {2.0, 0.88622693}})
        EXPECT_NEAR(std::tgamma(1 / b) / b, mean, 1e-8) << "no spectrum has it";
}

// integral sech^2(Delta/2kT) dDelta = 4 kT.
TEST(Spectrum, FlatAsymmetries) {
    EXPECT_NEAR(average(-60 * kt, 60 * kt, [](double d) { return std::pow(std::cosh(d / (2 * kt)), -2); }), 4 * kt,
                1e-12);
}

// 40000 draws: mean of exp(-t/tau) at three times within 4.9 standard errors (1e-6; 6 spectra x 3: 1.8e-5 in all).
TEST(Spectrum, DrawnTimesHaveItsRelaxation) {
    constexpr int draws = 40000;
    std::uint64_t block = 0;
    for (const Spectrum& spectrum :
         {Spectrum(ExponentialBarriers{.scale = 0.1}),
          Spectrum(ExponentialBarriers{.scale = 0.1, .from = 0.05, .until = 0.3}), Spectrum(BoxBarriers{0, 0.3}),
          Spectrum(GaussianBarriers{0.2, 0.04}), Spectrum(GammaRates{0.4, 2}), Spectrum(StableRates{0.45, 3})}) {
        const auto s = of(spectrum);
        Stream stream({11, cell_id("spectrum"), 0}, Purpose::test, ++block);
        std::array<double, 3> sum{}, squares{};
        constexpr std::array times{0.5, 20.0, 900.0};
        for (int i = 0; i < draws; ++i) {
            const double tau = s.draw_tau(stream);
            for (std::size_t k = 0; k < times.size(); ++k) {
                const double x = std::exp(-times[k] / tau);
                sum[k] += x / draws;
                squares[k] += x * x / draws;
            }
        }
        for (std::size_t k = 0; k < times.size(); ++k)
            EXPECT_NEAR(sum[k], s.relaxation(times[k]), 4.9 * std::sqrt((squares[k] - sum[k] * sum[k]) / draws) + 1e-15)
                << name(spectrum) << " " << times[k];
    }
}

TEST(Spectrum, ManyTimesAreTheSameAsEach) {
    const std::vector<double> times{0, 0.3, 8, 1e4};
    for (const Spectrum& spectrum : {Spectrum(BoxBarriers{0.1, 0.3}), Spectrum(GaussianBarriers{0.2, 0.04})}) {
        const auto all = of(spectrum).relaxation(times);
        ASSERT_EQ(all.size(), 4U);
        for (std::size_t i = 0; i < times.size(); ++i) EXPECT_EQ(all[i], of(spectrum).relaxation(times[i]));
        EXPECT_NEAR(all[0], 1, 1e-14);
    }
}

TEST(Spectrum, BadOnesAreNamed) {
    EXPECT_MESSAGE(check(Spectrum(StableRates{1.2, 1})), "needs events that are not Markov");
    EXPECT_MESSAGE(check(Spectrum(BoxBarriers{0.5, 0.4})), "barriers until 0.4 eV");
    EXPECT_MESSAGE(check(Spectrum(ExponentialBarriers{.scale = 0})), "barrier scale = 0 eV");
    EXPECT_MESSAGE(check(Spectrum(GaussianBarriers{0.1, 0.05})), "wells without a barrier");
    EXPECT_MESSAGE(check(Spectrum(GammaRates{0, 1})), "shape = 0");
    EXPECT_MESSAGE(check(of(BoxBarriers{}, -1)), "tau_00 = -1 s");
}

TEST(GibbsSpectrum, BoxesAreExact) {
    EXPECT_NEAR(ein(0.00999999), ein(0.01000001) - 2e-8 * (1 - std::exp(-0.01)) / 0.01, 1e-14);
    EXPECT_NEAR(ein(50), euler + std::log(50.0), 1e-14);
    const GibbsSpectrum s{.edges = {1.1, 1.5, 1.8}, .density = {1, 0.4}, .attempt_rate = 1e13};
    const double at = 500;
    const double heat = boltzmann_ev * at;
    for (const double t : {1.0, 1e2, 1e4}) {
        const auto relaxed = [&](double e) { return -std::expm1(-1e13 * t * std::exp(-e / heat)); };
        EXPECT_NEAR(s.change(t, at), average(1.1, 1.5, relaxed) + 0.4 * average(1.5, 1.8, relaxed), 1e-12) << t;
    }
    // x1 >> 1 >> x2: kT [ln(nu0 t) + 0.5772156649] - E1.
    const GibbsSpectrum wide{.edges = {0.2, 4}, .density = {1}};
    for (const double t : {1.0, 1e2, 1e4}) {
        EXPECT_NEAR(wide.change(t, at), heat * (std::log(1e13 * t) + 0.5772156649) - 0.2, 1e-11);
        EXPECT_NEAR(wide.front(t, at), heat * std::log(1e13 * t), 1e-14);
        EXPECT_NEAR(wide.step_change(t, at), wide.front(t, at) - 0.2, 1e-14);
    }
    EXPECT_EQ(s.change(0, at), 0);
    EXPECT_NEAR(s.change(1e30, at), 0.4 + 0.12, 1e-12);
    EXPECT_MESSAGE(check(GibbsSpectrum{.edges = {1, 2}, .density = {1, 1}}), "2 densities between 2 edges");
    EXPECT_MESSAGE(check(GibbsSpectrum{.edges = {2, 1}, .density = {1}}), "edge 1 eV");
    EXPECT_MESSAGE(check(GibbsSpectrum{.edges = {1, 2}, .density = {-1}}), "density -1");
}

}  // namespace
}  // namespace vitrum::model
