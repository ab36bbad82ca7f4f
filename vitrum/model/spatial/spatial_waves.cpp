#include "vitrum/model/spatial/spatial_waves.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "vitrum/core/parallel.hpp"

namespace vitrum::model {

namespace {

constexpr double lowest_weight = 1e-4;  // of the peak of the spectrum
constexpr double padding = 3;           // grains
constexpr double points_per_grain = 256;

double period(double grain, double extent) { return extent + padding * grain; }

// Waves on each side of k = 0.
double waves_aside(double grain, double extent) {
    const double highest = std::sqrt(-2 * std::numbers::pi * std::log(lowest_weight)) / grain;
    return std::floor(highest * period(grain, extent) / (2 * std::numbers::pi));
}

}  // namespace

double waves_for(double grain, double extent) { return 2 * waves_aside(grain, extent) + 1; }

PlaneWaves::PlaneWaves(double grain, double extent) : step_(2 * std::numbers::pi / period(grain, extent)) {
    const auto aside = static_cast<int>(waves_aside(grain, extent));
    for (int j = -aside; j <= aside; ++j)
        weight_.push_back(std::exp(-std::pow(step_ * j * grain, 2) / (2 * std::numbers::pi)));
    const double sum = std::accumulate(weight_.begin(), weight_.end(), 0.0);
    for (double& weight : weight_) {
        weight /= sum;
        amplitude_.push_back(static_cast<float>(std::sqrt(weight)));
    }
}

double PlaneWaves::mu(double y) const {
    const auto aside = static_cast<std::ptrdiff_t>(size() / 2);
    double sum = weight_[size() / 2];
    for (std::ptrdiff_t j = 1; j <= aside; ++j)
        sum += 2 * weight_[static_cast<std::size_t>(aside + j)] * std::cos(step_ * static_cast<double>(j) * y);
    return sum;
}

void PlaneWaves::row(double y, std::size_t stride, std::complex<float>* row) const {
    const std::size_t middle = size() / 2;
    const std::complex<double> turn = std::polar(1.0, step_ * y);
    std::complex<double> wave = 1;
    row[middle * stride] = amplitude_[middle];
    for (std::size_t j = 1; j <= middle; ++j) {
        wave *= turn;
        const std::complex<float> value = amplitude_[middle + j] * std::complex<float>(wave);
        row[(middle + j) * stride] = value;
        row[(middle - j) * stride] = std::conj(value);
    }
}

GrainTable::GrainTable(const PlaneWaves& waves, double grain, double extent) : inverse_step_(points_per_grain / grain) {
    const auto points = static_cast<std::size_t>(std::ceil(extent * inverse_step_)) + 4;
    values_.resize(points);
    for_each_block(points, 1024, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
            values_[i] = std::pow(waves.mu((static_cast<double>(i) - 1) / inverse_step_), 2);
    });
}

double GrainTable::operator()(double y) const {
    const double place = std::abs(y) * inverse_step_;
    // A lag past the end by rounding is that of the end.
    const auto i = std::min(static_cast<std::size_t>(place), values_.size() - 4);
    const double u = place - static_cast<double>(i);
    const double* v = values_.data() + i;
    // Lagrange through the points -1, 0, 1, 2.
    return v[0] * (-u * (u - 1) * (u - 2) / 6) + v[1] * ((u + 1) * (u - 1) * (u - 2) / 2) +
           v[2] * (-(u + 1) * u * (u - 2) / 2) + v[3] * ((u + 1) * u * (u - 1) / 6);
}

}  // namespace vitrum::model
