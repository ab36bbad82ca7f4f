#include "vitrum/model/landscape/spectrum.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/quadrature/ooura_fourier_integrals.hpp>
#include <boost/math/special_functions/expint.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/random/gamma_distribution.hpp>
#include <boost/random/normal_distribution.hpp>
#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/uniform.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/model/landscape/double_well.hpp"

namespace vitrum::model {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

template <class... Cases>
struct Each : Cases... {
    using Cases::operator()...;
};

struct Scale {
    double kt;      // [eV]
    double tau_00;  // [s]
    [[nodiscard]] double tau(double barrier) const { return tau_00 * std::exp(barrier / kt); }
};

double share(const ExponentialBarriers& b) { return std::exp(-b.from / b.scale) - std::exp(-b.until / b.scale); }

double phi(const ExponentialBarriers& b, const Scale& s, double t) {
    const double alpha = s.kt / b.scale;
    const double fast = t / s.tau(b.from);
    const double slow = std::isinf(b.until) ? 0 : t / s.tau(b.until);
    // alpha x^-alpha gamma(alpha, x e^{-V/kT}) = e^{-V/V0} f(x e^{-V/kT}), where f(0) = 1.
    const auto f = [alpha](double x) {
        return x < 1e-12 ? 1.0 : alpha * std::pow(x, -alpha) * boost::math::tgamma_lower(alpha, x);
    };
    return (std::exp(-b.from / b.scale) * f(fast) - std::exp(-b.until / b.scale) * f(slow)) / share(b);
}

double phi(const BoxBarriers& b, const Scale& s, double t) {
    if (t == 0) return 1;
    const auto e1 = [](double x) { return x > 700 ? 0 : boost::math::expint(1, x); };
    return s.kt / (b.until - b.from) * (e1(t / s.tau(b.until)) - e1(t / s.tau(b.from)));
}

double phi(const GammaRates& r, const Scale&, double t) { return std::pow(1 + t / r.time, -r.shape); }

double phi(const StableRates& r, const Scale&, double t) { return std::exp(-std::pow(t / r.tau, r.beta)); }

// Nodes of the trapezoidal rule over ln tau, fine enough for exp(-t/tau): its error goes as exp(-pi^2/step).
class LogNormal {
public:
    LogNormal(const GaussianBarriers& b, const Scale& s) {
        const double width = b.sd / s.kt;
        const int half = std::max(20, static_cast<int>(std::ceil(8.5 * std::max(width / 0.28, 1 / 0.4))));
        const double step = 8.5 / half;
        for (int i = -half; i <= half; ++i) {
            const double z = i * step;
            weight_.push_back(step * std::exp(-z * z / 2) * std::numbers::inv_sqrtpi / std::numbers::sqrt2);
            rate_.push_back(1 / s.tau(b.mean + z * b.sd));  // falling
        }
        behind_.assign(weight_.size() + 1, 0);
        for (std::size_t i = weight_.size(); i-- > 0;) behind_[i] = behind_[i + 1] + weight_[i];
    }
    // <rate^power exp(-rate t)>, power 0 or 1.
    [[nodiscard]] double mean(double t, bool of_rate) const {
        double sum = 0;
        for (std::size_t i = 0; i < rate_.size(); ++i) {
            const double x = rate_[i] * t;
            if (x > 700) continue;
            if (!of_rate && x < 1e-17) return sum + behind_[i];  // they have not begun to relax
            sum += weight_[i] * std::exp(-x) * (of_rate ? rate_[i] : 1);
        }
        return sum;
    }

private:
    std::vector<double> weight_, rate_, behind_;
};

double phi(const GaussianBarriers& b, const Scale& s, double t) { return LogNormal(b, s).mean(t, false); }

double rate_of(const ExponentialBarriers& b, const Scale& s, double t) {
    const double ends = std::exp(-b.from / b.scale - t / s.tau(b.from)) -
                        (std::isinf(b.until) ? 0 : std::exp(-b.until / b.scale - t / s.tau(b.until)));
    return s.kt / b.scale / t * (phi(b, s, t) - ends / share(b));
}

double rate_of(const BoxBarriers& b, const Scale& s, double t) {
    return s.kt / (b.until - b.from) * (std::exp(-t / s.tau(b.until)) - std::exp(-t / s.tau(b.from))) / t;
}

double rate_of(const GaussianBarriers& b, const Scale& s, double t) { return LogNormal(b, s).mean(t, true); }

double rate_of(const GammaRates& r, const Scale&, double t) {
    return r.shape / r.time * std::pow(1 + t / r.time, -1 - r.shape);
}

double rate_of(const StableRates& r, const Scale& s, double t) {
    return r.beta / t * std::pow(t / r.tau, r.beta) * phi(r, s, t);
}

double moment_of(const ExponentialBarriers& b, const Scale& s, double n) {
    const double slope = n / s.kt - 1 / b.scale;
    if (std::isinf(b.until) && slope >= 0) return infinity;
    const double width = b.until - b.from;
    const double integral = std::exp(slope * b.from) * (slope == 0          ? width
                                                        : std::isinf(width) ? -1 / slope
                                                                            : std::expm1(slope * width) / slope);
    return std::pow(s.tau_00, n) * integral / (b.scale * share(b));
}

double moment_of(const BoxBarriers& b, const Scale& s, double n) {
    if (n == 0) return 1;
    return s.kt * (std::pow(s.tau(b.until), n) - std::pow(s.tau(b.from), n)) / (n * (b.until - b.from));
}

double moment_of(const GaussianBarriers& b, const Scale& s, double n) {
    const double x = n * b.sd / s.kt;
    return std::pow(s.tau_00, n) * std::exp(n * b.mean / s.kt + x * x / 2);
}

double moment_of(const GammaRates& r, const Scale&, double n) {
    return n < r.shape ? std::pow(r.time, n) * boost::math::tgamma_ratio(r.shape - n, r.shape) : infinity;
}

double moment_of(const StableRates& r, const Scale&, double n) {
    if (n <= -r.beta) return infinity;
    return std::pow(r.tau, n) * std::tgamma(1 + n / r.beta) / std::tgamma(1 + n);
}

double debye(double x) { return x > 1 ? 1 / x / (1 + 1 / (x * x)) : x / (1 + x * x); }

template <class Density>
double loss_of(const Scale& s, double omega, double from, double until, Density&& density) {
    // The Debye peak stands at ln tau = -ln omega: split there.
    const double peak = std::clamp(-s.kt * std::log(omega * s.tau_00), from, until);
    const auto f = [&](double v) { return density(v) * debye(omega * s.tau(v)); };
    using Rule = boost::math::quadrature::gauss_kronrod<double, 31>;
    double sum = 0;
    if (peak > from) sum += Rule::integrate(f, from, peak, 15, 1e-11);
    if (peak < until) sum += Rule::integrate(f, peak, until, 15, 1e-11);
    return sum;
}

double loss_of(const ExponentialBarriers& b, const Scale& s, double omega) {
    const double until =
        std::min(b.until, b.from + 45 * std::max(b.scale, s.kt) + std::max(0.0, -s.kt * std::log(omega * s.tau_00)));
    return loss_of(s, omega, b.from, until, [&](double v) { return std::exp(-v / b.scale) / (b.scale * share(b)); });
}

double loss_of(const BoxBarriers& b, const Scale& s, double omega) {
    return s.kt / (b.until - b.from) * (std::atan(omega * s.tau(b.until)) - std::atan(omega * s.tau(b.from)));
}

double loss_of(const GaussianBarriers& b, const Scale& s, double omega) {
    return loss_of(s, omega, b.mean - 10 * b.sd, b.mean + 10 * b.sd, [&](double v) {
        const double z = (v - b.mean) / b.sd;
        return std::exp(-z * z / 2) * std::numbers::inv_sqrtpi / std::numbers::sqrt2 / b.sd;
    });
}

// <omega tau/(1 + (omega tau)^2)> is the sine transform of the event rate.
template <class Law>
double transformed(const Law& r, const Scale& s, double omega) {
    thread_local auto integrator = boost::math::quadrature::ooura_fourier_sin<double>(1e-10);
    return integrator.integrate([&](double t) { return t > 0 ? rate_of(r, s, t) : 0; }, omega).first;
}

double loss_of(const GammaRates& r, const Scale& s, double omega) { return transformed(r, s, omega); }
double loss_of(const StableRates& r, const Scale& s, double omega) { return transformed(r, s, omega); }

void need(bool holds, const std::string& message) {
    if (!holds) throw InputError(message);
}

// Mean of the density ~ exp(slope v) on an interval.
double tilted_mean(double from, double until, double slope) {
    const double width = until - from;
    if (std::abs(slope * width) < 1e-6) return from + width * (0.5 + slope * width / 12);
    return until - 1 / slope + width / std::expm1(slope * width);
}

// In (0, 1), both ends out.
double between(Stream& stream) { return (static_cast<double>(stream() >> 12U) + 0.5) * 0x1p-52; }

Scale scale_of(const RelaxationSpectrum& r) { return {boltzmann_ev * r.temperature, r.tau_00}; }

}  // namespace

