#include "vitrum/model/relaxation/random_clock.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <boost/random/exponential_distribution.hpp>
#include <boost/random/gamma_distribution.hpp>
#include <boost/random/uniform_01.hpp>
#include <fmt/format.h>

#include "vitrum/core/error.hpp"

namespace vitrum::model {

namespace {

constexpr std::array names{"gamma", "two_state", "avalanche"};

// pi exp((Q - s diag(rate)) t) 1 of a two-state process by its two eigenvalues, which are real.
double two_state(const RandomClock& c, double s, double t) {
    const double leave_fast = 1 / c.time_fast;
    const double leave_slow = 1 / c.time_slow;
    const double in_fast = c.time_fast / (c.time_fast + c.time_slow);
    const double a = -leave_fast - s / c.tau_fast;
    const double d = -leave_slow - s / c.tau_slow;
    const double half = (a - d) / 2;
    const double root = std::sqrt(half * half + leave_fast * leave_slow);
    const double upper = std::exp(((a + d) / 2 + root) * t);
    const double lower = std::exp(((a + d) / 2 - root) * t);
    // pi (A - trace/2) 1: row sums of the generator are 0.
    const double slope = in_fast * (half + leave_fast) + (1 - in_fast) * (leave_slow - half);
    return (upper + lower) / 2 + slope * (upper - lower) / (2 * root);
}

ClockPath draw_gamma(const RandomClock& c, std::span<const double> instants, Stream& stream) {
    ClockPath path;
    double value = 0;
    for (std::size_t i = 0; i < instants.size(); ++i) {
        if (i > 0) {
            const double shape = (instants[i] - instants[i - 1]) / (c.tau * c.step);
            value += boost::random::gamma_distribution<double>(shape, c.step)(stream);
        }
        path.times.push_back(instants[i]);
        path.values.push_back(value);
    }
    return path;
}

ClockPath draw_two_state(const RandomClock& c, double from, double until, Stream& stream) {
    const double in_fast = c.time_fast / (c.time_fast + c.time_slow);
    bool fast = boost::random::uniform_01<double>()(stream) < in_fast;
    ClockPath path{.times = {from}, .values = {0}};
    for (double t = from; t < until; fast = !fast) {
        const double dwell =
            boost::random::exponential_distribution<double>(1 / (fast ? c.time_fast : c.time_slow))(stream);
        const double stay = std::min(dwell, until - t);
        path.values.push_back(path.values.back() + stay / (fast ? c.tau_fast : c.tau_slow));
        t = stay < dwell ? until : t + dwell;
        path.times.push_back(t);
    }
    return path;
}

ClockPath draw_avalanches(const RandomClock& c, double from, double until, Stream& stream) {
    ClockPath path{.steps = true};
    boost::random::exponential_distribution<double> wait(c.rate);
    double value = 0;
    for (double t = from + wait(stream); t < until; t += wait(stream)) {
        const auto size = static_cast<double>(c.sizes.draw(stream));
        value += c.kappa * size;
        path.times.push_back(t);
        path.values.push_back(value);
        path.sizes.push_back(size);
    }
    return path;
}

void need(bool holds, const std::string& message) {
    if (!holds) throw InputError(message);
}

void need_time(const char* key, double value, const char* what) {
    need(value > 0 && std::isfinite(value), fmt::format("{} = {} s: {} is positive", key, value, what));
}

}  // namespace

std::vector<std::string> random_clock_names() { return {names.begin(), names.end()}; }

double RandomClock::laplace(double s, double t) const {
    switch (kind) {
        case RandomClockKind::none: return 1;
        case RandomClockKind::gamma: return std::exp(-t / (tau * step) * std::log1p(s * step));
        case RandomClockKind::two_state: return two_state(*this, s, t);
        case RandomClockKind::avalanche: return std::exp(-rate * t * (1 - sizes.generating(std::exp(-s * kappa))));
    }
    return 1;
}

double RandomClock::mean_rate() const {
    switch (kind) {
        case RandomClockKind::none: return 0;
        case RandomClockKind::gamma: return 1 / tau;
        case RandomClockKind::two_state: return (time_fast / tau_fast + time_slow / tau_slow) / (time_fast + time_slow);
        case RandomClockKind::avalanche: return rate * kappa * sizes.mean_size();
    }
    return 0;
}

void check(const RandomClock& c) {
    switch (c.kind) {
        case RandomClockKind::none: return;
        case RandomClockKind::gamma:
            need_time("tau", c.tau, "a relaxation time");
            need(c.step > 0 && std::isfinite(c.step),
                 fmt::format("clock_step = {}: the size of the clock's steps is positive; a clock without steps is "
                             "clock = \"stationary\"",
                             c.step));
            return;
        case RandomClockKind::two_state:
            need_time("tau_fast", c.tau_fast, "a relaxation time");
            need_time("tau_slow", c.tau_slow, "a relaxation time");
            need_time("time_fast", c.time_fast, "a mean dwell");
            need_time("time_slow", c.time_slow, "a mean dwell");
            need(c.tau_fast <= c.tau_slow,
                 fmt::format("tau_fast = {} s: it is not longer than tau_slow = {} s", c.tau_fast, c.tau_slow));
            return;
        case RandomClockKind::avalanche:
            need(c.rate > 0 && std::isfinite(c.rate),
                 fmt::format("avalanche_rate = {} 1/s: a rate is positive", c.rate));
            need(c.kappa > 0 && std::isfinite(c.kappa),
                 fmt::format("avalanche_advance = {}: each event moves the clock forward", c.kappa));
            check(c.sizes);
            return;
    }
}

double ClockPath::at(double t) const {
    const auto next = static_cast<std::size_t>(std::upper_bound(times.begin(), times.end(), t) - times.begin());
    if (next == 0) return steps || values.empty() ? 0 : values.front();
    if (steps || next == times.size()) return values[next - 1];
    const double along = (t - times[next - 1]) / (times[next] - times[next - 1]);
    return values[next - 1] + along * (values[next] - values[next - 1]);
}

ClockPath draw(const RandomClock& c, std::span<const double> instants, double from, double until, Stream& stream) {
    switch (c.kind) {
        case RandomClockKind::none: break;
        case RandomClockKind::gamma: return draw_gamma(c, instants, stream);
        case RandomClockKind::two_state: return draw_two_state(c, from, until, stream);
        case RandomClockKind::avalanche: return draw_avalanches(c, from, until, stream);
    }
    return {};
}

ClockPath catalogue_path(std::vector<double> times, std::vector<double> sizes, double kappa) {
    need(!times.empty() && times.size() == sizes.size(), "avalanche_catalogue: one size for each time, at least one");
    need(kappa > 0 && std::isfinite(kappa),
         fmt::format("avalanche_advance = {}: each event moves the clock forward", kappa));
    ClockPath path{.steps = true};
    double value = 0;
    for (std::size_t i = 0; i < times.size(); ++i) {
        need(std::isfinite(times[i]) && (i == 0 || times[i] >= times[i - 1]),
             fmt::format("avalanche_catalogue: time {} s in row {} does not increase", times[i], i + 1));
        need(sizes[i] >= 0 && std::isfinite(sizes[i]),
             fmt::format("avalanche_catalogue: size {} in row {}; a size is not negative", sizes[i], i + 1));
        path.values.push_back(value += kappa * sizes[i]);
    }
    path.times = std::move(times);
    path.sizes = std::move(sizes);
    return path;
}

}  // namespace vitrum::model
