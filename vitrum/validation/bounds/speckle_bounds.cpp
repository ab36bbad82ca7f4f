#include "vitrum/validation/bounds/speckle_bounds.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>

#include <Eigen/Dense>
#include <fmt/format.h>

#include "vitrum/core/error.hpp"

namespace vitrum::validation {

namespace {

constexpr double most_photons_per_correlation = 0.05;

void check(const SpeckleRun& run, std::size_t most_frames) {
    const auto need = [](bool right, const std::string& message) {
        if (!right) throw InputError(message);
    };
    need(run.tau > 0 && std::isfinite(run.tau), fmt::format("tau = {}: a relaxation time is positive", run.tau));
    need(run.beta > 0 && run.beta <= 2, fmt::format("beta = {}: between 0 and 2", run.beta));
    need(run.frame_time > 0, fmt::format("frame_time = {}: it is positive", run.frame_time));
    need(run.pixels > 0 && run.modes > 0,
         fmt::format("pixels = {}, modes = {}: both are positive", run.pixels, run.modes));
    need(run.frames >= 2 && run.frames <= most_frames,
         fmt::format("frames = {}: between 2 and {} for this bound", run.frames, most_frames));
}

void check_counts(double mean_counts) {
    if (!(mean_counts > 0) || !std::isfinite(mean_counts))
        throw InputError(fmt::format("mean counts = {}: they are positive", mean_counts));
}

// g1 at the lags 0, 1, ... frames and its derivatives by tau and beta.
struct Kernel {
    explicit Kernel(const SpeckleRun& run) {
        for (auto& row : rows) row = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(run.frames));
        rows[0](0) = 1;
        for (std::size_t n = 1; n < run.frames; ++n) {
            const double s = static_cast<double>(n) * run.frame_time / run.tau;
            const double power = std::pow(s, run.beta);
            const double g = std::exp(-power);
            const auto k = static_cast<Eigen::Index>(n);
            rows[0](k) = g;
            rows[1](k) = g * power * run.beta / run.tau;
            rows[2](k) = -g * power * std::log(s);
        }
    }
    std::array<Eigen::VectorXd, 3> rows;
};

// A symmetric Toeplitz matrix is the same read backwards, so it falls apart into a block of even and one of odd
// vectors, which costs a quarter: R_ij +- R_i,(T-1-j), and for odd T the middle in the even block.
Eigen::MatrixXd block(const Eigen::VectorXd& row, bool even) {
    const Eigen::Index t = row.size();
    const Eigen::Index half = t / 2;
    const bool middle = even && t % 2 == 1;
    Eigen::MatrixXd m(half + (middle ? 1 : 0), half + (middle ? 1 : 0));
    for (Eigen::Index j = 0; j < half; ++j)
        for (Eigen::Index i = 0; i < half; ++i) m(i, j) = row(std::abs(i - j)) + (even ? 1 : -1) * row(t - 1 - i - j);
    if (middle) {
        for (Eigen::Index i = 0; i < half; ++i) m(i, half) = m(half, i) = std::numbers::sqrt2 * row(half - i);
        m(half, half) = row(0);
    }
    return m;
}

// Which derivatives are parameters: 1 tau, 2 beta, 0 the kernel itself, for the logarithm of its scale.
std::vector<std::size_t> free_parameters(const SpeckleRun& run) {
    std::vector<std::size_t> free{1};
    if (!run.beta_known) free.push_back(2);
    if (!run.mean_known) free.push_back(0);
    return free;
}

// Adds scale * sum over elements of A_a A_b weight for all pairs of the matrices A.
void add_products(Eigen::MatrixXd& information, const std::vector<Eigen::MatrixXd>& a, const Eigen::MatrixXd& weight,
                  double scale) {
    for (std::size_t i = 0; i < a.size(); ++i)
        for (std::size_t j = 0; j <= i; ++j) {
            const double sum = (a[i].array() * a[j].array() * weight.array()).sum() * scale;
            information(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) += sum;
            if (i != j) information(static_cast<Eigen::Index>(j), static_cast<Eigen::Index>(i)) += sum;
        }
}

std::vector<std::string> quantities(const SpeckleRun& run) {
    if (run.beta_known) return {"tau"};
    return {"tau", "beta"};
}

// The mean intensity, where it is one more parameter, is inverted with the others, but has no row.
std::vector<Bound> loose_rows(const SpeckleRun& run, const Eigen::MatrixXd& information, const std::string& source) {
    auto names = quantities(run);
    if (!run.mean_known) names.emplace_back("mean");
    auto rows = bounds_from(information, names, BoundKind::loose, source);
    if (!run.mean_known) rows.pop_back();
    rows.push_back({"contrast", not_a_number, BoundKind::none, source + ": the contrast is no parameter of the field"});
    return rows;
}

}  // namespace

