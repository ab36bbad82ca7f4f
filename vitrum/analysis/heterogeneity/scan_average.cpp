#include "vitrum/analysis/heterogeneity/scan_average.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <boost/random/uniform_int_distribution.hpp>
#include <fmt/format.h>

#include "vitrum/analysis/fit/deconvolution.hpp"
#include "vitrum/core/estimate/fit_quality.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/core/numerics/statistics.hpp"
#include "vitrum/core/stream.hpp"

namespace vitrum::analysis {

namespace {

struct Values {
    std::vector<double> value;
    double noise = 0;  // standard deviation
    std::size_t block = 4;
};

struct Widths {
    double raw;
    double corrected;
};

Widths widths_of(const std::vector<Values>& scans) {
    std::vector<Distribution> raw;
    std::vector<Distribution> corrected;
    for (const auto& scan : scans) {
        Distribution d{scan.value, {}, 0};
        std::sort(d.at.begin(), d.at.end());
        d.mass.assign(d.at.size(), 1 / static_cast<double>(d.at.size()));
        raw.push_back(std::move(d));
        corrected.push_back(deconvolve(scan.value, scan.noise));
    }
    return {mean_of(raw).shortest_interval(0.9), mean_of(corrected).shortest_interval(0.9)};
}

}  // namespace

std::vector<Estimate> scan_averaged_width(const std::vector<ScanTrace>& scans) {
    std::vector<Values> all;
    double contrast = 0;
    bool blocks = true;
    for (const auto& scan : scans) {
        Values v;
        for (std::size_t t = 0; t < scan.trace->size(); ++t)
            if (std::isfinite(scan.trace->y[t])) {
                v.value.push_back(scan.trace->y[t]);
                v.noise = scan.trace->y_error.at(t);
            }
        if (v.value.empty()) continue;
        v.block = std::max<std::size_t>(2 * scan.lag, 4);
        blocks = blocks && v.value.size() >= 8 * v.block;
        contrast += scan.contrast / static_cast<double>(scans.size());
        all.push_back(std::move(v));
    }
    constexpr std::array names{"heterogeneity_width_scans", "heterogeneity_width_scans_corrected"};
    constexpr double infinite = std::numeric_limits<double>::infinity();
    std::vector<Estimate> rows;
    if (all.empty()) {
        for (const char* what : names)
            rows.push_back(make_estimate(what, {}, not_a_number, not_a_number, infinite, Status::no_data, "no values"));
        return rows;
    }
    const Widths found = widths_of(all);
    std::array<std::vector<double>, 2> drawn;
    constexpr std::size_t resamples = 100;
    if (blocks) {
        Stream stream({0, cell_id("scan_averaged_width"), 0}, Purpose::bootstrap, 0);
        for (std::size_t r = 0; r < resamples; ++r) {
            check_interrupt();
            auto sample = all;
            for (std::size_t s = 0; s < all.size(); ++s) {
                const auto& from = all[s].value;
                boost::random::uniform_int_distribution<std::size_t> start(0, from.size() - all[s].block);
                for (std::size_t filled = 0; filled < from.size(); filled += all[s].block)
                    std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(start(stream)),
                                std::min(all[s].block, from.size() - filled),
                                sample[s].value.begin() + static_cast<std::ptrdiff_t>(filled));
            }
            const Widths w = widths_of(sample);
            drawn[0].push_back(w.raw);
            drawn[1].push_back(w.corrected);
        }
    }
    const std::string note =
        fmt::format("{} scans, each at its own tau{}", all.size(),
                    blocks ? "; errors: block bootstrap" : "; no error: a scan is shorter than 16 tau");
    for (std::size_t k = 0; k < 2; ++k) {
        const double width = k == 0 ? found.raw : found.corrected;
        const double error = spread_of(drawn.at(k)).sd;  // NaN where none was drawn
        const Status status = width > 0 ? Status::ok : Status::at_bound;
        rows.push_back(make_estimate(names.at(k), {}, width, error, infinite, status, note));
        rows.back().lower = std::max(0.0, rows.back().lower);
        rows.push_back(make_estimate(fmt::format("relative_{}", names.at(k)), {}, width / contrast, error / contrast,
                                     infinite, contrast > 0 ? status : Status::no_data, note));
        rows.back().lower = std::max(0.0, rows.back().lower);
        if (!blocks) rows[rows.size() - 2].lower = rows.back().lower = not_a_number;
    }
    return rows;
}

std::vector<Estimate> tau_over_scans(const std::vector<ScanTau>& scans) {
    std::vector<double> taus;
    double weights = 0;
    double sum = 0;
    for (const ScanTau& scan : scans) {
        taus.push_back(scan.tau);
        weights += 1 / (scan.error * scan.error);
        sum += scan.tau / (scan.error * scan.error);
    }
    if (taus.size() < 2) return {};
    const Spread spread = spread_of(taus);
    const auto freedom = static_cast<double>(taus.size() - 1);
    double chi2 = 0;
    for (const ScanTau& scan : scans) chi2 += std::pow((scan.tau - sum / weights) / scan.error, 2);
    const FitQuality quality = std::isfinite(chi2) ? chi_square_quality(chi2, freedom, "those of each tau")
                                                   : FitQuality{.errors = "a tau without an error: no test"};
    return {make_estimate("tau_over_scans", {}, spread.mean, spread.error(), freedom, Status::ok,
                          fmt::format("{} scans, standard deviation {:.3g}; error from the spread between scans",
                                      taus.size(), spread.sd)),
            quality_row("tau_over_scans_p", {}, quality)};
}

}  // namespace vitrum::analysis
