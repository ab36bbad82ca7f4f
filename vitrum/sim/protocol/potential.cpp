#include "vitrum/sim/protocol/potential.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <numbers>
#include <sstream>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/core/error.hpp"
#include "vitrum/sim/protocol/cuzr.hpp"

namespace vitrum::sim {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view wanted = "an eam/fs or eam/alloy file (setfl layout) such as CuZr_mm.eam.fs is needed";

[[noreturn]] void reject(const fs::path& file, const std::string& why) {
    throw InputError(fmt::format("potential {}: {}; {}", file.string(), why, wanted));
}

// Counts the words of the rest that are numbers; npos if one is not.
std::size_t count_numbers(std::istream& in) {
    std::size_t count = 0;
    for (std::string word; in >> word; ++count) {
        double value = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
        if (error != std::errc() || end != word.data() + word.size() || !std::isfinite(value)) return std::string::npos;
    }
    return count;
}

// Mass and atomic volume of each element from its head line "number mass constant lattice"; its tables are skipped.
void read_elements(const std::string& text, std::size_t elements, std::size_t table, PotentialFile& result) {
    std::istringstream in(text);
    for (std::size_t e = 0; e < elements; ++e) {
        double mass = 0;
        double a = 0;
        std::string word, lattice;
        in >> word >> mass >> a >> lattice;
        const double cells = lattice == "bcc" || lattice == "BCC"   ? 0.5
                             : lattice == "hcp" || lattice == "HCP" ? std::numbers::sqrt2 / 2
                             : lattice == "fcc" || lattice == "FCC" ? 0.25
                                                                    : 0.125;
        result.mass.push_back(mass);
        result.volume.push_back(a > 0 ? cells * a * a * a : 0);
        for (std::size_t i = 0; i < table; ++i) in >> word;
    }
}

}  // namespace

std::size_t PotentialFile::index(const std::string& element) const {
    return static_cast<std::size_t>(std::find(elements.begin(), elements.end(), element) - elements.begin());
}

PotentialFile inspect_potential(const fs::path& file, const std::vector<std::string>& needed_elements) {
    std::ifstream in(file);
    if (!in) throw InputError(fmt::format("potential {} cannot be read", file.string()));
    std::string line;
    for (int i = 0; i < 3; ++i) std::getline(in, line);
    std::size_t n = 0;
    if (!std::getline(in, line)) reject(file, "it has fewer than four lines");
    std::istringstream names(line);
    PotentialFile result;
    if (!(names >> n) || n == 0 || n > 100) reject(file, "line 4 has no number of elements");
    for (std::string name; names >> name;) result.elements.push_back(name);
    if (result.elements.size() != n)
        reject(file, fmt::format("line 4 names {} elements, not {}", result.elements.size(), n));

    std::size_t n_rho = 0;
    std::size_t n_r = 0;
    double d_rho = 0;
    double d_r = 0;
    if (!(in >> n_rho >> d_rho >> n_r >> d_r >> result.cutoff) || n_rho == 0 || n_r == 0 || n_rho > 10'000'000 ||
        n_r > 10'000'000 || !(result.cutoff > 0))
        reject(file, "line 5 is not 'Nrho drho Nr dr cutoff'");

    // Each element: number, mass, constant, lattice (a word), embedding, densities; then the pair functions.
    std::size_t numbers = 0;
    std::getline(in, line);
    std::ostringstream rest;
    rest << in.rdbuf();
    std::string text = rest.str();
    for (const std::string_view lattice : {"fcc", "bcc", "hcp", "FCC", "BCC", "HCP", "diamond", "dia"})
        for (std::size_t at = text.find(lattice); at != std::string::npos; at = text.find(lattice, at))
            text.replace(at, lattice.size(), lattice.size(), ' ');
    std::istringstream body(text);
    numbers = count_numbers(body);
    const std::size_t pairs = n * (n + 1) / 2 * n_r;
    const std::size_t alloy = n * (3 + n_rho + n_r) + pairs;
    if (numbers != alloy && numbers != n * (3 + n_rho + n * n_r) + pairs)
        reject(file, "its tables do not have the length that line 5 says");
    result.style = numbers == alloy ? "eam/alloy" : "eam/fs";
    read_elements(rest.str(), n, n_rho + (numbers == alloy ? n_r : n * n_r), result);

    for (const std::string& element : needed_elements)
        if (std::find(result.elements.begin(), result.elements.end(), element) == result.elements.end())
            throw InputError(fmt::format("potential {} has no {}; it has {}", file.string(), element,
                                         fmt::join(result.elements, ", ")));
    return result;
}

fs::path find_potential(const std::string& name) {
    if (name.empty()) throw InputError("no potential is named; CuZr_mm.eam.fs comes with LAMMPS");
    std::vector<fs::path> tried{fs::absolute(name)};
    if (fs::path(name).is_relative()) {
        if (const char* places = std::getenv("LAMMPS_POTENTIALS"); places != nullptr) {
            std::istringstream list{std::string(places)};
            for (std::string place; std::getline(list, place, ':');)
                if (!place.empty()) tried.push_back(fs::path(place) / name);
        }
        for (const char* folder : {"/usr/share/lammps/potentials", "/usr/local/share/lammps/potentials"})
            tried.push_back(fs::path(folder) / name);
    }
    std::error_code ignored;
    for (const fs::path& path : tried)
        if (fs::is_regular_file(path, ignored)) return path;
    std::vector<std::string> folders;
    for (const fs::path& path : tried) folders.push_back(path.parent_path().string());
    throw InputError(fmt::format(
        "potential '{}' was not found in {} ($LAMMPS_POTENTIALS {}); the package lammps-data "
        "brings CuZr_mm.eam.fs",
        name, fmt::join(folders, ", "), std::getenv("LAMMPS_POTENTIALS") == nullptr ? "is not set" : "was searched"));
}

}  // namespace vitrum::sim
