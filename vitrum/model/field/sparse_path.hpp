// Intensity of one pixel at a few instants, in order of time: the field of all modes is drawn at each instant from its
// exact law given the field at the earlier ones, so that the cost goes by the instants that are looked at.
//
// seen(instant, height) says whether the intensity there is above `height`. Where the earlier instants leave that a
// chance below `miss`, it says no and draws nothing.
#pragma once

#include <cstddef>
#include <vector>

#include <boost/random/normal_distribution.hpp>

#include "vitrum/core/stream.hpp"
#include "vitrum/model/field/instant_kernel.hpp"

namespace vitrum::model {

class SparsePath {
public:
    // shares: of the modes, of sum 1. miss: the chance, for one question, to say no where yes is right.
    SparsePath(const InstantKernel& kernel, double static_fraction, std::vector<double> shares, double miss,
               std::size_t instants);

    // A new pixel.
    void start(Stream& stream);
    // Instants must not decrease. The intensity has mean 1.
    [[nodiscard]] bool seen(std::size_t instant, double height, Stream& stream);

    [[nodiscard]] std::size_t drawn() const { return drawn_; }  // instants that were drawn, all pixels

private:
    using Index = std::size_t;
    bool surely_below(std::size_t instant, double root) const;
    double predict(std::size_t instant);  // fills mean_ of the moving field, gives its variance
    double predict_markov(std::size_t instant);
    void append(std::size_t instant, double deviation);
    void make_room();
    double intensity(const std::vector<double>& moving) const;

    const InstantKernel& kernel_;
    double fixed_;                 // sqrt(f)
    double moving_;                // sqrt(1 - f)
    std::vector<double> weights_;  // share of each real component: twice each mode
    double reach_;                 // S stays below reach_^2 but for a chance of `miss`
    double pair_reach_;            // the same, were the last instant chosen among all
    boost::random::normal_distribution<double> normal_;

    // The lower triangular factor L of the kernel over the instants drawn, column by column: factor_[k * room_ + i].
    std::size_t room_ = 0;
    std::size_t size_ = 0;
    std::size_t begin_ = 0;  // the first instant that still matters
    std::vector<double> factor_;
    std::vector<double> inverse_;  // 1/L_kk
    std::vector<std::size_t> instants_;
    std::vector<double> white_;   // [row][component]: L times this is the field
    std::vector<double> row_;     // the next row of L
    std::vector<double> mean_;    // of the moving field at the next instant
    std::vector<double> field_;   // the moving field at the last instant drawn
    std::vector<double> static_;  // the field that never moves
    double static_root_ = 0;      // sqrt of its intensity, times sqrt(f)
    double last_ = 0;             // intensity at the last instant drawn
    std::size_t last_instant_ = 0;
    bool any_ = false;
    std::size_t drawn_ = 0;
};

}  // namespace vitrum::model
