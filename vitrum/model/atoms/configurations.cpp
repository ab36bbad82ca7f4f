#include "vitrum/model/atoms/configurations.hpp"

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_01.hpp>
#include <boost/random/uniform_int_distribution.hpp>

#include "vitrum/core/atoms/cell.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::model {

namespace {

struct Site {
    Vector3 s;
    int species;
};

struct Basis {
    Vector3 edges;  // in units of a, orthogonal
    std::vector<Site> sites;
};

Basis basis(Lattice kind) {
    switch (kind) {
        case Lattice::simple_cubic: return {{1, 1, 1}, {{{0, 0, 0}, 0}}};
        case Lattice::bcc: return {{1, 1, 1}, {{{0, 0, 0}, 0}, {{0.5, 0.5, 0.5}, 0}}};
        case Lattice::fcc:
            return {{1, 1, 1}, {{{0, 0, 0}, 0}, {{0, 0.5, 0.5}, 0}, {{0.5, 0, 0.5}, 0}, {{0.5, 0.5, 0}, 0}}};
        case Lattice::hcp:
            return {{1, std::sqrt(3.0), std::sqrt(8.0 / 3)},
                    {{{0, 0, 0}, 0}, {{0.5, 0.5, 0}, 0}, {{0.5, 5.0 / 6, 0.5}, 0}, {{0, 1.0 / 3, 0.5}, 0}}};
        case Lattice::b2: return {{1, 1, 1}, {{{0, 0, 0}, 0}, {{0.5, 0.5, 0.5}, 1}}};
        case Lattice::a15:
            return {{1, 1, 1},
                    {{{0, 0, 0}, 0},
                     {{0.5, 0.5, 0.5}, 0},
                     {{0.25, 0, 0.5}, 1},
                     {{0.75, 0, 0.5}, 1},
                     {{0.5, 0.25, 0}, 1},
                     {{0.5, 0.75, 0}, 1},
                     {{0, 0.5, 0.25}, 1},
                     {{0, 0.5, 0.75}, 1}}};
        case Lattice::c15: {
            // Fd-3m, origin on -3m: Cu at 16c (0,0,0), Mg at 8b (3/8,3/8,3/8).
            Basis c15{{1, 1, 1}, {}};
            for (const Vector3& f :
                 {Vector3{0, 0, 0}, Vector3{0, 0.5, 0.5}, Vector3{0.5, 0, 0.5}, Vector3{0.5, 0.5, 0}}) {
                for (const Vector3& t :
                     {Vector3{0, 0, 0}, Vector3{0.75, 0.25, 0.5}, Vector3{0.25, 0.5, 0.75}, Vector3{0.5, 0.75, 0.25}})
                    c15.sites.push_back({{f[0] + t[0], f[1] + t[1], f[2] + t[2]}, 0});
                for (const double t : {0.375, 0.625}) c15.sites.push_back({{f[0] + t, f[1] + t, f[2] + t}, 1});
            }
            return c15;
        }
    }
    throw std::invalid_argument("unknown lattice");
}

Trajectory empty(std::string name, std::size_t atoms, std::vector<std::string> elements) {
    Trajectory trajectory;
    trajectory.name = std::move(name);
    trajectory.elements = std::move(elements);
    trajectory.species.assign(atoms, 0);
    trajectory.mass.assign(atoms, 1);
    for (std::size_t i = 0; i < atoms; ++i) trajectory.id.push_back(static_cast<std::int64_t>(i + 1));
    return trajectory;
}

// A frame per stream, drawn by draw(stream, frame).
template <class Draw>
void draw_frames(Trajectory& trajectory, std::size_t frames, const CellMatrix& box, const StreamKey& key, Draw&& draw) {
    trajectory.frames.assign(frames, AtomFrame{});
    for_each_block(frames, 1, [&](std::size_t f, std::size_t, std::size_t) {
        AtomFrame& frame = trajectory.frames[f];
        frame.step = frame.time = static_cast<double>(f);
        frame.box = box;
        frame.fractional.resize(3 * trajectory.atoms());
        Stream stream(key, Purpose::configuration, f);
        draw(stream, frame);
    });
}

}  // namespace

