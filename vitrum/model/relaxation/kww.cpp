#include "vitrum/model/relaxation/kww.hpp"

#include <cmath>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"

namespace vitrum::model {

double Kww::g1(double time) const { return std::exp(-std::pow(std::abs(time) / tau, beta)); }

double Kww::g1_squared(double time) const { return std::exp(-2 * std::pow(std::abs(time) / tau, beta)); }

void check(const Kww& kww) {
    if (!(kww.tau > 0) || !std::isfinite(kww.tau))
        throw InputError(fmt::format("tau = {} s: a relaxation time is positive", kww.tau));
    if (!(kww.beta > 0) || !(kww.beta <= 2))
        throw InputError(
            fmt::format("beta = {}: exp(-(t/tau)^beta) is positive definite only for 0 < beta <= 2, so no "
                        "Gaussian speckle field relaxes like this; choose beta in (0, 2]",
                        kww.beta));
}

}  // namespace vitrum::model
