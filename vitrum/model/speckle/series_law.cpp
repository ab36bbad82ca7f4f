#include "vitrum/model/speckle/series_law.hpp"

#include <algorithm>
#include <cmath>

#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/core/parallel.hpp"
#include "vitrum/model/field/entry_variance.hpp"

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
                     std::shared_ptr<const PatternLaw> pattern)
    : pattern_(std::move(pattern)),
      on_(kernel, times.all()),
      population_(kernel.random_dynamics()),
      times_(times),
      background_(detector.background),
      static_speckle_(detector.static_speckle),
      f_q_(detector.f_q),
      mu_(mean_count),
      lost_(drawn.lost),
      beam_(drawn.beam) {
    for (const double share : mode_shares)
        for (std::size_t r = 0; r < shares_.size(); ++r) shares_.at(r) += std::pow(share, r);
    for (std::size_t p = 0; p < drawn.gain.size(); ++p) {
        if (!drawn.used.empty() && drawn.used[p] == 0) continue;
        pixels_ += 1;
        if (drawn.gain[p] == 0) continue;
        const double dark = drawn.dark[p];
        auto place = std::find_if(classes_.begin(), classes_.end(), [&](const auto& c) { return c.dark == dark; });
        if (place == classes_.end()) place = classes_.insert(classes_.end(), PixelClass{dark, {}});
        double power = 1;
        for (double& sum : place->gains) {
            sum += power;
            power *= drawn.gain[p];
        }
    }
    for (auto& c : classes_)
        for (double& power : c.gains) power /= pixels_;
    steady_ = std::all_of(beam_.begin(), beam_.end(), [&](double s) { return s == beam_.front(); });
}

double SeriesLaw::average(std::size_t gain, std::size_t dark) const {
    double sum = 0;
    for (const auto& c : classes_) {
        double term = c.gains.at(gain);
        for (std::size_t k = 0; k < dark; ++k) term *= c.dark;
        sum += term;
    }
    return sum;
}

double SeriesLaw::field_square(std::size_t i, std::size_t j) const {
    const std::size_t n = times_.substeps;
    double sum = 0;
    for (std::size_t a = i * n; a < (i + 1) * n; ++a)
        for (std::size_t b = j * n; b < (j + 1) * n; ++b) {
            const double pattern = pattern_ ? pattern_->decay(a, b) : 1;
            if (population_) {
                sum += pattern * on_.powers(a, b)[2];
            } else {
                const double g1 = on_(a, b);
                sum += pattern * g1 * g1;
            }
        }
    return sum / static_cast<double>(n * n);
}

double SeriesLaw::product_of(double si, double sj, double r) const {
    const double moving = (1 - static_speckle_) * f_q_;
    const double x = moving * moving * r + static_speckle_ * static_speckle_ * (pattern_ ? pattern_->self() : 1);
    const double coherent = (1 - background_) * (1 - background_) * shares_[2] * x;
    return si * sj * mu_ * mu_ * average(2, 0) * (1 + coherent) + mu_ * average(1, 1) * (si + sj) + average(0, 2);
}

bool SeriesLaw::delivered(std::size_t i) const { return lost_.empty() || !lost_[i]; }

double SeriesLaw::mean(std::size_t i) const {
    return delivered(i) ? beam_[i] * mu_ * average(1, 0) + average(0, 1) : 0;
}

double SeriesLaw::product(std::size_t i, std::size_t j) const {
    return delivered(i) && delivered(j) ? product_of(beam_[i], beam_[j], field_square(i, j)) : 0;
}

double SeriesLaw::correlation(std::size_t i, std::size_t j) const { return product(i, j) / (mean(i) * mean(j)); }

double SeriesLaw::entry_variance(std::size_t i, std::size_t j) const {
    const std::size_t n = times_.substeps;
    std::vector<std::size_t> instants;
    for (const std::size_t frame : {i, j})
        for (std::size_t s = 0; s < n; ++s) instants.push_back(frame * n + s);
    TwoFrames two;
    const auto size = static_cast<Eigen::Index>(instants.size());
    two.g1.resize(size, size);
    for (Eigen::Index b = 0; b < size; ++b)
        for (Eigen::Index a = 0; a < size; ++a)
            two.g1(a, b) = on_(instants[static_cast<std::size_t>(a)], instants[static_cast<std::size_t>(b)]);
    two.shares = shares_;
    two.moving = (1 - background_) * (1 - static_speckle_) * f_q_;
    two.still = (1 - background_) * static_speckle_;
    two.flat = background_ + (1 - background_) * (1 - static_speckle_) * (1 - f_q_);
    two.level1 = mu_ * beam_[i];
    two.level2 = mu_ * beam_[j];
    two.classes = classes_;
    two.pixels = pixels_;
    return model::entry_variance(two);
}

