#include "vitrum/model/speckle/sparse_series.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <boost/random/exponential_distribution.hpp>
#include <boost/random/poisson_distribution.hpp>

#include "vitrum/core/interrupt.hpp"
#include "vitrum/core/parallel.hpp"
#include "vitrum/core/uniform.hpp"
#include "vitrum/model/field/intensity_tail.hpp"
#include "vitrum/model/field/sparse_path.hpp"

namespace vitrum::model {

namespace {

// A whole number below n, each with a chance right to 2^-53.
std::size_t below(std::size_t n, Stream& stream) {
    return static_cast<std::size_t>(static_cast<double>(stream() >> 11U) * 0x1p-53 * static_cast<double>(n));
}

std::size_t poisson(double mean, Stream& stream) {
    if (!(mean > 0)) return 0;
    return static_cast<std::size_t>(boost::random::poisson_distribution<std::int64_t, double>(mean)(stream));
}

// Frames with the beam's weight.
class FramesOfBeam {
public:
    explicit FramesOfBeam(const std::vector<double>& beam) : steady_(true), frames_(beam.size()) {
        for (const double s : beam) {
            sum_ += s;
            until_.push_back(sum_);
            steady_ = steady_ && s == beam.front();
        }
    }
    [[nodiscard]] double sum() const { return sum_; }
    std::size_t draw(Stream& stream) const {
        if (steady_) return below(frames_, stream);
        const double at = (1 - uniform(stream)) * sum_;
        const auto found = std::upper_bound(until_.begin(), until_.end() - 1, at);
        return static_cast<std::size_t>(found - until_.begin());
    }

private:
    bool steady_;
    std::size_t frames_;
    double sum_ = 0;
    std::vector<double> until_;
};

struct Candidate {
    std::size_t instant;
    double height;
};

struct Events {
    std::vector<std::uint32_t> frame;  // pixel by pixel, each in order of time
    std::vector<std::uint32_t> pixel;
    std::vector<std::uint32_t> photons;
};

// The dynamics of the pixels of one q region.
struct Law {
    Law(const Kernel& kernel, const SampleTimes& times) : fast(kernel, times), static_fraction(kernel.never_moves()) {}
    InstantKernel fast;
    double static_fraction;
};

}  // namespace

struct SparseGenerator::Plan {
    Plan(const SpeckleOptions& o, const StreamKey& k)
        : options(o),
          key(k),
          times(sample_times(o)),
          shares(mode_shares(o)),
          drawn(draw(o.detector, o.frames, o.rows * o.columns, k)),
          frames(drawn.beam) {
        double gain = 0;
        for (const double g : drawn.gain) gain += g;
        // Each candidate is asked twice and there are fewer than 50 times as many as photons (a cap of 50 is exceeded
        // with less than 1e-21); what lies above the cap is less than `miss` of the photons.
        constexpr double highest = 100;
        miss = sparse_miss / (highest * o.mean_count * frames.sum() * gain + 1);
        cap = intensity_exceeded_with(shares, miss);
        laws.emplace_back(kernel_of(o, k), times);
        if (!has_regions(o)) return;
        of_index.assign(1, 0);
        for (const auto& region : o.detector.layout->regions) {
            of_index.resize(static_cast<std::size_t>(region.index) + 1, 0);
            of_index.back() = laws.size();
            laws.emplace_back(kernel_of(region_options(o, region), k), times);
        }
    }

    [[nodiscard]] std::size_t law_of(std::size_t p) const {
        if (of_index.empty()) return 0;
        const auto index = static_cast<std::size_t>(options.detector.layout->region[p]);
        return index < of_index.size() ? of_index[index] : 0;
    }

    void pixel(std::size_t p, Stream& stream, Stream& normals, SparsePath& path, std::vector<Candidate>& candidates,
               std::vector<std::uint32_t>& hits) const;
    [[nodiscard]] Events block(std::size_t number, std::size_t begin, std::size_t end) const;

