#include "sim/initial_state.hpp"

#include <cmath>
#include <fstream>
#include <utility>

#include <boost/random/uniform_int_distribution.hpp>
#include <fmt/format.h>

#include "core/atoms/form_factors.hpp"
#include "core/error.hpp"
#include "core/stream.hpp"

namespace vitrum::sim {

std::int64_t cells_per_edge(std::int64_t atoms) {
    if (atoms < 2) return 0;
    const auto n = std::llround(std::cbrt(static_cast<double>(atoms) / 2));
    return 2 * n * n * n == atoms ? n : 0;
}

std::int64_t copper_atoms(double copper_fraction, std::int64_t atoms) {
    return std::llround(copper_fraction * static_cast<double>(atoms));
}

std::vector<int> random_species(std::int64_t atoms, std::int64_t copper_count, std::uint64_t seed) {
    std::vector<int> species(static_cast<std::size_t>(atoms), 2);
    for (std::size_t i = 0; i < static_cast<std::size_t>(copper_count); ++i) species[i] = 1;
    Stream stream({seed, cell_id("sim/initial_state"), 0}, Purpose::molecular_dynamics, 0);
    for (std::size_t i = species.size(); i > 1; --i) {
        boost::random::uniform_int_distribution<std::size_t> pick(0, i - 1);
        std::swap(species[i - 1], species[pick(stream)]);
    }
    return species;
}

void write_initial_state(const std::filesystem::path& file, const std::vector<int>& species) {
    constexpr double cell = 3.35;  // [angstrom] near the liquid's density: 18.8 angstrom^3 per atom
    const auto n = cells_per_edge(static_cast<std::int64_t>(species.size()));
    const double edge = cell * static_cast<double>(n);
    std::string text =
        fmt::format("Cu-Zr on a bcc lattice, species at random\n\n{} atoms\n2 atom types\n\n", species.size());
    for (const char axis : {'x', 'y', 'z'}) text += fmt::format("0 {} {}lo {}hi\n", edge, axis, axis);
    text += fmt::format("\nMasses\n\n1 {}\n2 {}\n\nAtoms # atomic\n\n", copper.mass, zirconium.mass);
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
    const std::filesystem::path part = file.string() + ".part";
    if (!(std::ofstream(part) << text << std::flush)) throw RunError("cannot write " + part.string());
    std::filesystem::rename(part, file);
}

}  // namespace vitrum::sim
