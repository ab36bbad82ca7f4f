// Coverage of the 95 % intervals of g2, by method of error, over generated series whose g2 is known. Prints CSV.
//
//   g2_coverage headline [REPLICATES]   tau = 30 of 400 frames, contrast 0.2, 5 and 0.5 counts; all errors
//   g2_coverage grid [REPLICATES]       tau/T x contrast x counts at 1000 independent pixels
//   g2_coverage grains [REPLICATES]     speckles of two and three pixels
//   g2_coverage pixels [REPLICATES]     the same noise per photon pair at other numbers of pixels: the 1/N law
//
// Then FIRST_CELL, CELLS and FIRST_REPLICATE run it in pieces. One core; one table for each cell. Where tau is no
// shorter than the run it has 60 frames, else 200. The formula, which is slow, sees the first 300 replicates of the
// headline. bias_sd: bias over the spread; ratio: root mean square of the reported errors over the spread; each with
// its Monte Carlo standard error.
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <tbb/global_control.h>

#include "vitrum/analysis/chain/correlation_chain.hpp"
#include "vitrum/analysis/correlation/errors/g2_errors.hpp"
#include "vitrum/analysis/correlation/g2.hpp"
#include "vitrum/core/data/data_set.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"

namespace {

using vitrum::analysis::G2Errors;

struct Cell {
    std::size_t frames = 200, pixels = 1000;
    double tau = 20;  // frames
    int modes = 5;
    double mean = 1;
    double grain = 0;  // [pixels], 0 = independent
};

struct Tally {
    double sum = 0, squares = 0, errors = 0, error_squares = 0;
    std::size_t given = 0, covered = 0;
};

constexpr double beta = 1.8;
constexpr std::size_t most_formula_replicates = 300;
constexpr std::array methods{G2Errors::independent, G2Errors::pixels, G2Errors::bootstrap, G2Errors::formula};

std::vector<std::size_t> lags_of(const Cell& cell) {
    const std::size_t half = cell.frames / 2;
    const auto decay = static_cast<std::size_t>(std::lround(cell.tau / 2));
    std::vector<std::size_t> lags{1};
    if (decay > 1 && decay < half) lags.push_back(decay);
    lags.push_back(half);
    return lags;
}

void print(const Cell& cell, const std::vector<std::size_t>& lags, const std::vector<std::vector<Tally>>& tallies,
           std::size_t replicates) {
    for (std::size_t l = 0; l < lags.size(); ++l)
        for (std::size_t m = 0; m < methods.size(); ++m) {
            const Tally& t = tallies[l][m];
            if (t.given < 2) continue;
            const auto n = static_cast<double>(t.given);
            const double spread = std::sqrt((t.squares - t.sum * t.sum / n) / (n - 1));
            const double reported = std::sqrt(t.errors / n);
            const double varied = (t.error_squares / n - std::pow(reported, 4)) / (4 * n * std::pow(reported, 4));
            const double p = static_cast<double>(t.covered) / n;
            fmt::print("{},{},{},{:.4g},{:.4g},{:.4g},{},{},{},{},{:.4g},{:.3f},{:.3f},{:.3f},{:.3f},{:.4f},{:.4f}\n",
                       cell.frames, cell.pixels, cell.grain, cell.tau / static_cast<double>(cell.frames),
                       1.0 / cell.modes, cell.mean, lags[l], name(methods[m]), replicates, t.given, spread,
                       t.sum / n / spread, 1 / std::sqrt(n), reported / spread,
                       reported / spread * std::sqrt(varied + 1 / (2 * (n - 1))), p, std::sqrt(p * (1 - p) / n));
        }
    std::fflush(stdout);
}

void study(const Cell& cell, std::size_t first, std::size_t replicates, std::size_t formulas, std::uint64_t seed) {
    vitrum::model::SpeckleOptions o;
    o.frames = cell.frames;
    while (o.rows * o.rows > cell.pixels || cell.pixels % o.rows != 0) --o.rows;
    o.columns = cell.pixels / o.rows;
    o.modes = cell.modes;
    o.mean_count = cell.mean;
    o.relaxation = {cell.tau, beta};
    o.pattern.rows.grain = o.pattern.columns.grain = cell.grain;
    const auto lags = lags_of(cell);
    std::vector<std::vector<Tally>> tallies(lags.size(), std::vector<Tally>(methods.size()));
    for (std::size_t r = first; r < first + replicates; ++r) {
        vitrum::DataSet data;
        data.name = "x";
        data.data = vitrum::model::generate(o, {seed, vitrum::cell_id("g2 coverage"), r}).data;
        const auto& series = std::get<vitrum::SpeckleSeries>(data.data);
        const auto map = vitrum::analysis::two_time(series, {});
        const vitrum::Curve plain = vitrum::analysis::g2_values(map);
        for (std::size_t m = 0; m < methods.size(); ++m) {
            vitrum::Curve g2 = plain;
            if (methods[m] == G2Errors::independent) {
                vitrum::analysis::add_independent_errors(g2);
            } else if (methods[m] == G2Errors::bootstrap) {
                vitrum::analysis::add_block_bootstrap(g2, map);
            } else if (methods[m] == G2Errors::pixels) {
                vitrum::analysis::add_pixel_jackknife(g2, series, map, 0);
            } else if (r < formulas) {
                vitrum::analysis::ChainOptions options;
                options.max_lag = vitrum::analysis::Lag{static_cast<double>(cell.frames / 2), true};
                options.errors = G2Errors::formula;
                g2 = vitrum::analysis::correlate(data.data, options).at(0).g2;
                if (g2.error_method.find("jackknife") != std::string::npos) g2.y_error.clear();
            }
            for (std::size_t l = 0; l < lags.size(); ++l) {
                const double truth = 1 + std::exp(-2 * std::pow(static_cast<double>(lags[l]) / cell.tau, beta)) /
                                             static_cast<double>(cell.modes);
                const double value = g2.y.at(lags[l] - 1);
                const double error = g2.y_error.empty() ? vitrum::not_a_number : g2.y_error.at(lags[l] - 1);
                if (!std::isfinite(value) || !std::isfinite(error)) continue;
                Tally& t = tallies[l][m];
                const double off = value - truth;
                t.sum += off;
                t.squares += off * off;
                t.errors += error * error;
                t.error_squares += error * error * error * error;
                ++t.given;
                t.covered += std::abs(off) <= vitrum::student_factor(g2.degrees_of_freedom) * error;
            }
        }
    }
    print(cell, lags, tallies, replicates);
}

std::vector<Cell> cells_of(const std::string& what) {
    constexpr std::size_t pixels = 1000;
    const auto frames = [](double tau_over_run) -> std::size_t { return tau_over_run < 1 ? 200 : 60; };
    const auto tau = [&](double tau_over_run) { return static_cast<double>(frames(tau_over_run)) * tau_over_run; };
    std::vector<Cell> cells;
    if (what == "headline") cells = {{400, 1000, 30, 5, 5}, {400, 1000, 30, 5, 0.5}};
    if (what == "grid")
        for (const int modes : {1, 5, 50})
            for (const double mean : {1e-3, 0.1, 10.0})
                for (const double tau_over_run : {0.01, 0.03, 0.1, 0.3, 1.0, 2.0})
                    cells.push_back({frames(tau_over_run), pixels, tau(tau_over_run), modes, mean});
    if (what == "grains")
        for (const double grain : {2.0, 3.0})
            for (const int modes : {1, 5})
                for (const double mean : {0.1, 10.0})
                    for (const double tau_over_run : {0.03, 0.3, 2.0})
                        cells.push_back({frames(tau_over_run), pixels, tau(tau_over_run), modes, mean, grain});
    if (what == "pixels")
        cells = {{200, 4000, 20, 5, 1},       {200, 16000, 20, 5, 1},     {200, 16000, 100, 1, 0.1},
                 {200, 16000, 20, 5, 1e-3},   {200, 64000, 20, 5, 1e-3},  {200, 256000, 20, 5, 1e-3},
                 {200, 4000, 60, 5, 10, 2.0}, {200, 4000, 60, 5, 10, 3.0}};
    return cells;
}

}  // namespace

int main(int argc, char** argv) {
    const tbb::global_control one_core(tbb::global_control::max_allowed_parallelism, 1);
    const auto argument = [&](int i, std::size_t fallback) {
        return argc > i ? static_cast<std::size_t>(std::strtoull(argv[i], nullptr, 10)) : fallback;
    };
    const std::string what = argc > 1 ? argv[1] : "";
    const auto cells = cells_of(what);
    const std::size_t replicates = argument(2, 1900);
    if (cells.empty() || replicates < 2) {
        fmt::print(stderr,
                   "g2_coverage headline|grid|grains|pixels [REPLICATES [FIRST_CELL [CELLS [FIRST_REPLICATE]]]]\n");
        return 2;
    }
    fmt::print(
        "frames,pixels,grain,tau_over_run,contrast,counts,lag,errors,replicates,given,spread,bias_sd,bias_mcse,ratio,"
        "ratio_mcse,coverage,coverage_mcse\n");
    const std::size_t first = argument(3, 0);
    for (std::size_t c = first; c < cells.size() && c < first + argument(4, cells.size()); ++c)
        study(cells[c], argument(5, 0), replicates, what == "headline" ? most_formula_replicates : 0, 1000 + c);
    return 0;
}