double SeriesLaw::correlation_of(double r) const {
    const auto lit = std::find_if(beam_.begin(), beam_.end(), [](double s) { return s > 0; });
    const double m = mean(static_cast<std::size_t>(lit - beam_.begin()));
    return product_of(*lit, *lit, r) / (m * m);
}

Curve SeriesLaw::map_noise() const {
    std::vector<std::size_t> lags;
    for (std::size_t lag = 1; lag < times_.frames; lag = std::max(lag + 1, lag * 11 / 10)) lags.push_back(lag);
    Curve noise = over_lags("map_noise", "standard deviation of C");
    noise.x.resize(lags.size());
    noise.y.resize(lags.size());
    const bool one = on_.kernel().stationary_in_law() && steady_;
    for_each_block(lags.size(), 1, [&](std::size_t k, std::size_t, std::size_t) {
        const std::size_t pairs = times_.frames - lags[k];
        const std::size_t starts = one ? 1 : std::min<std::size_t>(pairs, 64);
        double sum = 0;
        std::size_t seen = 0;
        for (std::size_t s = 0; s < starts; ++s) {
            const std::size_t i = s * pairs / starts;
            if (mean(i) == 0 || mean(i + lags[k]) == 0) continue;
            sum += entry_variance(i, i + lags[k]);
            ++seen;
        }
        noise.x[k] = static_cast<double>(lags[k]) * times_.frame_time;
        noise.y[k] = std::sqrt(sum / static_cast<double>(seen));
    });
    return noise;
}

template <class Of>
Curve SeriesLaw::each_lag(const char* name, const char* y_name, Of&& of) const {
    const std::size_t frames = times_.frames;
    Curve curve = over_lags(name, y_name);
    curve.x.resize(frames - 1);
    curve.y.resize(frames - 1);
    const bool one = lag_alone();
    for_each_block(frames - 1, 8, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t l = begin; l < end; ++l) {
            curve.x[l] = static_cast<double>(l + 1) * times_.frame_time;
            curve.y[l] = of(l + 1, one ? 1 : frames - l - 1);
        }
    });
    return curve;
}

Curve SeriesLaw::g2() const {
    return each_lag("g2", "g2", [&](std::size_t lag, std::size_t starts) {
        if (lag_alone()) return correlation_of(field_square(0, lag));
        double sum = 0;
        double seen = 0;
        for (std::size_t i = 0; i < starts; ++i) {
            if (mean(i) == 0 || mean(i + lag) == 0) continue;
            sum += correlation(i, i + lag);
            ++seen;
        }
        return sum / seen;
    });
}

Curve SeriesLaw::field_map() const {
    const std::size_t n = times_.frames;
    const auto middle = [&](std::size_t f) { return f * times_.substeps + times_.substeps / 2; };
    Curve map = over_lags("g1", "g1(t1, t2)");
    map.x.resize(n * (n - 1) / 2);
    map.y.resize(map.x.size());
    for_each_block(n - 1, 16, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            std::size_t at = i * (2 * n - i - 1) / 2;
            for (std::size_t j = i + 1; j < n; ++j, ++at) {
                map.x[at] = static_cast<double>(j - i) * times_.frame_time;
                map.y[at] = on_(middle(i), middle(j));
            }
        }
    });
    return map;
}

std::vector<double> SeriesLaw::along(std::size_t lag) const {
    std::vector<double> values;
    for (std::size_t i = 0; i + lag < times_.frames; ++i)
        if (mean(i) != 0 && mean(i + lag) != 0) values.push_back(correlation(i, i + lag));
    return values;
}

Curve SeriesLaw::variance_over_time() const {
    return each_lag("chi4_run", "Var C", [&](std::size_t lag, std::size_t starts) {
        // About the first value: a steady series has exactly none.
        double first = not_a_number;
        double sum = 0;
        double squares = 0;
        double seen = 0;
        for (std::size_t i = 0; i < starts; ++i) {
            if (mean(i) == 0 || mean(i + lag) == 0) continue;
            if (seen++ == 0) first = correlation(i, i + lag);
            const double c = correlation(i, i + lag) - first;
            sum += c;
            squares += c * c;
        }
        return squares / seen - sum * sum / (seen * seen);
    });
}

Curve SeriesLaw::variance_over_realisations() const {
    const double slope = correlation_of(1) - correlation_of(0);
    return each_lag("chi4_population", "Var C", [&](std::size_t lag, std::size_t starts) {
        double sum = 0;
        for (std::size_t i = 0; i < starts; ++i) {
            const Powers p = on_.powers(i, i + lag);
            const double pattern = pattern_ ? pattern_->decay(i, i + lag) : 1;
            sum += pattern * pattern * (p[4] - p[2] * p[2]);
        }
        return slope * slope * std::max(0.0, sum) / static_cast<double>(starts);
    });
}

}  // namespace vitrum::model
