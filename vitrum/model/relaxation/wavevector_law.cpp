#include "vitrum/model/relaxation/wavevector_law.hpp"

#include <cmath>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/model/relaxation/kww.hpp"

namespace vitrum::model {

double WavevectorLaw::tau(double q) const { return std::pow(q, -exponent) / prefactor; }

WavevectorLaw law_through(double q, double tau, double exponent, double beta) {
    if (!(q > 0) || !std::isfinite(q)) throw InputError(fmt::format("q = {} 1/angstrom: a wavevector is positive", q));
    check(Kww{tau, beta});
    return {std::pow(q, -exponent) / tau, exponent, beta};
}

void check(const WavevectorLaw& law) {
    if (!(law.prefactor > 0) || !std::isfinite(law.prefactor))
        throw InputError(fmt::format("wavevector_prefactor = {}: c of tau = 1/(c q^alpha) is positive", law.prefactor));
    if (!std::isfinite(law.exponent))
        throw InputError(fmt::format("wavevector_exponent = {}: it must be finite", law.exponent));
    check(Kww{1, law.beta});
}

void check_displacement_pair(double theta, double k) {
    const auto refuse = [&](const char* why) {
        throw InputError(
            fmt::format("displacements with theta = {}, k = {} (beta = {:.4g}) do not exist: {}; take an admissible "
                        "pair such as theta = 1, k = 2, or an independent field for every q region",
                        theta, k, theta * k, why));
    };
    if (!(k > 0) || !(k <= 2)) refuse("a stable law has an index 0 < k <= 2");
    if (!(theta > 0) || !std::isfinite(theta)) refuse("their width grows with time, so theta > 0");
    // beta = 1 is allowed on the boundary: theta = 1/k in rounded decimals.
    constexpr double rounding = 1e-9;
    if (k <= 1 && theta * k > 1 + rounding)
        refuse("stationary increments of index k <= 1 force theta <= 1/k, so beta <= 1");
    if (k > 1 && theta > 1 + rounding) refuse("stationary increments of index k > 1 force theta <= 1");
}

void check(const DisplacementLaw& law) {
    check_displacement_pair(law.theta, law.k);
    if (!(law.prefactor > 0) || !std::isfinite(law.prefactor))
        throw InputError(
            fmt::format("displacement_prefactor = {}: c of the width (c t)^theta is positive", law.prefactor));
}

}  // namespace vitrum::model
