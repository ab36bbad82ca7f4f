#include "vitrum/model/landscape/kinetics/kinetics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/core/uniform.hpp"
#include "vitrum/core/units.hpp"

namespace vitrum::model {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
// At 30 wells a tree is 8 % faster than groups, at 100 wells 24 % slower (benchmark_landscape).
constexpr std::size_t few = 64;
// Logarithm by which rates may change within a window of a ramp.
constexpr double window_range = 0.5;

void need(bool holds, const std::string& message) {
    if (!holds) throw InputError(message);
}

}  // namespace

std::string_view name(Selection selection) {
    constexpr std::array<std::string_view, 3> names{"automatic", "sum tree", "composition-rejection"};
    return names.at(static_cast<std::size_t>(selection));
}

Kinetics::Kinetics(std::vector<WellLaw> wells, Programme programme, std::vector<std::uint8_t> sides, double from,
                   const Stream& stream, KineticsOptions options)
    : wells_(std::move(wells)),
      programme_(std::move(programme)),
      options_(std::move(options)),
      stream_(stream),
      sides_(std::move(sides)),
      time_(from),
      searched_(from) {
    check_parts();
    in_right_ = first_right_ = static_cast<std::size_t>(std::count(sides_.begin(), sides_.end(), 1));
    if (options_.coupling != 0) {
        raised_.assign(sides_.size() + 1, -1);
        lowered_.assign(sides_.size() + 1, -1);
    }
    set_window(from);
    std::vector<std::uint32_t> order(sides_.size());
    std::iota(order.begin(), order.end(), 0U);
    place(order);
}

Kinetics::Kinetics(std::vector<WellLaw> wells, Programme programme, const KineticsCheckpoint& c, const Stream& stream,
                   KineticsOptions options)
    : wells_(std::move(wells)),
      programme_(std::move(programme)),
      options_(std::move(options)),
      stream_(stream),
      sides_(c.sides),
      first_right_(c.first_right),
      time_(c.time),
      searched_(c.searched),
      flips_(c.flips),
      pending_(c.pending),
      raised_(c.raised),
      lowered_(c.lowered) {
    check_parts();
    const std::size_t kept = options_.coupling == 0 ? 0 : sides_.size() + 1;
    need(raised_.size() == kept && lowered_.size() == kept, "checkpoint: it is of a run with another coupling");
    in_right_ = static_cast<std::size_t>(std::count(sides_.begin(), sides_.end(), 1));
    stream_.skip_to(c.words);
    set_window(c.window);
    if (auto* groups = std::get_if<RateGroups>(&selector_)) {
        need(c.order.size() == sides_.size(), "checkpoint: it is of a run with another selection");
        place(c.order);
        groups->restore(c.sums);
    } else {
        place({});
    }
    if (pending_ && std::isfinite(pending_->time))
        std::visit([&](auto& s) { s.pick_again(sides_[pending_->well], pending_->well); }, selector_);
}

void Kinetics::check_parts() const {
    need(!wells_.empty() && wells_.size() < 0xffffffffU,
         fmt::format("{} wells: at least one, at most 4e9", wells_.size()));
    need(sides_.size() == wells_.size(),
         fmt::format("{} sides for {} wells; there is one for each", sides_.size(), wells_.size()));
    for (const std::uint8_t side : sides_) need(side <= 1, fmt::format("side {}: 0 is left, 1 is right", side));
    need(options_.sizes.empty() || options_.sizes.size() == wells_.size(),
         fmt::format("{} sizes for {} wells; there is one for each, or none", options_.sizes.size(), wells_.size()));
    need(std::isfinite(options_.coupling), "coupling must be finite");
    need(options_.looseness >= 1 && std::isfinite(options_.looseness),
         fmt::format("looseness = {}: bounds are not below rates, so it is at least 1", options_.looseness));
    for (const WellLaw& w : wells_)
        for (const Knot& k : programme_.knots()) check(w, k.at);
}

// Factor of all rates out of a side; of a well in R the others only count.
double Kinetics::factor(std::size_t side, double temperature) const {
    if (options_.coupling == 0) return 1;
    const double unit = options_.coupling / (2 * static_cast<double>(wells_.size()) * boltzmann_ev * temperature);
    const double others = static_cast<double>(in_right_) - static_cast<double>(side);
    return std::exp(side == 0 ? -unit * others : unit * others);
}

