#include "vitrum/model/atoms/paths.hpp"

#include <cmath>
#include <numbers>
#include <utility>

#include <boost/random/exponential_distribution.hpp>
#include <boost/random/normal_distribution.hpp>
#include <boost/random/poisson_distribution.hpp>
#include <boost/random/uniform_01.hpp>
#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::model {

namespace {

using Point = std::array<double, 3>;
using Path = std::vector<Point>;  // displacement at every frame

double sinc(double x) { return std::abs(x) < 1e-8 ? 1 : std::sin(x) / x; }

constexpr std::uint64_t shared = std::uint64_t{1} << 40;  // streams of clusters and blocks, apart from those of atoms

Stream stream_of(const StreamKey& key, std::uint64_t block) { return {key, Purpose::molecular_dynamics, block}; }

Point direction(Stream& stream) {
    boost::random::uniform_01<double> uniform;
    const double z = 2 * uniform(stream) - 1;
    const double turn = 2 * std::numbers::pi * uniform(stream);
    const double across = std::sqrt(1 - z * z);
    return {across * std::cos(turn), across * std::sin(turn), z};
}

Path brownian(const AtomPaths& p, double diffusion, Stream& stream) {
    boost::random::normal_distribution<double> normal(0, std::sqrt(2 * diffusion * p.interval));
    Path path(p.frames, Point{});
    for (std::size_t t = 1; t < p.frames; ++t)
        for (std::size_t k = 0; k < 3; ++k) path[t][k] = path[t - 1][k] + normal(stream);
    return path;
}

// The deviation from the site, stationary from the first frame.
Path cage(const AtomPaths& p, Stream& stream) {
    boost::random::normal_distribution<double> normal(0, 1);
    const double keep = std::exp(-p.interval / p.cage_time);
    const double kick = p.cage_width * std::sqrt(1 - keep * keep);
    Path path(p.frames);
    for (double& x : path[0]) x = p.cage_width * normal(stream);
    for (std::size_t t = 1; t < p.frames; ++t)
        for (std::size_t k = 0; k < 3; ++k) path[t][k] = keep * path[t - 1][k] + kick * normal(stream);
    return path;
}

// `one_way`: all jumps along one line.
Path jumps(const AtomPaths& p, bool one_way, Stream& stream) {
    boost::random::exponential_distribution<double> wait(p.jump_rate);
    Path path(p.frames, Point{});
    Point along = direction(stream);
    Point at{};
    double next = wait(stream);
    for (std::size_t t = 1; t < p.frames; ++t) {
        for (; next <= static_cast<double>(t) * p.interval; next += wait(stream)) {
            if (!one_way) along = direction(stream);
            for (std::size_t k = 0; k < 3; ++k) at[k] += p.jump * along[k];
        }
        path[t] = at;
    }
    return path;
}

Path two_level(const AtomPaths& p, Stream& stream) {
    boost::random::uniform_01<double> uniform;
    boost::random::normal_distribution<double> normal(0, 1);
    const Point along = direction(stream);
    const double faster = p.barrier_spread > 0 ? std::exp(p.barrier_spread * normal(stream)) : 1.0;
    bool upper = uniform(stream) < p.jump_rate / (p.jump_rate + p.back_rate);
    const auto wait = [&] { return -std::log1p(-uniform(stream)) / (faster * (upper ? p.back_rate : p.jump_rate)); };
    double next = wait();
    Path path(p.frames, Point{});
    for (std::size_t t = 0; t < p.frames; ++t) {
        while (next <= static_cast<double>(t) * p.interval) {
            upper = !upper;
            next += wait();
        }
        if (upper)
            for (std::size_t k = 0; k < 3; ++k) path[t][k] = p.jump * along[k];
    }
    return path;
}

// 1 - <exp(-rate t)> over rates spread lognormally; the trapezoid rule is exact to rounding for a Gaussian weight.
double relaxed(double rate, double spread, double t) {
    if (!(spread > 0)) return -std::expm1(-rate * t);
    double sum = 0;
    double weight = 0;
    for (int i = -400; i <= 400; ++i) {
        const double x = 0.02 * i;
        const double w = std::exp(-x * x / 2);
        sum += w * -std::expm1(-rate * std::exp(spread * x) * t);
        weight += w;
    }
    return sum / weight;
}

void check(const AtomPaths& p) {
    const auto positive = [](double value, const char* what) {
        if (!(value > 0) || !std::isfinite(value))
            throw InputError(fmt::format("{} = {}: must be positive", what, value));
    };
    positive(p.interval, "interval");
    positive(p.edge, "edge");
    if (p.atoms == 0 || p.frames == 0) throw InputError("atoms and frames: at least 1 each");
    if (p.elements.empty()) throw InputError("elements: at least one");
    if (!(p.diffusion >= 0) || !(p.fast_diffusion >= 0)) throw InputError("diffusion: must not be negative");
    if (!(p.fast_share >= 0) || !(p.fast_share <= 1)) throw InputError("fast_share: between 0 and 1");
    if (p.motion == Motion::cage || p.motion == Motion::clusters) {
        positive(p.cage_width, "cage_width");
        positive(p.cage_time, "cage_time");
    }
    if (p.motion == Motion::jumps || p.motion == Motion::two_level || p.motion == Motion::rigid_blocks) {
        positive(p.jump, "jump");
        positive(p.jump_rate, "jump_rate");
    }
    if (p.motion == Motion::two_level) positive(p.back_rate, "back_rate");
    if (!(p.barrier_spread >= 0)) throw InputError("barrier_spread: must not be negative");
    if (p.motion == Motion::clusters) positive(p.offspring, "offspring");
    if (p.motion == Motion::rigid_blocks && (p.block == 0 || p.atoms % p.block != 0))
        throw InputError(fmt::format("atoms = {} is not a multiple of block = {}", p.atoms, p.block));
    for (const double e : p.strain)
        if (!(e > -1)) throw InputError(fmt::format("strain = {}: the cell must keep a positive edge", e));
}

// Of each atom, the cluster or block it belongs to; empty where atoms are on their own.
std::vector<std::size_t> groups_of(const AtomPaths& p, const StreamKey& key) {
    std::vector<std::size_t> group;
    if (p.motion == Motion::rigid_blocks)
        for (std::size_t i = 0; i < p.atoms; ++i) group.push_back(i / p.block);
    if (p.motion == Motion::clusters) {
        Stream stream = stream_of(key, 2 * shared);
        boost::random::poisson_distribution<long> parents(static_cast<double>(p.atoms) / p.offspring);
        boost::random::poisson_distribution<long> members(p.offspring);
        const long count = parents(stream);
        for (long c = 0; c < count; ++c)
            for (long left = members(stream); left > 0; --left) group.push_back(static_cast<std::size_t>(c));
        if (group.empty()) throw InputError("clusters: no atom was drawn; ask for more atoms");
    }
    return group;
}

Path path_of(const AtomPaths& p, bool fast, Stream& stream) {
    switch (p.motion) {
        case Motion::brownian: return brownian(p, p.diffusion, stream);
        case Motion::two_mobilities: return brownian(p, fast ? p.fast_diffusion : p.diffusion, stream);
        case Motion::cage:
        case Motion::clusters: return cage(p, stream);
        case Motion::jumps: return jumps(p, false, stream);
        case Motion::two_level: return two_level(p, stream);
        case Motion::frozen:
        case Motion::rigid_blocks: break;
    }
    return Path(p.frames, Point{});
}

}  // namespace

