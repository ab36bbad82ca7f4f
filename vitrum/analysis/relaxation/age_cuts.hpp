// g2 at different ages of one run, from cuts through the two-time map (Bikondoa 2017):
//   forward   pairs whose earlier frame lies in the window of ages (horizontal or vertical cut);
//   centred   pairs whose mean time (t1 + t2)/2 lies in it (cut perpendicular to the diagonal).
// Of a sample whose tau grows, the forward cut reads tau later than it says: 4 % too long and beta 0.05 too low at
// tau = tau*/12, 36 % and 0.35 at tau = tau*/2; the centred cut is right to 1 % there. Both ages are mean times of the
// frames in the window.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "vitrum/analysis/correlation/two_time.hpp"
#include "vitrum/analysis/relaxation/kww.hpp"
#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

enum class AgeCut { forward, centred };

struct AgeWindow {
    std::size_t first = 0;  // frames first .. last-1
    std::size_t last = 0;
};

struct AgeOptions {
    AgeCut cut = AgeCut::centred;
    std::vector<AgeWindow> windows;  // may overlap; empty: see `ages`
    std::size_t ages = 8;            // windows of equal length over the whole run
    std::size_t max_lag = 0;         // [frames]; 0 = all that the cut holds
    double first_frame = 0;          // [time_unit] age of the first frame
};

struct AgeG2 {
    std::size_t index = 0;  // of the window
    double age = 0;         // [time_unit]
    Curve g2;               // lags that have at least one pair; weight = pairs
};

// Values and pairs only. Throws InputError: no ages, or a window outside the run.
[[nodiscard]] std::vector<AgeG2> g2_by_age(const TwoTimeMap& map, const AgeOptions& options);

// With errors: leaving out groups of pixels, the same groups for every age, so that the ages' covariance is known.
[[nodiscard]] std::vector<AgeG2> g2_by_age(const SpeckleSeries& series, const TwoTimeOptions& map_options,
                                           const AgeOptions& options);

// KWW fit of every age. `tau`: x = age, y = tau, of the ages whose fit is clean; errors and covariance between ages
// where g2 has them. `rows`: tau and beta at abscissa age, each with its status.
struct TauByAge {
    Curve tau;
    std::vector<Estimate> rows;
};
[[nodiscard]] TauByAge tau_by_age(const std::vector<AgeG2>& ages, const KwwOptions& options);

}  // namespace vitrum::analysis