    SpeckleOptions options;
    StreamKey key;
    SampleTimes times;
    std::vector<double> shares;
    DrawnDetector drawn;
    FramesOfBeam frames;
    std::vector<Law> laws;              // of pixels without a region, then of each region
    std::vector<std::size_t> of_index;  // law of each region index; empty = one for all
    double miss = 0;
    double cap = 0;
};

// The frames of all photons of one pixel, sorted.
void SparseGenerator::Plan::pixel(std::size_t p, Stream& stream, Stream& normals, SparsePath& path,
                                  std::vector<Candidate>& candidates, std::vector<std::uint32_t>& hits) const {
    hits.clear();
    const double gain = drawn.gain[p];
    if (gain == 0) return;
    const Detector& d = options.detector;
    const double photons = options.mean_count * gain * frames.sum();  // were the intensity 1
    const double seen = (1 - d.background) * (1 - d.static_speckle);
    const double coherent = seen * d.f_q;

    candidates.resize(poisson(photons * coherent * cap, stream));
    for (auto& c : candidates) {
        c.instant = frames.draw(stream) * times.substeps + (times.substeps > 1 ? below(times.substeps, stream) : 0);
        c.height = uniform(stream) * cap;
    }
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
        return a.instant != b.instant ? a.instant < b.instant : a.height < b.height;
    });
    if (!candidates.empty()) path.start(normals);
    for (const auto& c : candidates)
        if (path.seen(c.instant, c.height, normals))
            hits.push_back(static_cast<std::uint32_t>(c.instant / times.substeps));

    const std::size_t moving = hits.size();
    double still = d.background + seen * (1 - d.f_q);
    if (d.static_speckle > 0) {
        boost::random::exponential_distribution<double> exponential(1.0);
        double sum = 0;
        for (const double share : shares) sum += share * exponential(stream);
        still += (1 - d.background) * d.static_speckle * sum;
    }
    for (std::size_t n = poisson(photons * still, stream); n > 0; --n)
        hits.push_back(static_cast<std::uint32_t>(frames.draw(stream)));
    for (std::size_t n = poisson(drawn.dark[p] * static_cast<double>(options.frames), stream); n > 0; --n) {
        const std::size_t frame = below(options.frames, stream);
        if (drawn.lost.empty() || !drawn.lost[frame]) hits.push_back(static_cast<std::uint32_t>(frame));
    }
    if (hits.size() > moving) std::sort(hits.begin(), hits.end());
}

Events SparseGenerator::Plan::block(std::size_t number, std::size_t begin, std::size_t end) const {
    check_interrupt();
    Stream stream(key, Purpose::counting, number);
    Stream normals(key, Purpose::field, number);
    std::vector<std::unique_ptr<SparsePath>> paths(laws.size());
    std::vector<Candidate> candidates;
    std::vector<std::uint32_t> hits;
    Events events;
    for (std::size_t p = begin; p < end; ++p) {
        const std::size_t law = law_of(p);
        auto& path = paths[law];
        if (!path)
            path = std::make_unique<SparsePath>(laws[law].fast, laws[law].static_fraction, shares, miss, times.size());
        pixel(p, stream, normals, *path, candidates, hits);
        for (std::size_t i = 0; i < hits.size(); ++i) {
            if (i > 0 && hits[i] == hits[i - 1]) {
                ++events.photons.back();
                continue;
            }
            events.frame.push_back(hits[i]);
            events.pixel.push_back(static_cast<std::uint32_t>(p));
            events.photons.push_back(1);
        }
    }
    return events;
}

SparseGenerator::SparseGenerator(const SpeckleOptions& options, const StreamKey& key) {
    check(options);
    plan_ = std::make_unique<const Plan>(options, key);
}

SparseGenerator::~SparseGenerator() = default;

double SparseGenerator::cap() const { return plan_->cap; }

SeriesSlab SparseGenerator::slab(std::size_t begin, std::size_t end) const {
    const Plan& plan = *plan_;
    std::vector<Events> blocks((end - begin + sparse_block - 1) / sparse_block);
    for_each_block(end - begin, sparse_block, [&](std::size_t block, std::size_t first, std::size_t last) {
        blocks[block] = plan.block(begin / sparse_block + block, begin + first, begin + last);
    });
    SeriesSlab s{.begin = begin, .end = end};
    std::vector<std::uint64_t> at(plan.options.frames + 1, 0);
    for (const auto& b : blocks)
        for (const auto f : b.frame) ++at[f + 1];
    std::partial_sum(at.begin(), at.end(), at.begin());
    s.frame_ptr = at;
    s.index.resize(at.back());
    s.intensity.resize(at.back());
    for (auto& b : blocks) {
        for (std::size_t i = 0; i < b.frame.size(); ++i) {
            const std::uint64_t to = at[b.frame[i]]++;
            s.index[to] = b.pixel[i];
            s.intensity[to] = b.photons[i];
        }
        b = {};
    }
    return s;
}

}  // namespace vitrum::model
