#include "vitrum/model/detector/photon_counting.hpp"

#include <boost/random/poisson_distribution.hpp>

namespace vitrum::model {

void count_photons(const float* intensity, std::size_t count, double mean, Stream stream, float* counts) {
    for (std::size_t i = 0; i < count; ++i) {
        const double rate = mean * static_cast<double>(intensity[i]);
        counts[i] = rate > 0
                        ? static_cast<float>(boost::random::poisson_distribution<std::int64_t, double>(rate)(stream))
                        : 0.0F;
    }
}

}  // namespace vitrum::model
