#include "model/speckle/series_law.hpp"

#include <algorithm>
#include <cmath>

#include "core/parallel.hpp"
#include "model/speckle/entry_variance.hpp"

namespace vitrum::model {

namespace {

Curve over_lags(const char* name, const char* y_name) {
    Curve curve;
    curve.name = name;
    curve.x_name = "lag";
    curve.x_unit = "s";
    curve.y_name = y_name;
    return curve;
}

}  // namespace

SeriesLaw::SeriesLaw(const Kernel& kernel, const SampleTimes& times, const Detector& detector,
                     const DrawnDetector& drawn, double mean_count, const std::vector<double>& mode_shares,
                     double event_rate, std::shared_ptr<const PatternLaw> pattern)
    : pattern_(std::move(pattern)),
      kernel_(kernel),
      times_(times),
      event_rate_(event_rate),
      background_(detector.background),
      static_speckle_(detector.static_speckle),
      dark_(detector.dark_counts),
      mu_(mean_count),
      beam_(drawn.beam),
      instants_(times.all()) {
    for (const double share : mode_shares)
        for (std::size_t r = 0; r < shares_.size(); ++r) shares_.at(r) += std::pow(share, r);
    coherence_ = shares_[2];
    double pixels = 0;
    for (std::size_t p = 0; p < drawn.gain.size(); ++p) {
        if (!drawn.used.empty() && drawn.used[p] == 0) continue;
        pixels += 1;
        gain_ += drawn.gain[p];
        gain_square_ += drawn.gain[p] * drawn.gain[p];
        counting_ += drawn.gain[p] > 0 ? 1 : 0;
        for (std::size_t k = 3; k < gains_.size(); ++k) gains_.at(k) += std::pow(drawn.gain[p], k);
    }
    gain_ /= pixels;
    gain_square_ /= pixels;
    counting_ /= pixels;
    pixels_ = pixels;
    for (double& power : gains_) power /= pixels;
    gains_[0] = counting_;
    gains_[1] = gain_;
    gains_[2] = gain_square_;
    steady_ = std::all_of(beam_.begin(), beam_.end(), [&](double s) { return s == beam_.front(); });
    for (const double t : instants_) {
        lambda_.push_back(kernel.clock.at(t));
        const auto& at = kernel.event_times;
        events_.push_back(static_cast<double>(std::upper_bound(at.begin(), at.end(), t) - at.begin()));
    }
}

double SeriesLaw::field_square(std::size_t i, std::size_t j) const {
    const std::size_t n = times_.substeps;
    const double f = kernel_.static_fraction;
    double sum = 0;
    for (std::size_t a = i * n; a < (i + 1) * n; ++a)
        for (std::size_t b = j * n; b < (j + 1) * n; ++b) {
            double g1 = 0;
            const double pattern = pattern_ ? pattern_->decay(a, b) : 1;
            if (event_rate_ > 0) {
                sum += pattern * mean_square_over_events(kernel_, event_rate_, instants_[a], instants_[b]);
                continue;
            }
            if (kernel_.form == KernelForm::internal_clock) {
                const double events = std::abs(events_[b] - events_[a]);
                g1 = std::exp(-std::pow(std::abs(lambda_[b] - lambda_[a]), kernel_.beta));
                if (events > 0) g1 *= std::pow(1 - kernel_.event_fraction, events);
                g1 = kernel_.overlap(instants_[a], instants_[b]) * (f + (1 - f) * g1);
            } else {
                g1 = kernel_(instants_[a], instants_[b]);
            }
            sum += pattern * g1 * g1;
        }
    return sum / static_cast<double>(n * n);
}

double SeriesLaw::product_of(double si, double sj, double r) const {
    const double moving = 1 - static_speckle_;
    const double x = moving * moving * r + static_speckle_ * static_speckle_ * (pattern_ ? pattern_->self() : 1);
    const double coherent = (1 - background_) * (1 - background_) * coherence_ * x;
    return si * sj * mu_ * mu_ * gain_square_ * (1 + coherent) + mu_ * dark_ * gain_ * (si + sj) +
           dark_ * dark_ * counting_;
}

double SeriesLaw::mean(std::size_t i) const { return beam_[i] * mu_ * gain_ + dark_ * counting_; }

double SeriesLaw::product(std::size_t i, std::size_t j) const {
    return product_of(beam_[i], beam_[j], field_square(i, j));
}

double SeriesLaw::correlation(std::size_t i, std::size_t j) const { return product(i, j) / (mean(i) * mean(j)); }

double SeriesLaw::entry_variance(std::size_t i, std::size_t j) const {
    const std::size_t n = times_.substeps;
    std::vector<double> instants;
    for (const std::size_t frame : {i, j})
        for (std::size_t s = 0; s < n; ++s) instants.push_back(instants_[frame * n + s]);
    TwoFrames two;
    two.g1 = kernel_.matrix(instants);
    two.shares = shares_;
    two.moving = (1 - background_) * (1 - static_speckle_);
    two.still = (1 - background_) * static_speckle_;
    two.flat = background_;
    two.level1 = mu_ * beam_[i];
    two.level2 = mu_ * beam_[j];
    two.dark = dark_;
    two.gains = gains_;
    two.pixels = pixels_;
    return model::entry_variance(two);
}

double SeriesLaw::correlation_of(double r) const { return product_of(beam_[0], beam_[0], r) / (mean(0) * mean(0)); }

Curve SeriesLaw::map_noise() const {
    std::vector<std::size_t> lags;
    for (std::size_t lag = 1; lag < times_.frames; lag = std::max(lag + 1, lag * 11 / 10)) lags.push_back(lag);
    Curve noise = over_lags("map_noise", "standard deviation of C");
    noise.x.resize(lags.size());
    noise.y.resize(lags.size());
    const bool one = kernel_.stationary() && steady_;
    for_each_block(lags.size(), 1, [&](std::size_t k, std::size_t, std::size_t) {
        const std::size_t pairs = times_.frames - lags[k];
        const std::size_t starts = one ? 1 : std::min<std::size_t>(pairs, 64);
        double sum = 0;
        for (std::size_t s = 0; s < starts; ++s) {
            const std::size_t i = s * pairs / starts;
            sum += entry_variance(i, i + lags[k]);
        }
        noise.x[k] = static_cast<double>(lags[k]) * times_.frame_time;
        noise.y[k] = std::sqrt(sum / static_cast<double>(starts));
    });
    return noise;
}

Curve SeriesLaw::g2() const {
    const std::size_t frames = times_.frames;
    Curve g2 = over_lags("g2", "g2");
    g2.x.resize(frames - 1);
    g2.y.resize(frames - 1);
    const bool one = lag_alone();
    for_each_block(frames - 1, 8, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t l = begin; l < end; ++l) {
            const std::size_t lag = l + 1;
            const std::size_t starts = one ? 1 : frames - lag;
            double sum = 0;
            for (std::size_t i = 0; i < starts; ++i) sum += correlation(i, i + lag);
            g2.x[l] = static_cast<double>(lag) * times_.frame_time;
            g2.y[l] = sum / static_cast<double>(starts);
        }
    });
    return g2;
}

}  // namespace vitrum::model
