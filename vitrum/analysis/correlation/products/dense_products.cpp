#include "vitrum/analysis/correlation/products/dense_products.hpp"

#include <algorithm>
#include <cmath>

#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/analysis/correlation/products/small_counts.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

using kernels::ProductKernel;

enum Kind : std::uint8_t { byte = 0, whole_255 = 1, whole = 2, real = 3 };  // the larger wins over a run

constexpr std::size_t panels_per_tile = 4;
constexpr std::size_t scratch_bytes = std::size_t{20} << 20;

// Where products go: rows [begin, end) of the upper triangle, out[(i - begin) * stride + j].
struct Target {
    std::size_t frames;
    std::size_t begin;
    std::size_t end;
    double* out;
    std::size_t stride;
};

Kind kind_of(float v) {
    if (v >= 0 && v <= 127 && v == std::floor(v)) return byte;
    if (!(std::abs(v) <= 1e30F) || v != std::floor(v)) return real;
    return std::abs(v) <= 255 ? whole_255 : whole;
}

std::uint32_t pack(const float* v, std::uint32_t) {
    const auto b = [](float x) { return static_cast<std::uint32_t>(static_cast<std::int32_t>(x)); };
    return b(v[0]) | b(v[1]) << 8 | b(v[2]) << 16 | b(v[3]) << 24;
}
float pack(const float* v, float) { return *v; }
double pack(const float* v, double) { return static_cast<double>(*v); }

// Pixels of one packed word, and of one block of words that a kernel sums in its own type.
template <class Word>
constexpr std::size_t pixels_per_word = 1;
template <>
constexpr std::size_t pixels_per_word<std::uint32_t> = 4;
template <class Word>
constexpr std::size_t words_per_block = 384;
template <>
constexpr std::size_t words_per_block<float> = 256;
template <>
constexpr std::size_t words_per_block<double> = 192;

template <class Word>
class Packed {
public:
    Packed(const SpeckleSeries& series, std::size_t begin, const ProductKernel<Word>& kernel)
        : series_(series), begin_(begin), kernel_(kernel) {
        panels_ = (series.frames - begin + kernel.width - 1) / kernel.width;
        const std::size_t block = panels_ * kernel.width * words_per_block<Word> * sizeof(Word);
        most_words_ = std::max<std::size_t>(1, scratch_bytes / block) * words_per_block<Word>;
    }

    [[nodiscard]] std::size_t most_pixels() const { return most_words_ * pixels_per_word<Word>; }

    // Loads these pixels of all frames from `begin` on. With kinds, values that are no bytes are stored as 0 and
    // raise kinds[i].
    void load(const std::uint32_t* pixels, std::size_t count, std::vector<std::uint8_t>* kinds) {
        words_ = (count + pixels_per_word<Word> - 1) / pixels_per_word<Word>;
        data_.resize(panels_ * kernel_.width * words_);
        std::vector<std::vector<std::uint8_t>> found(kinds ? panels_ : 0);
        for_each_block(panels_, 1, [&](std::size_t panel, std::size_t, std::size_t) {
            check_interrupt();
            std::vector<std::uint8_t>* own = nullptr;
            if (kinds) own = &(found[panel] = std::vector<std::uint8_t>(words_ * pixels_per_word<Word>, byte));
            load_panel(panel, pixels, count, own);
        });
        if (kinds)
            for (const auto& own : found)
                for (std::size_t i = 0; i < count; ++i) (*kinds)[i] = std::max((*kinds)[i], own[i]);
    }

    // Takes a pixel out again.
    void clear(std::size_t pixel) {
        if constexpr (pixels_per_word<Word> == 4) {
            const auto keep = ~(Word{255} << (8 * (pixel % 4)));
            for (std::size_t panel = 0; panel < panels_; ++panel)
                for (std::size_t f = 0; f < kernel_.width; ++f)
                    data_[(panel * words_ + pixel / 4) * kernel_.width + f] &= keep;
        }
    }

