#include "vitrum/model/scattering/atom_speckle.hpp"

#include <complex>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "vitrum/core/atoms/xray_peak.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/model/scattering/reference.hpp"
#include "vitrum/model/scattering/scattering.hpp"

namespace vitrum::model {

AtomSpeckle atom_speckle(Trajectory trajectory, double half_width) {
    std::vector<AtomFrame>& frames = trajectory.frames;
    if (frames.size() < 2) throw InputError(fmt::format("speckle of {} frames; at least 2", frames.size()));
    std::vector<FormFactor> factors;
    for (const std::string& element : trajectory.elements) factors.push_back(find_form_factor(element));
    AtomSpeckle out;
    out.frame_time = frames[1].time - frames[0].time;
    for (std::size_t f = 0; f < frames.size(); ++f) frames[f].time = static_cast<double>(f) * out.frame_time;
    remove_drift(frames, trajectory.mass);
    const XrayPeak peak = first_xray_peak(frames, trajectory.species, factors);
    out.peak = peak.q;
    out.clear_peak = peak.inside;
    AtomsBehind& behind = out.behind;
    behind.wavevectors = wavevectors(frames.front().box, peak.q - half_width, peak.q + half_width);
    constexpr std::size_t fewest = 16;
    if (behind.wavevectors.size() < fewest)
        throw RunError(
            fmt::format("only {} wavevectors of the box lie within {} of the peak at {:.3f} 1/angstrom; use "
                        "more atoms or a larger wavevector_half_width",
                        behind.wavevectors.size(), half_width, peak.q));
    const std::vector<std::complex<double>> amplitudes =
        xray_amplitudes(frames, trajectory.species, factors, behind.wavevectors);
    check_interrupt();
    const QBins bins = make_bins(behind.wavevectors);
    behind.intensity = speckle_intensity(amplitudes, frames.size(), bins);
    behind.reference = reference(amplitudes, frames.size(), bins, out.frame_time);
    for (const FormFactor& f : factors) behind.weight.push_back(f(peak.q) * f(peak.q));
    behind.trajectory = std::move(trajectory);
    return out;
}

}  // namespace vitrum::model
