#include "vitrum/io/measured/frame_store.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/limits.hpp"
#include "vitrum/core/option_text.hpp"

namespace vitrum::io {

namespace {

// Below this share of pixels with a photon, events are faster and smaller than dense frames.
constexpr double few = 0.1;
constexpr double largest_count = 4294967295.0;

template <class T, class Join>
std::vector<T> binned(const std::vector<T>& map, const std::vector<std::int64_t>& bin_of, std::size_t bins,
                      Join&& join) {
    if (map.empty()) return {};
    std::vector<T> out(bins);
    std::vector<std::uint8_t> seen(bins, 0);
    for (std::size_t p = 0; p < map.size(); ++p) {
        if (bin_of[p] < 0) continue;
        const auto b = static_cast<std::size_t>(bin_of[p]);
        out[b] = seen[b] ? join(out[b], map[p]) : map[p];
        seen[b] = 1;
    }
    return out;
}

}  // namespace

FrameStore::FrameStore(const SpeckleSeries& detector, const FrameChoice& choice, std::size_t frames_out,
                       std::string where, Storage storage)
    : where_(std::move(where)), frames_out_(frames_out), bin_frames_(choice.bin), storage_(storage) {
    out_.rows = detector.rows / choice.bin_rows;
    out_.columns = detector.columns / choice.bin_columns;
    if (out_.pixels() == 0)
        throw InputError(fmt::format("{}: {} adds {} x {} pixels, the detector has {} x {}", where_,
                                     option_text("bin_pixels"), choice.bin_rows, choice.bin_columns, detector.rows,
                                     detector.columns));
    out_.frame_ptr.assign(1, 0);
    bin_of_.assign(detector.pixels(), -1);
    for (std::size_t r = 0; r < out_.rows * choice.bin_rows; ++r)
        for (std::size_t c = 0; c < out_.columns * choice.bin_columns; ++c)
            bin_of_[r * detector.columns + c] =
                static_cast<std::int64_t>(r / choice.bin_rows * out_.columns + c / choice.bin_columns);
    const std::size_t bins = out_.pixels();
    const auto same = [](std::int32_t a, std::int32_t b) { return a == b ? a : 0; };
    out_.region = binned(detector.region, bin_of_, bins, same);
    out_.static_region = binned(detector.static_region, bin_of_, bins, same);
    out_.q = binned(detector.q, bin_of_, bins, [](double a, double b) { return a + b; });
    for (double& q : out_.q) q /= static_cast<double>(choice.bin_rows * choice.bin_columns);
    masked_.assign(bins, 0);
    for (std::size_t p = 0; p < detector.used.size(); ++p)
        if (!detector.used[p] && bin_of_[p] >= 0) masked_[static_cast<std::size_t>(bin_of_[p])] = 1;
    for (auto& bin : bin_of_)
        if (bin >= 0 && masked_[static_cast<std::size_t>(bin)]) bin = -1;
    used_pixels_ = static_cast<std::size_t>(std::count(masked_.begin(), masked_.end(), 0));
    sums_.assign(bins, 0.0);
    if (storage == Storage::dense) make_dense();
}

void FrameStore::mask(std::size_t pixel) {
    if (bin_of_[pixel] < 0) return;
    masked_[static_cast<std::size_t>(bin_of_[pixel])] = 1;
}

void FrameStore::end_frame() {
    if (++in_bin_ < bin_frames_ || out_.frames == frames_out_) return;
    if (lost_) {
        for (const auto b : touched_) sums_[b] = 0;
        touched_.clear();
        ++lost_frames_;
        out_.lost.resize(frames_out_, 0);
        out_.lost[out_.frames] = 1;
    }
    keep();
    in_bin_ = 0;
    lost_ = false;
}

void FrameStore::lose_frame() {
    lost_ = true;
    end_frame();
}

void FrameStore::keep() {
    if (storage_ == Storage::automatic && !dense_) {
        const bool counts = std::all_of(touched_.begin(), touched_.end(), [&](std::uint32_t b) {
            return sums_[b] == std::floor(sums_[b]) && sums_[b] <= largest_count;
        });
        const double seen = static_cast<double>(out_.index.size() + touched_.size());
        const double room = few * static_cast<double>(used_pixels_) * static_cast<double>(out_.frames + 1);
        if (!counts || seen > room) make_dense();
    }
    if (dense_) {
        for (const auto b : touched_) out_.counts[out_.frames * out_.pixels() + b] = static_cast<float>(sums_[b]);
    } else {
        std::sort(touched_.begin(), touched_.end());
        for (const auto b : touched_) {
            out_.index.push_back(b);
            out_.intensity.push_back(static_cast<std::uint32_t>(sums_[b]));
        }
        out_.frame_ptr.push_back(out_.index.size());
    }
    for (const auto b : touched_) sums_[b] = 0;
    touched_.clear();
    ++out_.frames;
}

void FrameStore::make_dense() {
    constexpr double gib = 1073741824.0;
    const double have = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE));
    const double want = sizeof(float) * static_cast<double>(frames_out_) * static_cast<double>(out_.pixels());
    if (want > 0.8 * have)
        throw InputError(
            fmt::format("{}: needs {:.1f} GiB of memory as dense frames, this machine has {:.1f}; take a "
                        "part of it with {}, or add pixels with {}",
                        where_, want / gib, have / gib, option_text("frames"), option_text("bin_pixels")));
    constexpr double always = 8e8;
    if (want > always) expect_inflation(want, stored_, where_);
    out_.counts.assign(frames_out_ * out_.pixels(), 0.0F);
    for (std::size_t f = 0; f < out_.frames; ++f)
        for (std::size_t e = out_.frame_ptr[f]; e < out_.frame_ptr[f + 1]; ++e)
            out_.counts[f * out_.pixels() + out_.index[e]] = static_cast<float>(out_.intensity[e]);
    out_.frame_ptr = {};
    out_.index = {};
    out_.intensity = {};
    dense_ = true;
}

SpeckleSeries FrameStore::finish() {
    out_.used.assign(out_.pixels(), 1);
    for (std::size_t b = 0; b < out_.pixels(); ++b) out_.used[b] = masked_[b] ? 0 : 1;
    if (dense_) {
        for (std::size_t b = 0; b < out_.pixels(); ++b)
            if (masked_[b])
                for (std::size_t f = 0; f < out_.frames; ++f) out_.counts[f * out_.pixels() + b] = 0;
        return std::move(out_);
    }
    std::size_t kept = 0;
    std::size_t begin = 0;
    for (std::size_t f = 0; f < out_.frames; ++f) {
        const std::size_t end = out_.frame_ptr[f + 1];
        for (std::size_t e = begin; e < end; ++e)
            if (!masked_[out_.index[e]]) {
                out_.index[kept] = out_.index[e];
                out_.intensity[kept++] = out_.intensity[e];
            }
        begin = end;
        out_.frame_ptr[f + 1] = kept;
    }
    out_.index.resize(kept);
    out_.intensity.resize(kept);
    return std::move(out_);
}

}  // namespace vitrum::io
