#include "vitrum/analysis/correlation/multi_tau/multi_tau_strips.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/analysis/correlation/products/small_counts.hpp"

namespace vitrum::analysis {

namespace {

// With counts up to 255, frames of 8 hold up to 2040 and 512 products of them stay below 2^31.
constexpr std::size_t strip_width = 512;  // pixels
constexpr std::size_t narrow_levels = 4;
constexpr std::size_t lanes = 16;  // of a cache line of floats
constexpr std::size_t width_step = 64;
template <class Value>
constexpr std::int32_t most_counts = 255;
template <>
constexpr std::int32_t most_counts<std::uint8_t> = 127;

double dot(const std::int16_t* a, const std::int16_t* b, std::size_t n) {
    std::int32_t sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += std::int32_t{a[i]} * std::int32_t{b[i]};
    return sum;
}

// The same with four partners at once: a is loaded once.
void add_dots(const std::int16_t* a, const std::array<const std::int16_t*, 4>& b, std::size_t n, double* out) {
    const auto [b0, b1, b2, b3] = b;
    std::int32_t s0 = 0;
    std::int32_t s1 = 0;
    std::int32_t s2 = 0;
    std::int32_t s3 = 0;
    for (std::size_t i = 0; i < n; ++i) {
        s0 += std::int32_t{a[i]} * std::int32_t{b0[i]};
        s1 += std::int32_t{a[i]} * std::int32_t{b1[i]};
        s2 += std::int32_t{a[i]} * std::int32_t{b2[i]};
        s3 += std::int32_t{a[i]} * std::int32_t{b3[i]};
    }
    out[0] += s0;
    out[1] += s1;
    out[2] += s2;
    out[3] += s3;
}

// Bytes go through the kernel alone.
double dot(const std::uint8_t*, const std::uint8_t*, std::size_t) { return 0; }
void add_dots(const std::uint8_t*, const std::array<const std::uint8_t*, 4>&, std::size_t, double*) {}

double dot(const double* a, const double* b, std::size_t n) {
    std::array<double, lanes> sums{};
    for (std::size_t i = 0; i < n; i += lanes)
        for (std::size_t k = 0; k < lanes; ++k) sums[k] += a[i + k] * b[i + k];
    double sum = 0;
    for (const double v : sums) sum += v;
    return sum;
}

void add_dots(const double* a, const std::array<const double*, 4>& b, std::size_t n, double* out) {
    for (std::size_t k = 0; k < b.size(); ++k) out[k] += dot(a, b[k], n);
}

// Brings a frame's pixels into the second cache, a few lines at a time between other work: all at once would wait for
// memory. Rows lie far apart: no hardware foresees the next one.
class Ahead {
public:
    Ahead(const std::uint32_t* pixels, std::size_t count) : pixels_(pixels), count_(count), next_(count) {}
    void start(const float* row) {
        row_ = row;
        next_ = 0;
    }
    void some() {
        for (const std::size_t last = std::min(count_, next_ + 8 * lanes); next_ < last; next_ += lanes)
            __builtin_prefetch(row_ + pixels_[next_], 0, 2);
    }

private:
    const std::uint32_t* pixels_;
    std::size_t count_;
    const float* row_ = nullptr;
    std::size_t next_;
};

// One level of one strip: its last frames in a ring, and the products of each lag.
template <class Value>
class Level {
public:
    // most: of one value of the level. kernel: null for plain code.
    Level(const TauLevel& level, std::size_t width, double most, kernels::LagKernel<Value> kernel)
        : level_(level),
          width_(width),
          ring_((level.last_lag + 1) * width, Value{0}),
          products_(level.last_lag - level.first_lag + 1, 0.0),
          kernel_(kernel) {
        if (!kernel_) return;
        lanes_.assign(products_.size() * kernels::lag_lanes, 0);
        const double each = std::ceil(static_cast<double>(width) / kernels::lag_lanes) * most * most;
        frames_in_lanes_ = static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max() / each);
    }

    [[nodiscard]] Value* frame(std::size_t t) { return ring_.data() + t % (level_.last_lag + 1) * width_; }

    void correlate(std::size_t t, Ahead& ahead) {
        if (t >= level_.frames) return;
        const std::size_t last = std::min(level_.last_lag, t);
        std::size_t lag = level_.first_lag;
        if (kernel_) {
            for (; lag <= last; lag += 4) {
                ahead.some();
                const std::size_t n = std::min<std::size_t>(4, last - lag + 1);
                std::array<const Value*, 4> earlier{};
                for (std::size_t k = 0; k < n; ++k) earlier[k] = frame(t - lag - k);
                kernel_(frame(t), earlier.data(), n, width_,
                        lanes_.data() + (lag - level_.first_lag) * kernels::lag_lanes);
            }
            if (++held_ == frames_in_lanes_) empty_lanes();
            return;
        }
        for (; lag + 3 <= last; lag += 4) {
            ahead.some();
            add_dots(frame(t), {frame(t - lag), frame(t - lag - 1), frame(t - lag - 2), frame(t - lag - 3)}, width_,
                     products_.data() + (lag - level_.first_lag));
        }
        for (; lag <= last; ++lag) products_[lag - level_.first_lag] += dot(frame(t), frame(t - lag), width_);
    }

