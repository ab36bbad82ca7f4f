#include "vitrum/model/avalanche/power_law_source.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/uniform.hpp"

namespace vitrum::model {

namespace {

constexpr std::size_t block_size = 4096;

// Inverse transforms in ln(x/x_min) and x - x_min; `span` is 1 less the share beyond x_max.
struct Proposals {
    explicit Proposals(const PowerLaw& l)
        : law(l),
          power(1 / (l.alpha - 1)),
          pareto_span(-std::expm1(-(l.alpha - 1) * std::log(l.x_max / l.x_min))),
          exponential_span(-std::expm1(-(l.x_max - l.x_min) / l.cutoff)) {}

    [[nodiscard]] double pareto(Stream& stream) const {
        const double u = uniform(stream);
        const double ratio = pareto_span == 1 ? std::pow(u, -power) : std::exp(-power * std::log1p(-u * pareto_span));
        return std::min(law.x_max, law.x_min * ratio);
    }
    [[nodiscard]] double exponential(Stream& stream) const {
        const double u = uniform(stream);
        const double step = exponential_span == 1 ? -std::log(u) : -std::log1p(-u * exponential_span);
        return std::min(law.x_max, law.x_min + law.cutoff * step);
    }

    PowerLaw law;
    double power;
    double pareto_span, exponential_span;
};

// Body or tail by their shares, each by its inverse.
void draw_joined(const Proposals& from, Stream& stream, std::span<double> sizes) {
    const PowerLaw& law = from.law;
    const double depth = std::expm1(law.alpha * (1 - law.body_from / law.x_min));
    const double body = depth / law.alpha;
    const double share = body / (body + from.power);
    for (double& x : sizes) {
        if (uniform(stream) > share)
            x = from.pareto(stream);
        else
            x = std::max(law.body_from, law.x_min * (1 - std::log1p(uniform(stream) * depth) / law.alpha));
    }
}

void draw_block(const Proposals& from, Stream& stream, std::span<double> sizes) {
    const PowerLaw& law = from.law;
    if (law.body_from > 0) return draw_joined(from, stream, sizes);
    if (!std::isfinite(law.cutoff)) {
        for (double& x : sizes) x = from.pareto(stream);
        return;
    }
    // The acceptance is the norm of the law over that of the proposal, both in units of x_min.
    const bool by_exponential = from.exponential_span * law.cutoff / law.x_min < from.pareto_span * from.power;
    for (double& x : sizes)
        for (;;) {
            x = by_exponential ? from.exponential(stream) : from.pareto(stream);
            const double accepted =
                by_exponential ? std::pow(x / law.x_min, -law.alpha) : std::exp(-(x - law.x_min) / law.cutoff);
            if (uniform(stream) <= accepted) break;
        }
}

// In steps.
PowerLaw in_steps(const PowerLaw& law) {
    PowerLaw l = law;
    l.x_min = std::nearbyint(law.x_min / law.step);
    l.x_max = std::nearbyint(law.x_max / law.step);
    l.cutoff = law.cutoff / law.step;
    l.body_from = std::nearbyint(law.body_from / law.step);
    l.step = 1;
    return l;
}

// Whole numbers: a continuous size of the law without cutoff is cut to k, then accepted by p(k) over its chance.
class Counts {
public:
    explicit Counts(const PowerLaw& counts)
        : law_(counts),
          from_(continuous(counts)),
          by_exponential_(std::isfinite(counts.cutoff) && counts.cutoff < counts.x_min / (counts.alpha - 1)),
          most_(std::max(tail(counts.x_min), counts.body_from > 0 ? body() : 0.0)) {}

    double operator()(Stream& stream) const {
        for (;;) {
            double x = 0;
            if (by_exponential_)
                x = from_.exponential(stream);
            else if (law_.body_from > 0)
                draw_joined(from_, stream, {&x, 1});
            else
                x = from_.pareto(stream);
            const double k = std::min(law_.x_max, std::floor(x));
            if (uniform(stream) <= accepted(k)) return k;
        }
    }

private:
    static PowerLaw continuous(PowerLaw law) {
        law.x_max += 1;
        law.step = 0;
        return law;
    }
    // k^-alpha over the integral of x^-alpha from k to k + 1, times 1/(alpha - 1): falls with k.
    [[nodiscard]] double tail(double k) const { return 1 / (-k * std::expm1((1 - law_.alpha) * std::log1p(1 / k))); }
    // The same of the body, which has one value.
    [[nodiscard]] double body() const {
        const double slope = law_.alpha / law_.x_min;
        return slope / (-std::expm1(-slope) * (law_.alpha - 1));
    }
    [[nodiscard]] double accepted(double k) const {
        if (by_exponential_) return std::pow(k / law_.x_min, -law_.alpha);
        if (k < law_.x_min) return body() / most_;
        const double cut = std::isfinite(law_.cutoff) ? std::exp(-(k - law_.x_min) / law_.cutoff) : 1;
        return cut * tail(k) / most_;
    }

