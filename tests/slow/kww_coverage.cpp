// Coverage of the 95 % intervals of the KWW fit and of the contrast of photon statistics at few photons and at small
// beta, by weights, over generated series whose g2 is known. Prints the tables of docs/estimators/speckle/kww.md,
// contrast.md.
//
//   kww_coverage few|stretched|plain|grains [REPLICATES [FIRST_CELL [CELLS [FIRST_REPLICATE]]]]
//
// linear: value +- t error (tau: of ln tau); log: the same of the logarithm; profile: of the fit's own intervals.
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <tbb/global_control.h>

#include "vitrum/analysis/correlation/g2.hpp"
#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/analysis/correlation/two_time.hpp"
#include "vitrum/analysis/relaxation/kww.hpp"
#include "vitrum/analysis/speckle/photon_statistics.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"

namespace {

using vitrum::analysis::KwwWeights;

struct Cell {
    std::size_t frames, side;  // side x side pixels
    double tau;                // [frames]
    double beta;
    int modes;
    double mean;
    double grain = 0;  // [pixels]
};

struct Tally {
    double sum = 0, squares = 0, errors = 0;
    int given = 0, linear = 0, log = 0, profile = 0, below = 0;  // below: the linear interval lies below the truth

    void add(double value, double truth, double error, double freedom, double lower, double upper) {
        const double factor = vitrum::student_factor(freedom);
        const double off = value - truth;
        sum += off;
        squares += off * off;
        errors += error * error;
        ++given;
        linear += std::abs(off) <= factor * error;
        log += std::abs(std::log(value / truth)) <= factor * error / value;
        profile += !(lower > truth) && !(upper < truth);
        below += off < -factor * error;
    }
};

void print(const std::string& cell, const std::string& what, const Tally& t, int replicates) {
    const auto n = static_cast<double>(t.given);
    if (t.given < 2) return;
    const double sd = std::sqrt((t.squares - t.sum * t.sum / n) / (n - 1));
    const auto percent = [&](int count) {
        const double p = count / n;
        return fmt::format("{:.1f} +- {:.1f}", 100 * p, 100 * std::sqrt(p * (1 - p) / n));
    };
    fmt::print("| {} | {} | {} of {} | {:.2f} +- {:.2f} | {:.5f} | {:.2f} | {} | {} | {} | {} |\n", cell, what, t.given,
               replicates, t.sum / n / sd, 1 / std::sqrt(n), sd, std::sqrt(t.errors / n) / sd, percent(t.linear),
               percent(t.log), percent(t.profile), t.below);
}

void study(const Cell& cell, std::size_t first, std::size_t replicates, std::uint64_t seed) {
    vitrum::model::SpeckleOptions o;
    o.frames = cell.frames;
    o.rows = o.columns = cell.side;
    o.modes = cell.modes;
    o.mean_count = cell.mean;
    o.relaxation = {cell.tau, cell.beta};
    o.pattern.rows.grain = o.pattern.columns.grain = cell.grain;
    constexpr std::array weights{KwwWeights::model, KwwWeights::pairs, KwwWeights::scatter};
    constexpr std::array names{"model", "pairs", "scatter"};
    constexpr std::array quantities{"contrast", "tau", "beta", "baseline"};
    const double contrast = 1.0 / cell.modes;
    const std::array truth{contrast, std::log(cell.tau), cell.beta, 1.0};
    std::array<std::array<Tally, 4>, weights.size()> tallies{};
    std::array<Tally, 2> photons{};
    for (std::size_t r = first; r < first + replicates; ++r) {
        const auto series = vitrum::model::generate(o, {seed, vitrum::cell_id("kww coverage"), r}).data;
        const auto map = vitrum::analysis::two_time(series, {});
        vitrum::Curve g2 = vitrum::analysis::g2_values(map);
        vitrum::analysis::add_pixel_jackknife(g2, series, map, 0);
        for (std::size_t w = 0; w < weights.size(); ++w) {
            const auto fit = vitrum::analysis::fit_kww(g2, {.weights = weights[w], .profile = true});
            if (fit.status != vitrum::Status::ok) continue;
            const std::array found{fit.contrast, std::log(fit.tau), fit.beta, fit.baseline};
            for (std::size_t k = 0; k < 4; ++k) {
                const auto i = static_cast<Eigen::Index>(k);
                tallies[w][k].add(found[k], truth[k], std::sqrt(fit.covariance(i, i)), fit.degrees_of_freedom,
                                  fit.profile[k].lower, fit.profile[k].upper);
            }
        }
        const auto rows = vitrum::analysis::contrast_from_photons(series, 0);
        for (std::size_t k = 0; k < 2; ++k)
            if (rows[k].status == vitrum::Status::ok)
                photons[k].add(rows[k].value, contrast, rows[k].standard_error,
                               static_cast<double>(vitrum::analysis::active_pixels(series, 0).size() > 63 ? 63 : 39),
                               rows[k].lower, rows[k].upper);
    }
    const std::string name = fmt::format(
        "{} frames, {} pixels{}, tau {}, beta {}, M {}, {} counts", cell.frames, cell.side * cell.side,
        cell.grain > 0 ? fmt::format(" in grains of {}", cell.grain) : "", cell.tau, cell.beta, cell.modes, cell.mean);
    const auto n = static_cast<int>(replicates);
    for (std::size_t w = 0; w < weights.size(); ++w)
        for (std::size_t k = 0; k < 4; ++k)
            print(name, fmt::format("{} | {}", names[w], quantities[k]), tallies[w][k], n);
    print(name, "probabilities | contrast", photons[0], n);
    print(name, "factorial | contrast", photons[1], n);
    std::fflush(stdout);
}

std::vector<Cell> cells_of(const std::string& what) {
    if (what == "few")
        return {{400, 128, 40, 1.5, 2, 0.01},  {400, 128, 40, 1.5, 1, 0.02},   {400, 128, 40, 1.5, 1, 0.005},
                {400, 256, 40, 1.5, 1, 0.002}, {1000, 128, 100, 1.5, 1, 0.01}, {1000, 64, 100, 1.5, 1, 0.01},
                {400, 45, 40, 1.5, 1, 0.02},   {400, 64, 40, 1.5, 2, 0.05}};
    if (what == "stretched") return {{400, 32, 20, 0.6, 5, 0.5}, {400, 32, 20, 0.6, 2, 2}};
    if (what == "plain") return {{400, 32, 20, 1.5, 5, 0.5}, {400, 32, 20, 1.5, 1, 5}, {200, 32, 60, 1.8, 5, 0.5}};
    if (what == "grains")
        return {{50, 48, 20, 1.5, 4, 0.3, 2}, {50, 64, 20, 1.5, 2, 0.01}, {50, 64, 20, 1.5, 2, 0.1, 3}};
    return {};
}

}  // namespace

int main(int argc, char** argv) {
    const tbb::global_control one_core(tbb::global_control::max_allowed_parallelism, 1);
    const auto argument = [&](int i, std::size_t fallback) {
        return argc > i ? static_cast<std::size_t>(std::strtoull(argv[i], nullptr, 10)) : fallback;
    };
    const auto cells = cells_of(argc > 1 ? argv[1] : "");
    const std::size_t replicates = argument(2, 200);
    if (cells.empty() || replicates < 2) {
        fmt::print(stderr,
                   "kww_coverage few|stretched|plain|grains [REPLICATES [FIRST_CELL [CELLS [FIRST_REPLICATE]]]]\n");
        return 2;
    }
    fmt::print(
        "| cell | weights | quantity | clean | bias / sd | sd | reported / sd | linear, % | log, % | profile, % | "
        "linear ends below the truth |\n|---|---|---|---|---|---|---|---|---|---|---|\n");
    const std::size_t first = argument(3, 0);
    for (std::size_t c = first; c < cells.size() && c < first + argument(4, cells.size()); ++c)
        study(cells[c], argument(5, 0), replicates, 1000 + c);
    return 0;
}
