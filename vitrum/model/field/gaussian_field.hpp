// Stationary complex Gaussian field on a uniform time grid by circulant embedding (FFTW): exact, <E(t1) E*(t2)> =
// g1(t2 - t1), <|E|^2> = 1. Eigenvalues below zero by rounding are clipped; the clipped weight is kept and bounded.
#pragma once

#include <complex>
#include <cstddef>
#include <functional>
#include <vector>

#include "vitrum/core/stream.hpp"

namespace vitrum::model {

class GaussianField {
public:
    // g1(k) for k = 0 .. frames-1 frames of lag. Doubles the embedding up to 64 times the length until it is positive
    // to 1e-8 of the largest eigenvalue; throws InputError naming the smallest eigenvalue if it never is.
    GaussianField(std::size_t frames, const std::function<double(double)>& g1_of_lag_in_frames);
    ~GaussianField();
    GaussianField(const GaussianField&) = delete;
    GaussianField& operator=(const GaussianField&) = delete;

    [[nodiscard]] std::size_t frames() const { return frames_; }
    [[nodiscard]] std::size_t embedding() const { return amplitude_.size(); }
    // Negative over positive eigenvalue weight that was clipped.
    [[nodiscard]] double clipped() const { return clipped_; }

    // One path, into out[0 .. frames). `work` is reused between calls; safe for threads with one work each.
    struct Work;
    [[nodiscard]] Work make_work() const;
    const std::complex<double>* draw(Stream& stream, Work& work) const;

private:
    std::size_t frames_;
    std::vector<double> amplitude_;  // sqrt(eigenvalue / length)
    double clipped_ = 0;
    void* plan_ = nullptr;
};

struct GaussianField::Work {
    explicit Work(std::size_t length);
    ~Work();
    Work(Work&& other) noexcept : data(other.data) { other.data = nullptr; }
    Work& operator=(Work&&) = delete;
    std::complex<double>* data;  // fftw_malloc: alignment keeps the bits
};

}  // namespace vitrum::model
