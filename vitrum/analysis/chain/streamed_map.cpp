#include "vitrum/analysis/chain/streamed_map.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "vitrum/analysis/correlation/errors/group_lag_sums.hpp"
#include "vitrum/analysis/correlation/g2.hpp"
#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/analysis/correlation/products/dense_products.hpp"
#include "vitrum/analysis/correlation/products/event_lists.hpp"
#include "vitrum/analysis/correlation/products/sparse_products.hpp"
#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/core/parallel.hpp"

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

// The symmetric map of one region, row by row.
class SymmetricRows {
public:
    SymmetricRows(const SpeckleSeries& s, const StreamOptions& options) : series_(s), options_(options) {
        expect_consistent(s);
        pixels_ = active_pixels(s, options.region);
        sums_ = lit_frame_sums(s, pixels_, options.region);
        for (std::size_t f = 0; f < s.frames; ++f)
            if (sums_[f] == 0) empty_.push_back(f);
        if (options.diagonal == Diagonal::factorial) check_factorial(s);
        if (!s.sparse()) return;
        if (const auto blocks = pixel_blocks(s, pixels_, options.memory); blocks.size() == 1)
            lists_.emplace(s, pixels_, blocks[0]);
    }

    // Every row can be had by itself, from lists in memory.
    [[nodiscard]] bool by_row() const { return lists_.has_value(); }

    // C(i,j) to out[j - i], j >= i; by_row() only.
    template <class Value>
    void row(std::size_t i, EventLists::Row& work, Value* out) const {
        lists_->with_row(i, work, [&](const auto* products) { normalise(products, i, out); });
    }

    // Rows first <= i < last to out[(i - first) * frames + j].
    void rows(std::size_t first, std::size_t last, double* out) const {
        const std::size_t frames = series_.frames;
        if (!lists_) {
            std::fill_n(out, (last - first) * frames, 0.0);
            if (series_.sparse())
                add_sparse_products(series_, pixels_, first, last, out, frames, options_.memory);
            else
                add_dense_products(series_, pixels_, first, last, out, frames);
        }
        for_each_block(last - first, 8, [&](std::size_t, std::size_t begin, std::size_t end) {
            EventLists::Row work;
            for (std::size_t i = first + begin; i < first + end; ++i) {
                double* own = out + (i - first) * frames + i;
                if (lists_)
                    row(i, work, own);
                else
                    normalise(own, i, own);
            }
        });
        mark_empty(first, last, out);
    }

private:
    template <class Sum, class Value>
    void normalise(const Sum* products, std::size_t i, Value* out) const {
        const auto n = static_cast<double>(pixels_.size());
        const double own = sums_[i];
        const double* later = sums_.data() + i;
        const auto pairs = static_cast<double>(products[0]) - own;  // k (k - 1) in place of k^2
        for (std::size_t k = 0; k < series_.frames - i; ++k)        // 0 / 0 where a frame is empty
            out[k] = static_cast<Value>(n * static_cast<double>(products[k]) / (own * later[k]));
        if (options_.diagonal == Diagonal::factorial) out[0] = static_cast<Value>(n * pairs / (own * own));
    }

    // One and the same NaN where a frame is empty: results are compared by their bytes.
    void mark_empty(std::size_t first, std::size_t last, double* out) const {
        for (std::size_t i = first; i < last; ++i) {
            double* own = out + (i - first) * series_.frames;
            if (sums_[i] == 0) std::fill(own + i, own + series_.frames, not_a_number);
            for (const auto j : empty_)
                if (j > i) own[j] = not_a_number;
        }
    }

    const SpeckleSeries& series_;
    StreamOptions options_;
    std::vector<std::uint32_t> pixels_;
    std::vector<double> sums_;
    std::vector<std::size_t> empty_;  // frames
    std::optional<EventLists> lists_;
};

// `before` = C(first - 1, first); on return the one before the next block.
void set_diagonal(Diagonal policy, std::size_t first, std::size_t last, std::size_t frames, double* values,
                  double& before) {
    for (std::size_t i = first; i < last; ++i) {
        double& entry = values[(i - first) * frames + i];
        const double after = i + 1 < frames ? values[(i - first) * frames + i + 1] : not_a_number;
        if (policy == Diagonal::excluded) entry = not_a_number;
        if (policy == Diagonal::neighbour_mean) entry = between(before, after);
        before = after;
    }
}

void hand_on(const SymmetricRows& map, const SpeckleSeries& s, const StreamOptions& options, const MapSink& sink) {
    // Dense frames are packed again for every block: larger blocks pay.
    constexpr std::size_t dense_factor = 4;
    const std::size_t bytes = options.row_bytes * (s.sparse() ? 1 : dense_factor);
    const std::size_t most_rows = std::clamp<std::size_t>(bytes / (s.frames * sizeof(double)), 1, s.frames);
    std::vector<double> values(most_rows * s.frames);
    double before = not_a_number;  // C(first - 1, first)
    for (std::size_t first = 0; first < s.frames; first += most_rows) {
        check_interrupt();
        const std::size_t last = std::min(first + most_rows, s.frames);
        map.rows(first, last, values.data());
        set_diagonal(options.diagonal, first, last, s.frames, values.data(), before);
        sink({first, last - first, s.frames, values.data()});
    }
}

}  // namespace

void two_time_rows(const SpeckleSeries& s, const StreamOptions& options, const MapSink& sink) {
    hand_on(SymmetricRows(s, options), s, options, sink);
}

void two_time_triangle(const SpeckleSeries& s, const StreamOptions& options, std::span<float> out) {
    const std::size_t frames = s.frames;
    if (out.size() != frames * (frames + 1) / 2)
        throw std::logic_error("two_time_triangle: room for another number of frames");
    const auto own_row = [&](std::size_t i) { return out.data() + i * frames - i * (i + 1) / 2 + i; };
    const SymmetricRows map(s, options);
    if (map.by_row()) {
        for_each_block(frames, 16, [&](std::size_t, std::size_t first, std::size_t last) {
            check_interrupt();
            EventLists::Row work;
            for (std::size_t i = first; i < last; ++i) map.row(i, work, own_row(i));
        });
        return;
    }
    hand_on(map, s, options, [&](const MapRows& rows) {
        for_each_block(rows.count, 8, [&](std::size_t, std::size_t begin, std::size_t end) {
            for (std::size_t i = rows.first + begin; i < rows.first + end; ++i)
                std::transform(&rows.values[(i - rows.first) * frames + i], &rows.values[(i - rows.first + 1) * frames],
                               own_row(i), [](double v) { return static_cast<float>(v); });
        });
    });
}

Curve stream_two_time(const SpeckleSeries& s, const StreamOptions& options, const MapSink& sink) {
    DiagonalSums diagonals(s.frames);
    const auto active = active_pixels(s, options.region);
    const auto patches = options.errors ? jackknife_patches(s, active) : JackknifePatches{};
    const auto pixels = patches.groups > 0 ? in_patches(s, active, patches.groups) : active;
    const auto scale = patches.groups > 0 ? jackknife_scale(s, pixels) : std::vector<double>{};
    GroupLagSums own;
    std::optional<NormalisationPull> pull;
    if (patches.groups > 0) {
        own = group_lag_sums(s, pixels, patches.groups, scale);
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
    if (pull) {
        set_pixel_jackknife(g2, patches, pixels.size(), own, pull->result());
        raise_to_counting_noise(g2, s, pixels, scale);
    }
    return g2;
}

}  // namespace vitrum::analysis