Trajectory generate(const AtomPaths& p, const StreamKey& key) {
    check(p);
    const std::vector<std::size_t> group = groups_of(p, key);
    const std::size_t atoms = group.empty() ? p.atoms : group.size();
    std::vector<Path> common(group.empty() ? 0 : group.back() + 1);
    std::vector<Point> centre(common.size());
    for_each_block(common.size(), 16, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t c = begin; c < end; ++c) {
            Stream stream = stream_of(key, shared + c);
            boost::random::uniform_01<double> uniform;
            for (double& x : centre[c]) x = p.edge * uniform(stream);
            common[c] = p.motion == Motion::clusters ? brownian(p, p.diffusion, stream) : jumps(p, true, stream);
        }
    });

    Trajectory out;
    out.name = "atom paths";
    out.elements = p.elements;
    out.unwrapped = !p.wrapped;
    for (std::size_t i = 0; i < atoms; ++i) {
        out.species.push_back(static_cast<int>(i % p.elements.size()));
        out.id.push_back(static_cast<std::int64_t>(i) + 1);
    }
    out.mass.assign(atoms, 1.0);
    out.frames.resize(p.frames);
    for (std::size_t t = 0; t < p.frames; ++t) {
        AtomFrame& frame = out.frames[t];
        frame.step = static_cast<double>(t);
        frame.time = static_cast<double>(t) * p.interval;
        const double along = p.frames > 1 ? static_cast<double>(t) / static_cast<double>(p.frames - 1) : 0;
        for (std::size_t k = 0; k < 3; ++k) frame.box[4 * k] = p.edge * (1 + p.strain[k] * along);
        frame.fractional.resize(3 * atoms);
    }
    for_each_block(atoms, 16, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            Stream stream = stream_of(key, i);
            boost::random::uniform_01<double> uniform;
            Point start{};
            for (double& x : start) x = p.edge * uniform(stream);
            const bool fast = uniform(stream) < p.fast_share;
            const Path own = path_of(p, fast, stream);
            if (p.motion == Motion::clusters) start = centre[group[i]];
            for (std::size_t t = 0; t < p.frames; ++t)
                for (std::size_t k = 0; k < 3; ++k) {
                    double r = start[k] + own[t][k] + p.drift[k] * static_cast<double>(t) * p.interval;
                    if (!group.empty()) r += common[group[i]][t][k];
                    const double s = r / p.edge;
                    out.frames[t].fractional[3 * i + k] = p.wrapped ? s - std::floor(s) : s;
                }
        }
    });
    return out;
}

