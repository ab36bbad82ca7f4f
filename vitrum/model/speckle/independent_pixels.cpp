#include "vitrum/model/speckle/independent_pixels.hpp"

#include <algorithm>
#include <complex>
#include <vector>

#include <boost/random/exponential_distribution.hpp>

#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum::model {

namespace {

// Paths that are drawn together: enough columns for a matrix product, few enough to stay in the cache.
constexpr std::size_t paths_per_draw = 64;

// Sum over modes of weight * |E|^2 over the instants of the exposure, frame by frame.
void add_intensity(const std::complex<double>* paths, const SampleTimes& t, const std::vector<double>& weights,
                   std::vector<double>& sum) {
    for (std::size_t m = 0; m < weights.size(); ++m) {
        const auto* e = paths + m * t.size();
        for (std::size_t f = 0; f < t.frames; ++f)
            for (std::size_t s = 0; s < t.substeps; ++s) sum[f] += weights[m] * std::norm(e[f * t.substeps + s]);
    }
}

class IndependentPixels : public SpeckleField {
public:
    IndependentPixels(const SpeckleOptions& o, const StreamKey& key)
        : key_(key),
          times_(sample_times(o)),
          method_(make_field_method(kernel_of(o, key), times_)),
          shares_(mode_shares(o)),
          f_q_(o.detector.f_q),
          static_share_(o.detector.static_speckle) {
        // Equal modes are summed first and scaled once.
        const bool equal = o.detector.mode_weights.empty();
        weights_ = equal ? std::vector<double>(shares_.size(), 1.0) : shares_;
        scale_ = (equal ? 1.0 / o.modes : 1.0) / static_cast<double>(times_.substeps);
    }

    void fill(std::size_t block, std::size_t begin, std::size_t end, float* out) const override {
        const auto draws = method_->open();
        Stream stream(key_, Purpose::field, block);
        const std::size_t modes = shares_.size();
        const std::size_t width = end - begin;
        const std::size_t group = std::max<std::size_t>(1, paths_per_draw / modes);
        std::vector<double> sum(times_.frames);
        std::vector<std::complex<double>> paths(std::min(group, width) * modes * times_.size());
        for (std::size_t first = 0; first < width; first += group) {
            const std::size_t last = std::min(first + group, width);
            draws->draw(stream, (last - first) * modes, paths.data());
            for (std::size_t p = first; p < last; ++p) {
                std::fill(sum.begin(), sum.end(), 0.0);
                add_intensity(paths.data() + (p - first) * modes * times_.size(), times_, weights_, sum);
                const double fixed = static_share_ > 0 ? static_share_ * static_speckle(stream) : 0;
                for (std::size_t f = 0; f < times_.frames; ++f)
                    out[f * width + p] =
                        static_cast<float>((1 - static_share_) * (f_q_ * scale_ * sum[f] + 1 - f_q_) + fixed);
            }
        }
    }

private:
    double static_speckle(Stream& stream) const {
        boost::random::exponential_distribution<double> exponential(1.0);
        double sum = 0;
        for (const double share : shares_) sum += share * exponential(stream);
        return sum;
    }

    StreamKey key_;
    SampleTimes times_;
    std::unique_ptr<FieldMethod> method_;
    std::vector<double> shares_;
    std::vector<double> weights_;
    double f_q_;
    double static_share_;
    double scale_ = 1;
};

}  // namespace

std::unique_ptr<SpeckleField> independent_pixels(const SpeckleOptions& options, const StreamKey& key) {
    return std::make_unique<IndependentPixels>(options, key);
}

}  // namespace vitrum::model
