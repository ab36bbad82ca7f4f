#include "vitrum/analysis/correlation/products/event_lists.hpp"

#include <atomic>
#include <limits>
#include <span>
#include <type_traits>

#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t most_narrow = 65535;

// One entry of a list, which ends with Entry::end().
template <class Number>
struct Photon {
    Number frame;
    static constexpr Photon end() { return {std::numeric_limits<Number>::max()}; }
    [[nodiscard]] bool is_end() const { return frame == end().frame; }
};
template <class Number>
struct Counted {
    Number frame;
    Number count;
    static constexpr Counted end() { return {0, 0}; }
    [[nodiscard]] bool is_end() const { return count == 0; }
};

template <class Number, class Sum>
void add_list(const Photon<Number>* e, Sum* row) {
    for (;; e += 4) {
        if (e[0].is_end()) return;
        row[e[0].frame] += 1;
        if (e[1].is_end()) return;
        row[e[1].frame] += 1;
        if (e[2].is_end()) return;
        row[e[2].frame] += 1;
        if (e[3].is_end()) return;
        row[e[3].frame] += 1;
    }
}

template <class Number, class Sum>
void add_list(const Counted<Number>* e, Sum* row) {
    const auto own = static_cast<Sum>(e->count);
    for (;; e += 2) {
        if (e[0].is_end()) return;
        row[e[0].frame] += own * static_cast<Sum>(e[0].count);
        if (e[1].is_end()) return;
        row[e[1].frame] += own * static_cast<Sum>(e[1].count);
    }
}

bool sorted_in_frames(const SpeckleSeries& s) {
    std::atomic<bool> sorted = true;
    for_each_block(s.frames, 256, [&](std::size_t, std::size_t first, std::size_t last) {
        std::size_t falls = 0;
        for (std::size_t f = first; f < last; ++f)
            for (std::size_t e = s.frame_ptr[f] + 1; e < s.frame_ptr[f + 1]; ++e)
                falls += s.index[e] < s.index[e - 1] ? 1 : 0;
        if (falls > 0) sorted = false;
    });
    return sorted;
}

// The events of some pixels, frame after frame.
class EventsOf {
public:
    EventsOf(const SpeckleSeries& s, std::span<const std::uint32_t> pixels, std::size_t from, bool sorted)
        : s_(s), from_(from) {
        const auto [low, high] = std::minmax_element(pixels.begin(), pixels.end());
        low_ = *low;
        width_ = *high - *low + 1;
        for (std::size_t f = from; f < s.frames; ++f) {
            const std::uint32_t* first = s.index.data() + s.frame_ptr[f];
            const std::uint32_t* last = s.index.data() + s.frame_ptr[f + 1];
            if (sorted && low_ > 0) first = std::lower_bound(first, last, low_);
            if (sorted && *high + 1 < s.pixels()) last = std::lower_bound(first, last, *high + 1);
            range_.push_back({first - s.index.data(), last - s.index.data()});
        }
        if (one_stretch(pixels)) return;
        place_.assign(width_, nowhere);
        for (std::size_t i = 0; i < pixels.size(); ++i) place_[pixels[i] - low_] = static_cast<std::uint32_t>(i);
    }

    // Calls visit(place of the pixel, photons).
    template <class Visit>
    void for_each(std::size_t f, Visit&& visit) const {
        const auto [first, last] = range_[f - from_];
        const std::uint32_t* pixel = s_.index.data();
        const std::uint32_t* photons = s_.intensity.data();
        if (place_.empty()) {
            for (auto e = first; e < last; ++e)
                if (const std::uint32_t d = pixel[e] - low_; d < width_) visit(d, photons[e]);
            return;
        }
        for (auto e = first; e < last; ++e) {
            const std::uint32_t d = pixel[e] - low_;
            if (d < width_ && place_[d] != nowhere) visit(place_[d], photons[e]);
        }
    }

private:
    struct Range {
        std::ptrdiff_t first;
        std::ptrdiff_t last;
    };
    const SpeckleSeries& s_;
    std::size_t from_;
    std::uint32_t low_ = 0;
    std::uint32_t width_ = 0;
    std::vector<Range> range_;          // of each frame's events; others may lie between them if they are not sorted
    std::vector<std::uint32_t> place_;  // of pixel low + i; empty: i
};

}  // namespace

