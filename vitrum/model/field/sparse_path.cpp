#include "vitrum/model/field/sparse_path.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/model/field/intensity_tail.hpp"

namespace vitrum::model {

namespace {

// Near beta = 2 the kernel of close instants is singular but for rounding.
// The jitter is a white part of the
// field, far above what is neglected of the kernel.
constexpr double jitter = 1e-9;
constexpr double not_positive = -1e-6;

void add_scaled(double factor, const double* from, double* to, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) to[i] += factor * from[i];
}

}  // namespace

SparsePath::SparsePath(const InstantKernel& kernel, double static_fraction, std::vector<double> shares, double miss,
                       std::size_t instants)
    : kernel_(kernel),
      fixed_(std::sqrt(static_fraction)),
      moving_(std::sqrt(1 - static_fraction)),
      reach_(std::sqrt(intensity_exceeded_with(shares, miss))),
      pair_reach_(std::sqrt(intensity_exceeded_with(shares, miss / static_cast<double>(instants)))),
      normal_(0.0, std::numbers::sqrt2 / 2) {
    for (const double w : shares) weights_.insert(weights_.end(), {w, w});
    mean_.resize(weights_.size());
    field_.resize(weights_.size());
    static_.resize(weights_.size());
}

void SparsePath::start(Stream& stream) {
    size_ = begin_ = 0;
    any_ = false;
    if (fixed_ == 0) return;
    double sum = 0;
    for (Index c = 0; c < static_.size(); ++c) {
        static_[c] = fixed_ * normal_(stream);
        sum += weights_[c] * static_[c] * static_[c];
    }
    static_root_ = std::sqrt(sum);
}

double SparsePath::intensity(const std::vector<double>& field) const {
    double sum = 0;
    if (fixed_ == 0)
        for (Index c = 0; c < field.size(); ++c) sum += weights_[c] * field[c] * field[c];
    else
        for (Index c = 0; c < field.size(); ++c) {
            const double e = static_[c] + moving_ * field[c];
            sum += weights_[c] * e * e;
        }
    return sum;
}

// From the last instant drawn alone. |E| <= |g E_last + (1-g) E_static| + deviation |z|, by the triangle inequality.
bool SparsePath::surely_below(std::size_t instant, double root) const {
    const double g = kernel_(last_instant_, instant);
    const double mean = g * std::sqrt(last_) + (1 - g) * static_root_;
    return root >= mean + moving_ * std::sqrt((1 - g) * (1 + g)) * pair_reach_;
}

double SparsePath::predict_markov(std::size_t instant) {
    const double g = any_ ? kernel_(last_instant_, instant) : 0;
    for (Index c = 0; c < mean_.size(); ++c) mean_[c] = any_ ? g * field_[c] : 0;
    return (1 - g) * (1 + g);
}

double SparsePath::predict(std::size_t instant) {
    // g1 with the earlier instants, nearest first, until it is negligible.
    std::size_t first = size_;
    while (first > begin_) {
        const double g = kernel_(instants_[first - 1], instant);
        if (kernel_.monotone() && g < InstantKernel::negligible) break;
        row_[--first] = g;
    }
    if (kernel_.monotone()) begin_ = first;
    // Forward substitution: row <- L^-1 row, and the field's mean is row times the white noise.
    std::fill(mean_.begin(), mean_.end(), 0.0);
    double known = 0;
    const Index components = mean_.size();
    for (std::size_t k = first; k < size_; ++k) {
        const double x = row_[k] * inverse_[k];
        row_[k] = x;
        add_scaled(-x, factor_.data() + k * room_ + k + 1, row_.data() + k + 1, size_ - k - 1);
        known += x * x;
        add_scaled(x, white_.data() + k * components, mean_.data(), components);
    }
    const double variance = 1 - known;
    if (variance < not_positive)
        throw InputError(fmt::format(
            "kernel: this correlation is not positive definite: a variance comes out as {:.3g}, so no speckle "
            "field has it; take kernel = \"internal_clock\"",
            variance));
    return std::max(variance, 0.0) + jitter;
}

void SparsePath::make_room() {
    if (size_ < room_) return;
    if (begin_ >= room_ / 2 && begin_ > 0) {
        // The first rows matter no more: the others move up.
        const std::size_t left = size_ - begin_;
        const Index components = mean_.size();
        for (std::size_t k = 0; k < left; ++k) {
            const double* from = factor_.data() + (k + begin_) * room_ + begin_;
            std::copy(from + k, from + left, factor_.data() + k * room_ + k);
            inverse_[k] = inverse_[k + begin_];
            instants_[k] = instants_[k + begin_];
        }
        std::copy(white_.begin() + static_cast<std::ptrdiff_t>(begin_ * components), white_.end(), white_.begin());
        size_ = left;
        begin_ = 0;
        return;
    }
    const std::size_t larger = std::max<std::size_t>(32, 2 * room_);
    std::vector<double> factor(larger * larger);
    for (std::size_t k = 0; k < size_; ++k) std::copy_n(factor_.data() + k * room_, size_, factor.data() + k * larger);
    factor_ = std::move(factor);
    room_ = larger;
    inverse_.resize(larger);
    instants_.resize(larger);
    white_.resize(larger * mean_.size());
    row_.resize(larger);
}

void SparsePath::append(std::size_t instant, double deviation) {
    for (std::size_t k = begin_; k < size_; ++k) factor_[k * room_ + size_] = row_[k];
    inverse_[size_] = 1 / deviation;
    instants_[size_] = instant;
    ++size_;
}

bool SparsePath::seen(std::size_t instant, double height, Stream& stream) {
    if (any_ && instant == last_instant_) return last_ > height;
    const double root = std::sqrt(height);
    if (any_ && surely_below(instant, root)) return false;
    if (!kernel_.markov()) make_room();
    const double deviation = std::sqrt(kernel_.markov() ? predict_markov(instant) : predict(instant));
    if (root >= std::sqrt(intensity(mean_)) + moving_ * deviation * reach_) return false;
    double* white = kernel_.markov() ? nullptr : white_.data() + size_ * mean_.size();
    for (Index c = 0; c < mean_.size(); ++c) {
        const double z = normal_(stream);
        if (white) white[c] = z;
        field_[c] = mean_[c] + deviation * z;
    }
    if (white) append(instant, deviation);
    last_ = intensity(field_);
    last_instant_ = instant;
    any_ = true;
    ++drawn_;
    return last_ > height;
}

}  // namespace vitrum::model
