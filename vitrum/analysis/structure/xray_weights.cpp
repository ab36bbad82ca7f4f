#include "vitrum/analysis/structure/xray_weights.hpp"

#include <string_view>

#include "vitrum/analysis/structure/frame_average.hpp"

namespace vitrum::analysis {

XrayWeights::XrayWeights(const Trajectory& trajectory) {
    for (const std::size_t n : species_counts(trajectory))
        fraction_.push_back(static_cast<double>(n) / static_cast<double>(trajectory.atoms()));
    for (std::size_t a = 0; a < fraction_.size(); ++a) {
        factor_.push_back(nullptr);
        for (const FormFactor& f : form_factors())
            if (f.element == std::string_view(trajectory.elements[a])) factor_[a] = &f;
        if (!factor_[a] && fraction_[a] > 0) known_ = false;
    }
}

double XrayWeights::mean(double q) const {
    double sum = 0;
    for (std::size_t a = 0; a < fraction_.size(); ++a) sum += fraction_[a] * form_factor(a, q);
    return sum;
}

double XrayWeights::mean_square(double q) const {
    double sum = 0;
    for (std::size_t a = 0; a < fraction_.size(); ++a) sum += fraction_[a] * form_factor(a, q) * form_factor(a, q);
    return sum;
}

double XrayWeights::pair(std::size_t a, std::size_t b, double q) const {
    return fraction_[a] * fraction_[b] * form_factor(a, q) * form_factor(b, q) / (mean(q) * mean(q));
}

}  // namespace vitrum::analysis
