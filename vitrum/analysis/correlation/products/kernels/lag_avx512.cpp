#include "vitrum/analysis/correlation/products/kernels/lag_kernel.hpp"

#if defined(__AVX512F__) && defined(__AVX512VNNI__)
#include <immintrin.h>

namespace vitrum::analysis::kernels {

namespace {

__m512i multiply_add(__m512i sum, __m512i a, __m512i b, const std::uint8_t*) { return _mm512_dpbusd_epi32(sum, a, b); }
__m512i multiply_add(__m512i sum, __m512i a, __m512i b, const std::int16_t*) { return _mm512_dpwssd_epi32(sum, a, b); }

template <class Value>
void products(const Value* a, const Value* const* b, std::size_t partners, std::size_t n, std::int32_t* sums) {
    constexpr std::size_t step = 64 / sizeof(Value);
    std::size_t k = 0;
    for (; k + 4 <= partners; k += 4) {
        std::int32_t* out = sums + lag_lanes * k;
        __m512i s0 = _mm512_loadu_si512(out);
        __m512i s1 = _mm512_loadu_si512(out + lag_lanes);
        __m512i s2 = _mm512_loadu_si512(out + 2 * lag_lanes);
        __m512i s3 = _mm512_loadu_si512(out + 3 * lag_lanes);
        for (std::size_t i = 0; i < n; i += step) {
            const __m512i own = _mm512_loadu_si512(a + i);
            s0 = multiply_add(s0, own, _mm512_loadu_si512(b[k] + i), a);
            s1 = multiply_add(s1, own, _mm512_loadu_si512(b[k + 1] + i), a);
            s2 = multiply_add(s2, own, _mm512_loadu_si512(b[k + 2] + i), a);
            s3 = multiply_add(s3, own, _mm512_loadu_si512(b[k + 3] + i), a);
        }
        _mm512_storeu_si512(out, s0);
        _mm512_storeu_si512(out + lag_lanes, s1);
        _mm512_storeu_si512(out + 2 * lag_lanes, s2);
        _mm512_storeu_si512(out + 3 * lag_lanes, s3);
    }
    for (; k < partners; ++k) {
        __m512i sum = _mm512_loadu_si512(sums + lag_lanes * k);
        for (std::size_t i = 0; i < n; i += step)
            sum = multiply_add(sum, _mm512_loadu_si512(a + i), _mm512_loadu_si512(b[k] + i), a);
        _mm512_storeu_si512(sums + lag_lanes * k, sum);
    }
}

}  // namespace

LagKernels avx512_lag_kernels() { return {products<std::uint8_t>, products<std::int16_t>}; }

}  // namespace vitrum::analysis::kernels
#else
namespace vitrum::analysis::kernels {
LagKernels avx512_lag_kernels() { return {}; }
}  // namespace vitrum::analysis::kernels
#endif