Eigen::MatrixXd field_information(const SpeckleRun& run) {
    check(run, 4000);
    const Kernel kernel(run);
    const auto free = free_parameters(run);
    const auto size = static_cast<Eigen::Index>(free.size());
    Eigen::MatrixXd information = Eigen::MatrixXd::Zero(size, size);
    for (const bool even : {true, false}) {
        const Eigen::LLT<Eigen::MatrixXd> factor(block(kernel.rows[0], even));
        if (factor.info() != Eigen::Success || factor.rcond() < 1e-10)
            throw InputError(
                fmt::format("tau = {} frames with beta = {}: the field is so smooth that its information is beyond "
                            "double precision",
                            run.tau / run.frame_time, run.beta));
        std::vector<Eigen::MatrixXd> whitened;
        for (const auto which : free) {
            Eigen::MatrixXd w = factor.matrixL().solve(block(kernel.rows.at(which), even));
            w.transposeInPlace();
            whitened.push_back(factor.matrixL().solve(w));
        }
        const Eigen::Index n = whitened.front().rows();
        add_products(information, whitened, Eigen::MatrixXd::Ones(n, n), run.pixels * run.modes);
    }
    return information;
}

Eigen::MatrixXd photon_information(const SpeckleRun& run, double mean_counts) {
    check(run, 2000);
    check_counts(mean_counts);
    const Kernel kernel(run);
    const auto free = free_parameters(run);
    const auto size = static_cast<Eigen::Index>(free.size());
    const double occupation = mean_counts / run.modes;
    Eigen::MatrixXd information = Eigen::MatrixXd::Zero(size, size);
    for (const bool even : {true, false}) {
        const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(occupation * block(kernel.rows[0], even));
        // Rounding may leave what is zero slightly negative.
        const Eigen::VectorXd d = eigen.eigenvalues().cwiseMax(1e-16 * eigen.eigenvalues().maxCoeff());
        const Eigen::Index n = d.size();
        Eigen::MatrixXd weight(n, n);
        for (Eigen::Index j = 0; j < n; ++j)
            for (Eigen::Index i = 0; i < n; ++i) weight(i, j) = 2 / (d(i) + d(j) + 2 * d(i) * d(j));
        std::vector<Eigen::MatrixXd> derivatives;
        for (const auto which : free)
            derivatives.emplace_back(eigen.eigenvectors().transpose() *
                                     (occupation * block(kernel.rows.at(which), even)) * eigen.eigenvectors());
        add_products(information, derivatives, weight, run.pixels * run.modes);
    }
    return information;
}

Eigen::MatrixXd low_count_information(const SpeckleRun& run, double mean_counts) {
    check(run, 100'000'000);
    check_counts(mean_counts);
    const double contrast = 1 / run.modes;
    const Eigen::Index size = run.beta_known ? 2 : 3;
    Eigen::MatrixXd information = Eigen::MatrixXd::Zero(size, size);
    const double pairs_of_lag = run.pixels * mean_counts * mean_counts;
    // Two photons of one frame: half as many, and only the contrast is in them.
    information(size - 1, size - 1) = pairs_of_lag / 2 * static_cast<double>(run.frames) / (1 + contrast);
    for (std::size_t n = 1; n < run.frames; ++n) {
        const double s = static_cast<double>(n) * run.frame_time / run.tau;
        const double power = std::pow(s, run.beta);
        const double rho = std::exp(-2 * power);
        if (rho < 1e-300) break;
        Eigen::VectorXd by(size);
        by(0) = 2 * contrast * rho * power * run.beta / run.tau;
        if (!run.beta_known) by(1) = -2 * contrast * rho * power * std::log(s);
        by(size - 1) = rho;
        information += pairs_of_lag * static_cast<double>(run.frames - n) / (1 + contrast * rho) * by * by.transpose();
    }
    return information;
}

double photons_per_correlation(const SpeckleRun& run, double mean_counts) {
    double sum = 1;
    for (std::size_t n = 1; n < run.frames; ++n) {
        const double rho = std::exp(-2 * std::pow(static_cast<double>(n) * run.frame_time / run.tau, run.beta));
        if (rho < 1e-16) break;
        sum += 2 * rho;
    }
    return sum * mean_counts / run.modes;
}

std::vector<Bound> field_bounds(const SpeckleRun& run) {
    const std::string source = "complex Gaussian field of every mode, phases seen; loose for intensities";
    check(run, 4000);
    try {
        return loose_rows(run, field_information(run), source);
    } catch (const InputError& e) {
        std::vector<Bound> rows;
        for (const auto& q : quantities(run)) rows.push_back({q, not_a_number, BoundKind::none, e.what()});
        rows.push_back({"contrast", not_a_number, BoundKind::none, e.what()});
        return rows;
    }
}

std::vector<Bound> photon_bounds(const SpeckleRun& run, double mean_counts) {
    return loose_rows(run, photon_information(run, mean_counts),
                      "any measurement of the same photons, interference included; loose for counts");
}

std::vector<Bound> low_count_bounds(const SpeckleRun& run, double mean_counts) {
    auto names = quantities(run);
    names.emplace_back("contrast");
    const std::string source = "pairs of photons in a pixel, limit of low counts";
    auto rows = bounds_from(low_count_information(run, mean_counts), names, BoundKind::limit, source);
    const double photons = photons_per_correlation(run, mean_counts);
    if (photons > most_photons_per_correlation)
        for (auto& row : rows)
            row = {row.quantity, not_a_number, BoundKind::none,
                   fmt::format("{:.3g} photons of a mode within a correlation time: no low-count limit above {}",
                               photons, most_photons_per_correlation)};
    return rows;
}

}  // namespace vitrum::validation