std::string name(const Spectrum& spectrum) {
    constexpr std::array names{"exponential", "box", "gaussian", "gamma", "stable"};
    return names.at(spectrum.index());
}

double RelaxationSpectrum::relaxation(double time) const {
    return std::visit([&](const auto& s) { return phi(s, scale_of(*this), time); }, spectrum);
}

std::vector<double> RelaxationSpectrum::relaxation(std::span<const double> times) const {
    std::vector<double> values;
    values.reserve(times.size());
    if (const auto* gaussian = std::get_if<GaussianBarriers>(&spectrum)) {
        const LogNormal nodes(*gaussian, scale_of(*this));
        for (const double t : times) values.push_back(nodes.mean(t, false));
    } else {
        for (const double t : times) values.push_back(relaxation(t));
    }
    return values;
}

double RelaxationSpectrum::event_rate(double time) const {
    return std::visit([&](const auto& s) { return rate_of(s, scale_of(*this), time); }, spectrum);
}

double RelaxationSpectrum::moment(double power) const {
    return std::visit([&](const auto& s) { return moment_of(s, scale_of(*this), power); }, spectrum);
}

double RelaxationSpectrum::loss(double omega) const {
    return std::visit([&](const auto& s) { return loss_of(s, scale_of(*this), omega); }, spectrum);
}

