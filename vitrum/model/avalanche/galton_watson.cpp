#include "vitrum/model/avalanche/galton_watson.hpp"

#include <array>
#include <cmath>
#include <limits>

#include <boost/math/special_functions/lambert_w.hpp>
#include <boost/random/gamma_distribution.hpp>
#include <boost/random/poisson_distribution.hpp>
#include <fmt/format.h>

#include "vitrum/core/error.hpp"

namespace vitrum::model {

namespace {

constexpr std::array names{"geometric", "poisson"};
constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

std::vector<std::string> offspring_names() { return {names.begin(), names.end()}; }

Offspring offspring_from(std::string_view text) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names.at(i) == text) return static_cast<Offspring>(i);
    throw InputError(fmt::format("offspring = \"{}\" is unknown{}", text, suggestion(text, offspring_names())));
}

double GaltonWatson::probability(std::uint64_t size) const {
    if (size == 0) return 0;
    if (mean == 0) return size == 1 ? 1 : 0;
    const double s = static_cast<double>(size);
    if (offspring == Offspring::poisson) return std::exp(-mean * s + (s - 1) * std::log(mean * s) - std::lgamma(s + 1));
    return std::exp(std::lgamma(2 * s - 1) - std::lgamma(s) - std::lgamma(s + 1) + (s - 1) * std::log(mean) -
                    (2 * s - 1) * std::log1p(mean));
}

double GaltonWatson::generating(double z) const {
    if (z <= 0) return 0;
    if (mean == 0) return z;
    // At m = 1, z = 1 the argument is the branch point -1/e, which rounding may pass.
    if (offspring == Offspring::poisson)
        return -boost::math::lambert_w0(std::max(-std::exp(-1.0), -mean * z * std::exp(-mean))) / mean;
    return 2 * z / (1 + mean + std::sqrt(std::max(0.0, (1 + mean) * (1 + mean) - 4 * mean * z)));
}

double GaltonWatson::mean_size() const { return mean < 1 ? 1 / (1 - mean) : infinity; }

double GaltonWatson::variance_of_size() const {
    const double v = offspring == Offspring::poisson ? mean : mean * (1 + mean);
    return mean < 1 ? v / std::pow(1 - mean, 3) : infinity;
}

std::uint64_t GaltonWatson::draw(Stream& stream) const {
    constexpr std::int64_t most = 1'000'000'000'000'000;
    std::int64_t living = 1;
    std::int64_t size = 1;
    while (living > 0 && size < most) {
        // The children of n: Poisson(n m), with a gamma variate of shape n for n if each has geometrically many.
        const double n = static_cast<double>(living);
        const double expected =
            mean * (offspring == Offspring::poisson ? n : boost::random::gamma_distribution<double>(n, 1.0)(stream));
        living = expected > 0 ? boost::random::poisson_distribution<std::int64_t>(expected)(stream) : 0;
        size += living;
    }
    return static_cast<std::uint64_t>(std::min(size, most));
}

void check(const GaltonWatson& sizes) {
    if (!(sizes.mean >= 0) || !(sizes.mean <= 1))
        throw InputError(
            fmt::format("offspring_mean = {}: each event sets off between 0 and 1 others in the mean, else an "
                        "avalanche may never end",
                        sizes.mean));
}

}  // namespace vitrum::model
