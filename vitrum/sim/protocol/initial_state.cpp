#include "vitrum/sim/protocol/initial_state.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <utility>

#include <boost/random/uniform_int_distribution.hpp>
#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/stream.hpp"

namespace vitrum::sim {

std::int64_t cells_per_edge(std::int64_t atoms) {
    if (atoms < 2) return 0;
    const auto n = std::llround(std::cbrt(static_cast<double>(atoms) / 2));
    return 2 * n * n * n == atoms ? n : 0;
}

std::int64_t copper_atoms(double copper_fraction, std::int64_t atoms) {
    return std::llround(copper_fraction * static_cast<double>(atoms));
}

std::vector<std::int64_t> atoms_of(const std::vector<double>& fractions, std::int64_t atoms) {
    std::vector<std::int64_t> counts;
    std::int64_t rest = atoms;
    for (std::size_t k = 0; k < fractions.size(); ++k) {
        const bool last = k + 1 == fractions.size();
        counts.push_back(last ? rest
                              : std::min<std::int64_t>(rest, std::llround(fractions[k] * static_cast<double>(atoms))));
        rest -= counts.back();
    }
    return counts;
}

std::vector<int> random_species(const std::vector<std::int64_t>& counts, std::uint64_t seed) {
    std::vector<int> species;
    for (std::size_t k = 0; k < counts.size(); ++k)
        species.insert(species.end(), static_cast<std::size_t>(counts[k]), static_cast<int>(k) + 1);
    Stream stream({seed, cell_id("sim/initial_state"), 0}, Purpose::molecular_dynamics, 0);
    for (std::size_t i = species.size(); i > 1; --i) {
        boost::random::uniform_int_distribution<std::size_t> pick(0, i - 1);
        std::swap(species[i - 1], species[pick(stream)]);
    }
    return species;
}

namespace {

std::string head(std::size_t atoms, const std::array<double, 3>& edge, const std::vector<double>& masses) {
    std::string text = fmt::format("Atoms of vitrum\n\n{} atoms\n{} atom types\n\n", atoms, masses.size());
    const std::array<char, 3> axis{'x', 'y', 'z'};
    for (std::size_t k = 0; k < 3; ++k) text += fmt::format("0 {} {}lo {}hi\n", edge[k], axis[k], axis[k]);
    text += "\nMasses\n\n";
    for (std::size_t k = 0; k < masses.size(); ++k) text += fmt::format("{} {}\n", k + 1, masses[k]);
    return text + "\nAtoms # atomic\n\n";
}

void write_whole(const std::filesystem::path& file, const std::string& text) {
    const std::filesystem::path part = file.string() + ".part";
    if (!(std::ofstream(part) << text << std::flush)) throw RunError("cannot write " + part.string());
    std::filesystem::rename(part, file);
}

}  // namespace

void write_initial_state(const std::filesystem::path& file, const std::vector<int>& species,
                         const std::vector<double>& masses, double cell) {
    const auto n = cells_per_edge(static_cast<std::int64_t>(species.size()));
    const double edge = cell * static_cast<double>(n);
    std::string text = head(species.size(), {edge, edge, edge}, masses);
    std::size_t id = 0;
    for (std::int64_t x = 0; x < n; ++x)
        for (std::int64_t y = 0; y < n; ++y)
            for (std::int64_t z = 0; z < n; ++z)
                for (const double shift : {0.25, 0.75}) {
                    text +=
                        fmt::format("{} {} {} {} {}\n", id + 1, species[id], cell * (static_cast<double>(x) + shift),
                                    cell * (static_cast<double>(y) + shift), cell * (static_cast<double>(z) + shift));
                    ++id;
                }
    write_whole(file, text);
}

void write_data_file(const std::filesystem::path& file, const AtomFrame& frame, const std::vector<int>& species,
                     const std::vector<double>& masses) {
    std::string text = head(species.size(), {frame.box[0], frame.box[4], frame.box[8]}, masses);
    for (std::size_t i = 0; i < species.size(); ++i) {
        text += fmt::format("{} {}", i + 1, species[i]);
        std::string images;
        for (std::size_t k = 0; k < 3; ++k) {
            const double s = frame.fractional[3 * i + k];
            const double image = std::floor(s);
            text += fmt::format(" {}", (s - image) * frame.box[4 * k]);
            images += fmt::format(" {}", static_cast<std::int64_t>(image));
        }
        text += images + "\n";
    }
    write_whole(file, text);
}

}  // namespace vitrum::sim
