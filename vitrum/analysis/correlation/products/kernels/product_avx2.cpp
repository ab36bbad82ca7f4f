#include "vitrum/analysis/correlation/products/kernels/product_kernel.hpp"

#if defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>

#include "vitrum/analysis/correlation/products/kernels/product_tile.hpp"

namespace vitrum::analysis::kernels {

namespace {

void add_four(double* c, __m256d v) { _mm256_storeu_pd(c, _mm256_add_pd(_mm256_loadu_pd(c), v)); }

struct Floats {
    using Word = float;
    using Vector = __m256;
    static constexpr int lanes = 8;
    static constexpr int rows = 4;
    static Vector zero() { return _mm256_setzero_ps(); }
    static Vector load(const float* p) { return _mm256_loadu_ps(p); }
    static Vector broadcast(float v) { return _mm256_set1_ps(v); }
    static Vector multiply_add(Vector a, Vector b, Vector c) { return _mm256_fmadd_ps(a, b, c); }
    static void add_to(double* c, Vector v) {
        add_four(c, _mm256_cvtps_pd(_mm256_castps256_ps128(v)));
        add_four(c + 4, _mm256_cvtps_pd(_mm256_extractf128_ps(v, 1)));
    }
};

struct Doubles {
    using Word = double;
    using Vector = __m256d;
    static constexpr int lanes = 4;
    static constexpr int rows = 4;
    static Vector zero() { return _mm256_setzero_pd(); }
    static Vector load(const double* p) { return _mm256_loadu_pd(p); }
    static Vector broadcast(double v) { return _mm256_set1_pd(v); }
    static Vector multiply_add(Vector a, Vector b, Vector c) { return _mm256_fmadd_pd(a, b, c); }
    static void add_to(double* c, Vector v) { add_four(c, v); }
};

struct Bytes {
    using Word = std::uint32_t;
    using Vector = __m256i;
    static constexpr int lanes = 8;
    static constexpr int rows = 4;
    static Vector zero() { return _mm256_setzero_si256(); }
    static Vector load(const std::uint32_t* p) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)); }
    static Vector broadcast(std::uint32_t v) { return _mm256_set1_epi32(static_cast<int>(v)); }
    // Pairs of products stay within 2 * 127^2 = 32258: nothing saturates.
    static Vector multiply_add(Vector a, Vector b, Vector c) {
        const Vector pairs = _mm256_maddubs_epi16(a, b);
        return _mm256_add_epi32(c, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
    }
    static void add_to(double* c, Vector v) {
        add_four(c, _mm256_cvtepi32_pd(_mm256_castsi256_si128(v)));
        add_four(c + 4, _mm256_cvtepi32_pd(_mm256_extracti128_si256(v, 1)));
    }
};

}  // namespace

ProductKernels avx2_kernels() {
    return {"AVX2",
            {3 * Bytes::lanes, product_tile<Bytes>},
            {3 * Floats::lanes, product_tile<Floats>},
            {3 * Doubles::lanes, product_tile<Doubles>}};
}

}  // namespace vitrum::analysis::kernels
#else
namespace vitrum::analysis::kernels {
ProductKernels avx2_kernels() { return {}; }
}  // namespace vitrum::analysis::kernels
#endif
