#include "vitrum/model/relaxation/kernel.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <boost/random/exponential_distribution.hpp>
#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/model/relaxation/kernel_on_times.hpp"
#include "vitrum/model/relaxation/kww.hpp"

namespace vitrum::model {

namespace {

constexpr std::array names{"internal_clock", "paciorek_schervish", "midpoint", "earlier_time"};

void need(bool holds, const std::string& message) {
    if (!holds) throw InputError(message);
}

template <class Holds>
bool all_parts(const Kernel& k, Holds&& holds) {
    const auto each = [&](const KernelPart& part) { return holds(part.kernel); };
    return std::all_of(k.sum.begin(), k.sum.end(), each) && std::all_of(k.product.begin(), k.product.end(), each);
}

void check_parts(const Kernel& k) {
    double sum = 0;
    for (const auto& part : k.sum) {
        need(part.weight > 0 && part.weight <= 1,
             fmt::format("sum.{}: weight = {}; a share of g1 lies between 0 and 1", part.name, part.weight));
        sum += part.weight;
    }
    need(k.sum.empty() || std::abs(sum - 1) < 1e-9,
         fmt::format("sum: the weights add to {:.10g}; shares of g1 add to 1 (a static rest is static_fraction)", sum));
    for (const auto* parts : {&k.sum, &k.product})
        for (const auto& part : *parts) {
            try {
                check(part.kernel);
            } catch (const InputError& e) {
                throw InputError(fmt::format("{}.{}: {}", parts == &k.sum ? "sum" : "product", part.name, e.what()));
            }
        }
}

// Streams of a realisation: events and random clock of each kernel, its parts after it.
enum Draw : std::uint64_t { of_events, of_clock, of_scatterers, streams_of_one };

void draw_random_parts(Kernel& k, std::span<const double> instants, double from, double until, const StreamKey& key,
                       std::uint64_t& block) {
    const std::uint64_t mine = block;
    block += streams_of_one;
    if (k.event_rate > 0) {
        Stream stream(key, Purpose::rearrangements, mine + of_events);
        boost::random::exponential_distribution<double> wait(k.event_rate);
        for (double t = from + wait(stream); t < until; t += wait(stream)) k.event_times.push_back(t);
        std::sort(k.event_times.begin(), k.event_times.end());
        k.event_rate = 0;
    }
    if (k.random.kind != RandomClockKind::none) {
        Stream stream(key, Purpose::rearrangements, mine + of_clock);
        k.path = draw(k.random, instants, from, until, stream);
        k.random = {};
    }
    if (k.spectral_terms > 0) {
        Stream stream(key, Purpose::rearrangements, mine + of_scatterers);
        std::vector<double> clock;
        for (const double t : instants) clock.push_back(k.clock.at(t) + k.path.at(t));
        k.scatterers = std::make_shared<const Scatterers>(
            draw_scatterers(k.displacement_theta, k.beta, k.spectral_terms, instants, clock, stream));
    }
    for (auto* parts : {&k.sum, &k.product})
        for (auto& part : *parts) draw_random_parts(part.kernel, instants, from, until, key, block);
}

}  // namespace

std::vector<std::string> kernel_names() { return {names.begin(), names.end()}; }

KernelForm kernel_from(std::string_view text) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names.at(i) == text) return static_cast<KernelForm>(i);
    throw InputError(fmt::format("kernel = \"{}\" is unknown{}", text, suggestion(text, kernel_names())));
}

InternalClock standing_clock() { return {.tau0 = std::numeric_limits<double>::infinity()}; }

double Kernel::moving(double t1, double t2) const { return KernelOnTimes(*this, std::array{t1, t2}).moving(0, 1); }

double Kernel::operator()(double t1, double t2) const { return KernelOnTimes(*this, std::array{t1, t2})(0, 1); }

Eigen::MatrixXd Kernel::matrix(std::span<const double> times) const { return KernelOnTimes(*this, times).matrix(); }

Eigen::MatrixXd Kernel::moving_matrix(std::span<const double> times) const {
    return KernelOnTimes(*this, times).moving_matrix();
}

double Kernel::overlap(double t1, double t2) const {
    const double u = translation_rate * (t2 - t1);
    return std::exp(-u * u / 2);
}

bool Kernel::has_clock() const {
    const bool stands = clock.kind == ClockKind::stationary && std::isinf(clock.tau0) && clock.jump_times.empty();
    return !stands || !path.empty() || random.kind != RandomClockKind::none;
}

bool Kernel::single() const {
    return sum.empty() && product.empty() && !stored && path.empty() && random.kind == RandomClockKind::none &&
           spectral_terms == 0;
}

bool Kernel::stationary_in_law() const {
    return clock.stationary() && (event_times.empty() || event_fraction == 0) && path.empty() && !stored &&
           (spectral_terms == 0 || displacement_theta == 1) &&
           all_parts(*this, [](const Kernel& k) { return k.stationary_in_law(); });
}

bool Kernel::random_dynamics() const {
    return (event_rate > 0 && event_fraction > 0) || random.kind != RandomClockKind::none ||
           !all_parts(*this, [](const Kernel& k) { return !k.random_dynamics(); });
}

bool Kernel::stationary() const { return stationary_in_law() && !random_dynamics(); }

bool Kernel::known_population() const {
    return (random.kind == RandomClockKind::none || beta == 1) && spectral_terms == 0 &&
           all_parts(*this, [](const Kernel& k) { return k.known_population(); });
}

