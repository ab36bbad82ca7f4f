#include "vitrum/model/speckle/series_generator.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "vitrum/core/interrupt.hpp"
#include "vitrum/core/limits.hpp"
#include "vitrum/core/parallel.hpp"
#include "vitrum/model/detector/photon_counting.hpp"
#include "vitrum/model/speckle/sparse_series.hpp"
#include "vitrum/model/speckle/spatial_field.hpp"
#include "vitrum/model/speckle/speckle_field.hpp"

namespace vitrum::model {

namespace {

constexpr std::size_t pixels_per_block = 32;
static_assert(sparse_block % pixels_per_block == 0);

// The same counts as events.
SeriesSlab events_of(const SeriesSlab& dense, std::size_t frames) {
    SeriesSlab s{.begin = dense.begin, .end = dense.end};
    const std::size_t width = dense.end - dense.begin;
    s.frame_ptr.assign(1, 0);
    for (std::size_t f = 0; f < frames; ++f) {
        for (std::size_t p = 0; p < width; ++p) {
            const float k = dense.counts[f * width + p];
            if (k == 0) continue;
            s.index.push_back(static_cast<std::uint32_t>(dense.begin + p));
            s.intensity.push_back(static_cast<std::uint32_t>(k));
        }
        s.frame_ptr.push_back(s.index.size());
    }
    return s;
}

}  // namespace

class SeriesGenerator::Maker {
public:
    virtual ~Maker() = default;
    [[nodiscard]] virtual SeriesSlab slab(std::size_t begin, std::size_t end) const = 0;
};

// Field, detector, photons, for every pixel and frame.
class SeriesGenerator::Dense final : public SeriesGenerator::Maker {
public:
    Dense(const SpeckleOptions& o, const StreamKey& key, DrawnDetector drawn)
        : options_(o), key_(key), drawn_(std::move(drawn)), field_(make_speckle_field(o, key)) {}

    [[nodiscard]] SeriesSlab slab(std::size_t begin, std::size_t end) const override {
        const SpeckleOptions& o = options_;
        SeriesSlab s{.begin = begin, .end = end};
        const std::size_t stride = end - begin;
        expect_memory(sizeof(float) * static_cast<double>(o.frames) * static_cast<double>(stride),
                      fmt::format("{} frames of {} pixels", o.frames, stride));
        s.counts.resize(o.frames * stride);
        for_each_block(stride, pixels_per_block, [&](std::size_t number, std::size_t first, std::size_t last) {
            check_interrupt();
            const std::size_t block = begin / pixels_per_block + number;
            const std::size_t width = last - first;
            std::vector<float> seen(o.frames * width);
            field_->fill(block, begin + first, begin + last, seen.data());
            expose(o.detector, drawn_, o.mean_count, begin + first, width, seen.data());
            count_photons(seen.data(), seen.size(), o.mean_count, Stream(key_, Purpose::counting, block), seen.data());
            for (std::size_t f = 0; f < o.frames; ++f)
                std::copy_n(seen.data() + f * width, width, s.counts.data() + f * stride + first);
        });
        return s;
    }

private:
    SpeckleOptions options_;
    StreamKey key_;
    DrawnDetector drawn_;
    std::unique_ptr<SpeckleField> field_;
};

class SeriesGenerator::Thinned final : public SeriesGenerator::Maker {
public:
    Thinned(const SpeckleOptions& o, const StreamKey& key) : generator_(o, key) {}
    [[nodiscard]] SeriesSlab slab(std::size_t begin, std::size_t end) const override {
        return generator_.slab(begin, end);
    }

private:
    SparseGenerator generator_;
};

SeriesGenerator::SeriesGenerator(const SpeckleOptions& o, const StreamKey& key) : sparse_(sparse_output(o)) {
    check(o);
    check_pattern_memory(o, key);  // a random walk goes elsewhere in each realisation
    frame_.frames = o.frames;
    frame_.rows = o.rows;
    frame_.columns = o.columns;
    frame_.frame_time = o.frame_time;
    frame_.exposure = o.detector.exposure;
    DrawnDetector drawn = draw(o.detector, o.frames, frame_.pixels(), key);
    frame_.used = drawn.used;
    frame_.lost = drawn.lost;
    saturation_ = static_cast<std::uint32_t>(o.detector.saturation);
    if (o.detector.layout) {
        frame_.q = o.detector.layout->q;
        frame_.region = o.detector.layout->region;
    }
    const double counts = static_cast<double>(o.frames) *
                          (o.mean_count + o.detector.dark_counts + o.detector.hot_pixels * o.detector.hot_counts);
    bytes_ = thinned(o) ? 40 * counts : (sparse_ ? 12 : 8) * static_cast<double>(o.frames);
    if (thinned(o))
        maker_ = std::make_unique<Thinned>(o, key);
    else
        maker_ = std::make_unique<Dense>(o, key, std::move(drawn));
}

SeriesGenerator::~SeriesGenerator() = default;

SeriesSlab SeriesGenerator::slab(std::size_t begin, std::size_t end) const {
    SeriesSlab s = maker_->slab(begin, end);
    if (saturation_ > 0) {
        for (float& k : s.counts) k = std::min(k, static_cast<float>(saturation_));
        for (auto& k : s.intensity) k = std::min(k, saturation_);
    }
    return sparse_ && s.frame_ptr.empty() ? events_of(s, frame_.frames) : s;
}

SpeckleSeries SeriesGenerator::whole() const {
    SpeckleSeries all = frame_;
    if (!sparse_) {
        all.counts = slab(0, all.pixels()).counts;
        return all;
    }
    std::vector<SeriesSlab> slabs;
    const std::size_t width = slab_pixels(bytes_, block(), all.pixels());
    for (std::size_t begin = 0; begin < all.pixels(); begin += width)
        slabs.push_back(slab(begin, std::min(begin + width, all.pixels())));
    all.frame_ptr.assign(1, 0);
    for (std::size_t f = 0; f < all.frames; ++f) {
        for (const auto& s : slabs) {
            const auto from = static_cast<std::ptrdiff_t>(s.frame_ptr[f]);
            const auto to = static_cast<std::ptrdiff_t>(s.frame_ptr[f + 1]);
            all.index.insert(all.index.end(), s.index.begin() + from, s.index.begin() + to);
            all.intensity.insert(all.intensity.end(), s.intensity.begin() + from, s.intensity.begin() + to);
        }
        all.frame_ptr.push_back(all.index.size());
    }
    return all;
}

}  // namespace vitrum::model
