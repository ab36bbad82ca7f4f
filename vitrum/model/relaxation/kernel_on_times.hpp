// A kernel on a list of times: clocks and events are looked up once for each time, not for each pair.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include <Eigen/Core>

#include "vitrum/model/relaxation/kernel.hpp"

namespace vitrum::model {

// <x^k> of a random variable, k = 0 .. 4.
using Powers = std::array<double, 5>;

class KernelOnTimes {
public:
    KernelOnTimes(Kernel kernel, std::span<const double> times);  // [s] ages

    [[nodiscard]] std::size_t size() const { return times_.size(); }
    [[nodiscard]] const Kernel& kernel() const { return kernel_; }
    [[nodiscard]] double operator()(std::size_t i, std::size_t j) const;  // g1
    [[nodiscard]] double moving(std::size_t i, std::size_t j) const;      // without what never moves
    [[nodiscard]] double clock(std::size_t i) const { return lambda_[i]; }
    [[nodiscard]] Eigen::MatrixXd matrix() const;
    [[nodiscard]] Eigen::MatrixXd moving_matrix() const;

    // <g1^k> over what is still to be drawn; exact where kernel().known_population().
    [[nodiscard]] Powers powers(std::size_t i, std::size_t j) const;

private:
    [[nodiscard]] double alone(std::size_t i, std::size_t j) const;  // without f and h
    [[nodiscard]] double own(std::size_t i, std::size_t j) const;    // p
    [[nodiscard]] Powers moving_powers(std::size_t i, std::size_t j) const;

    Kernel kernel_;
    std::vector<double> times_;
    std::vector<double> lambda_;     // clock, drawn path included
    std::vector<double> events_;     // rearrangements until each time
    std::vector<double> tau_;        // Paciorek-Schervish
    std::vector<Eigen::Index> row_;  // of a stored kernel, or of drawn scatterers
    std::vector<KernelOnTimes> sum_;
    std::vector<KernelOnTimes> product_;
};

}  // namespace vitrum::model