bool Kernel::needs_test() const {
    return form == KernelForm::midpoint || !all_parts(*this, [](const Kernel& k) { return !k.needs_test(); });
}

bool Kernel::has_stored() const {
    return stored || !all_parts(*this, [](const Kernel& k) { return !k.has_stored(); });
}

bool Kernel::markov() const {
    return translation_rate == 0 && (beta == 1 || !has_clock()) && form == KernelForm::internal_clock && sum.empty() &&
           !stored && spectral_terms == 0 &&
           all_parts(*this, [](const Kernel& k) { return k.markov() && k.static_fraction == 0; });
}

void check(const Kernel& k) {
    InternalClock clock = k.clock;
    if (clock.kind == ClockKind::stationary && std::isinf(clock.tau0)) clock.tau0 = 1;  // stands still
    check(clock);
    need(
        k.has_clock() || !k.event_times.empty() || k.event_rate > 0 || !k.sum.empty() || !k.product.empty() || k.stored,
        "tau = inf s: a relaxation time is positive and finite");
    check(k.random);
    check(Kww{1, k.beta});
    need(k.form != KernelForm::earlier_time,
         "kernel = \"earlier_time\": exp(-((t2-t1)/tau(t1))^beta) with tau of the earlier time is not positive "
         "definite, so no speckle field ages like this; take kernel = \"internal_clock\", or \"paciorek_schervish\"");
    need(k.form == KernelForm::internal_clock || k.clock.jump_times.empty(),
         "jump_times: only the internal clock jumps; take kernel = \"internal_clock\"");
    need(k.form == KernelForm::internal_clock || (k.random.kind == RandomClockKind::none && k.path.empty()),
         "kernel: a clock at random or from a catalogue is an internal clock; take kernel = \"internal_clock\"");
    for (std::size_t i = 0; i < k.event_times.size(); ++i)
        need(std::isfinite(k.event_times[i]) && (i == 0 || k.event_times[i] > k.event_times[i - 1]),
             fmt::format("event_times: {} s at place {} does not increase", k.event_times[i], i + 1));
    need(k.event_fraction >= 0 && k.event_fraction <= 1,
         fmt::format("event_fraction = {}: a rearrangement takes a part between 0 and 1", k.event_fraction));
    need(k.event_rate >= 0 && std::isfinite(k.event_rate),
         fmt::format("event_rate = {} 1/s: it is not negative", k.event_rate));
    need(k.static_fraction >= 0 && k.static_fraction < 1,
         fmt::format("static_fraction = {}: the part that never moves is at least 0 and below 1", k.static_fraction));
    if (k.spectral_terms > 0) {
        need(k.translation_rate == 0 && k.form == KernelForm::internal_clock && k.sum.empty() && k.product.empty() &&
                 !k.stored && k.has_clock(),
             "method = \"spectral\": it samples the spectrum of one internal clock; without sums, products, "
             "translation, a "
             "kernel_file "
             "or another form of kernel");
        check_scatterers(k.displacement_theta, k.beta, k.spectral_terms);
    }
    need(k.translation_rate >= 0 && std::isfinite(k.translation_rate),
         fmt::format("translation_rate = {} 1/s: speed over beam radius, not negative", k.translation_rate));
    check_parts(k);
}

Kernel realise(const Kernel& kernel, std::span<const double> instants, double from, double until,
               const StreamKey& key) {
    Kernel drawn = kernel;
    std::uint64_t block = 0;
    draw_random_parts(drawn, instants, from, until, key, block);
    return drawn;
}

void slow_down(Kernel& k, double factor) {
    k.clock.tau0 *= factor;
    for (double& tau : k.clock.taus) tau *= factor;
    k.random.tau *= factor;
    k.random.tau_fast *= factor;
    k.random.tau_slow *= factor;
    k.random.kappa /= factor;
    for (double& value : k.path.values) value /= factor;
    for (auto* parts : {&k.sum, &k.product})
        for (auto& part : *parts) slow_down(part.kernel, factor);
}

double expected_events(const Kernel& k, double time) {
    double sum = k.event_rate * time;
    if (k.random.kind == RandomClockKind::avalanche) sum += k.random.rate * time;
    if (k.random.kind == RandomClockKind::two_state) sum += 2 * time / (k.random.time_fast + k.random.time_slow);
    for (const auto* parts : {&k.sum, &k.product})
        for (const auto& part : *parts) sum += expected_events(part.kernel, time);
    return sum;
}

double smallest_relative_eigenvalue(const Eigen::MatrixXd& matrix) {
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix, Eigen::EigenvaluesOnly);
    return solver.eigenvalues().minCoeff() / solver.eigenvalues().maxCoeff();
}

void check_positive(const Eigen::MatrixXd& g1, const std::string& called) {
    constexpr double tolerance = 1e-8;
    // A Cholesky factor of the shifted matrix exists exactly if no eigenvalue lies below the shift; only a refusal
    // pays for the eigenvalues. The largest one is at least the mean of the diagonal.
    Eigen::MatrixXd shifted = g1;
    shifted.diagonal().array() += tolerance * g1.diagonal().mean();
    if (Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>>(shifted).info() == Eigen::Success) return;
    const double smallest = smallest_relative_eigenvalue(g1);
    if (!(smallest >= -tolerance))
        throw InputError(
            fmt::format("{}: this correlation is not positive definite: smallest eigenvalue {:.3g} of the "
                        "largest, so no speckle field has it; take kernel = \"internal_clock\"",
                        called, smallest));
}

}  // namespace vitrum::model
