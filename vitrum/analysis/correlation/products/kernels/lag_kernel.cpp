#include "vitrum/analysis/correlation/products/kernels/lag_kernel.hpp"

namespace vitrum::analysis::kernels {

const LagKernels& lag_kernels() {
    static const LagKernels kernels = [] {
#if defined(__x86_64__)
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vnni")) return avx512_lag_kernels();
#endif
        return LagKernels{};
    }();
    return kernels;
}

}  // namespace vitrum::analysis::kernels
