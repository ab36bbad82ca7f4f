// The inner loop of multi-tau: products of one frame with some earlier ones, for processors that have AVX-512 VNNI.
//
// Adds a(i) b_k(i), i < n, k < partners, to sums[16 k + lane], each lane its share of i in 32 bits: the caller empties
// the lanes before they can pass 2^31. n is a multiple of 64. Bytes hold 0 .. 127.
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrum::analysis::kernels {

inline constexpr std::size_t lag_lanes = 16;

template <class Value>
using LagKernel = void (*)(const Value* a, const Value* const* b, std::size_t partners, std::size_t n,
                           std::int32_t* sums);

struct LagKernels {
    LagKernel<std::uint8_t> bytes = nullptr;
    LagKernel<std::int16_t> words = nullptr;
};

// Null where this processor has none.
[[nodiscard]] const LagKernels& lag_kernels();

LagKernels avx512_lag_kernels();  // empty where not built

}  // namespace vitrum::analysis::kernels
