#include "vitrum/model/landscape/ensemble.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <boost/random/normal_distribution.hpp>
#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/numerics/minimise.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/model/landscape/master_equation.hpp"

namespace vitrum::model {

namespace {

void need(bool holds, const std::string& message) {
    if (!holds) throw InputError(message);
}

struct Node {
    double value;
    double weight;
};

// Panels of ten points on [from, until] for a density, normalised.
template <class Density>
std::vector<Node> panels(double from, double until, std::size_t points, Density&& density) {
    using Rule = boost::math::quadrature::gauss<double, 10>;
    const std::size_t count = (points + 9) / 10;
    std::vector<Node> nodes;
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const double half = (until - from) / static_cast<double>(2 * count);
        const double middle = from + static_cast<double>(2 * i + 1) * half;
        for (std::size_t k = 0; k < Rule::abscissa().size(); ++k)
            for (const double side : {-1.0, 1.0}) {
                const double at = middle + side * half * Rule::abscissa()[k];
                nodes.push_back({at, Rule::weights()[k] * density(at)});
                sum += nodes.back().weight;
            }
    }
    for (Node& n : nodes) n.weight /= sum;
    return nodes;
}

std::vector<Node> nodes_of(const Normal& law, std::size_t points) {
    if (law.sd == 0) return {{law.mean, 1}};
    std::vector<Node> nodes;
    double sum = 0;
    for (std::size_t i = 0; i < points; ++i) {
        const double z = -6 + 12 * (static_cast<double>(i) + 0.5) / static_cast<double>(points);
        nodes.push_back({law.mean + z * law.sd, std::exp(-z * z / 2)});
        sum += nodes.back().weight;
    }
    for (Node& n : nodes) n.weight /= sum;
    return nodes;
}

std::vector<Node> nodes_of(const ExponentialBarriers& b, std::size_t points) {
    const double until = std::min(b.until, b.from + 38 * b.scale);
    return panels(b.from, until, points, [&](double v) { return std::exp(-(v - b.from) / b.scale); });
}

std::vector<Node> nodes_of(const BoxBarriers& b, std::size_t points) {
    if (b.from == b.until) return {{b.from, 1}};
    return panels(b.from, b.until, points, [](double) { return 1.0; });
}

std::vector<Node> nodes_of(const GaussianBarriers& b, std::size_t points) {
    return nodes_of(Normal{b.mean, b.sd}, points);
}

double draw(const Normal& law, Stream& stream) {
    return law.sd == 0 ? law.mean : boost::random::normal_distribution<double>(law.mean, law.sd)(stream);
}

template <class Value>
double weighted(const Ensemble& e, Value&& value) {
    double sum = 0;
    for (std::size_t i = 0; i < e.wells.size(); ++i) sum += e.weights[i] * value(i);
    return sum;
}

template <class Value>
Maximum maximum(const char* what, double from, double until, Value&& value) {
    const double at = minimise([&](double p) { return -value(p); }, from, until, 60);
    const double edge = 1e-6 * (until - from);
    if (at > from + edge && at < until - edge) return {true, at, {}};
    return {false, std::numeric_limits<double>::quiet_NaN(),
            fmt::format("{} has no maximum between {} and {} GPa", what, from, until)};
}

void check(const Ensemble& e) {
    need(!e.wells.empty() && e.wells.size() == e.weights.size(),
         fmt::format("ensemble: {} weights for {} wells; there is one for each", e.weights.size(), e.wells.size()));
}

}  // namespace

Ensemble quadrature(const WellDistribution& d, const Nodes& n) {
    check(d);
    Ensemble e;
    const auto barriers = std::visit([&](const auto& b) { return nodes_of(b, n.barriers); }, d.barriers);
    for (const Node& barrier : barriers)
        for (const Node& asymmetry : nodes_of(d.asymmetry, n.others))
            for (const Node& activation : nodes_of(d.activation_volume, n.others))
                for (const Node& formation : nodes_of(d.formation_volume, n.others)) {
                    e.wells.push_back({barrier.value, asymmetry.value, activation.value, formation.value,
                                       d.attempt_rate, d.attempt_rate});
                    e.weights.push_back(barrier.weight * asymmetry.weight * activation.weight * formation.weight);
                }
    return e;
}

Ensemble drawn(const WellDistribution& d, std::size_t wells, Stream& stream) {
    check(d);
    Ensemble e;
    for (std::size_t i = 0; i < wells; ++i) {
        const double barrier = draw(d.barriers, stream);
        const double asymmetry = draw(d.asymmetry, stream);
        const double activation = draw(d.activation_volume, stream);
        const double formation = draw(d.formation_volume, stream);
        e.wells.push_back({barrier, asymmetry, activation, formation, d.attempt_rate, d.attempt_rate});
    }
    e.weights.assign(wells, 1 / static_cast<double>(wells));
    return e;
}

double visible_mean_tau(const Ensemble& e, const Conditions& c) {
    double times = 0, weights = 0;
    for (std::size_t i = 0; i < e.wells.size(); ++i) {
        const Rates r = e.wells[i].rates(c);
        const double w = e.weights[i] * r.right() * (1 - r.right());
        times += w * r.tau();
        weights += w;
    }
    return times / weights;
}

double mean_activity(const Ensemble& e, const Conditions& c) {
    return weighted(e, [&](std::size_t i) { return e.wells[i].rates(c).activity(); });
}