void Kinetics::set_factors() {
    if (options_.coupling == 0) return;
    const double start = stretch_.start.temperature;
    const double end = stretch_.end.temperature;
    for (std::size_t side = 0; side < 2; ++side) {
        factors_[side] = factor(side, start);
        // Monotonic in temperature: the larger of the window's ends bounds it.
        if (start != end) factors_[side] = std::max(factors_[side], factor(side, end));
    }
}

void Kinetics::set_window(double from) {
    if (selection_ == Selection::automatic) {
        selection_ = options_.selection;
        if (selection_ == Selection::automatic)
            selection_ = wells_.size() < few ? Selection::sum_tree : Selection::composition_rejection;
        if (selection_ == Selection::sum_tree) selector_.emplace<SumTree>();
    }
    window_ = from;
    stretch_ = programme_.stretch_from(from);
    if (!stretch_.constant()) {
        double range = 0;
        for (const WellLaw& w : wells_) {
            const Rates a = w.rates(stretch_.start), b = w.rates(stretch_.end);
            range = std::max(
                {range, std::abs(std::log(a.to_left / b.to_left)), std::abs(std::log(a.to_right / b.to_right))});
        }
        if (range > window_range && std::isfinite(range)) {
            const double until = stretch_.from + stretch_.length() / std::ceil(range / window_range);
            stretch_.end = stretch_.at(until);
            stretch_.until = until;
        }
    }
    thinned_ = !stretch_.constant() || options_.looseness > 1;
    std::vector<double> left(wells_.size()), right(wells_.size());
    for (std::size_t i = 0; i < wells_.size(); ++i) {
        const Rates a = wells_[i].rates(stretch_.start);
        const Rates b = stretch_.constant() ? a : wells_[i].rates(stretch_.end);
        left[i] = options_.looseness * std::max(a.to_right, b.to_right);
        right[i] = options_.looseness * std::max(a.to_left, b.to_left);
    }
    std::visit([&](auto& s) { s.set_rates(left, right, thinned_); }, selector_);
    set_factors();
}

void Kinetics::place(std::span<const std::uint32_t> order) {
    std::visit([&](auto& s) { s.place(sides_, order); }, selector_);
}

// Of the factor, measured in that of the start, a layer at random.
std::int64_t Kinetics::parent_of(std::size_t side) {
    const double steps = static_cast<double>(in_right_) - static_cast<double>(first_right_);
    const double unit = options_.coupling /
                        (2 * static_cast<double>(wells_.size()) * boltzmann_ev * stretch_.at(searched_).temperature) *
                        (side == 0 ? -1 : 1);
    const double layer = uniform(stream_) * std::exp(unit * steps);
    if (layer <= 1 || unit * steps <= 0) return -1;
    const double up = steps > 0 ? 1 : -1;
    const double step = std::clamp(std::ceil(std::log(layer) / std::abs(unit)), 1.0, std::abs(steps));
    const auto at = static_cast<std::size_t>(static_cast<double>(first_right_) + up * step);
    return up > 0 ? raised_[at] : lowered_[at];
}

template <class Selector>
void Kinetics::find(Selector& selector) {
    for (;;) {
        const double left = factors_[0] * selector.total(0);
        const double total = left + factors_[1] * selector.total(1);
        const double at = total > 0 ? searched_ - std::log(uniform(stream_)) / total : infinity;
        if (!(at <= stretch_.until) || std::isinf(at)) {
            if (std::isinf(stretch_.until)) {
                pending_ = Flip{infinity, 0, false, -1};
                return;
            }
            // What lies beyond is drawn again with its own rates: exponential times have no memory.
            searched_ = stretch_.until;
            const auto order = selector.order();
            set_window(searched_);
            selector.place(sides_, order);
            continue;
        }
        searched_ = at;
        const double x = uniform(stream_) * total;
        const std::size_t side = x <= left && left > 0 ? 0 : 1;
        const double within = side == 0 ? x / factors_[0] : (x - left) / factors_[1];
        const std::uint32_t well = selector.pick(side, within, stream_);
        if (thinned_) {
            const Conditions now = stretch_.at(at);
            const Rates r = wells_[well].rates(now);
            const double rate = (side == 0 ? r.to_right : r.to_left) * factor(side, now.temperature);
            if (uniform(stream_) * selector.rate(side, well) * factors_[side] > rate) continue;
        }
        const std::int64_t parent = options_.coupling == 0 ? -1 : parent_of(side);
        pending_ = Flip{at, well, side == 0, parent};
        return;
    }
}

