#include "vitrum/model/field/entry_variance.hpp"

#include <cmath>

namespace vitrum::model {

namespace {

// Coefficients of a polynomial in the gain.
using Polynomial = std::array<double, 5>;
using Table = std::array<std::array<double, 3>, 3>;  // [a][b]: <U1^a U2^b>

// Joint moments of U1 and U2 up to the square of each.
Table moments_of(const TwoFrames& f) {
    const Eigen::Index n = f.g1.rows() / 2;
    // K Q: columns of the first or second exposure only, with its 1/n.
    const Eigen::MatrixXd first = f.g1.leftCols(n) / static_cast<double>(n);
    const Eigen::MatrixXd second = f.g1.rightCols(n) / static_cast<double>(n);
    // Blocks K_ab of K Q_b seen from exposure a: traces of products of Q K are traces of products of blocks.
    const Eigen::MatrixXd k11 = first.topRows(n);
    const Eigen::MatrixXd k12 = second.topRows(n);
    const Eigen::MatrixXd k21 = first.bottomRows(n);
    const Eigen::MatrixXd k22 = second.bottomRows(n);
    const Eigen::MatrixXd across = k12 * k21;  // 1 2 1
    const Eigen::MatrixXd within = k11 * k11;  // 1 1 1
    const Eigen::MatrixXd detour = k12 * k22 * k21;
    const auto kappa = [&](int r, double trace, double ways) {
        const double factorial = r == 2 ? 1 : r == 3 ? 2 : 6;
        const auto at = static_cast<std::size_t>(r);
        return f.shares.at(at) * (std::pow(f.moving, r) * ways * trace + std::pow(f.still, r) * factorial);
    };
    const double k_11 = kappa(2, within.trace(), 1);
    const double k_22 = kappa(2, (k22 * k22).trace(), 1);
    const double k_12 = kappa(2, across.trace(), 1);
    const double k_112 = kappa(3, (k11 * across).trace(), 2);
    const double k_122 = kappa(3, detour.trace(), 2);
    const double k_1122 = kappa(4, 4 * (k11 * detour).trace() + 2 * (across * across).trace(), 1);

    Table m{};
    m[0][0] = m[0][1] = m[1][0] = 1;
    m[2][0] = 1 + k_11;
    m[0][2] = 1 + k_22;
    m[1][1] = 1 + k_12;
    m[2][1] = 1 + k_11 + 2 * k_12 + k_112;
    m[1][2] = 1 + k_22 + 2 * k_12 + k_122;
    m[2][2] = 1 + k_11 + k_22 + 4 * k_12 + 2 * k_112 + 2 * k_122 + k_11 * k_22 + 2 * k_12 * k_12 + k_1122;
    return m;
}

// <lambda1^a lambda2^b>, lambda_i = level_i G U_i + dark, as a polynomial in G.
Polynomial light(const TwoFrames& f, double dark, const Table& u, int a, int b) {
    const auto binomial = [](int n, int k) { return n == 2 && k == 1 ? 2.0 : 1.0; };
    Polynomial p{};
    for (int i = 0; i <= a; ++i)
        for (int j = 0; j <= b; ++j)
            p.at(static_cast<std::size_t>(i + j)) += binomial(a, i) * binomial(b, j) * std::pow(f.level1, i) *
                                                     std::pow(f.level2, j) * std::pow(dark, a - i + b - j) *
                                                     u.at(static_cast<std::size_t>(i)).at(static_cast<std::size_t>(j));
    return p;
}

void add(Polynomial& sum, const Polynomial& p, double factor = 1) {
    for (std::size_t k = 0; k < sum.size(); ++k) sum.at(k) += factor * p.at(k);
}

// <k1^a k2^b> of counts: k^2 has mean lambda^2 + lambda.
Polynomial counts(const TwoFrames& f, double dark, const Table& u, int a, int b) {
    Polynomial p = light(f, dark, u, a, b);
    if (a == 2) add(p, light(f, dark, u, 1, b));
    if (b == 2) add(p, light(f, dark, u, a, 1));
    if (a == 2 && b == 2) add(p, light(f, dark, u, 1, 1));
    return p;
}

double over_pixels(const PixelClass& c, const Polynomial& p) {
    double sum = 0;
    for (std::size_t k = 0; k < p.size(); ++k) sum += p.at(k) * c.gains.at(k);
    return sum;
}

}  // namespace

double entry_variance(const TwoFrames& f) {
    const Table u = moments_of(f);
    double m1 = 0;
    double m2 = 0;
    double c = 0;
    for (const auto& k : f.classes) {
        m1 += over_pixels(k, counts(f, k.dark, u, 1, 0));
        m2 += over_pixels(k, counts(f, k.dark, u, 0, 1));
        c += over_pixels(k, counts(f, k.dark, u, 1, 1));
    }
    c /= m1 * m2;
    // C less its mean, linear in sums over pixels of psi = k1 k2/(m1 m2) - C (k1/m1 + k2/m2).
    double variance = 0;
    for (const auto& k : f.classes) {
        const auto of = [&](int a, int b) { return counts(f, k.dark, u, a, b); };
        Polynomial square{};
        add(square, of(2, 2), 1 / (m1 * m1 * m2 * m2));
        add(square, of(2, 1), -2 * c / (m1 * m1 * m2));
        add(square, of(1, 2), -2 * c / (m1 * m2 * m2));
        add(square, of(2, 0), c * c / (m1 * m1));
        add(square, of(0, 2), c * c / (m2 * m2));
        add(square, of(1, 1), 2 * c * c / (m1 * m2));
        Polynomial mean{};
        add(mean, of(1, 1), 1 / (m1 * m2));
        add(mean, of(1, 0), -c / m1);
        add(mean, of(0, 1), -c / m2);
        Polynomial mean_squared{};
        for (std::size_t i = 0; i <= 2; ++i)
            for (std::size_t j = 0; j <= 2; ++j) mean_squared.at(i + j) += mean.at(i) * mean.at(j);
        variance += over_pixels(k, square) - over_pixels(k, mean_squared);
    }
    return variance / f.pixels;
}

}  // namespace vitrum::model
