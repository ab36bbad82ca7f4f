// Estimators of atoms: each reads a trajectory (keys of trajectory_input.hpp) and its own options.
#include <fmt/format.h>

#include "analysis/dynamics/msd.hpp"
#include "analysis/dynamics/scattering_functions.hpp"
#include "core/error.hpp"
#include "scenarios/estimator_rows.hpp"
#include "scenarios/trajectory_input.hpp"

namespace vitrum::scenarios {

namespace {

namespace fs = std::filesystem;

// Every option is read and checked before the trajectory is.
Trajectory trajectory_of(const fs::path& path, Section& options) {
    const auto how = trajectory_options(options);
    options.finish();
    return io::read_trajectory(path, how);
}

double positive(Section& options, const char* key, Dimension dimension, double fallback) {
    const double value = options.quantity(key, dimension, fallback);
    if (!(value > 0)) options.fail(key, fmt::format("is {}; positive", value));
    return value;
}

// longest [frames], per_decade, origin_stride, remove_drift
analysis::LagOptions lag_options(Section& options) {
    analysis::LagOptions o;
    const auto longest = options.integer("longest", 0);
    const auto per_decade = options.integer("per_decade", static_cast<std::int64_t>(o.per_decade));
    if (longest < 0) options.fail("longest", fmt::format("is {}; a number of frames, 0 for half of the run", longest));
    if (per_decade < 0) options.fail("per_decade", fmt::format("is {}; a number of lags, 0 for every lag", per_decade));
    o.longest = static_cast<std::size_t>(longest);
    o.per_decade = static_cast<std::size_t>(per_decade);
    o.origin_stride = options.count("origin_stride", o.origin_stride);
    return o;
}

EstimatorOutput output_of(analysis::DynamicsResult&& result) {
    EstimatorOutput out;
    out.estimates = std::move(result.estimates);
    out.curves = std::move(result.curves);
    return out;
}

}  // namespace

EstimatorOutput estimate_msd(const fs::path& path, Section& options) {
    analysis::MsdOptions o;
    o.lags = lag_options(options);
    o.paths.remove_drift = options.flag("remove_drift", false);
    return output_of(analysis::msd(trajectory_of(path, options), o));
}

EstimatorOutput estimate_scattering_functions(const fs::path& path, Section& options) {
    analysis::ScatteringOptions o;
    o.lags = lag_options(options);
    o.paths.remove_drift = options.flag("remove_drift", false);
    o.q_low = positive(options, "q_low", Dimension::wavevector, o.q_low);
    o.q_high = positive(options, "q_high", Dimension::wavevector, o.q_high);
    if (!(o.q_low < o.q_high)) options.fail("q_high", "is not above q_low");
    o.self_wavevectors = options.count("self_wavevectors", o.self_wavevectors);
    o.collective_wavevectors = options.count("collective_wavevectors", o.collective_wavevectors);
    o.relaxation.min_lag = options.quantity("min_lag", Dimension::time, o.relaxation.min_lag);
    if (options.choice("errors", {"groups", "time_blocks"}, "groups") == "time_blocks")
        o.errors = analysis::ScatteringErrors::time_blocks;
    return output_of(analysis::scattering_functions(trajectory_of(path, options), o));
}

}  // namespace vitrum::scenarios