// Lists of consecutive places.
class EventLists::Slice {
public:
    virtual ~Slice() = default;
    virtual void gather(std::size_t f, std::int32_t* sums) const = 0;
    virtual void gather(std::size_t f, double* sums) const = 0;
    [[nodiscard]] virtual std::size_t bytes() const = 0;
    virtual std::uint64_t photons(std::size_t f) const = 0;
    virtual std::uint32_t most() const = 0;
};

namespace {

// What one pixel saw.
struct Seen {
    std::uint32_t events = 0;
    std::uint32_t photons = 0;  // or the largest number, if there were more
    void add(std::uint32_t k) {
        constexpr std::uint32_t largest = std::numeric_limits<std::uint32_t>::max();
        ++events;
        photons = k <= largest - photons ? photons + k : largest;
    }
};

template <class Entry>
class Lists final : public EventLists::Slice {
public:
    Lists(const SpeckleSeries& s, const EventsOf& events, const std::vector<Seen>& seen, std::size_t from)
        : start_(s.frames - from + 1, 0), photons_(s.frames - from, 0) {
        std::vector<std::uint32_t> next(seen.size());  // where the next entry of each list goes
        std::uint32_t size = 0;
        for (std::size_t i = 0; i < seen.size(); ++i) {
            next[i] = size;
            size += (by_photon ? seen[i].photons : seen[i].events) + 1;
        }
        entries_.resize(size, Entry::end());
        own_.resize(size - seen.size() + ahead, size - 1);
        std::uint32_t n = 0;
        std::uint32_t most = 0;
        for (std::size_t f = from; f < s.frames; ++f) {
            if (f % 1024 == 0) check_interrupt();
            std::uint64_t total = 0;
            events.for_each(f, [&, entries = entries_.data(), own = own_.data(), places = next.data()](
                                   std::uint32_t i, std::uint32_t k) {
                const std::uint32_t at = places[i];
                const std::uint32_t copies = by_photon ? k : 1;
                for (std::uint32_t copy = 0; copy < copies; ++copy) {
                    own[n++] = at;
                    entries[at + copy] = entry(f, k);
                }
                places[i] = at + copies;
                total += k;
                most = std::max(most, k);
            });
            start_[f - from + 1] = n;
            photons_[f - from] = total;
        }
        most_ = most;
    }

    void gather(std::size_t f, std::int32_t* sums) const override { add(f, sums); }
    void gather(std::size_t f, double* sums) const override { add(f, sums); }
    [[nodiscard]] std::uint64_t photons(std::size_t f) const override { return photons_[f]; }
    [[nodiscard]] std::uint32_t most() const override { return most_; }
    [[nodiscard]] std::size_t bytes() const override {
        return entries_.capacity() * sizeof(Entry) + (own_.capacity() + start_.capacity()) * sizeof(std::uint32_t) +
               photons_.capacity() * sizeof(std::uint64_t);
    }

private:
    static constexpr std::size_t ahead = 12;  // of the prefetch
    static constexpr bool by_photon = sizeof(Entry) == sizeof(Entry::frame);

    static Entry entry(std::size_t f, [[maybe_unused]] std::uint32_t photons) {
        using Number = decltype(Entry::frame);
        if constexpr (by_photon)
            return {static_cast<Number>(f)};
        else
            return {static_cast<Number>(f), static_cast<Number>(photons)};
    }

    template <class Sum>
    void add(std::size_t f, Sum* sums) const {
        for (std::uint32_t n = start_[f]; n < start_[f + 1]; ++n) {
            __builtin_prefetch(&entries_[own_[n + ahead]]);
            add_list(&entries_[own_[n]], sums);
        }
    }

