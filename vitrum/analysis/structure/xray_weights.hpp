// Weights of partial structure factors in x-ray scattering, from the composition and the form factors.
#pragma once

#include <cstddef>
#include <vector>

#include "vitrum/core/atoms/form_factors.hpp"
#include "vitrum/core/data/trajectory.hpp"

namespace vitrum::analysis {

class XrayWeights {
public:
    explicit XrayWeights(const Trajectory& trajectory);

    // Whether all elements that have atoms stand in vitrum/core/atoms/form_factors.hpp; nothing else may be asked if
    // not.
    [[nodiscard]] bool known() const { return known_; }
    [[nodiscard]] double fraction(std::size_t a) const { return fraction_[a]; }
    // f of species a at q [1/angstrom], 0 if it has no atoms.
    [[nodiscard]] double form_factor(std::size_t a, double q) const { return factor_[a] ? (*factor_[a])(q) : 0; }
    [[nodiscard]] double mean(double q) const;         // <f>
    [[nodiscard]] double mean_square(double q) const;  // <f^2>
    // Faber-Ziman: c_a c_b f_a f_b/<f>^2; all pairs in both orders sum to 1.
    [[nodiscard]] double pair(std::size_t a, std::size_t b, double q) const;

private:
    bool known_ = true;
    std::vector<double> fraction_;
    std::vector<const FormFactor*> factor_;
};

}  // namespace vitrum::analysis