std::vector<double> visible_relaxation(const Ensemble& e, const Conditions& c, std::span<const double> times) {
    std::vector<double> weight(e.wells.size()), rate(e.wells.size());
    double sum = 0;
    for (std::size_t i = 0; i < e.wells.size(); ++i) {
        const Rates r = e.wells[i].rates(c);
        weight[i] = e.weights[i] * r.right() * (1 - r.right());
        rate[i] = r.sum();
        sum += weight[i];
    }
    std::vector<double> values;
    for (const double t : times) {
        double value = 0;
        for (std::size_t i = 0; i < rate.size(); ++i) value += weight[i] * std::exp(-rate[i] * t);
        values.push_back(value / sum);
    }
    return values;
}

Maximum longest_tau(const Ensemble& e, double temperature, double from, double until) {
    return maximum("tau", from, until, [&](double p) { return std::log(visible_mean_tau(e, {temperature, p})); });
}

Maximum highest_activity(const Ensemble& e, double temperature, double from, double until) {
    return maximum("the activity", from, until, [&](double p) { return std::log(mean_activity(e, {temperature, p})); });
}

EnsembleHistory::EnsembleHistory(Ensemble ensemble, Programme programme, double from)
    : ensemble_(std::move(ensemble)), programme_(std::move(programme)), time_(from) {
    check(ensemble_);
    for (const WellLaw& w : ensemble_.wells) {
        for (const Knot& k : programme_.knots()) check(w, k.at);
        right_.push_back(w.rates(programme_.at(from)).right());
    }
}

void EnsembleHistory::advance(double until) {
    need(until >= time_, fmt::format("a history goes forward: {} s lies before {} s", until, time_));
    for (std::size_t i = 0; i < right_.size(); ++i)
        right_[i] = propagate(ensemble_.wells[i], programme_, time_, until).right(right_[i]);
    time_ = until;
}

double EnsembleHistory::mean_right() const {
    return weighted(ensemble_, [&](std::size_t i) { return right_[i]; });
}

double EnsembleHistory::activity() const {
    const Conditions now = programme_.at(time_);
    return weighted(ensemble_, [&](std::size_t i) { return ensemble_.wells[i].rates(now).flux(right_[i]); });
}

double EnsembleHistory::changed(double later) const {
    return weighted(ensemble_, [&](std::size_t i) {
        return propagate(ensemble_.wells[i], programme_, time_, later).changed(right_[i]);
    });
}

double EnsembleHistory::unflipped(double later) const {
    return weighted(ensemble_, [&](std::size_t i) {
        return propagate(ensemble_.wells[i], programme_, time_, later).unflipped(right_[i]);
    });
}

double EnsembleHistory::decorrelation_time(double level) const {
    need(level > 0 && level < 1, fmt::format("level = {}: a fraction between 0 and 1", level));
    const Conditions now = programme_.at(time_);
    std::vector<Rates> rates;
    double fastest = 0, slowest = std::numeric_limits<double>::infinity();
    for (const WellLaw& w : ensemble_.wells) {
        rates.push_back(w.rates(now));
        fastest = std::max({fastest, rates.back().to_left, rates.back().to_right});
        slowest = std::min({slowest, rates.back().to_left, rates.back().to_right});
    }
    const auto above = [&](double log_time) {
        const double t = std::exp(log_time);
        return weighted(ensemble_, [&](std::size_t i) { return propagate(rates[i], t).unflipped(right_[i]); }) - level;
    };
    // All are gone before -ln(level) of the slowest, none faster than the fastest.
    const double need_of = -std::log(level);
    std::uintmax_t most = 200;
    const auto [low, high] =
        boost::math::tools::toms748_solve(above, std::log(need_of / fastest) - 1e-9, std::log(need_of / slowest) + 1e-9,
                                          boost::math::tools::eps_tolerance<double>(48), most);
    return std::exp((low + high) / 2);
}

std::vector<LoopRow> hysteresis(const Ensemble& ensemble, const PressureLoop& loop, double wait, double level) {
    check(loop);
    need(wait >= 0 && wait <= loop.hold,
         fmt::format("wait = {} s: it ends within the stay at a pressure, hold = {} s", wait, loop.hold));
    EnsembleHistory history(ensemble, loop.programme(), 0);
    const std::size_t last = loop.pressures.size() - 1;
    std::vector<LoopRow> rows(last + 1);
    for (std::size_t i = 0; i <= last; ++i) {
        history.advance(loop.begins(i, false) + wait);
        rows[i].pressure = loop.pressures[i];
        rows[i].up = rows[i].down = history.decorrelation_time(level);
        rows[i].activity_up = rows[i].activity_down = history.activity();
        rows[i].right_up = rows[i].right_down = history.mean_right();
    }
    for (std::size_t i = last; i-- > 0;) {
        history.advance(loop.begins(i, true) + wait);
        rows[i].down = history.decorrelation_time(level);
        rows[i].activity_down = history.activity();
        rows[i].right_down = history.mean_right();
    }
    return rows;
}

void check(const WellDistribution& d) {
    std::visit([](const auto& b) { check(Spectrum(b)); }, d.barriers);
    const auto normal = [](const char* key, const Normal& law) {
        need(std::isfinite(law.mean) && law.sd >= 0 && std::isfinite(law.sd),
             fmt::format("{} = {} +- {}: a mean is finite, a spread is not negative", key, law.mean, law.sd));
    };
    normal("asymmetry", d.asymmetry);
    normal("activation_volume", d.activation_volume);
    normal("formation_volume", d.formation_volume);
    need(d.attempt_rate > 0 && std::isfinite(d.attempt_rate),
         fmt::format("attempt_rate = {} 1/s: an attempt rate is positive", d.attempt_rate));
}

}  // namespace vitrum::model