    void add_products(const Target& target) const {
        const std::size_t tiles = (panels_ + panels_per_tile - 1) / panels_per_tile;
        const std::size_t row_panels = (target.end - begin_ + kernel_.width - 1) / kernel_.width;
        const std::size_t row_tiles = (row_panels + panels_per_tile - 1) / panels_per_tile;
        for_each_block(row_tiles * tiles, 1, [&](std::size_t t, std::size_t, std::size_t) {
            const std::size_t a = t / tiles;
            const std::size_t b = t % tiles;
            if (b < a) return;
            check_interrupt();
            std::vector<double> edge(kernel_.width * kernel_.width);
            const auto last = [&](std::size_t tile, std::size_t most) {
                return std::min(most, (tile + 1) * panels_per_tile);
            };
            for (std::size_t first = 0; first < words_; first += words_per_block<Word>) {
                const std::size_t words = std::min(words_per_block<Word>, words_ - first);
                for (std::size_t j = b * panels_per_tile; j < last(b, panels_); ++j)
                    for (std::size_t i = a * panels_per_tile; i < last(a, row_panels) && i <= j; ++i)
                        add_panel(i, j, first, words, target, edge);
            }
        });
    }

private:
    [[nodiscard]] const Word* at(std::size_t panel, std::size_t word) const {
        return data_.data() + (panel * words_ + word) * kernel_.width;
    }

    void load_panel(std::size_t panel, const std::uint32_t* pixels, std::size_t count,
                    std::vector<std::uint8_t>* kinds) {
        constexpr std::size_t step = 16;  // one cache line of a frame
        const bool contiguous = one_stretch({pixels, count});
        const std::size_t width = kernel_.width;
        Word* out = data_.data() + panel * words_ * width;
        const std::size_t first_frame = begin_ + panel * width;
        for (std::size_t i = 0; i < count; i += step) {
            const std::size_t n = std::min(step, count - i);
            for (std::size_t f = 0; f < width; ++f) {
                float values[step] = {};
                if (first_frame + f < series_.frames) {
                    const float* row = series_.counts.data() + (first_frame + f) * series_.pixels();
                    if (contiguous && n == step)
                        std::copy_n(row + pixels[i], step, values);
                    else
                        for (std::size_t k = 0; k < n; ++k) values[k] = row[pixels[i + k]];
                    if (kinds) keep_bytes(values, kinds->data() + i, n);
                }
                for (std::size_t k = 0; k < n; k += pixels_per_word<Word>)
                    out[(i + k) / pixels_per_word<Word> * width + f] = pack(values + k, Word{});
            }
        }
    }

    static void keep_bytes(float* values, std::uint8_t* kinds, std::size_t n) {
        int others = 0;
        for (std::size_t k = 0; k < 16; ++k) {
            const std::int32_t count = count_in(values[k]);
            others += is_count(values[k], count, 127) ? 0 : 1;
        }
        if (others == 0) return;
        for (std::size_t k = 0; k < n; ++k)
            if (const Kind kind = kind_of(values[k]); kind != byte) {
                kinds[k] = std::max<std::uint8_t>(kinds[k], kind);
                values[k] = 0;
            }
    }

    void add_panel(std::size_t i, std::size_t j, std::size_t first, std::size_t words, const Target& target,
                   std::vector<double>& edge) const {
        const std::size_t width = kernel_.width;
        const std::size_t row = begin_ + i * width;
        const std::size_t column = begin_ + j * width;
        if (i != j && row + width <= target.end && column + width <= target.frames) {
            kernel_.run(at(i, first), at(j, first), words, target.out + (row - target.begin) * target.stride + column,
                        target.stride);
            return;
        }
        std::fill(edge.begin(), edge.end(), 0.0);
        kernel_.run(at(i, first), at(j, first), words, edge.data(), width);
        for (std::size_t r = row; r < std::min(row + width, target.end); ++r)
            for (std::size_t c = std::max(column, r); c < std::min(column + width, target.frames); ++c)
                target.out[(r - target.begin) * target.stride + c] += edge[(r - row) * width + c - column];
    }

