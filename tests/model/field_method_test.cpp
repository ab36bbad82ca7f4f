#include "vitrum/model/field/field_method.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"

namespace vitrum::model {
namespace {

struct Case {
    const char* what;
    Kernel kernel;
    SampleTimes times;
    MethodKind method;
};

std::vector<Case> cases() {
    const InternalClock ageing{.kind = ClockKind::ageing, .tau0 = 2, .tau_star = 7};
    const InternalClock still{.tau0 = 5};
    const SampleTimes frames{.frames = 16};
    const SampleTimes exposed{.frames = 8, .substeps = 2, .frame_time = 1, .exposure = 0.5};
    const SampleTimes uneven{.frames = 8, .substeps = 2, .frame_time = 1, .exposure = 0.7};
    return {
        {"stationary", {.clock = still, .beta = 1.8}, frames, MethodKind::circulant},
        {"stationary, static part", {.clock = still, .beta = 2, .static_fraction = 0.4}, frames, MethodKind::circulant},
        {"stationary, exposed", {.clock = still, .beta = 1.5}, exposed, MethodKind::circulant},
        {"stationary, off any grid", {.clock = still, .beta = 1.5}, uneven, MethodKind::cholesky},
        {"beta 1, off any grid", {.clock = still, .beta = 1}, uneven, MethodKind::ornstein_uhlenbeck},
        {"beta 1, ageing, events",
         {.clock = ageing, .beta = 1, .event_times = {3.5, 9}, .event_fraction = 0.6, .static_fraction = 0.2},
         frames,
         MethodKind::ornstein_uhlenbeck},
        {"ageing", {.clock = ageing, .beta = 1.8}, frames, MethodKind::cholesky},
        {"ageing at beta 2", {.clock = ageing, .beta = 2}, frames, MethodKind::cholesky},
        {"full event", {.clock = still, .beta = 1.8, .event_times = {6.5}}, frames, MethodKind::cholesky},
        {"midpoint", {.clock = ageing, .beta = 1, .form = KernelForm::midpoint}, frames, MethodKind::cholesky},
    };
}

// 20000 paths of 16 instants: each entry of the sample covariance within 5.2 standard errors (1/sqrt(n) at most for
// real and imaginary part of a complex Gaussian of unit mean square): 10 cases x 512 entries x 2e-7 = 1e-3.
TEST(FieldMethod, CovarianceOfPathsIsTheKernel) {
    constexpr int repeats = 1250;
    constexpr std::size_t paths = 16;
    std::uint64_t seed = 1;
    for (const auto& c : cases()) {
        EXPECT_EQ(method_for(c.kernel, c.times), c.method) << c.what;
        const auto times = c.times.all();
        const std::size_t n = times.size();
        ASSERT_EQ(n, 16U);
        const auto method = make_field_method(c.kernel, c.times);
        const auto draws = method->open();
        Stream stream({++seed, 0, 0}, Purpose::test, 0);
        std::vector<std::complex<double>> path(paths * n);
        std::vector<std::complex<double>> sum(n * n);
        for (int r = 0; r < repeats; ++r) {
            draws->draw(stream, paths, path.data());
            for (std::size_t p = 0; p < paths; ++p)
                for (std::size_t i = 0; i < n; ++i)
                    for (std::size_t j = 0; j < n; ++j) sum[i * n + j] += path[p * n + i] * std::conj(path[p * n + j]);
        }
        constexpr double count = repeats * static_cast<double>(paths);
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = 0; j < n; ++j) {
                const auto mean = sum[i * n + j] / count;
                EXPECT_NEAR(mean.real(), c.kernel(times[i], times[j]), 5.2 / std::sqrt(count))
                    << c.what << i << " " << j;
                EXPECT_NEAR(mean.imag(), 0, 5.2 / std::sqrt(count)) << c.what << i << " " << j;
            }
    }
}

TEST(FieldMethod, TooManyInstantsAreRefused) {
    Kernel k{.clock = {.kind = ClockKind::ageing, .tau0 = 34, .tau_star = 2300}, .beta = 1.8};
    EXPECT_MESSAGE((void)method_for(k, {.frames = 4001}), "frames = 4001 with 1 instants each");
    EXPECT_EQ(method_for(k, {.frames = 4000}), MethodKind::cholesky);
    k.beta = 1;
    EXPECT_EQ(method_for(k, {.frames = 14000}), MethodKind::ornstein_uhlenbeck);
    const Kernel still{.beta = 1.8};
    EXPECT_MESSAGE((void)method_for(still, {.frames = 3000, .substeps = 2, .exposure = 0.7}), "exposure = 0.7 s");
    Kernel eventful = still;
    eventful.event_rate = 0.1;
    EXPECT_EQ(method_for(eventful, {.frames = 3000}), MethodKind::cholesky) << "random events will follow";
}

// The factor that the field is made of is the kernel's: at a size where its blocks matter.
TEST(FieldMethod, LongAgeingSeriesNearBetaTwo) {
    const Kernel k{.clock = {.kind = ClockKind::ageing, .tau0 = 34, .tau_star = 2300}, .beta = 2};
    const SampleTimes times{.frames = 700, .frame_time = 1};
    EXPECT_EQ(message_of([&] { (void)make_field_method(k, times); }), "no error");
}

}  // namespace
}  // namespace vitrum::model
