#include "vitrum/validation/measures/verdict.hpp"

#include <algorithm>
#include <cmath>

#include <boost/math/distributions/normal.hpp>

namespace vitrum::validation {

namespace {

constexpr double tail = 0.025;  // a two-sided 95 % interval has this beyond either end

double upper_tail(double z) { return 0.5 * std::erfc(z / std::sqrt(2.0)); }

// Distances in standard errors: how far inside, and how far outside, the margin.
Verdict from_distances(const Measure& found, double low, double high, double inside, double outside) {
    Verdict v;
    v.measure = found.name;
    v.found = found;
    v.low = low;
    v.high = high;
    if (std::isnan(inside) || std::isnan(outside)) return v;
    v.p_outside = upper_tail(inside);
    v.p_inside = upper_tail(outside);
    v.distance = std::max(inside, outside);
    return v;
}

}  // namespace

std::string_view name(Decision decision) {
    switch (decision) {
        case Decision::pass: return "PASS";
        case Decision::fail: return "FAIL";
        case Decision::undecided: return "UNDECIDED";
        case Decision::withheld: return "VOID";
        case Decision::none: break;
    }
    return "no verdict";
}

Verdict judge_mean(const Measure& found, double low, double high) {
    const double value = found.value;
    // All replicates alike: no error, the value decides.
    const double error = found.mcse > 0 ? found.mcse : 1e-300;
    return from_distances(found, low, high, std::min(high - value, value - low) / error,
                          std::max(value - high, low - value) / error);
}

Verdict judge_share(const Measure& share, double low, double high) {
    const double p = share.value;
    const auto n = static_cast<double>(share.replicates);
    // An end at 0 or 1 cannot be crossed.
    const auto distance = [&](double end) {
        const double error = std::sqrt(end * (1 - end) / n);
        return error > 0 ? (p - end) / error : (p == end ? INFINITY : std::copysign(INFINITY, p - end));
    };
    const double from_low = low <= 0 ? INFINITY : distance(low);
    const double from_high = high >= 1 ? INFINITY : -distance(high);
    return from_distances(share, low, high, std::min(from_low, from_high), std::max(-from_low, -from_high));
}

void decide(std::vector<Verdict>& verdicts, bool holm) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < verdicts.size(); ++i)
        if (verdicts[i].decision != Decision::withheld) order.push_back(i);
    const auto p = [&](std::size_t i) { return std::min(verdicts[i].p_inside, verdicts[i].p_outside); };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p(a) < p(b); });
    const double first = holm ? tail / static_cast<double>(std::max<std::size_t>(1, order.size())) : tail;
    const double wanted = boost::math::quantile(boost::math::normal(), 1 - first);
    bool stopped = false;
    for (std::size_t k = 0; k < order.size(); ++k) {
        Verdict& v = verdicts[order[k]];
        const double level = holm ? tail / static_cast<double>(order.size() - k) : tail;
        const bool decided = p(order[k]) < level;
        if (holm) stopped = stopped || !decided;
        if (decided && !stopped)
            v.decision = v.p_outside < v.p_inside ? Decision::pass : Decision::fail;
        else
            v.decision = Decision::undecided;
        if (v.decision == Decision::undecided && v.distance > 0)
            v.replicates_to_decide =
                std::ceil(static_cast<double>(v.found.replicates) * std::max(1.0, std::pow(wanted / v.distance, 2)));
    }
}

}  // namespace vitrum::validation
