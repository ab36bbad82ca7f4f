#include "analysis/correlation/streamed_map.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "analysis/correlation/active_pixels.hpp"
#include "analysis/correlation/dense_products.hpp"
#include "analysis/correlation/g2.hpp"
#include "analysis/correlation/group_lag_sums.hpp"
#include "analysis/correlation/sparse_products.hpp"
#include "core/error.hpp"
#include "core/estimate.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"

namespace vitrum::analysis {

namespace {

// Sums over the diagonals seen so far, in the order of time.
class DiagonalSums {
public:
    explicit DiagonalSums(std::size_t frames) : sum_(frames, 0.0), squares_(frames, 0.0), pairs_(frames, 0) {}

    void add(const MapRows& rows) {
        for_each_block(rows.frames, 512, [&](std::size_t, std::size_t first, std::size_t last) {
            for (std::size_t t = rows.first; t < rows.first + rows.count; ++t)
                for (std::size_t lag = first; lag < std::min(last, rows.frames - t); ++lag) {
                    const double c = rows(t, t + lag);
                    const bool known = !std::isnan(c);
                    sum_[lag] += known ? c : 0;
                    squares_[lag] += known ? (c - 1) * (c - 1) : 0;
                    pairs_[lag] += known ? 1 : 0;
                }
        });
    }

    [[nodiscard]] Curve curve(const SpeckleSeries& s) const {
        Curve g2;
        g2.name = g2.y_name = "g2";
        g2.x_name = "lag";
        g2.x_unit = s.time_unit;
        for (std::size_t lag = 1; lag < sum_.size(); ++lag) {
            const auto pairs = static_cast<double>(pairs_[lag]);
            g2.x.push_back(static_cast<double>(lag) * s.frame_time);
            g2.y.push_back(pairs > 0 ? sum_[lag] / pairs : not_a_number);
            g2.weight.push_back(pairs);
            const double shift = g2.y.back() - 1;
            g2.scatter.push_back(std::sqrt(std::max(0.0, squares_[lag] / pairs - shift * shift)));
        }
        return g2;
    }

private:
    std::vector<double> sum_;
    std::vector<double> squares_;
    std::vector<std::uint64_t> pairs_;
};

}  // namespace

void two_time_rows(const SpeckleSeries& s, const StreamOptions& options, const MapSink& sink) {
    expect_consistent(s);
    const auto pixels = active_pixels(s, options.region);
    if (pixels.empty())
        throw InputError(
            fmt::format("no pixel takes part in region {}: the mask or region map leaves none", options.region));
    const auto sums = frame_sums(s, pixels);
    if (std::all_of(sums.begin(), sums.end(), [](double v) { return v == 0; }))
        throw InputError("every frame is empty: there is nothing to correlate");
    const auto n = static_cast<double>(pixels.size());
    // Dense frames are packed again for every block: larger blocks pay.
    constexpr std::size_t dense_factor = 4;
    const std::size_t bytes = options.row_bytes * (s.sparse() ? 1 : dense_factor);
    const std::size_t most_rows = std::clamp<std::size_t>(bytes / (s.frames * sizeof(double)), 1, s.frames);
    std::vector<double> values(most_rows * s.frames);
    std::optional<EventLists> lists;
    if (s.sparse())
        if (const auto blocks = pixel_blocks(s, pixels, options.memory); blocks.size() == 1)
            lists.emplace(s, pixels, blocks[0]);
    for (std::size_t first = 0; first < s.frames; first += most_rows) {
        check_interrupt();
        const std::size_t last = std::min(first + most_rows, s.frames);
        if (!lists) {
            std::fill(values.begin(), values.end(), 0.0);
            if (s.sparse())
                add_sparse_products(s, pixels, first, last, values.data(), s.frames, options.memory);
            else
                add_dense_products(s, pixels, first, last, values.data(), s.frames);
        }
        for_each_block(last - first, 4, [&](std::size_t, std::size_t begin, std::size_t end) {
            EventLists::Row work;
            for (std::size_t i = first + begin; i < first + end; ++i) {
                double* row = values.data() + (i - first) * s.frames;
                if (lists) {
                    std::fill(row + i, row + s.frames, 0.0);
                    lists->add_row(i, work, row + i);
                }
                for (std::size_t j = i; j < s.frames; ++j) {
                    const double product = sums[i] * sums[j];
                    row[j] = n * row[j] / product;  // 0 / 0 where a frame is empty
                }
            }
        });
        sink({first, last - first, s.frames, values.data()});
    }
}

Curve stream_two_time(const SpeckleSeries& s, const StreamOptions& options, const MapSink& sink) {
    DiagonalSums diagonals(s.frames);
    const auto active = active_pixels(s, options.region);
    const auto groups = options.errors ? jackknife_groups(active.size()) : 0;
    const auto pixels = groups > 0 ? in_patches(s, active, groups) : active;
    GroupLagSums own;
    std::optional<NormalisationPull> pull;
    if (groups > 0) {
        own = group_lag_sums(s, pixels, groups, jackknife_scale(s, pixels));
        pull.emplace(own.means);
    }
    two_time_rows(s, options, [&](const MapRows& rows) {
        diagonals.add(rows);
        if (pull)
            pull->add(rows.first, rows.first + rows.count,
                      [&](std::size_t i) { return rows.values + (i - rows.first) * rows.frames; });
        if (sink) sink(rows);
    });
    Curve g2 = diagonals.curve(s);
    if (pull) set_pixel_jackknife(g2, pixels.size(), own, pull->result());
    return g2;
}

}  // namespace vitrum::analysis
