// What an estimator gives: numbers with errors, curves, further data, and what is to be said of them.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "vitrum/core/data/data.hpp"
#include "vitrum/core/data/frames_summary.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum {

struct Findings {
    Abscissa part;  // of the data set: the q region that these belong to; empty for the whole
    std::vector<Estimate> estimates;
    // Covariance of the parameters that were fitted together; empty where there is none.
    std::vector<std::string> covariance_of;
    Eigen::MatrixXd covariance;
    std::vector<Curve> curves;                       // measured: g2, S(q), g(r), msd(t), ...
    std::vector<std::pair<std::string, Data>> data;  // ("map", two-time map), ("events", those found)
    std::shared_ptr<const FramesSummary> frames_summary;
    std::size_t frames = 0;
    std::size_t pixels = 0;          // that took part; 0 for what has none
    std::vector<std::string> notes;  // one sentence each
};

}  // namespace vitrum
