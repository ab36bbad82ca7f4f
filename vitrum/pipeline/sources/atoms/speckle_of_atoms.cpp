#include "vitrum/pipeline/sources/atoms/speckle_of_atoms.hpp"

#include <memory>
#include <utility>

#include <fmt/format.h>

#include "vitrum/core/parallel.hpp"
#include "vitrum/model/detector/photon_counting.hpp"
#include "vitrum/model/scattering/atom_speckle.hpp"

namespace vitrum::pipeline {

namespace {

SpeckleSeries counted(const model::AtomSpeckle& speckle, double mean_count, const StreamKey& key) {
    const std::vector<float>& intensity = speckle.behind.intensity;
    SpeckleSeries s;
    s.frames = speckle.behind.trajectory.frames.size();
    s.rows = 1;
    s.columns = speckle.behind.wavevectors.size();
    s.frame_time = speckle.frame_time;
    for (const Wavevector& v : speckle.behind.wavevectors) s.q.push_back(v.q);
    s.counts.resize(intensity.size());
    constexpr std::size_t block = 65536;
    for_each_block(intensity.size(), block, [&](std::size_t b, std::size_t begin, std::size_t end) {
        model::count_photons(intensity.data() + begin, end - begin, mean_count, Stream(key, Purpose::counting, b),
                             s.counts.data() + begin);
    });
    return s;
}

std::string ranks(int count) { return count == 1 ? "one rank" : fmt::format("{} ranks", count); }

}  // namespace

Labelled<DataSet> speckle_of_atoms(Trajectory trajectory, const SpeckleOfAtoms& how, const StreamKey& key) {
    model::AtomSpeckle speckle = model::atom_speckle(std::move(trajectory), how.half_width);
    Labelled<DataSet> set;
    set.data.data = counted(speckle, how.mean_count, key);
    set.data.notes.push_back(fmt::format(
        "{}; {} wavevectors of the box within {} 1/angstrom of the first peak at {:.3f} 1/angstrom; {} photons per "
        "wavevector and frame; one frame every {:.3g} ps.",
        how.what, speckle.behind.wavevectors.size(), how.half_width, speckle.peak, how.mean_count,
        speckle.frame_time * 1e12));
    set.data.notes.emplace_back(
        "A periodic box scatters coherently: one mode, contrast 1 at lag 0. The fit begins beyond the decay inside the "
        "cage, so its contrast is what that decay leaves.");
    set.data.notes.push_back("LAMMPS " + how.lammps_version + ", " + ranks(how.ranks) + ".");
    std::vector<std::string> warnings = how.warnings;
    if (!speckle.clear_peak)
        warnings.push_back(
            fmt::format("S(q) has no clear peak between 2.0 and 3.6 per angstrom; wavevectors around {:.2f} are used",
                        speckle.peak));
    for (const auto& warning : warnings) set.data.notes.push_back("Warning: " + warning);
    set.truth.add(speckle.behind.reference.g2, Origin::reference);
    constexpr auto gaussian = "a Gaussian field at every wavevector (Siegert relation)";
    set.truth.add("speckle_departure", {}, 0, Origin::closed_form, gaussian);
    set.truth.add("speckle_departure_no_photons", {}, 0, Origin::closed_form, gaussian);
    set.truth.add("intensity_variance", {}, 1, Origin::closed_form, gaussian);
    speckle.behind.mean_count = how.mean_count;
    set.truth.atoms = std::make_shared<const AtomsBehind>(std::move(speckle.behind));
    return set;
}

}  // namespace vitrum::pipeline
