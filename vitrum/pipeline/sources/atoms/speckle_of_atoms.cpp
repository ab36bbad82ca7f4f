#include "vitrum/pipeline/sources/atoms/speckle_of_atoms.hpp"

#include <fmt/format.h>

#include "vitrum/core/parallel.hpp"
#include "vitrum/model/detector/photon_counting.hpp"
#include "vitrum/pipeline/sources/atoms/atoms_beside_speckle.hpp"

namespace vitrum::pipeline {

namespace {

SpeckleSeries counted(const sim::CuZrRun& run, double mean_count, const StreamKey& key) {
    SpeckleSeries s;
    s.frames = run.frames;
    s.rows = 1;
    s.columns = run.q.size();
    s.frame_time = run.frame_time;
    s.q = run.q;
    s.counts.resize(run.intensity.size());
    constexpr std::size_t block = 65536;
    for_each_block(run.intensity.size(), block, [&](std::size_t b, std::size_t begin, std::size_t end) {
        model::count_photons(run.intensity.data() + begin, end - begin, mean_count, Stream(key, Purpose::counting, b),
                             s.counts.data() + begin);
    });
    return s;
}

std::string ranks(int count) { return count == 1 ? "one rank" : fmt::format("{} ranks", count); }

}  // namespace

Labelled<DataSet> speckle_of_atoms(const sim::CuZrRun& run, const std::string& what, double half_width,
                                   double mean_count, const StreamKey& key) {
    Labelled<DataSet> set;
    set.data.data = counted(run, mean_count, key);
    set.data.notes.push_back(fmt::format(
        "{}; {} wavevectors of the box within {} 1/angstrom of the first peak at {:.3f} 1/angstrom; {} photons per "
        "wavevector and frame; one frame every {:.3g} ps.",
        what, run.q.size(), half_width, run.peak, mean_count, run.frame_time * 1e12));
    set.data.notes.emplace_back(
        "A periodic box scatters coherently: one mode, contrast 1 at lag 0. The fit begins beyond the decay inside the "
        "cage, so its contrast is what that decay leaves.");
    set.data.notes.push_back("LAMMPS " + run.lammps_version + ", " + ranks(run.ranks) + ".");
    for (const auto& warning : run.warnings) set.data.notes.push_back("Warning: " + warning);
    set.truth.add(run.reference.g2, Origin::reference);
    constexpr auto gaussian = "a Gaussian field at every wavevector (Siegert relation)";
    set.truth.add("speckle_departure", {}, 0, Origin::closed_form, gaussian);
    set.truth.add("speckle_departure_no_photons", {}, 0, Origin::closed_form, gaussian);
    set.truth.add("intensity_variance", {}, 1, Origin::closed_form, gaussian);
    add_atoms_beside_speckle(run, mean_count, set.data);
    return set;
}

}  // namespace vitrum::pipeline