Lattice lattice_from(std::string_view name) {
    if (name == "simple_cubic") return Lattice::simple_cubic;
    if (name == "bcc") return Lattice::bcc;
    if (name == "fcc") return Lattice::fcc;
    if (name == "hcp") return Lattice::hcp;
    if (name == "b2") return Lattice::b2;
    if (name == "a15") return Lattice::a15;
    if (name == "c15") return Lattice::c15;
    throw std::invalid_argument("no lattice '" + std::string(name) + "': simple_cubic, bcc, fcc, hcp, b2, a15 or c15");
}

Trajectory lattice(Lattice kind, double a, const std::array<int, 3>& repeats) {
    const Basis cell = basis(kind);
    if (!(a > 0) || repeats[0] < 1 || repeats[1] < 1 || repeats[2] < 1)
        throw std::invalid_argument("a lattice needs a positive constant and at least one cell along each axis");
    AtomFrame frame;
    for (std::size_t k = 0; k < 3; ++k) frame.box[4 * k] = a * cell.edges[k] * repeats[k];
    std::vector<int> species;
    int most = 0;
    for (int x = 0; x < repeats[0]; ++x)
        for (int y = 0; y < repeats[1]; ++y)
            for (int z = 0; z < repeats[2]; ++z)
                for (const Site& site : cell.sites) {
                    const Vector3 corner{static_cast<double>(x), static_cast<double>(y), static_cast<double>(z)};
                    for (std::size_t k = 0; k < 3; ++k)
                        frame.fractional.push_back((corner[k] + site.s[k]) / repeats[k]);
                    species.push_back(site.species);
                    most = std::max(most, site.species);
                }
    Trajectory trajectory =
        empty("lattice", species.size(), most > 0 ? std::vector<std::string>{"A", "B"} : std::vector<std::string>{"A"});
    trajectory.species = species;
    trajectory.frames.push_back(std::move(frame));
    return trajectory;
}

Trajectory perturbed(const Trajectory& base, double sigma, std::size_t frames, const StreamKey& key) {
    Trajectory trajectory = base;
    const AtomFrame& start = base.frames.at(0);
    const CellMatrix to_fractional = inverse(start.box);
    draw_frames(trajectory, frames, start.box, key, [&](Stream& stream, AtomFrame& frame) {
        boost::random::normal_distribution<double> gauss(0, sigma);
        for (std::size_t i = 0; i < trajectory.atoms(); ++i) {
            Vector3 r{};
            for (double& u : r) u = gauss(stream);
            const Vector3 ds = product(to_fractional, r);
            for (std::size_t k = 0; k < 3; ++k) frame.fractional[3 * i + k] = start.fractional[3 * i + k] + ds[k];
        }
    });
    return trajectory;
}

Trajectory ideal_gas(const CellMatrix& box, std::size_t atoms, std::size_t frames, const StreamKey& key) {
    Trajectory trajectory = empty("ideal gas", atoms, {"A"});
    draw_frames(trajectory, frames, box, key, [](Stream& stream, AtomFrame& frame) {
        boost::random::uniform_01<double> uniform;
        for (double& s : frame.fractional) s = uniform(stream);
    });
    return trajectory;
}

Trajectory thomas_clusters(const CellMatrix& box, std::size_t parents, std::size_t atoms, double sigma,
                           std::size_t frames, const StreamKey& key) {
    if (parents == 0 || !(sigma > 0)) throw std::invalid_argument("clusters need a parent and a positive width");
    Trajectory trajectory = empty("Thomas clusters", atoms, {"A"});
    const CellMatrix to_fractional = inverse(box);
    draw_frames(trajectory, frames, box, key, [&](Stream& stream, AtomFrame& frame) {
        boost::random::uniform_01<double> uniform;
        boost::random::normal_distribution<double> gauss(0, sigma);
        boost::random::uniform_int_distribution<std::size_t> parent(0, parents - 1);
        std::vector<double> centre(3 * parents);
        for (double& s : centre) s = uniform(stream);
        for (std::size_t i = 0; i < atoms; ++i) {
            const std::size_t p = parent(stream);
            Vector3 r{};
            for (double& u : r) u = gauss(stream);
            const Vector3 ds = product(to_fractional, r);
            for (std::size_t k = 0; k < 3; ++k) frame.fractional[3 * i + k] = centre[3 * p + k] + ds[k];
        }
    });
    return trajectory;
}

}  // namespace vitrum::model
