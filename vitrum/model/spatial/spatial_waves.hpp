// The plane waves of a speckle pattern along one axis: exp(i k_j y), k_j = 2 pi j/P, with weights S_j that sum to 1:
//   mu(y) = sum_j S_j cos(k_j y)
// S is the spectrum of exp(-pi y^2/(2 s^2)), cut where it is down to 1e-4 of its peak. P exceeds the extent in use by
// three grains, so that no two points in use see each other around the period (mu there: below 1e-6). mu of this finite
// set, not the Gaussian that it stands for, is the truth; the two differ by less than 1e-4.
#pragma once

#include <complex>
#include <cstddef>
#include <vector>

namespace vitrum::model {

class PlaneWaves {
public:
    // grain s and extent [pixels]
    PlaneWaves(double grain, double extent);

    [[nodiscard]] std::size_t size() const { return weight_.size(); }
    [[nodiscard]] double mu(double y) const;
    // sqrt(S_j) exp(i k_j y) into row[j * stride], j = 0 .. size().
    void row(double y, std::size_t stride, std::complex<float>* row) const;

private:
    double step_;                 // 2 pi/P [1/pixel]
    std::vector<double> weight_;  // S_j of j = -n .. n
    std::vector<float> amplitude_;
};

// How many waves PlaneWaves would take.
[[nodiscard]] double waves_for(double grain, double extent);

// |mu|^2 from a table: cubic between points s/256 apart, off by less than 1e-9. For the many pairs of a map.
class GrainTable {
public:
    GrainTable(const PlaneWaves& waves, double grain, double extent);
    [[nodiscard]] double operator()(double y) const;  // |y| up to the extent

private:
    double inverse_step_;
    std::vector<double> values_;  // from one step below 0
};

}  // namespace vitrum::model
