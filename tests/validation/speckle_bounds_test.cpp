#include "vitrum/validation/bounds/speckle_bounds.hpp"

#include <array>
#include <cmath>
#include <map>
#include <vector>

#include <Eigen/Dense>
#include <ceres/jet.h>
#include <gtest/gtest.h>

#include "tests/message_of.hpp"

namespace vitrum::validation {
namespace {

using Jet = ceres::Jet<double, 2>;  // by tau and beta

// K, dK/dtau and dK/dbeta, element by element, by automatic differentiation.
std::array<Eigen::MatrixXd, 3> matrices(const SpeckleRun& run) {
    const auto t = static_cast<Eigen::Index>(run.frames);
    std::array<Eigen::MatrixXd, 3> m;
    for (auto& part : m) part.resize(t, t);
    for (Eigen::Index i = 0; i < t; ++i)
        for (Eigen::Index j = 0; j < t; ++j) {
            const double lag = run.frame_time * std::abs(static_cast<double>(i - j));
            const Jet g = i == j ? Jet(1) : exp(-pow(lag / Jet(run.tau, 0), Jet(run.beta, 1)));
            m[0](i, j) = g.a;
            m[1](i, j) = g.v(0);
            m[2](i, j) = g.v(1);
        }
    return m;
}

SpeckleRun run_of(double tau, double beta, std::size_t frames) {
    SpeckleRun run;
    run.tau = tau;
    run.beta = beta;
    run.frames = frames;
    return run;
}

// beta = 1 is Markov: with phi = exp(-dt/tau) each step has the information 2 (1 + phi^2)/(1 - phi^2)^2 about phi, and
// -2 phi/(1 - phi^2) about phi and the logarithm of the mean together, whose own is 1 a frame.
TEST(SpeckleBounds, OrnsteinUhlenbeckField) {
    for (const std::size_t frames : {2, 3, 40, 41}) {
        SpeckleRun run = run_of(2.5, 1, frames);
        run.frame_time = 0.5;
        run.beta_known = run.mean_known = true;
        run.pixels = 30;
        run.modes = 4;
        const double phi = std::exp(-0.2);
        const double steps = static_cast<double>(frames) - 1;
        const double by_tau = phi * 0.5 / (2.5 * 2.5);
        const double of_phi = steps * 2 * (1 + phi * phi) / std::pow(1 - phi * phi, 2);
        EXPECT_NEAR(field_information(run)(0, 0) / (120 * of_phi * by_tau * by_tau), 1, 1e-11) << frames;
        EXPECT_NEAR(field_bounds(run)[0].variance * 120 * of_phi * by_tau * by_tau, 1, 1e-11);
        run.mean_known = false;
        const double both = steps * -2 * phi / (1 - phi * phi);
        const double left = of_phi - both * both / static_cast<double>(frames);
        EXPECT_NEAR(field_bounds(run)[0].variance * 120 * left * by_tau * by_tau, 1, 1e-11);
    }
}

// tr(K^-1 dK K^-1 dK) with full matrices whose derivatives come from automatic differentiation, for even and odd
// frames.
TEST(SpeckleBounds, FieldAgainstFullMatrices) {
    for (const std::size_t frames : {2, 7, 12})
        for (const double beta : {0.6, 1.0, 1.5}) {
            const SpeckleRun run = run_of(3.7, beta, frames);
            const auto m = matrices(run);
            const Eigen::MatrixXd inverse = m[0].inverse();
            const std::array<std::size_t, 3> order{1, 2, 0};
            const Eigen::MatrixXd information = field_information(run);
            for (Eigen::Index a = 0; a < 3; ++a)
                for (Eigen::Index b = 0; b < 3; ++b) {
                    const double naive = (inverse * m.at(order.at(static_cast<std::size_t>(a))) * inverse *
                                          m.at(order.at(static_cast<std::size_t>(b))))
                                             .trace();
                    EXPECT_NEAR(information(a, b), naive, 1e-10 * std::sqrt(information(a, a) * information(b, b)))
                        << frames << " " << beta << " " << a << b;
                }
        }
}

// The Gaussian log-likelihood's expectation E ln p = -ln det K - tr(K^-1 K0), twice differentiated numerically at K0:
// the information without any matrix derivative. Differences of 1e-3 are good to 1e-5.
TEST(SpeckleBounds, FieldAgainstTheLikelihood) {
    const SpeckleRun at = run_of(3, 1.3, 9);
    const Eigen::MatrixXd truth = matrices(at)[0];
    const auto expectation = [&](double tau, double beta) {
        const Eigen::MatrixXd k = matrices(run_of(tau, beta, 9))[0];
        return -std::log(k.determinant()) - (k.inverse() * truth).trace();
    };
    constexpr double h = 1e-3;
    const double f0 = expectation(3, 1.3);
    const Eigen::MatrixXd information = field_information(at);
    EXPECT_NEAR(-(expectation(3 + h, 1.3) + expectation(3 - h, 1.3) - 2 * f0) / (h * h) / information(0, 0), 1, 1e-4);
    EXPECT_NEAR(-(expectation(3, 1.3 + h) + expectation(3, 1.3 - h) - 2 * f0) / (h * h) / information(1, 1), 1, 1e-4);
    const double cross = (expectation(3 + h, 1.3 + h) - expectation(3 + h, 1.3 - h) - expectation(3 - h, 1.3 + h) +
                          expectation(3 - h, 1.3 - h)) /
                         (-4 * h * h);
    EXPECT_NEAR(cross, information(0, 1), 1e-4 * std::sqrt(information(0, 0) * information(1, 1)));
}

TEST(SpeckleBounds, PixelsAndModesAddUp) {
    SpeckleRun one = run_of(5, 1.2, 21);
    SpeckleRun many = one;
    many.pixels = 7;
    many.modes = 3;
    EXPECT_NEAR((field_information(many) - 21 * field_information(one)).norm(), 0,
                1e-11 * field_information(many).norm());
    // The same photons in each mode.
    EXPECT_NEAR((photon_information(many, 0.9) - 21 * photon_information(one, 0.3)).norm(), 0,
                1e-11 * photon_information(many, 0.9).norm());
    many.modes = 1;
    EXPECT_NEAR((low_count_information(many, 0.01) - 7 * low_count_information(one, 0.01)).norm(), 0,
                1e-11 * low_count_information(many, 0.01).norm());
    EXPECT_NEAR(field_bounds(many)[1].variance * 7, field_bounds(one)[1].variance,
                1e-9 * field_bounds(one)[1].variance);
}

// The symmetric logarithmic derivative X of a thermal state, G X (1 + G) + (1 + G) X G = 2 dG, solved as a linear
// system without eigenvectors; information tr(dG X).
TEST(SpeckleBounds, PhotonsAgainstTheLogarithmicDerivative) {
    for (const std::size_t frames : {4, 5})
        for (const double mean : {0.02, 1.0, 50.0}) {
            SpeckleRun run = run_of(2, 1.5, frames);
            run.modes = 2;
            run.pixels = 10;
            run.mean_known = true;
            const auto m = matrices(run);
            const auto t = static_cast<Eigen::Index>(frames);
            const Eigen::MatrixXd g = mean / 2 * m[0];
            const Eigen::MatrixXd more = g + Eigen::MatrixXd::Identity(t, t);
            Eigen::MatrixXd system(t * t, t * t);
            for (Eigen::Index c = 0; c < t * t; ++c) {
                Eigen::MatrixXd unit = Eigen::MatrixXd::Zero(t, t);
                unit(c) = 1;
                const Eigen::MatrixXd image = g * unit * more + more * unit * g;
                system.col(c) = Eigen::Map<const Eigen::VectorXd>(image.data(), t * t);
            }
            const Eigen::MatrixXd information = photon_information(run, mean);
            for (Eigen::Index a = 0; a < 2; ++a)
                for (Eigen::Index b = 0; b < 2; ++b) {
                    const Eigen::MatrixXd by_a = mean / 2 * m.at(static_cast<std::size_t>(a + 1));
                    const Eigen::MatrixXd by_b = mean / 2 * m.at(static_cast<std::size_t>(b + 1));
                    const Eigen::VectorXd x =
                        system.fullPivLu().solve(2 * Eigen::Map<const Eigen::VectorXd>(by_b.data(), t * t));
                    const double naive = 20 * Eigen::Map<const Eigen::VectorXd>(by_a.data(), t * t).dot(x);
                    EXPECT_NEAR(information(a, b), naive, 1e-9 * std::sqrt(information(a, a) * information(b, b)));
                }
        }
}

// Many photons: the field's. Frames without memory: the mean of n photons a mode has 1/(n (1 + n)), the geometric law.
TEST(SpeckleBounds, PhotonsBetweenTheirLimits) {
    const SpeckleRun run = run_of(4, 1.2, 30);
    EXPECT_NEAR((photon_information(run, 1e9) - field_information(run)).norm(), 0,
                1e-6 * field_information(run).norm());
    EXPECT_LT(photon_information(run, 10)(0, 0), field_information(run)(0, 0));
    EXPECT_LT(photon_information(run, 1)(0, 0), photon_information(run, 10)(0, 0));
    SpeckleRun fast = run_of(1e-3, 1, 50);
    fast.modes = 5;
    const double n = 0.6;
    EXPECT_NEAR(photon_information(fast, 5 * n)(2, 2), 250 * n * n / (n * (1 + n)), 1e-9);
}

// Exact probabilities of counts of three frames: their generating function is P(z)^-M, P = det(1 + A (1 - Z)) with
// A = (mu/M) K, linear in each z, so that P dG/dz = -M G dP/dz gives them one after the other, for any M.
std::map<std::array<int, 3>, double> probabilities(const SpeckleRun& run, double mean, int most) {
    const Eigen::Matrix3d a = mean / run.modes * matrices(run)[0];
    // det(1 + A D) is the sum of the principal minors times their D; D = 1 - Z.
    const auto pair = [&](Eigen::Index i, Eigen::Index j) { return a(i, i) * a(j, j) - a(i, j) * a(j, i); };
    const std::array<double, 8> minor{1,       a(0, 0),    a(1, 1),    pair(0, 1),
                                      a(2, 2), pair(0, 2), pair(1, 2), a.determinant()};
    std::array<double, 8> c{};
    for (unsigned s = 0; s < 8; ++s)
        for (unsigned whole = 0; whole < 8; ++whole)
            if ((s & ~whole) == 0) c.at(s) += (__builtin_popcount(s) % 2 == 1 ? -1 : 1) * minor.at(whole);
    std::map<std::array<int, 3>, double> p;
    const auto value = [&](const std::array<int, 3>& k, unsigned less) {
        std::array<int, 3> q = k;
        for (unsigned i = 0; i < 3; ++i) q.at(i) -= static_cast<int>((less >> i) & 1U);
        const auto found = p.find(q);
        return found == p.end() ? 0.0 : found->second;
    };
    for (int k0 = 0; k0 <= most; ++k0)
        for (int k1 = 0; k1 <= most; ++k1)
            for (int k2 = 0; k2 <= most; ++k2) {
                const std::array<int, 3> k{k0, k1, k2};
                if (k0 + k1 + k2 == 0) {
                    p[k] = std::pow(c[0], -run.modes);
                    continue;
                }
                const unsigned j = k0 > 0 ? 0 : (k1 > 0 ? 1 : 2);
                double sum = 0;
                for (unsigned s = 1; s < 8; ++s) {
                    // Powers of z_j in P and in its derivative.
                    const bool has = ((s >> j) & 1U) != 0;
                    const double factor = has ? k.at(j) - 1 + run.modes : k.at(j);
                    sum -= factor * c.at(s) * value(k, s);
                }
                p[k] = sum / (c[0] * k.at(j));
            }
    return p;
}

Eigen::Matrix3d count_information(const SpeckleRun& run, double mean, int most) {
    const auto moved = [&](int which, double step) {
        SpeckleRun r = run;
        if (which == 0) r.tau *= 1 + step;
        if (which == 1) r.beta *= 1 + step;
        if (which == 2) r.modes = 1 / (1 / run.modes * (1 + step));
        return probabilities(r, mean, most);
    };
    const std::array<double, 3> scale{run.tau, run.beta, 1 / run.modes};
    constexpr double h = 1e-3;
    const auto p = probabilities(run, mean, most);
    std::map<std::array<int, 3>, Eigen::Vector3d> by;
    for (int which = 0; which < 3; ++which) {
        const auto more = moved(which, h);
        const auto less = moved(which, -h);
        for (const auto& [k, value] : p)
            by[k](which) = (more.at(k) - less.at(k)) / (2 * h * scale.at(static_cast<std::size_t>(which)));
    }
    Eigen::Matrix3d information = Eigen::Matrix3d::Zero();
    double total = 0;
    for (const auto& [k, value] : p) {
        information += by[k] * by[k].transpose() / value;
        total += value;
    }
    EXPECT_NEAR(total, 1, 1e-3) << "counts left out";
    return information;
}

// The limit is reached as counts fall, in all three parameters; up to 0.05 photons of a mode in a correlation time the
// exact information is at most 10 % smaller; and no counts know more than their photons.
TEST(SpeckleBounds, CountsEnumeratedExactly) {
    for (const double modes : {1.0, 2.5, 8.0})
        for (const double beta : {0.7, 1.6}) {
            SpeckleRun run = run_of(2, beta, 3);
            run.modes = modes;
            run.mean_known = true;
            const Eigen::Matrix3d few = count_information(run, 1e-4, 4);
            const Eigen::MatrixXd limit = low_count_information(run, 1e-4);
            for (Eigen::Index a = 0; a < 3; ++a)
                for (Eigen::Index b = 0; b < 3; ++b)
                    EXPECT_NEAR(few(a, b), limit(a, b), 2e-3 * std::sqrt(limit(a, a) * limit(b, b))) << modes << a << b;
            const double mean = 0.05 / photons_per_correlation(run, 1);
            const Eigen::Matrix3d edge = count_information(run, mean, 6);
            for (Eigen::Index a = 0; a < 3; ++a) {
                const double ratio = edge(a, a) / low_count_information(run, mean)(a, a);
                EXPECT_LT(ratio, 1) << modes << " " << beta << " " << a;
                EXPECT_GT(ratio, 0.9) << modes << " " << beta << " " << a;
            }
            EXPECT_EQ(low_count_bounds(run, 0.99 * mean)[2].kind, BoundKind::limit);
            EXPECT_EQ(low_count_bounds(run, 1.01 * mean)[2].kind, BoundKind::none);
            for (const double counts : {1e-3, 0.1, 1.0}) {
                const Eigen::Matrix3d exact = count_information(run, counts, counts > 0.5 ? 18 : 8);
                const Eigen::MatrixXd photons = photon_information(run, counts);
                const Eigen::Matrix2d difference = photons - exact.topLeftCorner(2, 2);
                EXPECT_GT(Eigen::SelfAdjointEigenSolver<Eigen::Matrix2d>(difference).eigenvalues().minCoeff(), 0)
                    << modes << " " << beta << " " << counts;
            }
        }
}

// A geometric series at beta = 1: sum over both signs of exp(-2 n/tau), cut at the run's length.
TEST(SpeckleBounds, PhotonsOfACorrelationTime) {
    SpeckleRun run = run_of(7, 1, 1000);
    run.modes = 4;
    const double x = std::exp(-2.0 / 7);
    EXPECT_NEAR(photons_per_correlation(run, 0.1), 0.1 / 4 * (1 + x) / (1 - x), 1e-12);
    run.frames = 3;
    EXPECT_NEAR(photons_per_correlation(run, 0.1), 0.1 / 4 * (1 + 2 * x + 2 * x * x), 1e-14);
}

TEST(SpeckleBounds, KindsAndReasons) {
    const SpeckleRun run = run_of(10, 1.5, 100);
    const auto field = field_bounds(run);
    ASSERT_EQ(field.size(), 3U);
    EXPECT_EQ(field[0].kind, BoundKind::loose);
    EXPECT_EQ(field[2].quantity, "contrast");
    EXPECT_EQ(field[2].kind, BoundKind::none);
    EXPECT_EQ(name(photon_bounds(run, 0.5)[1].kind), "loose");
    SpeckleRun smooth = run_of(20, 2, 100);
    EXPECT_EQ(field_bounds(smooth)[0].kind, BoundKind::none);
    EXPECT_TRUE(contains(field_bounds(smooth)[0].source, "so smooth"));
    // Its factor still exists with fewer frames, but holds no digits.
    EXPECT_TRUE(contains(field_bounds(run_of(5, 2, 12))[0].source, "so smooth"));
    EXPECT_EQ(field_bounds(run_of(2, 2, 8))[0].kind, BoundKind::loose);
    // Photons keep even that within bounds.
    EXPECT_EQ(photon_bounds(smooth, 0.5)[0].kind, BoundKind::loose);
    EXPECT_GT(photon_bounds(smooth, 0.5)[0].variance, 0);
    // Less is known when more is unknown.
    SpeckleRun known = run;
    known.beta_known = true;
    EXPECT_LT(field_bounds(known)[0].variance, field[0].variance);
    EXPECT_EQ(field_bounds(known).size(), 2U);
    EXPECT_MESSAGE(field_bounds(run_of(-1, 1, 10)), "tau = -1");
    EXPECT_MESSAGE(field_bounds(run_of(1, 2.1, 10)), "beta = 2.1");
    EXPECT_MESSAGE(field_bounds(run_of(1, 1, 5000)), "frames = 5000: between 2 and 4000");
    EXPECT_MESSAGE(photon_bounds(run, 0), "mean counts = 0");
}

}  // namespace
}  // namespace vitrum::validation