    const SpeckleSeries& series_;
    std::size_t begin_;
    ProductKernel<Word> kernel_;
    std::size_t panels_ = 0;
    std::size_t words_ = 0;
    std::size_t most_words_ = 0;
    std::vector<Word> data_;
};

template <class Word>
void add_all(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels, const ProductKernel<Word>& kernel,
             const Target& target) {
    if (pixels.empty()) return;
    Packed<Word> packed(s, target.begin, kernel);
    for (std::size_t first = 0; first < pixels.size(); first += packed.most_pixels()) {
        packed.load(pixels.data() + first, std::min(packed.most_pixels(), pixels.size() - first), nullptr);
        packed.add_products(target);
    }
}

// Pixels by the way they go.
struct Sorted {
    std::vector<std::uint32_t> floats;
    std::vector<std::uint32_t> doubles;
    void add(std::uint32_t pixel, std::uint8_t kind) { (kind == whole ? doubles : floats).push_back(pixel); }
};

// The kind of every pixel from all its values, where packing bytes would be in vain.
void sort_only(const SpeckleSeries& s, const std::uint32_t* pixels, std::size_t count, Sorted& sorted) {
    std::vector<std::uint8_t> kinds(count);
    for_each_block(count, 256, [&](std::size_t, std::size_t first, std::size_t last) {
        for (std::size_t i = first; i < last; ++i) kinds[i] = kind_of(s.counts[pixels[i]]);
        if (std::all_of(&kinds[first], &kinds[first] + (last - first), [](std::uint8_t k) { return k == real; }))
            return;
        for (std::size_t f = 0; f < s.frames; ++f)
            for (std::size_t i = first; i < last; ++i)
                kinds[i] = std::max<std::uint8_t>(kinds[i], kind_of(s.counts[f * s.pixels() + pixels[i]]));
    });
    for (std::size_t i = 0; i < count; ++i) sorted.add(pixels[i], kinds[i]);
}

void add_bytes(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels,
               const ProductKernel<std::uint32_t>& kernel, const Target& target, Sorted& others) {
    Packed<std::uint32_t> packed(s, target.begin, kernel);
    for (std::size_t first = 0; first < pixels.size(); first += packed.most_pixels()) {
        const std::uint32_t* own = pixels.data() + first;
        const std::size_t count = std::min(packed.most_pixels(), pixels.size() - first);
        std::size_t soft = 0;
        for (std::size_t i = 0; i < count; ++i) soft += kind_of(s.counts[own[i]]) == byte;
        if (soft < count / 2) {
            sort_only(s, own, count, others);
            continue;
        }
        std::vector<std::uint8_t> kinds(count, byte);
        packed.load(own, count, &kinds);
        const auto bytes = static_cast<std::size_t>(std::count(kinds.begin(), kinds.end(), std::uint8_t{byte}));
        const bool worth_it = bytes >= count / 4;
        for (std::size_t i = 0; i < count; ++i)
            if (kinds[i] != byte || !worth_it) {
                packed.clear(i);
                others.add(own[i], kinds[i]);
            }
        if (worth_it) packed.add_products(target);
    }
}

}  // namespace

void add_dense_products(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels, std::size_t rows_begin,
                        std::size_t rows_end, double* out, std::size_t stride, const kernels::ProductKernels& kernels) {
    if (pixels.empty() || rows_begin >= rows_end) return;
    const Target target{s.frames, rows_begin, rows_end, out, stride};
    Sorted others;
    if (kernels.bytes.run)
        add_bytes(s, pixels, kernels.bytes, target, others);
    else
        sort_only(s, pixels.data(), pixels.size(), others);
    add_all(s, others.floats, kernels.floats, target);
    add_all(s, others.doubles, kernels.doubles, target);
}

}  // namespace vitrum::analysis
