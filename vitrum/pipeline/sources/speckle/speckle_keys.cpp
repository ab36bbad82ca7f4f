#include "vitrum/pipeline/sources/speckle/speckle_keys.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "vitrum/model/speckle/series_generator.hpp"
#include "vitrum/model/speckle/sparse_series.hpp"
#include "vitrum/model/speckle/spatial_field.hpp"

namespace vitrum::pipeline {

model::SpeckleOptions read_detector_and_field(Section& section) {
    model::SpeckleOptions o;
    o.frames = section.count("frames", 1000);
    o.rows = section.count("rows", 64);
    o.columns = section.count("columns", 64);
    o.frame_time = section.quantity("frame_time", Dimension::time, 1.0);
    std::vector<double> weights;
    if (section.has("mode_weights")) {
        if (section.has("modes"))
            section.fail("mode_weights",
                         "mode_weights and modes exclude each other: the list has one weight for each mode");
        weights = section.numbers("mode_weights");
        if (weights.empty()) section.fail("mode_weights", "is an empty list; give one weight a mode, as in [0.7, 0.3]");
        o.modes = static_cast<int>(weights.size());
    } else {
        const std::size_t modes = section.count("modes", 5);
        constexpr std::size_t most = 1000000;
        if (modes > most) section.fail("modes", fmt::format("is {}; at most {}", modes, most));
        o.modes = static_cast<int>(modes);
    }
    o.mean_count = section.number("mean_count", 0.5);
    o.detector = read_detector(section);
    o.detector.mode_weights = std::move(weights);
    o.pattern = read_pattern(section, o.rows, o.columns);
    o.output = model::output_from(section.choice("output", model::output_names(), "auto"));
    return o;
}

std::vector<std::string> speckle_notes(const model::SpeckleOptions& o) {
    const std::string exposure = o.detector.exposure > 0 ? fmt::format("exposures of {} s in {} instants",
                                                                       o.detector.exposure, o.detector.substeps)
                                                         : "instantaneous exposures";
    std::vector<std::string> notes{fmt::format("{} {}pixels, {} frames of {} s, {} photons per pixel and frame, {}.",
                                               o.rows * o.columns, o.pattern.any() ? "" : "independent ", o.frames,
                                               o.frame_time, o.mean_count, exposure)};
    if (o.detector.layout) {
        const auto& l = *o.detector.layout;
        const auto [low, high] = std::minmax_element(l.q.begin(), l.q.end());
        notes.push_back(fmt::format("The detector spans q = {:.4f} to {:.4f} 1/angstrom.", *low, *high));
        if (!l.regions.empty())
            notes.push_back(fmt::format("{} q regions, {}, tau at the mean q of the pixels in use.", l.regions.size(),
                                        o.dynamics.spectral_terms > 0
                                            ? "fields that share the displacements of their scatterers"
                                            : "each an independent Gaussian field"));
    }
    if (model::thinned(o))
        notes.push_back(fmt::format(
            "Photons drawn one by one, the field at their candidates alone: exact, but for a chance of at most "
            "{:g} that a photon of this series is missing.",
            model::sparse_miss));
    else if (o.dynamics.spectral_terms > 0)
        notes.push_back(
            fmt::format("Field by {} with {} scatterers: Gaussian with their realised correlation, which is "
                        "the truth.",
                        model::method_of(o), o.dynamics.spectral_terms));
    else
        notes.push_back(fmt::format("Field by {}: exact.", model::method_of(o)));
    if (o.pattern.any())
        notes.push_back(fmt::format("Speckle with a grain of {:.3g} x {:.3g} pixels (rows x columns), {}.",
                                    o.pattern.rows.grain, o.pattern.columns.grain,
                                    o.pattern.moves() ? "a pattern that moves" : "a pattern at rest"));
    return notes;
}

namespace {

// The realisation of `key` as slabs.
SlabbedSet slabs_of(const model::SpeckleOptions& o, const StreamKey& key, const Dress& dress) {
    const auto generator = std::make_shared<const model::SeriesGenerator>(o, key);
    SlabbedSet slabs;
    slabs.set = dress({generator->frame(), model::truth_of(o, key)}, key);
    slabs.sparse = generator->sparse();
    slabs.block = model::SeriesGenerator::block();
    slabs.bytes = generator->bytes();
    slabs.slab = [generator](std::size_t begin, std::size_t end) { return generator->slab(begin, end); };
    return slabs;
}

}  // namespace

void make_speckle(Unit& unit, const model::SpeckleOptions& o, Dress dress) {
    unit.cost = cost_of(o);
    unit.generate = [o, dress](const UnitContext& context) {
        return dress(model::generate(o, context.key), context.key);
    };
    unit.slabs = [o, dress = std::move(dress)](const UnitContext& context) { return slabs_of(o, context.key, dress); };
}

double cost_of(const model::SpeckleOptions& o) {
    const double values = static_cast<double>(o.frames) * static_cast<double>(o.rows * o.columns);
    if (model::thinned(o)) {
        const double photons = values * (o.mean_count + o.detector.dark_counts);
        return photons * (3e-6 + static_cast<double>(o.frames) * (o.mean_count + o.detector.dark_counts) * 2e-9);
    }
    const double instants = static_cast<double>(o.detector.substeps);
    double each = 80e-9 * instants;
    const auto times = model::sample_times(o);
    if (model::method_for(model::dynamics_of(o), times) == model::MethodKind::cholesky)
        each += static_cast<double>(times.size()) * instants * 0.05e-9;
    const double pattern = o.pattern.any() ? model::pattern_work(o) * o.modes * 1e-10 : 0;
    return pattern + values * (o.modes * each + 100e-9 + static_cast<double>(o.frames) * 0.15e-9);
}

}  // namespace vitrum::pipeline
