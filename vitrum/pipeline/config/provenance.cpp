#include "vitrum/pipeline/config/provenance.hpp"

#include <chrono>
#include <ctime>

#include <boost/version.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "vitrum/analysis/correlation/products/kernels/product_kernel.hpp"

namespace vitrum::pipeline {

std::string version() { return VITRUM_VERSION; }

std::string processor_class() {
    std::string text = "x86-64";
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) text = "x86-64-v3";
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")) text = "x86-64-v4";
#ifdef __FMA__
    return text + ", built with fma";
#else
    return text + ", built without fma";
#endif
}

std::vector<std::pair<std::string, std::string>> provenance() {
    const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    return {{"program", "vitrum"},
            {"version", version()},
            {"commit", VITRUM_COMMIT},
            {"written", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now))},
            {"processor_class", processor_class()},
            {"kernel", analysis::kernels::product_kernels().name},
            {"libraries", fmt::format("Eigen {}, Ceres {}, FFTW {}, Boost {}.{}, GCC {}", VITRUM_EIGEN, VITRUM_CERES,
                                      VITRUM_FFTW, BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, __VERSION__)}};
}

}  // namespace vitrum::pipeline
