#include "vitrum/analysis/fit/deconvolution.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include <Eigen/Dense>

namespace vitrum::analysis {

namespace {

constexpr double finest = 200;     // cells over the range of the data, at most
constexpr double per_sigma = 6;    // cells per standard deviation of the noise, at least while there are few enough
constexpr int most_steps = 60;     // of the constrained Newton method: it needs 5 to 20
constexpr double accuracy = 1e-5;  // of the mean log-likelihood

// Lawson and Hanson (1974): x >= 0 that minimises |A x - b|, from A^T A and A^T b.
Eigen::VectorXd non_negative(const Eigen::MatrixXd& square, const Eigen::VectorXd& right) {
    const auto n = square.rows();
    Eigen::VectorXd x = Eigen::VectorXd::Zero(n);
    std::vector<Eigen::Index> free;
    const double tiny = 1e-10 * square.diagonal().maxCoeff();
    for (Eigen::Index round = 0; round < 3 * n; ++round) {
        const Eigen::VectorXd gradient = right - square * x;
        Eigen::Index best = -1;
        for (Eigen::Index j = 0; j < n; ++j)
            if (std::find(free.begin(), free.end(), j) == free.end() && gradient[j] > tiny &&
                (best < 0 || gradient[j] > gradient[best]))
                best = j;
        if (best < 0) break;
        free.push_back(best);
        while (!free.empty()) {
            const auto m = static_cast<Eigen::Index>(free.size());
            Eigen::MatrixXd part(m, m);
            Eigen::VectorXd r(m);
            for (Eigen::Index i = 0; i < m; ++i) {
                r[i] = right[free[static_cast<std::size_t>(i)]];
                for (Eigen::Index j = 0; j < m; ++j)
                    part(i, j) = square(free[static_cast<std::size_t>(i)], free[static_cast<std::size_t>(j)]);
            }
            const Eigen::VectorXd z = part.ldlt().solve(r);
            double step = 1;
            for (Eigen::Index i = 0; i < m; ++i) {
                const double old = x[free[static_cast<std::size_t>(i)]];
                if (z[i] <= 0) step = std::min(step, old > 0 ? old / (old - z[i]) : 0.0);
            }
            std::vector<Eigen::Index> kept;
            for (Eigen::Index i = 0; i < m; ++i) {
                const auto j = free[static_cast<std::size_t>(i)];
                x[j] += step * (z[i] - x[j]);
                if (x[j] > 1e-14)
                    kept.push_back(j);
                else
                    x[j] = 0;
            }
            if (step >= 1) break;
            free = std::move(kept);
        }
    }
    return x;
}

double normal_integral(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

struct Problem {
    Eigen::VectorXd weight;  // of each data cell
    Eigen::MatrixXd kernel;  // probability of each data cell from each grid point
    [[nodiscard]] double likelihood(const Eigen::VectorXd& f) const {
        double sum = 0;
        for (Eigen::Index i = 0; i < weight.size(); ++i) sum += weight[i] * std::log(f[i]);
        return sum;
    }
};

// Masses on the grid.
Eigen::VectorXd maximise(const Problem& p, Eigen::Index start) {
    const auto points = p.kernel.cols();
    const auto cells = p.kernel.rows();
    Eigen::VectorXd mass = Eigen::VectorXd::Zero(points);
    // The centre carries all; a trace everywhere keeps every cell possible.
    mass.setConstant(1e-3 / static_cast<double>(points));
    mass[start] += 1 - 1e-3;
    Eigen::VectorXd f = p.kernel * mass;
    double before = p.likelihood(f);
    for (int round = 0; round < most_steps; ++round) {
        const Eigen::VectorXd ratio = p.weight.cwiseQuotient(f);
        const Eigen::VectorXd gradient = p.kernel.transpose() * ratio;
        std::vector<Eigen::Index> support;
        for (Eigen::Index j = 0; j < points; ++j) {
            const bool peak = (j == 0 || gradient[j] >= gradient[j - 1]) &&
                              (j + 1 == points || gradient[j] > gradient[j + 1]) && gradient[j] > 1;
            if ((round > 0 && mass[j] > 1e-9) || peak || (round == 0 && j == start)) support.push_back(j);
        }
        const auto m = static_cast<Eigen::Index>(support.size());
        // Second-order expansion of the likelihood: min |S x - 2|^2 with S = kernel/f weighted, and sum x = 1 as a row.
        Eigen::MatrixXd s(cells + 1, m);
        Eigen::VectorXd b(cells + 1);
        constexpr double heavy = 30;
        for (Eigen::Index i = 0; i < cells; ++i) {
            const double root = std::sqrt(p.weight[i]);
            for (Eigen::Index j = 0; j < m; ++j)
                s(i, j) = root * p.kernel(i, support[static_cast<std::size_t>(j)]) / f[i];
            b[i] = 2 * root;
        }
        s.row(cells).setConstant(heavy);
        b[cells] = heavy;
        Eigen::VectorXd x = non_negative(s.transpose() * s, s.transpose() * b);
        if (!(x.sum() > 0)) break;
        x /= x.sum();
        Eigen::VectorXd wanted = Eigen::VectorXd::Zero(points);
        for (Eigen::Index j = 0; j < m; ++j) wanted[support[static_cast<std::size_t>(j)]] = x[j];
        const Eigen::VectorXd target = p.kernel * wanted;
        // Back off until the likelihood rises.
        double step = 1;
        double after = before;
        Eigen::VectorXd trial = f;
        for (int halving = 0; halving < 30; ++halving, step /= 2) {
            trial = f + step * (target - f);
            after = trial.minCoeff() > 0 ? p.likelihood(trial) : -std::numeric_limits<double>::infinity();
            if (after >= before) break;
        }
        if (!(after >= before)) break;
        mass += step * (wanted - mass);
        f = trial;
        const double gain = after - before;
        before = after;
        if (round > 1 && gain < accuracy * 0.01 && gradient.maxCoeff() - 1 < accuracy * 100) break;
    }
    return mass;
}

}  // namespace

double Distribution::shortest_interval(double fraction) const {
    double width = std::numeric_limits<double>::infinity();
    std::size_t last = 0;
    double held = 0;
    for (std::size_t first = 0; first < at.size(); ++first) {
        while (last < at.size() && held < fraction - 1e-9) held += mass[last++];
        if (held < fraction - 1e-9) break;
        width = std::min(width, at[last - 1] - at[first]);
        held -= mass[first];
    }
    return width;
}

Distribution deconvolve(const std::vector<double>& values, double sigma) {
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    const double range = *high - *low;
    if (!(range > 0)) return {{*low}, {1.0}, 0};
    const double step = std::max(range / finest, std::min(sigma / per_sigma, range / 40));
    const auto cells = static_cast<Eigen::Index>(std::floor(range / step)) + 1;
    Problem p;
    Eigen::VectorXd count = Eigen::VectorXd::Zero(cells);
    double mean = 0;
    for (const double v : values) {
        count[std::min<Eigen::Index>(cells - 1, static_cast<Eigen::Index>((v - *low) / step))] += 1;
        mean += v / static_cast<double>(values.size());
    }
    count /= static_cast<double>(values.size());
    const auto centre = [&](Eigen::Index i) { return *low + (static_cast<double>(i) + 0.5) * step; };
    Distribution out;
    out.step = step;
    if (sigma < 0.25 * step) {  // nothing to take out
        for (Eigen::Index i = 0; i < cells; ++i)
            if (count[i] > 0) {
                out.at.push_back(centre(i));
                out.mass.push_back(count[i]);
            }
        return out;
    }
    std::vector<Eigen::Index> full;
    for (Eigen::Index i = 0; i < cells; ++i)
        if (count[i] > 0) full.push_back(i);
    p.weight.resize(static_cast<Eigen::Index>(full.size()));
    p.kernel.resize(static_cast<Eigen::Index>(full.size()), cells);
    for (std::size_t i = 0; i < full.size(); ++i) {
        const auto row = static_cast<Eigen::Index>(i);
        p.weight[row] = count[full[i]];
        for (Eigen::Index j = 0; j < cells; ++j) {
            const double d = (centre(full[i]) - centre(j)) / sigma;
            const double half = 0.5 * step / sigma;
            p.kernel(row, j) = normal_integral(d + half) - normal_integral(d - half) + 1e-12;
        }
    }
    const auto start = std::clamp<Eigen::Index>(static_cast<Eigen::Index>((mean - *low) / step), 0, cells - 1);
    const Eigen::VectorXd mass = maximise(p, start);
    // Two neighbours on the grid that stand alone are one atom between them.
    constexpr double none = 1e-6;
    const auto carries = [&](Eigen::Index j) { return j >= 0 && j < cells && mass[j] > none; };
    double sum = 0;
    for (Eigen::Index j = 0; j < cells; ++j) {
        if (!carries(j)) continue;
        double at = centre(j);
        double here = mass[j];
        if (carries(j + 1) && !carries(j + 2)) {
            here += mass[j + 1];
            at += step * mass[j + 1] / here;
            ++j;
        }
        out.at.push_back(at);
        out.mass.push_back(here);
        sum += here;
    }
    for (double& m : out.mass) m /= sum;
    return out;
}

Distribution mean_of(const std::vector<Distribution>& parts) {
    std::map<double, double> all;
    Distribution out;
    for (const auto& part : parts) {
        out.step = std::max(out.step, part.step);
        for (std::size_t i = 0; i < part.at.size(); ++i)
            all[part.at[i]] += part.mass[i] / static_cast<double>(parts.size());
    }
    for (const auto& [at, mass] : all) {
        out.at.push_back(at);
        out.mass.push_back(mass);
    }
    return out;
}

}  // namespace vitrum::analysis