    void add_to(std::vector<double>& products) {
        if (kernel_) empty_lanes();
        for (std::size_t k = 0; k < products_.size(); ++k) products[level_.channel + k] += products_[k];
    }

private:
    void empty_lanes() {
        for (std::size_t i = 0; i < lanes_.size(); ++i) products_[i / kernels::lag_lanes] += lanes_[i];
        std::fill(lanes_.begin(), lanes_.end(), 0);
        held_ = 0;
    }

    TauLevel level_;
    std::size_t width_;
    std::vector<Value> ring_;
    std::vector<double> products_;
    kernels::LagKernel<Value> kernel_;
    std::vector<std::int32_t> lanes_;  // sums of the kernel since they were last emptied
    std::size_t frames_in_lanes_ = 0;
    std::size_t held_ = 0;
};

template <class Value, class From>
void add_pair(const From* a, const From* b, std::size_t width, Value* out) {
    for (std::size_t i = 0; i < width; ++i)
        out[i] = static_cast<Value>(static_cast<Value>(a[i]) + static_cast<Value>(b[i]));
}

// Copies pixels of one frame and returns their sum; false if a narrow level cannot hold them.
template <class Value>
bool read(const float* row, const std::uint32_t* pixels, std::size_t count, bool contiguous, Value* out,
          double& total) {
    std::int32_t sum = 0;
    std::int32_t others = 0;
    const auto each = [&](auto&& value) {
        for (std::size_t i = 0; i < count; ++i) {
            const float v = value(i);
            const std::int32_t k = count_in(v);
            others += is_count(v, k, most_counts<Value>) ? 0 : 1;
            sum += k & 255;
            out[i] = static_cast<Value>(k);
        }
    };
    if (contiguous)
        each([own = row + pixels[0]](std::size_t i) { return own[i]; });
    else
        each([&](std::size_t i) { return row[pixels[i]]; });
    total = sum;
    return others == 0;
}

bool read(const float* row, const std::uint32_t* pixels, std::size_t count, bool, double* out, double& total) {
    total = 0;
    for (std::size_t i = 0; i < count; ++i) total += out[i] = static_cast<double>(row[pixels[i]]);
    return true;
}

// First: of the frames as they are; Next: of the next three levels; the others are double. False, and nothing added, if
// the values do not fit.
template <class First, class Next>
bool add_strip(const SpeckleSeries& s, const std::uint32_t* pixels, std::size_t count,
               const std::vector<TauLevel>& levels, std::vector<double>& products, std::vector<double>& sums,
               kernels::LagKernel<First> first_kernel, kernels::LagKernel<Next> next_kernel) {
    const std::size_t width = (count + width_step - 1) / width_step * width_step;
    const bool contiguous = one_stretch({pixels, count});
    double most = most_counts<First>;
    Level<First> first(levels[0], width, most, first_kernel);
    std::vector<Level<Next>> narrow;
    std::vector<Level<double>> wide;
    for (std::size_t l = 1; l < levels.size(); ++l) {
        most *= 2;
        if (l < narrow_levels)
            narrow.emplace_back(levels[l], width, most, next_kernel);
        else
            wide.emplace_back(levels[l], width, most, nullptr);
    }
    std::vector<double> total(s.frames);
    Ahead ahead(pixels, count);
    for (std::size_t t = 0; t < s.frames; ++t) {
        if (t + 2 < s.frames) ahead.start(s.counts.data() + (t + 2) * s.pixels());
        if (!read(s.counts.data() + t * s.pixels(), pixels, count, contiguous, first.frame(t), total[t])) return false;
        first.correlate(t, ahead);
        // An odd frame completes a pair, and the pair perhaps a pair of pairs.
        std::size_t now = t;
        for (std::size_t l = 1; l < levels.size() && now % 2 == 1; ++l, now /= 2) {
            const auto pair_into = [&](auto& from, auto& to) {
                add_pair(from.frame(now - 1), from.frame(now), width, to.frame(now / 2));
                if (const auto& lost = levels[l].lost; !lost.empty() && lost[now / 2])
                    std::fill_n(to.frame(now / 2), width, 0);
                to.correlate(now / 2, ahead);
            };
            if (l == 1)
                pair_into(first, narrow[0]);
            else if (l < narrow_levels)
                pair_into(narrow[l - 2], narrow[l - 1]);
            else if (l == narrow_levels)
                pair_into(narrow.back(), wide[0]);
            else
                pair_into(wide[l - narrow_levels - 1], wide[l - narrow_levels]);
        }
    }
    first.add_to(products);
    for (auto& level : narrow) level.add_to(products);
    for (auto& level : wide) level.add_to(products);
    for (std::size_t t = 0; t < s.frames; ++t) sums[t] += total[t];
    return true;
}

}  // namespace

void add_dense_strips(const SpeckleSeries& s, const std::uint32_t* pixels, std::size_t count,
                      const std::vector<TauLevel>& levels, std::vector<double>& products, std::vector<double>& sums,
                      const kernels::LagKernels& kernels) {
    if (levels.empty()) return;
    for (std::size_t first = 0; first < count; first += strip_width) {
        const std::size_t n = std::min(strip_width, count - first);
        if (kernels.bytes && add_strip<std::uint8_t, std::int16_t>(s, pixels + first, n, levels, products, sums,
                                                                   kernels.bytes, kernels.words))
            continue;
        if (!add_strip<std::int16_t, std::int16_t>(s, pixels + first, n, levels, products, sums, kernels.words,
                                                   kernels.words))
            add_strip<double, double>(s, pixels + first, n, levels, products, sums, nullptr, nullptr);
    }
}

}  // namespace vitrum::analysis
