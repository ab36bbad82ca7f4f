#include "analysis/correlation/sparse_products.hpp"

#include <algorithm>
#include <limits>

#include "core/interrupt.hpp"
#include "core/parallel.hpp"

namespace vitrum::analysis {

namespace {

constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();

template <class Number>
struct Event {
    Number frame;
    Number count;
};

// Calls visit(place in block, event) for the events of frame f that lie in the block, in the order of the file.
template <class Visit>
void for_each_event(const SpeckleSeries& s, std::size_t f, const std::vector<std::uint32_t>& place, std::uint32_t low,
                    std::uint32_t high, bool sorted, Visit&& visit) {
    auto first = s.index.begin() + static_cast<std::ptrdiff_t>(s.frame_ptr[f]);
    auto last = s.index.begin() + static_cast<std::ptrdiff_t>(s.frame_ptr[f + 1]);
    if (sorted) {
        first = std::lower_bound(first, last, low);
        last = std::upper_bound(first, last, high);
    }
    for (auto e = first; e != last; ++e)
        if (const auto i = place[*e]; i != nowhere) visit(i, static_cast<std::size_t>(e - s.index.begin()));
}

bool sorted_in_frames(const SpeckleSeries& s) {
    for (std::size_t f = 0; f < s.frames; ++f)
        if (!std::is_sorted(s.index.begin() + static_cast<std::ptrdiff_t>(s.frame_ptr[f]),
                            s.index.begin() + static_cast<std::ptrdiff_t>(s.frame_ptr[f + 1])))
            return false;
    return true;
}

bool narrow(const SpeckleSeries& s) {
    constexpr std::uint32_t most = 65535;
    return s.frames <= most + 1 &&
           std::all_of(s.intensity.begin(), s.intensity.end(), [](std::uint32_t v) { return v <= most; });
}

}  // namespace

class EventLists::Impl {
public:
    virtual ~Impl() = default;
    virtual void add_row(std::size_t i, Row& row, double* sums) const = 0;
};

namespace {

template <class Number>
class Lists : public EventLists::Impl {
public:
    Lists(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels, PixelBlock block, std::size_t from)
        : frames_(s.frames), from_(from), start_(s.frames - from + 1, 0) {
        std::vector<std::uint32_t> place(s.pixels(), nowhere);
        for (std::size_t i = block.first; i < block.last; ++i)
            place[pixels[i]] = static_cast<std::uint32_t>(i - block.first);
        const bool sorted = block.last - block.first < s.pixels() && sorted_in_frames(s);
        const auto [low, high] = std::minmax_element(pixels.begin() + static_cast<std::ptrdiff_t>(block.first),
                                                     pixels.begin() + static_cast<std::ptrdiff_t>(block.last));
        const auto visit = [&, low = low, high = high](std::size_t f, auto&& body) {
            for_each_event(s, f, place, *low, *high, sorted, body);
        };
        // next[i] is where the next event of list i goes. A list ends with an event of no photon.
        std::vector<std::uint32_t> next(block.last - block.first + 1, 0);
        for (std::size_t f = from; f < s.frames; ++f) visit(f, [&](std::uint32_t i, std::size_t) { ++next[i + 1]; });
        for (std::size_t i = 1; i < next.size(); ++i) next[i] += next[i - 1] + 1;
        own_.resize(next.back() - (next.size() - 1));
        events_.resize(next.back());
        std::size_t n = 0;
        for (std::size_t f = from; f < s.frames; ++f) {
            check_interrupt();
            start_[f - from] = static_cast<std::uint32_t>(n);
            visit(f, [&](std::uint32_t i, std::size_t e) {
                events_[next[i]] = {static_cast<Number>(f), static_cast<Number>(s.intensity[e])};
                own_[n++] = next[i]++;
                most_ = std::max(most_, s.intensity[e]);
            });
        }
        start_.back() = static_cast<std::uint32_t>(n);
    }

