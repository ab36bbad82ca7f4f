#include "vitrum/analysis/correlation/errors/group_lag_sums.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "vitrum/analysis/correlation/products/events_by_pixel.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/core/numerics/fft.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

// The next length of 2, 3 and 5 alone that keeps lags from wrapping around.
std::size_t padded_length(std::size_t frames) {
    for (std::size_t n = 2 * frames;; ++n) {
        std::size_t rest = n;
        for (const std::size_t prime : {2UL, 3UL, 5UL})
            while (rest % prime == 0) rest /= prime;
        if (rest == 1) return n;
    }
}

// sum_t x(t) x(t+lag) for all lags, added up over many series: power spectra are summed, one transform goes back.
class AutocorrelationSum {
public:
    explicit AutocorrelationSum(std::size_t frames)
        : frames_(frames),
          length_(padded_length(frames)),
          real_(fft_real(length_)),
          spectrum_(fft_complex(length_ / 2 + 1)),
          forward_([&] {
              return fftw_plan_dft_r2c_1d(static_cast<int>(length_), real_.get(), spectrum_.get(), FFTW_ESTIMATE);
          }),
          backward_([&] {
              return fftw_plan_dft_c2r_1d(static_cast<int>(length_), spectrum_.get(), real_.get(), FFTW_ESTIMATE);
          }),
          power_(length_ / 2 + 1, 0.0) {}

    void add(const double* x) {
        std::copy_n(x, frames_, real_.get());
        std::fill(real_.get() + frames_, real_.get() + length_, 0.0);
        forward_.execute();
        const fftw_complex* spectrum = spectrum_.get();
        for (std::size_t k = 0; k < power_.size(); ++k)
            power_[k] += spectrum[k][0] * spectrum[k][0] + spectrum[k][1] * spectrum[k][1];
    }
    const double* sums() {
        fftw_complex* spectrum = spectrum_.get();
        for (std::size_t k = 0; k < power_.size(); ++k) {
            spectrum[k][0] = power_[k] / static_cast<double>(length_);
            spectrum[k][1] = 0;
        }
        backward_.execute();
        return real_.get();
    }
    [[nodiscard]] std::size_t length() const { return length_; }

private:
    std::size_t frames_;
    std::size_t length_;
    FftReal real_;
    FftComplex spectrum_;
    FftPlan forward_;
    FftPlan backward_;
    std::vector<double> power_;
};

// Sums of one group: each pixel goes pair by pair or by transform, by the number of its photons' frames alone, so that
// dense and sparse frames of the same data go the same way to the same bits.
class GroupSums {
public:
    explicit GroupSums(std::size_t frames)
        : transforms_(frames),
          // One step of a transform costs about as much as one pair.
          cost_(static_cast<double>(transforms_.length()) * std::log2(static_cast<double>(transforms_.length()))),
          direct_(Eigen::VectorXd::Zero(static_cast<Eigen::Index>(frames))),
          mean_(Eigen::RowVectorXd::Zero(static_cast<Eigen::Index>(frames))) {}

    // x of one pixel in all frames; `lit` are the frames where it is not 0, in order.
    void add(const double* x, const std::vector<std::uint32_t>& lit) {
        for (const auto f : lit) mean_(f) += x[f];
        const auto n = static_cast<double>(lit.size());
        if (n * n > cost_) {
            transforms_.add(x);
            return;
        }
        for (std::size_t a = 0; a < lit.size(); ++a) {
            const double own = x[lit[a]];
            for (std::size_t b = a; b < lit.size(); ++b) direct_(lit[b] - lit[a]) += own * x[lit[b]];
        }
    }
    [[nodiscard]] Eigen::VectorXd lag_sums() {
        return direct_ + Eigen::Map<const Eigen::VectorXd>(transforms_.sums(), direct_.size());
    }
    [[nodiscard]] const Eigen::RowVectorXd& sums() const { return mean_; }

private:
    AutocorrelationSum transforms_;
    double cost_;
    Eigen::VectorXd direct_;
    Eigen::RowVectorXd mean_;
};

