#include "vitrum/model/landscape/master_equation.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <boost/math/quadrature/gauss.hpp>

#include "vitrum/core/units.hpp"

namespace vitrum::model {

namespace {

using Rule = boost::math::quadrature::gauss<double, 10>;

// What started so many relaxation times ago is forgotten to 1e-17.
constexpr double forgotten = 40;
// A part that lasts so many relaxation times is followed to 1e-14 by equilibrium and its first lag.
constexpr double adiabatic = 1e7;

// The rates along a stretch and their integrals.
class Ramp {
public:
    Ramp(const WellLaw& law, const Stretch& stretch) : law_(law), stretch_(stretch) {}

    [[nodiscard]] Rates at(double t) const { return law_.rates(stretch_.at(t)); }
    [[nodiscard]] Rates integral(double a, double b) const {
        return {Rule::integrate([&](double t) { return at(t).to_right; }, a, b),
                Rule::integrate([&](double t) { return at(t).to_left; }, a, b)};
    }
    // How far the logarithms of the rates move: both are monotonic (a linear energy over a linear temperature).
    [[nodiscard]] double range() const {
        const Rates a = law_.rates(stretch_.start);
        const Rates b = law_.rates(stretch_.end);
        return std::max(std::abs(std::log(b.to_right / a.to_right)), std::abs(std::log(b.to_left / a.to_left)));
    }
    // p_eq - tau dp_eq/dt, where d(ln p_R/p_L)/dt is that of -Delta/kT.
    [[nodiscard]] double following(double t) const {
        const auto log_ratio = [&](const Conditions& c) {
            return law_.at(c.pressure).effective_asymmetry(c.temperature) / (boltzmann_ev * c.temperature);
        };
        const double h = stretch_.length() * 1e-5;
        const double slope = (log_ratio(stretch_.at(t - h)) - log_ratio(stretch_.at(t))) / h;
        const Rates r = at(t);
        return r.right() * (1 - (1 - r.right()) * slope * r.tau());
    }
    // A part in which X and the rates change little.
    [[nodiscard]] Propagator part(double a, double b) const {
        const Rates hazard = integral(a, b);
        const double gain =
            Rule::integrate([&](double s) { return at(s).to_right * std::exp(-integral(s, b).sum()); }, a, b);
        return {std::exp(-hazard.sum()), gain, hazard.to_right, hazard.to_left};
    }

private:
    const WellLaw& law_;
    const Stretch& stretch_;
};

Propagator along(const WellLaw& law, const Stretch& stretch) {
    const Ramp ramp(law, stretch);
    const double range = ramp.range();
    const auto parts = static_cast<std::size_t>(std::clamp(std::ceil(range), 1.0, 2000.0));
    std::vector<double> ends(parts + 1);
    std::vector<Rates> hazards(parts);
    for (std::size_t i = 0; i <= parts; ++i)
        ends[i] = stretch.from + stretch.length() * static_cast<double>(i) / static_cast<double>(parts);
    for (std::size_t i = 0; i < parts; ++i) hazards[i] = ramp.integral(ends[i], ends[i + 1]);
    Propagator whole;
    double after = 0;  // X from the end of the part to the end of the stretch
    for (std::size_t i = parts; i-- > 0;) {
        const double x = hazards[i].sum();
        if (after > forgotten) {
            whole = then({std::exp(-x), 0, hazards[i].to_right, hazards[i].to_left}, whole);
        } else if (x > adiabatic) {
            whole = then({0, ramp.following(ends[i + 1]), hazards[i].to_right, hazards[i].to_left}, whole);
        } else {
            // Only the end of a part that lasts many relaxation times is remembered.
            const auto pieces = static_cast<std::size_t>(std::max(1.0, std::ceil(x)));
            const std::size_t seen = std::min<std::size_t>(pieces, 3 * static_cast<std::size_t>(forgotten));
            const double step = (ends[i + 1] - ends[i]) / static_cast<double>(pieces);
            Propagator end;
            for (std::size_t k = 0; k < seen; ++k) {
                const double b = ends[i + 1] - static_cast<double>(k) * step;
                end = then(ramp.part(k + 1 == pieces ? ends[i] : b - step, b), end);
            }
            if (seen < pieces) {
                end.keep = std::exp(-x);
                end.hazard_left = hazards[i].to_right;
                end.hazard_right = hazards[i].to_left;
            }
            whole = then(end, whole);
        }
        after += x;
    }
    return whole;
}

}  // namespace

double Propagator::changed(double right_before) const {
    return (1 - right_before) * gain + right_before * (1 - keep - gain);
}

double Propagator::unflipped(double right_before) const {
    return (1 - right_before) * std::exp(-hazard_left) + right_before * std::exp(-hazard_right);
}

Propagator then(const Propagator& a, const Propagator& b) {
    return {a.keep * b.keep, b.keep * a.gain + b.gain, a.hazard_left + b.hazard_left, a.hazard_right + b.hazard_right};
}

Propagator propagate(const Rates& r, double time) {
    if (!(time > 0)) return {};
    const double x = r.sum() * time;
    return {std::exp(-x), -r.right() * std::expm1(-x), r.to_right * time, r.to_left * time};
}

Propagator propagate(const WellLaw& law, const Stretch& s) {
    if (!(s.length() > 0)) return {};
    return s.constant() ? propagate(law.rates(s.start), s.length()) : along(law, s);
}

Propagator propagate(const WellLaw& law, const Programme& programme, double from, double until) {
    Propagator whole;
    for (const Stretch& s : programme.stretches(from, until)) whole = then(whole, propagate(law, s));
    return whole;
}

}  // namespace vitrum::model
