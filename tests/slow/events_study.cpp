// False-alarm rates and power of the search for events and of the tests of stationarity: the tables of
// docs/estimators/speckle/events.md. Fails if a false-alarm rate exceeds its nominal 5 % by more than four standard
// errors.
#include <cmath>
#include <cstdio>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/analysis/test_fields.hpp"
#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/analysis/heterogeneity/events.hpp"
#include "vitrum/analysis/heterogeneity/short_lags.hpp"
#include "vitrum/analysis/heterogeneity/stationarity.hpp"
#include "vitrum/core/parallel.hpp"
#include "vitrum/validation/measures/roc.hpp"

namespace vitrum {
namespace {

struct Case {
    std::size_t frames;
    double tau;
    std::size_t side;
    int modes;
    double mean;
};

double rate(const std::vector<double>& p, double below) {
    double hits = 0;
    double known = 0;
    for (const double v : p) {
        if (std::isnan(v)) continue;
        known += 1;
        hits += v < below;
    }
    return known > 0 ? hits / known : not_a_number;
}

TEST(EventsStudy, FalseAlarms) {
    constexpr std::size_t replicates = 400;
    for (const Case& c : {Case{600, 6, 16, 5, 0.5}, Case{400, 20, 16, 5, 0.5}, Case{300, 40, 16, 5, 0.5},
                          Case{400, 10, 16, 1, 5}, Case{400, 10, 24, 20, 0.1}, Case{400, 10, 24, 5, 0.03}}) {
        std::vector<double> event(replicates);
        std::vector<double> map(replicates);
        std::vector<double> stationary(replicates);
        std::vector<double> trend(replicates);
        for_each_block(replicates, 1, [&](std::size_t r, std::size_t, std::size_t) {
            const auto s = test::ou_series(std::vector<double>(c.frames - 1, 1 / c.tau), c.side, c.side, c.modes,
                                           c.mean, {17, cell_id("false alarms"), r});
            auto traces =
                analysis::group_traces(s, analysis::active_pixels(s, 0), analysis::short_lags(c.tau, c.frames));
            const auto rows = analysis::stationarity(traces);
            stationary[r] = rows[0].value;
            trend[r] = rows[1].value;
            const auto found = analysis::find_events(traces);
            event[r] = found.searched ? found.smallest_p : not_a_number;
            traces.groups = 0;
            const auto alone = analysis::find_events(traces);
            map[r] = alone.searched ? alone.smallest_p : not_a_number;
        });
        fmt::print("| {} frames, tau {}, {} pixels, M {}, mu {} | {:.3f} | {:.3f} | {:.3f} | {:.3f} |\n", c.frames,
                   c.tau, c.side * c.side, c.modes, c.mean, rate(event, 0.05), rate(map, 0.05), rate(stationary, 0.05),
                   rate(trend, 0.05));
        std::fflush(stdout);
        const double most = 0.05 + 4 * std::sqrt(0.05 * 0.95 / replicates);
        EXPECT_LE(rate(event, 0.05), most);
        EXPECT_LE(rate(stationary, 0.05), most);
    }
}

// Receiver-operating curves: the smallest p-value of runs with one event of size a in the middle against that of runs
// without; and how often the event is found within tau/2 of its instant at family-wise rates of 1, 5 and 20 %.
TEST(EventsStudy, ReceiverOperatingCurves) {
    constexpr std::size_t without = 200;
    constexpr std::size_t with = 100;
    struct Found {
        double smallest_p = not_a_number, p_there = 1, fraction = not_a_number;
    };
    for (const Case& c : {Case{400, 10, 16, 5, 0.5}, Case{400, 10, 16, 2, 4}, Case{400, 10, 24, 5, 0.05}}) {
        const auto search = [&](double size, std::size_t r) {
            std::vector<double> step(c.frames - 1, 1 / c.tau);
            if (size > 0) step[c.frames / 2 - 1] += size < 1 ? -std::log(1 - size) : 30;
            const auto s =
                test::ou_series(step, c.side, c.side, c.modes, c.mean, {18, cell_id(fmt::format("size {}", size)), r});
            const auto traces =
                analysis::group_traces(s, analysis::active_pixels(s, 0), analysis::short_lags(c.tau, c.frames));
            const auto all = analysis::find_events(traces, {.false_alarm = 0.2});
            Found found{all.smallest_p};
            for (const auto& e : all.events)
                if (std::abs(static_cast<double>(e.frame) - static_cast<double>(c.frames) / 2) <= c.tau / 2 &&
                    e.p_value < found.p_there)
                    found = {all.smallest_p, e.p_value, e.fraction};
            return found;
        };
        std::vector<double> none(without);
        for_each_block(without, 1,
                       [&](std::size_t r, std::size_t, std::size_t) { none[r] = -search(0, r).smallest_p; });
        for (const double size : {0.1, 0.2, 0.35, 0.5, 1.0}) {
            std::vector<double> some(with);
            std::vector<double> there(with);
            std::vector<double> fraction(with);
            for_each_block(with, 1, [&](std::size_t r, std::size_t, std::size_t) {
                const auto found = search(size, r);
                some[r] = -found.smallest_p;
                there[r] = found.p_there;
                fraction[r] = found.p_there < 0.05 ? found.fraction : not_a_number;
            });
            double sum = 0;
            double n = 0;
            for (const double a : fraction)
                if (!std::isnan(a)) {
                    sum += a;
                    n += 1;
                }
            const auto curve = validation::roc(none, some);
            fmt::print(
                "| M {}, mu {}, {} pixels | {:.2f} | {:.3f} +- {:.3f} | {:.2f} | {:.2f} | {:.2f} | {:.2f} | {:.2f} | "
                "{:.2f} | {:.3f} |\n",
                c.modes, c.mean, c.side * c.side, size, curve.area.value, curve.area.mcse, curve.power_at(0.01),
                curve.power_at(0.05), curve.power_at(0.2), rate(there, 0.01), rate(there, 0.05), rate(there, 0.2),
                sum / n);
            std::fflush(stdout);
            // 256 pixels of half a photon show next to nothing; those of four photons must show half of g1.
            if (size >= 0.5 && c.mean >= 4) {
                EXPECT_GT(curve.area.lower, 0.9);
            }
        }
    }
}

TEST(EventsStudy, Ageing) {
    constexpr std::size_t replicates = 100;
    for (const double factor : {1.2, 1.5, 2.0, 3.0}) {
        std::vector<double> p(replicates);
        std::vector<double> trend(replicates);
        for_each_block(replicates, 1, [&](std::size_t r, std::size_t, std::size_t) {
            std::vector<double> step;
            for (int t = 0; t < 399; ++t) step.push_back(0.1 * std::pow(factor, 0.5 - t / 400.0));
            const auto s = test::ou_series(step, 16, 16, 5, 0.5, {19, cell_id("ageing"), r});
            const auto rows = analysis::stationarity(
                analysis::group_traces(s, analysis::active_pixels(s, 0), analysis::short_lags(10, 400)));
            p[r] = rows[0].value;
            trend[r] = rows[1].value;
        });
        fmt::print("| tau grows {}-fold | {:.2f} | {:.2f} |\n", factor, rate(p, 0.05), rate(trend, 0.05));
        std::fflush(stdout);
    }
}

}  // namespace
}  // namespace vitrum