    std::vector<std::uint32_t> start_;  // of each frame in own_
    std::vector<std::uint64_t> photons_;
    std::vector<Entry> entries_;      // by pixel, then by frame
    std::vector<std::uint32_t> own_;  // where each event stands among them, in the order of the frames
    std::uint32_t most_ = 0;
};

std::unique_ptr<EventLists::Slice> make_slice(const SpeckleSeries& s, std::span<const std::uint32_t> pixels,
                                              std::size_t from, bool sorted) {
    const EventsOf events(s, pixels, from, sorted);
    std::vector<Seen> seen(pixels.size());
    std::uint32_t most = 0;
    for (std::size_t f = from; f < s.frames; ++f)
        events.for_each(f, [&](std::uint32_t i, std::uint32_t k) {
            seen[i].add(k);
            most = std::max(most, k);
        });
    // Photon by photon there are more pairs to add, each for less: worth it while most events are one photon.
    double event_pairs = 0;
    double photon_pairs = 0;
    double photons = 0;
    for (const auto& [e, k] : seen) {
        event_pairs += static_cast<double>(e) * e;
        photon_pairs += static_cast<double>(k) * k;
        photons += k;
    }
    const bool by_photon = photon_pairs <= 1.4 * event_pairs && photons < 4e9;
    const bool narrow = s.frames <= most_narrow && most <= most_narrow;
    const auto make = [&]<class Entry>(std::type_identity<Entry>) -> std::unique_ptr<EventLists::Slice> {
        return std::make_unique<Lists<Entry>>(s, events, seen, from);
    };
    if (by_photon)
        return narrow ? make(std::type_identity<Photon<std::uint16_t>>{})
                      : make(std::type_identity<Photon<std::uint32_t>>{});
    return narrow ? make(std::type_identity<Counted<std::uint16_t>>{})
                  : make(std::type_identity<Counted<std::uint32_t>>{});
}

}  // namespace

EventLists::EventLists(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels, PixelBlock block,
                       std::size_t from)
    : frames_(s.frames), photons_(s.frames - from, 0), from_(from) {
    const bool sorted = sorted_in_frames(s);
    // Two threads are the least to share the work; more slices than that cost a search in every frame.
    constexpr std::size_t most_slices = 8;
    constexpr std::size_t events_per_slice = std::size_t{1} << 20;
    const std::span<const std::uint32_t> own(pixels.data() + block.first, block.last - block.first);
    const std::size_t events = s.index.size() * own.size() / s.pixels();
    const std::size_t even = (events / events_per_slice + 1) / 2 * 2;
    const std::size_t wanted =
        sorted && events > events_per_slice / 8 ? std::clamp<std::size_t>(even, 2, most_slices) : 1;
    const std::size_t count = std::min(wanted, own.size());
    slices_.resize(count);
    for_each_block(count, 1, [&](std::size_t k, std::size_t, std::size_t) {
        const std::size_t first = k * own.size() / count;
        slices_[k] = make_slice(s, own.subspan(first, (k + 1) * own.size() / count - first), from, sorted);
    });
    for (const auto& part : slices_) {
        most_ = std::max(most_, part->most());
        for (std::size_t f = 0; f < photons_.size(); ++f) photons_[f] += part->photons(f);
    }
}
EventLists::~EventLists() = default;
EventLists::EventLists(EventLists&&) noexcept = default;
EventLists& EventLists::operator=(EventLists&&) noexcept = default;

bool EventLists::fits(std::size_t i) const {
    return photons_[i - from_] * most_ <= static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::max());
}
void EventLists::gather(std::size_t i, std::int32_t* sums) const {
    for (const auto& part : slices_) part->gather(i - from_, sums);
}
void EventLists::gather(std::size_t i, double* sums) const {
    for (const auto& part : slices_) part->gather(i - from_, sums);
}

void EventLists::add_row(std::size_t i, Row& row, double* sums) const {
    with_row(i, row, [&](const auto* own) {
        for (std::size_t j = 0; j < frames_ - i; ++j) sums[j] += static_cast<double>(own[j]);
    });
}

std::size_t EventLists::bytes() const {
    std::size_t sum = photons_.capacity() * sizeof(std::uint64_t);
    for (const auto& part : slices_) sum += part->bytes();
    return sum;
}

std::vector<PixelBlock> pixel_blocks(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels,
                                     std::size_t bytes) {
    if (pixels.empty()) return {};
    if (s.index.size() <= bytes / 12) return {{0, pixels.size()}};
    const bool narrow = s.frames <= most_narrow && std::all_of(s.intensity.begin(), s.intensity.end(),
                                                               [](std::uint32_t v) { return v <= most_narrow; });
    const std::size_t most = std::max<std::size_t>(1, bytes / (narrow ? 8 : 12));
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

}  // namespace vitrum::analysis