double RelaxationSpectrum::mean_activation_energy() const {
    const Scale s = scale_of(*this);
    return std::visit(Each{[&](const ExponentialBarriers& b) {
                               const double slope = 1 / s.kt - 1 / b.scale;
                               if (!std::isinf(b.until)) return tilted_mean(b.from, b.until, slope);
                               return slope < 0 ? b.from - 1 / slope : std::nan("");
                           },
                           [&](const BoxBarriers& b) { return tilted_mean(b.from, b.until, 1 / s.kt); },
                           [&](const GaussianBarriers& b) { return b.mean + b.sd * b.sd / s.kt; },
                           [](const auto&) { return std::nan(""); }},
                      spectrum);
}

double draw(const Barriers& barriers, Stream& stream) {
    return std::visit(Each{[&](const ExponentialBarriers& b) {
                               const double most = -std::expm1(-(b.until - b.from) / b.scale);
                               return b.from - b.scale * std::log1p(-most * (1 - uniform(stream)));
                           },
                           [&](const BoxBarriers& b) { return b.from + (b.until - b.from) * uniform(stream); },
                           [&](const GaussianBarriers& b) {
                               return boost::random::normal_distribution<double>(b.mean, b.sd)(stream);
                           }},
                      barriers);
}

double RelaxationSpectrum::draw_tau(Stream& stream) const {
    const Scale s = scale_of(*this);
    return std::visit(Each{[&](const GammaRates& r) {
                               return r.time / boost::random::gamma_distribution<double>(r.shape, 1)(stream);
                           },
                           [&](const StableRates& r) {
                               const double u = std::numbers::pi * between(stream);
                               const double w = -std::log(between(stream));
                               const double g = std::sin(r.beta * u) / std::pow(std::sin(u), 1 / r.beta) *
                                                std::pow(std::sin((1 - r.beta) * u) / w, (1 - r.beta) / r.beta);
                               return r.tau / g;
                           },
                           [&](const auto& b) { return s.tau(draw(Barriers(b), stream)); }},
                      spectrum);
}

void check(const Spectrum& spectrum) {
    const auto range = [](double from, double until) {
        need(std::isfinite(from) && from >= 0, fmt::format("barriers from {} eV: a barrier is not negative", from));
        need(until > from, fmt::format("barriers until {} eV: the end lies above the beginning, {} eV", until, from));
    };
    std::visit(
        Each{[&](const ExponentialBarriers& b) {
                 need(b.scale > 0 && std::isfinite(b.scale),
                      fmt::format("barrier scale = {} eV: the decay of an exponential spectrum is positive", b.scale));
                 range(b.from, b.until);
             },
             [&](const BoxBarriers& b) {
                 range(b.from, b.until);
                 need(std::isfinite(b.until), "barriers until infinity: a box has an end");
             },
             [](const GaussianBarriers& b) {
                 need(b.sd > 0 && std::isfinite(b.sd),
                      fmt::format("barrier sd = {} eV: the spread of a Gaussian spectrum is positive", b.sd));
                 need(std::isfinite(b.mean) && b.mean > 4 * b.sd,
                      fmt::format("barrier mean = {} eV with sd {} eV: the mean is at least four spreads above 0, else "
                                  "wells without a barrier come with it",
                                  b.mean, b.sd));
             },
             [](const GammaRates& r) {
                 need(r.shape > 0 && std::isfinite(r.shape),
                      fmt::format("shape = {}: the shape of a gamma law is positive", r.shape));
                 need(r.time > 0 && std::isfinite(r.time), fmt::format("time = {} s: t0 is positive", r.time));
             },
             [](const StableRates& r) {
                 need(
                     r.beta > 0 && r.beta < 1,
                     fmt::format("beta = {}: a spectrum of rates gives 0 < beta < 1 (Bernstein); beta > 1 needs events "
                                 "that are not Markov",
                                 r.beta));
                 need(r.tau > 0 && std::isfinite(r.tau),
                      fmt::format("tau = {} s: a relaxation time is positive", r.tau));
             }},
        spectrum);
}

void check(const RelaxationSpectrum& r) {
    check_temperature(r.temperature);
    need(r.tau_00 > 0 && std::isfinite(r.tau_00), fmt::format("tau_00 = {} s: 1/(2 nu0) is positive", r.tau_00));
    check(r.spectrum);
}

}  // namespace vitrum::model