template <class Selector>
void Kinetics::apply(Selector& selector) {
    selector.flip_picked();
    const Flip& f = *pending_;
    sides_[f.well] = f.to_right ? 1 : 0;
    in_right_ = f.to_right ? in_right_ + 1 : in_right_ - 1;
    if (options_.coupling != 0) {
        (f.to_right ? raised_ : lowered_)[in_right_] = static_cast<std::int64_t>(flips_);
        set_factors();
    }
    time_ = f.time;
    ++flips_;
    pending_.reset();
}

const Flip& Kinetics::next() {
    if (!pending_) std::visit([&](auto& s) { find(s); }, selector_);
    return *pending_;
}

Flip Kinetics::advance() {
    const Flip f = next();
    if (std::isfinite(f.time)) std::visit([&](auto& s) { apply(s); }, selector_);
    return f;
}

std::uint64_t Kinetics::run(double until, std::uint64_t most, EventCatalogue* catalogue) {
    if (catalogue != nullptr && catalogue->name.empty()) catalogue->name = "flips";
    std::uint64_t done = 0;
    std::visit(
        [&](auto& selector) {
            while (done < most) {
                if (!pending_) find(selector);
                if (!(pending_->time <= until) || std::isinf(pending_->time)) {
                    time_ = std::max(time_, until);
                    return;
                }
                if (catalogue != nullptr) {
                    catalogue->time.push_back(pending_->time);
                    catalogue->site.push_back(pending_->well);
                    catalogue->parent.push_back(pending_->parent);
                    catalogue->size.push_back(options_.sizes.empty() ? 1 : options_.sizes[pending_->well]);
                }
                apply(selector);
                if (++done % 65536 == 0) check_interrupt();
            }
        },
        selector_);
    return done;
}

double Kinetics::rate(std::size_t well) const {
    const Conditions now = programme_.at(time_);
    const Rates r = wells_[well].rates(now);
    return (sides_[well] == 0 ? r.to_right : r.to_left) * factor(sides_[well], now.temperature);
}

KineticsCheckpoint Kinetics::checkpoint() const {
    KineticsCheckpoint c;
    c.time = time_;
    c.searched = searched_;
    c.window = window_;
    c.words = stream_.drawn();
    c.flips = flips_;
    c.first_right = first_right_;
    c.sides = sides_;
    if (const auto* groups = std::get_if<RateGroups>(&selector_)) {
        c.order = groups->order();
        c.sums = groups->sums();
    }
    c.pending = pending_;
    c.raised = raised_;
    c.lowered = lowered_;
    return c;
}

std::vector<std::uint8_t> equilibrium_sides(std::span<const WellLaw> wells, const Conditions& conditions,
                                            Stream& stream) {
    std::vector<std::uint8_t> sides;
    sides.reserve(wells.size());
    for (const WellLaw& w : wells) sides.push_back(uniform(stream) <= w.rates(conditions).right() ? 1 : 0);
    return sides;
}

EventCatalogue avalanches(const EventCatalogue& flips) {
    need(flips.parent.size() == flips.size.size() && flips.time.size() == flips.size.size(),
         "avalanches: every flip has a time and a parent");
    EventCatalogue all{.name = "avalanches", .unit = flips.unit, .size = {}, .time = {}, .duration = {}};
    std::vector<std::size_t> of(flips.size.size());
    for (std::size_t i = 0; i < of.size(); ++i) {
        const std::int64_t parent = flips.parent[i];
        need(parent < static_cast<std::int64_t>(i),
             fmt::format("avalanches: flip {} has the later flip {} for a parent", i, parent));
        if (parent < 0) {
            of[i] = all.size.size();
            all.size.push_back(0);
            all.time.push_back(flips.time[i]);
            all.duration.push_back(0);
        } else {
            of[i] = of[static_cast<std::size_t>(parent)];
        }
        all.size[of[i]] += flips.size[i];
        all.duration[of[i]] = flips.time[i] - all.time[of[i]];
    }
    return all;
}

}  // namespace vitrum::model