    PowerLaw law_;
    Proposals from_;
    bool by_exponential_;
    double most_;
};

void check_whole(const char* name, double size, double step) {
    const double k = size / step;
    if (std::isfinite(size) && (std::nearbyint(k) < 1 || std::abs(k - std::nearbyint(k)) > 1e-6))
        throw InputError(fmt::format("{} = {}: counts are whole multiples of step = {}", name, size, step));
}

}  // namespace

void check(const PowerLaw& law) {
    if (!(law.x_min > 0) || !std::isfinite(law.x_min))
        throw InputError(fmt::format("x_min = {}: the smallest size is positive and finite", law.x_min));
    if (!(law.x_max > law.x_min))
        throw InputError(fmt::format("x_max = {}: the largest size is larger than x_min = {}", law.x_max, law.x_min));
    if (!(law.step >= 0) || !std::isfinite(law.step))
        throw InputError(fmt::format("step = {}: the step of counts is positive, or 0", law.step));
    if (law.step > 0) {
        check_whole("x_min", law.x_min, law.step);
        check_whole("x_max", law.x_max, law.step);
        if (law.body_from != 0) check_whole("body_from", law.body_from, law.step);
    }
    if (!(law.cutoff > 0)) throw InputError(fmt::format("cutoff = {}: a cut-off size is positive", law.cutoff));
    if (law.body_from != 0) {
        if (!(law.body_from > 0 && law.body_from < law.x_min))
            throw InputError(fmt::format("body_from = {}: between 0 and x_min = {}", law.body_from, law.x_min));
        if (std::isfinite(law.x_max) || std::isfinite(law.cutoff))
            throw InputError("body_from stands beside a cut; a law with a body has neither x_max nor cutoff");
    }
    const bool unlimited = !std::isfinite(law.x_max) && !std::isfinite(law.cutoff);
    const double least = unlimited ? 1.06 : 1;
    if (!std::isfinite(law.alpha) || !(law.alpha > 1) || law.alpha < least)
        throw InputError(fmt::format(
            "alpha = {}: {}", law.alpha,
            unlimited ? "at least 1.06, or sizes pass the largest number; give x_max or cutoff" : "more than 1"));
}

void draw_sizes(const PowerLaw& law, const StreamKey& key, std::span<double> sizes) {
    check(law);
    const auto by_blocks = [&](const auto& draw) {
        for (std::size_t first = 0; first < sizes.size(); first += block_size) {
            Stream stream(key, Purpose::event_sizes, first / block_size);
            draw(stream, sizes.subspan(first, std::min(block_size, sizes.size() - first)));
        }
    };
    if (law.step > 0)
        return by_blocks([&, counts = Counts(in_steps(law))](Stream& stream, std::span<double> block) {
            for (double& x : block) x = law.step * counts(stream);
        });
    by_blocks([from = Proposals(law)](Stream& stream, std::span<double> block) { draw_block(from, stream, block); });
}

Labelled<EventCatalogue> generate_power_law(const PowerLaw& law, std::size_t events, std::string unit,
                                            const StreamKey& key) {
    Labelled<EventCatalogue> out;
    out.data.name = "events";
    out.data.unit = std::move(unit);
    out.data.size.resize(events);
    draw_sizes(law, key, out.data.size);
    std::string form = fmt::format("p(x) ~ x^-alpha from x_min = {:.6g}", law.x_min);
    if (std::isfinite(law.cutoff)) form += fmt::format(", times exp(-x/{:.6g})", law.cutoff);
    if (std::isfinite(law.x_max)) form += fmt::format(", up to x_max = {:.6g}", law.x_max);
    if (law.body_from > 0) form += fmt::format(", a body from {:.6g} below it", law.body_from);
    if (law.step > 0) form += fmt::format(", whole multiples of {:.6g}", law.step);
    out.truth.add("power_law_exponent", {}, law.alpha, Origin::closed_form, form);
    if (law.body_from > 0) {
        out.truth.add("power_law_x_min", {}, law.x_min, Origin::closed_form, form);
        out.truth.rows.back().unit = out.data.unit;
    }
    if (std::isfinite(law.cutoff)) {
        out.truth.add("size_cutoff", {}, law.cutoff, Origin::closed_form, form);
        out.truth.rows.back().unit = out.data.unit;
    }
    return out;
}

}  // namespace vitrum::model