    void add_row(std::size_t i, EventLists::Row& row, double* sums) const override {
        const std::size_t first = start_[i - from_];
        const std::size_t last = start_[i - from_ + 1];
        std::uint64_t total = 0;
        for (std::size_t n = first; n < last; ++n) total += events_[own_[n]].count;
        const std::size_t width = frames_ - i;
        if (total * most_ <= static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::max())) {
            if (row.whole.size() < width) row.whole.assign(width, 0);
            gather(first, last, i, row.whole.data());
            for (std::size_t j = 0; j < width; ++j) sums[j] += static_cast<double>(row.whole[j]);
            std::fill_n(row.whole.begin(), width, 0);
        } else {
            if (row.wide.size() < width) row.wide.assign(width, 0.0);
            gather(first, last, i, row.wide.data());
            for (std::size_t j = 0; j < width; ++j) sums[j] += row.wide[j];
            std::fill_n(row.wide.begin(), width, 0.0);
        }
    }

private:
    template <class Sum>
    void gather(std::size_t first, std::size_t last, std::size_t i, Sum* row) const {
        constexpr std::size_t ahead = 8;
        for (std::size_t n = first; n < last; ++n) {
            if (n + ahead < last) __builtin_prefetch(&events_[own_[n + ahead]]);
            const Event<Number>* e = &events_[own_[n]];
            const auto own = static_cast<Sum>(e->count);
            for (; e->count != 0; ++e) row[e->frame - i] += own * static_cast<Sum>(e->count);
        }
    }

    std::size_t frames_;
    std::size_t from_;
    std::vector<std::uint32_t> start_;   // of each frame in own_
    std::vector<Event<Number>> events_;  // by pixel, then by frame
    std::vector<std::uint32_t> own_;     // where each event went, in the order of the frames
    std::uint32_t most_ = 0;
};

}  // namespace

EventLists::EventLists(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels, PixelBlock block,
                       std::size_t from) {
    if (narrow(s))
        impl_ = std::make_unique<Lists<std::uint16_t>>(s, pixels, block, from);
    else
        impl_ = std::make_unique<Lists<std::uint32_t>>(s, pixels, block, from);
}
EventLists::~EventLists() = default;
EventLists::EventLists(EventLists&&) noexcept = default;
EventLists& EventLists::operator=(EventLists&&) noexcept = default;
void EventLists::add_row(std::size_t i, Row& row, double* sums) const { impl_->add_row(i, row, sums); }

std::vector<PixelBlock> pixel_blocks(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels,
                                     std::size_t bytes) {
    const std::size_t per_event = narrow(s) ? 8 : 12;
    const std::size_t most = std::max<std::size_t>(1, bytes / per_event);
    if (pixels.empty()) return {};
    if (s.index.size() <= most) return {{0, pixels.size()}};
    std::vector<std::uint32_t> events(s.pixels(), 0);
    for (const auto p : s.index) ++events[p];
    std::vector<PixelBlock> blocks{{0, 0}};
    std::size_t held = 0;
    for (std::size_t i = 0; i < pixels.size(); ++i) {
        if (held > 0 && held + events[pixels[i]] > most) {
            blocks.push_back({i, i});
            held = 0;
        }
        held += events[pixels[i]];
        blocks.back().last = i + 1;
    }
    return blocks;
}

void add_sparse_products(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels, std::size_t rows_begin,
                         std::size_t rows_end, double* out, std::size_t stride, std::size_t bytes) {
    constexpr std::size_t rows = 16;
    for (const auto& block : pixel_blocks(s, pixels, bytes)) {
        const EventLists lists(s, pixels, block, rows_begin);
        for_each_block(rows_end - rows_begin, rows, [&](std::size_t, std::size_t first, std::size_t last) {
            check_interrupt();
            EventLists::Row row;
            for (std::size_t i = rows_begin + first; i < rows_begin + last; ++i)
                lists.add_row(i, row, out + (i - rows_begin) * stride + i);
        });
    }
}

}  // namespace vitrum::analysis