double AtomPaths::msd(double t) const {
    const double cage2 = 6 * cage_width * cage_width * -std::expm1(-t / cage_time);
    const double n = jump_rate * t;
    const double rates = jump_rate + back_rate;
    switch (motion) {
        case Motion::frozen: return 0;
        case Motion::brownian: return 6 * diffusion * t;
        case Motion::cage: return cage2;
        case Motion::jumps: return n * jump * jump;
        case Motion::two_mobilities: return 6 * (fast_share * fast_diffusion + (1 - fast_share) * diffusion) * t;
        case Motion::clusters: return 6 * diffusion * t + cage2;
        case Motion::two_level:
            return jump * jump * 2 * jump_rate * back_rate / (rates * rates) * relaxed(rates, barrier_spread, t);
        case Motion::rigid_blocks: return jump * jump * (n + n * n);
    }
    return 0;
}

double AtomPaths::non_gaussian(double t) const {
    const double n = jump_rate * t;
    if (motion == Motion::jumps) return 3 / (5 * n);
    if (motion == Motion::two_mobilities) {
        const double mean = fast_share * fast_diffusion + (1 - fast_share) * diffusion;
        const double square = fast_share * fast_diffusion * fast_diffusion + (1 - fast_share) * diffusion * diffusion;
        return square / (mean * mean) - 1;
    }
    if (motion == Motion::two_level) return 3 * jump * jump / (5 * msd(t)) - 1;
    if (motion == Motion::rigid_blocks)
        return 3 * (n + 7 * n * n + 6 * n * n * n + n * n * n * n) / (5 * (n + n * n) * (n + n * n)) - 1;
    return 0;
}

double AtomPaths::self_scattering(double q, double t) const {
    const double q2 = q * q;
    const double n = jump_rate * t;
    switch (motion) {
        case Motion::frozen:
        case Motion::brownian:
        case Motion::cage:
        case Motion::clusters: return std::exp(-q2 * msd(t) / 6);
        case Motion::jumps: return std::exp(-n * (1 - sinc(q * jump)));
        case Motion::two_mobilities:
            return fast_share * std::exp(-q2 * fast_diffusion * t) + (1 - fast_share) * std::exp(-q2 * diffusion * t);
        case Motion::two_level: return 1 - msd(t) / (jump * jump) * (1 - sinc(q * jump));
        case Motion::rigid_blocks: {
            double sum = 0;
            double share = std::exp(-n);
            for (int k = 0; k < 20 + 4 * n; ++k) {
                sum += share * sinc(q * jump * k);
                share *= n / (k + 1);
            }
            return sum;
        }
    }
    return 1;
}

double AtomPaths::collective_scattering(double q, double t) const {
    if (motion == Motion::clusters) {
        const double frozen = offspring * std::exp(-q * q * cage_width * cage_width);
        const double cage2 = cage_width * cage_width * -std::expm1(-t / cage_time);
        return std::exp(-q * q * diffusion * t) * (std::exp(-q * q * cage2) + frozen) / (1 + frozen);
    }
    return self_scattering(q, t);  // rigid_blocks too: the atoms of a block are placed at random
}

double AtomPaths::overlap(double t) const { return std::exp(-jump_rate * t); }

double AtomPaths::susceptibility(double t) const { return static_cast<double>(block) * overlap(t) * (1 - overlap(t)); }

}  // namespace vitrum::model