void add_dense(const SpeckleSeries& s, const std::uint32_t* pixels, std::size_t count, const std::vector<double>& scale,
               GroupSums& sums) {
    constexpr std::size_t together = 16;  // pixels that share cache lines
    std::vector<double> x(together * s.frames);
    std::vector<std::uint32_t> lit;
    for (std::size_t first = 0; first < count; first += together) {
        check_interrupt();
        const std::size_t n = std::min(together, count - first);
        for (std::size_t f = 0; f < s.frames; ++f) {
            const float* row = s.counts.data() + f * s.pixels();
            for (std::size_t i = 0; i < n; ++i)
                x[i * s.frames + f] = scale[f] * static_cast<double>(row[pixels[first + i]]);
        }
        for (std::size_t i = 0; i < n; ++i) {
            const double* own = x.data() + i * s.frames;
            lit.resize(s.frames);
            std::size_t k = 0;
            for (std::size_t f = 0; f < s.frames; ++f) {
                lit[k] = static_cast<std::uint32_t>(f);
                k += own[f] != 0 ? 1 : 0;
            }
            lit.resize(k);
            sums.add(own, lit);
        }
    }
}

void add_sparse(const EventsByPixel& all, std::size_t first, std::size_t last, const std::vector<double>& scale,
                GroupSums& sums) {
    std::vector<double> x(scale.size(), 0.0);
    std::vector<std::uint32_t> lit;
    for (std::size_t i = first; i < last; ++i) {
        lit.clear();
        for (const auto [frame, count] : all.of(i)) {
            x[frame] = scale[frame] * count;
            if (x[frame] != 0) lit.push_back(frame);
        }
        sums.add(x.data(), lit);
        for (const auto f : lit) x[f] = 0;
    }
}

}  // namespace

GroupLagSums group_lag_sums(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels, std::size_t groups,
                            const std::vector<double>& scale) {
    const auto frames = static_cast<Eigen::Index>(s.frames);
    GroupLagSums out;
    out.lag_sums = Eigen::MatrixXd::Zero(frames, static_cast<Eigen::Index>(groups));
    out.means = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(groups), frames);
    std::optional<EventsByPixel> events;
    if (s.sparse()) events.emplace(s, pixels);
    for_each_block(groups, 1, [&](std::size_t group, std::size_t, std::size_t) {
        check_interrupt();
        const std::size_t first = group * pixels.size() / groups;
        const std::size_t last = (group + 1) * pixels.size() / groups;
        const auto g = static_cast<Eigen::Index>(group);
        GroupSums sums(s.frames);
        if (s.sparse())
            add_sparse(*events, first, last, scale, sums);
        else
            add_dense(s, pixels.data() + first, last - first, scale, sums);
        out.lag_sums.col(g) = sums.lag_sums();
        out.means.row(g) = sums.sums() / static_cast<double>(last - first);
    });
    return out;
}

NormalisationPull::NormalisationPull(const Eigen::MatrixXd& means)
    : means_(means),
      sums_(Eigen::MatrixXd::Zero(means.rows(), means.cols())),
      total_(Eigen::VectorXd::Zero(means.cols())) {}

void NormalisationPull::add(std::size_t first_row, std::size_t last_row,
                            const std::function<const double*(std::size_t)>& row) {
    const auto groups = static_cast<std::size_t>(means_.rows());
    const auto frames = static_cast<std::size_t>(means_.cols());
    constexpr std::size_t lags = 64;
    for_each_block(frames, lags, [&](std::size_t, std::size_t first, std::size_t last) {
        check_interrupt();
        for (std::size_t t = first_row; t < last_row && t + first < frames; ++t) {
            const double* early = means_.data() + t * groups;
            const double* values = row(t);
            for (std::size_t lag = first; lag < std::min(last, frames - t); ++lag) {
                const double c = values[t + lag];
                if (std::isnan(c)) continue;
                total_(static_cast<Eigen::Index>(lag)) += c;
                const double* late = means_.data() + (t + lag) * groups;
                double* out = sums_.data() + lag * groups;
                for (std::size_t g = 0; g < groups; ++g) out[g] += c * (early[g] + late[g]);
            }
        }
    });
}

Eigen::MatrixXd NormalisationPull::result() const { return (sums_.rowwise() - total_.transpose()).transpose(); }

Eigen::MatrixXd normalisation_pull(const TwoTimeMap& map, const Eigen::MatrixXd& means) {
    NormalisationPull pull(means);
    pull.add(0, map.frames, [&](std::size_t t) { return map.values.data() + t * map.frames; });
    return pull.result();
}

}  // namespace vitrum::analysis
