#include "vitrum/analysis/correlation/multi_tau/multi_tau_accumulator.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "vitrum/analysis/correlation/multi_tau/multi_tau_sums.hpp"
#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/core/error.hpp"

namespace vitrum::analysis {

MultiTauAccumulator::MultiTauAccumulator(const SpeckleSeries& detector, const MultiTauOptions& options)
    : m_(static_cast<std::size_t>(options.channels)) {
    detector_.rows = detector.rows;
    detector_.columns = detector.columns;
    detector_.frame_time = detector.frame_time;
    detector_.time_unit = detector.time_unit;
    detector_.used = detector.used;
    detector_.region = detector.region;
    for (auto& pixels : multi_tau_parts(detector_, options)) {
        Part part;
        const std::size_t groups = std::min(multi_tau_groups, pixels.size());
        for (std::size_t g = 0; g <= groups; ++g) part.edges.push_back(g * pixels.size() / groups);
        part.pixels = std::move(pixels);
        parts_.push_back(std::move(part));
    }
}

void MultiTauAccumulator::add(const float* frame) {
    for (Part& part : parts_) {
        std::vector<double> values(part.pixels.size());
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(frame[part.pixels[i]]);
        push(part, 0, std::move(values), false);
    }
    ++frames_;
}

void MultiTauAccumulator::add_lost() {
    for (Part& part : parts_) push(part, 0, std::vector<double>(part.pixels.size(), 0.0), true);
    ++frames_;
}

void MultiTauAccumulator::add(const SpeckleSeries& block) {
    expect_consistent(block);
    if (block.rows != detector_.rows || block.columns != detector_.columns)
        throw InputError(fmt::format("a block of {} x {} pixels does not fit the detector of {} x {}", block.rows,
                                     block.columns, detector_.rows, detector_.columns));
    std::vector<float> frame;
    for (std::size_t f = 0; f < block.frames; ++f) {
        if (block.is_lost(f)) {
            add_lost();
            continue;
        }
        if (!block.sparse()) {
            add(block.counts.data() + f * block.pixels());
            continue;
        }
        frame.assign(block.pixels(), 0.0F);
        for (std::size_t e = block.frame_ptr[f]; e < block.frame_ptr[f + 1]; ++e)
            frame[block.index[e]] = static_cast<float>(block.intensity[e]);
        add(frame.data());
    }
}

void MultiTauAccumulator::push(Part& part, std::size_t level, std::vector<double> frame, bool lost) {
    const std::size_t width = part.pixels.size();
    const std::size_t groups = part.edges.size() - 1;
    if (level == part.levels.size()) {
        Level fresh;
        fresh.ring.assign(m_ * width, 0.0);
        fresh.lost.assign(m_, 0);
        fresh.pairs.assign(m_, 0);
        part.levels.push_back(std::move(fresh));
        GroupLevel empty;
        empty.products.assign(m_, 0.0);
        empty.past = empty.future = empty.last = empty.products;
        part.groups.emplace_back(groups, empty);
    }
    if (lost) std::fill(frame.begin(), frame.end(), 0.0);
    Level& own = part.levels[level];
    const std::size_t slot = own.frames % m_;
    std::vector<std::size_t> partners;  // lags
    for (std::size_t lag = 1; lag <= std::min(m_, own.frames) && !lost; ++lag)
        if (!own.lost[(own.frames - lag) % m_]) partners.push_back(lag);
    for (const std::size_t lag : partners) ++own.pairs[lag - 1];
    for (std::size_t g = 0; g < groups; ++g) {
        GroupLevel& sums = part.groups[level][g];
        double now = 0;
        for (std::size_t i = part.edges[g]; i < part.edges[g + 1]; ++i) now += frame[i];
        for (const std::size_t lag : partners) {
            const std::size_t before = (own.frames - lag) % m_;
            const double* earlier = own.ring.data() + before * width;
            double sum = 0;
            for (std::size_t i = part.edges[g]; i < part.edges[g + 1]; ++i) sum += frame[i] * earlier[i];
            sums.products[lag - 1] += sum;
            sums.past[lag - 1] += sums.last[before];
            sums.future[lag - 1] += now;
        }
        sums.last[slot] = now;
    }
    own.lost[slot] = lost ? 1 : 0;
    std::copy(frame.begin(), frame.end(), own.ring.begin() + static_cast<std::ptrdiff_t>(slot * width));
    ++own.frames;
    if (own.pending.empty()) {
        own.pending = std::move(frame);
        own.pending_lost = lost;
        return;
    }
    for (std::size_t i = 0; i < width; ++i) frame[i] += own.pending[i];
    own.pending.clear();
    push(part, level + 1, std::move(frame), lost || own.pending_lost);
}

Curve MultiTauAccumulator::g2() const {
    auto channels = multi_tau_channels(frames_, m_);
    for (auto& c : channels) c.pairs = parts_.front().levels[c.level].pairs[c.lag - 1];
    std::vector<std::vector<MultiTauSums>> all;
    for (const Part& part : parts_) {
        std::vector<MultiTauSums> groups(part.edges.size() - 1);
        for (std::size_t g = 0; g < groups.size(); ++g) {
            groups[g].pixels = static_cast<double>(part.edges[g + 1] - part.edges[g]);
            for (const auto& c : channels) {
                const GroupLevel& sums = part.groups[c.level][g];
                groups[g].products.push_back(sums.products[c.lag - 1]);
                groups[g].past.push_back(sums.past[c.lag - 1]);
                groups[g].future.push_back(sums.future[c.lag - 1]);
            }
        }
        all.push_back(std::move(groups));
    }
    return multi_tau_curve(channels, detector_.frame_time, detector_.time_unit, all);
}

}  // namespace vitrum::analysis
