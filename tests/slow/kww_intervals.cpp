// Intervals of the KWW fit: linear against profile likelihood, weights by scatter against the full covariance, over
// tau/T and with the baseline free or fixed at 1. Prints the table of docs/estimators/speckle/kww.md. The law of g2 is
// known, the data are counts of independent pixels.
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "vitrum/analysis/correlation/g2.hpp"
#include "vitrum/analysis/correlation/two_time.hpp"
#include "vitrum/analysis/relaxation/kww.hpp"
#include "vitrum/core/parallel.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum {
namespace {

// VITRUM_REPLICATES changes their number.
std::size_t replicate_count() {
    const char* wanted = std::getenv("VITRUM_REPLICATES");
    return wanted ? static_cast<std::size_t>(std::strtoul(wanted, nullptr, 10)) : 400;
}

constexpr std::array<const char*, 2> quantities{"tau", "beta"};

struct Found {
    Status status = Status::no_data;
    std::array<double, 2> value{};  // tau, beta
    std::array<double, 2> error{};  // of ln tau, of beta
    std::array<std::array<double, 2>, 2> linear{};
    std::array<std::array<double, 2>, 2> profile{};
};

Found fit(const Curve& g2, std::optional<double> baseline, analysis::KwwWeights weights) {
    analysis::KwwOptions o;
    o.baseline = baseline;
    o.weights = weights;
    Found found;
    const auto with = [&](bool profile) {
        o.profile = profile;
        const auto result = analysis::fit_kww(g2, o);
        found.status = result.status;
        const auto rows = analysis::estimates_of(result, "s");
        for (const auto& row : rows)
            for (std::size_t k = 0; k < 2; ++k)
                if (row.quantity == quantities.at(k)) {
                    found.value.at(k) = row.value;
                    found.error.at(k) = k == 0 ? row.standard_error / row.value : row.standard_error;
                    (profile ? found.profile : found.linear).at(k) = {row.lower, row.upper};
                }
    };
    with(false);
    if (found.status == Status::ok) with(true);
    return found;
}

// An end that a bound has left open holds everything on its side.
bool holds(const std::array<double, 2>& interval, double truth) {
    return !(interval[0] > truth) && !(interval[1] < truth);
}

struct Coverage {
    int linear = 0;
    int profile = 0;
    int open = 0;
};

void print_row(const std::string& what, const std::vector<Found>& all, const std::array<double, 2>& truth,
               std::size_t k) {
    std::vector<double> deviation;
    double reported = 0;
    Coverage covered;
    for (const Found& f : all) {
        if (f.status != Status::ok) continue;
        deviation.push_back(k == 0 ? std::log(f.value.at(k) / truth.at(k)) : f.value.at(k) - truth.at(k));
        reported += f.error.at(k) * f.error.at(k);
        covered.linear += holds(f.linear.at(k), truth.at(k));
        covered.profile += holds(f.profile.at(k), truth.at(k));
        covered.open += std::isnan(f.profile.at(k)[0]) || std::isnan(f.profile.at(k)[1]);
    }
    const auto n = static_cast<double>(deviation.size());
    if (n < 20) {
        fmt::print("| {} | {} | {} of {} clean: no figures | | | | |\n", what, quantities.at(k), deviation.size(),
                   all.size());
        return;
    }
    double mean = 0;
    double square = 0;
    for (const double d : deviation) mean += d / n;
    for (const double d : deviation) square += (d - mean) * (d - mean) / (n - 1);
    const double sd = std::sqrt(square);
    const auto percent = [&](int count) {
        const double p = count / n;
        return fmt::format("{:.1f} +- {:.1f} %", 100 * p, 100 * std::sqrt(p * (1 - p) / n));
    };
    fmt::print("| {} | {} | {} | {:.3f} +- {:.3f} | {:.4f} | {:.2f} | {} | {}{} |\n", what, quantities.at(k),
               deviation.size(), mean / sd, 1 / std::sqrt(n), sd, std::sqrt(reported / n) / sd, percent(covered.linear),
               percent(covered.profile), covered.open > 0 ? fmt::format(", {} open", covered.open) : "");
}

void study(double tau, bool fixed, std::uint64_t seed) {
    model::SpeckleOptions o;
    o.frames = 200;
    o.rows = 32;
    o.columns = 32;
    o.relaxation = {tau, 1.5};
    const std::size_t replicates = replicate_count();
    std::array<std::vector<Found>, 2> all{std::vector<Found>(replicates), std::vector<Found>(replicates)};
    const std::optional<double> baseline = fixed ? std::optional<double>(1) : std::nullopt;
    for_each_block(replicates, 1, [&](std::size_t r, std::size_t, std::size_t) {
        const auto made = model::generate(o, {seed, cell_id("kww_intervals"), r});
        const SpeckleSeries& series = made.data;
        const auto map = analysis::two_time(series);
        Curve g2 = analysis::g2_values(map);
        analysis::add_pixel_jackknife(g2, series, map, 0);
        all[0][r] = fit(g2, baseline, analysis::KwwWeights::scatter);
        all[1][r] = fit(g2, baseline, analysis::KwwWeights::covariance);
    });
    const std::array<double, 2> truth{tau * o.frame_time, 1.5};
    for (std::size_t k = 0; k < 2; ++k)
        for (std::size_t m = 0; m < 2; ++m)
            print_row(fmt::format("{:.2f}, {} | {}", tau / static_cast<double>(o.frames), fixed ? "fixed" : "free",
                                  m == 0 ? "scatter" : "covariance"),
                      all.at(m), truth, k);
    std::fflush(stdout);
    int clean = 0;
    for (const Found& f : all[0]) clean += f.status == Status::ok;
    const bool expected = tau <= 60 || fixed;
    EXPECT_GT(clean, expected ? static_cast<int>(replicates) / 10 : -1);
}

TEST(KwwIntervals, LinearAndProfileByWeights) {
    fmt::print(
        "| tau/T, baseline | weights | quantity | clean | bias / sd | sd | reported / sd | linear | profile |\n"
        "|---|---|---|---|---|---|---|---|---|\n");
    study(10, false, 301);
    study(10, true, 302);
    study(60, false, 303);
    study(60, true, 304);
    study(200, true, 305);
    study(200, false, 306);
}

}  // namespace
}  // namespace vitrum
