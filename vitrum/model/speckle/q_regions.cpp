#include "vitrum/model/speckle/q_regions.hpp"

#include <cmath>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/model/relaxation/wavevector_law.hpp"
#include "vitrum/model/speckle/independent_pixels.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum::model {

namespace {

// Regions share the random numbers of rearrangements and differ in those of the field: by their block.
constexpr unsigned region_shift = 40;

class RegionField : public SpeckleField {
public:
    RegionField(const SpeckleOptions& o, const StreamKey& key)
        : frames_(o.frames), layout_(o.detector.layout), of_index_(1, 0) {
        SpeckleOptions none = o;
        none.detector.layout = nullptr;
        fields_.push_back(independent_pixels(none, key));
        for (const auto& region : layout_->regions) {
            of_index_.resize(static_cast<std::size_t>(region.index) + 1, 0);
            of_index_.back() = fields_.size();
            fields_.push_back(independent_pixels(region_options(o, region), key));
        }
    }

    void fill(std::size_t block, std::size_t begin, std::size_t end, float* out) const override {
        const std::size_t width = end - begin;
        std::vector<std::vector<std::size_t>> members(fields_.size());
        for (std::size_t p = begin; p < end; ++p) {
            const auto index = static_cast<std::size_t>(layout_->region[p]);
            members[index < of_index_.size() ? of_index_[index] : 0].push_back(p - begin);
        }
        std::vector<float> part;
        for (std::size_t i = 0; i < fields_.size(); ++i) {
            const std::size_t count = members[i].size();
            if (count == 0) continue;
            part.resize(frames_ * count);
            fields_[i]->fill(block | (i << region_shift), 0, count, part.data());
            for (std::size_t f = 0; f < frames_; ++f)
                for (std::size_t k = 0; k < count; ++k) out[f * width + members[i][k]] = part[f * count + k];
        }
    }

private:
    std::size_t frames_;
    std::shared_ptr<const DetectorLayout> layout_;
    std::vector<std::size_t> of_index_;  // place in fields_ of each region index
    std::vector<std::unique_ptr<SpeckleField>> fields_;
};

}  // namespace

double WavevectorDependence::factor(double q) const { return exponent == 0 ? 1 : std::pow(q / reference, -exponent); }

double WavevectorDependence::prefactor(double tau) const {
    return exponent == 0 ? 1 / tau : law_through(reference, tau, exponent, 1).prefactor;
}

bool has_regions(const SpeckleOptions& o) { return o.detector.layout && !o.detector.layout->regions.empty(); }

void check_wavevectors(const SpeckleOptions& o) {
    const WavevectorDependence& law = o.wavevector;
    if (!std::isfinite(law.exponent)) throw InputError("wavevector_exponent: it must be finite");
    if (law.exponent == 0) return;
    if (!has_regions(o))
        throw InputError(fmt::format(
            "wavevector_exponent = {}: tau depends on q only where the geometry has regions; give rings or q_edges",
            law.exponent));
    if (o.dynamics.has_stored())
        throw InputError(fmt::format(
            "wavevector_exponent = {}: a kernel_file has no tau that could depend on q; take wavevector_exponent = 0",
            law.exponent));
    if (!(law.reference > 0) || !std::isfinite(law.reference))
        throw InputError(
            fmt::format("reference_q = {} 1/angstrom: positive, the q at which tau is given", law.reference));
}

SpeckleOptions region_options(const SpeckleOptions& o, const DetectorLayout::Region& region) {
    SpeckleOptions own = o;
    own.rows = 1;
    own.columns = region.pixels;
    own.detector.layout = nullptr;
    const double factor = o.wavevector.factor(region.q);
    own.relaxation.tau *= factor;
    slow_down(own.dynamics, factor);
    own.wavevector = {};
    return own;
}

DrawnDetector region_detector(const DetectorLayout& layout, std::int32_t region, const DrawnDetector& drawn) {
    DrawnDetector own;
    own.beam = drawn.beam;
    own.lost = drawn.lost;
    for (std::size_t p = 0; p < drawn.gain.size(); ++p) {
        if (layout.region[p] != region || (!drawn.used.empty() && !drawn.used[p])) continue;
        own.gain.push_back(drawn.gain[p]);
        own.dark.push_back(drawn.dark[p]);
    }
    return own;
}

GroundTruth truth_of_regions(const SpeckleOptions& o, const StreamKey& key, const DrawnDetector& drawn) {
    GroundTruth truth;
    std::size_t with_tau = 0;
    for (const auto& region : o.detector.layout->regions) {
        const auto own = region_detector(*o.detector.layout, region.index, drawn);
        if (own.gain.empty()) continue;
        const Coordinate at{"region", region.index, region.q, "1/angstrom"};
        GroundTruth part = truth_of(region_options(o, region), key, own);
        if (part.find("tau", {})) ++with_tau;
        for (auto& row : part.rows) {
            row.abscissa.push_back(at);
            truth.rows.push_back(std::move(row));
        }
        for (std::size_t c = 0; c < part.curves.size(); ++c) {
            part.curves[c].name += fmt::format("_region_{}", region.index);
            truth.add(std::move(part.curves[c]), part.curve_origins[c]);
        }
    }
    if (with_tau < 2) return truth;
    truth.add("wavevector_exponent", {}, o.wavevector.exponent, o.origin);
    truth.add("wavevector_prefactor", {}, o.wavevector.prefactor(o.relaxation.tau), o.origin);
    return truth;
}

std::unique_ptr<SpeckleField> region_field(const SpeckleOptions& options, const StreamKey& key) {
    return std::make_unique<RegionField>(options, key);
}

}  // namespace vitrum::model
