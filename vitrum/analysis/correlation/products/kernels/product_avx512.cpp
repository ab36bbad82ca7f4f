#include "vitrum/analysis/correlation/products/kernels/product_kernel.hpp"

#if defined(__AVX512F__) && defined(__AVX512VNNI__)
#include <immintrin.h>

#include "vitrum/analysis/correlation/products/kernels/product_tile.hpp"

namespace vitrum::analysis::kernels {

namespace {

void add_eight(double* c, __m512d v) { _mm512_storeu_pd(c, _mm512_add_pd(_mm512_loadu_pd(c), v)); }

struct Floats {
    using Word = float;
    using Vector = __m512;
    static constexpr int lanes = 16;
    static constexpr int rows = 8;
    static Vector zero() { return _mm512_setzero_ps(); }
    static Vector load(const float* p) { return _mm512_loadu_ps(p); }
    static Vector broadcast(float v) { return _mm512_set1_ps(v); }
    static Vector multiply_add(Vector a, Vector b, Vector c) { return _mm512_fmadd_ps(a, b, c); }
    static void add_to(double* c, Vector v) {
        add_eight(c, _mm512_cvtps_pd(_mm512_castps512_ps256(v)));
        add_eight(c + 8, _mm512_cvtps_pd(_mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(v), 1))));
    }
};

struct Doubles {
    using Word = double;
    using Vector = __m512d;
    static constexpr int lanes = 8;
    static constexpr int rows = 8;
    static Vector zero() { return _mm512_setzero_pd(); }
    static Vector load(const double* p) { return _mm512_loadu_pd(p); }
    static Vector broadcast(double v) { return _mm512_set1_pd(v); }
    static Vector multiply_add(Vector a, Vector b, Vector c) { return _mm512_fmadd_pd(a, b, c); }
    static void add_to(double* c, Vector v) { add_eight(c, v); }
};

struct Bytes {
    using Word = std::uint32_t;
    using Vector = __m512i;
    static constexpr int lanes = 16;
    static constexpr int rows = 8;
    static Vector zero() { return _mm512_setzero_si512(); }
    static Vector load(const std::uint32_t* p) { return _mm512_loadu_si512(p); }
    static Vector broadcast(std::uint32_t v) { return _mm512_set1_epi32(static_cast<int>(v)); }
    // In place by hand: of the intrinsic, gcc 12 keeps copies of the sums and spills them.
    static Vector multiply_add(Vector a, Vector b, Vector c) {
        asm("vpdpbusd %2, %1, %0" : "+v"(c) : "v"(a), "v"(b));
        return c;
    }
    static void add_to(double* c, Vector v) {
        add_eight(c, _mm512_cvtepi32_pd(_mm512_castsi512_si256(v)));
        add_eight(c + 8, _mm512_cvtepi32_pd(_mm512_extracti64x4_epi64(v, 1)));
    }
};

}  // namespace

ProductKernels avx512_kernels() {
    return {"AVX-512 VNNI",
            {3 * Bytes::lanes, product_tile<Bytes>},
            {3 * Floats::lanes, product_tile<Floats>},
            {3 * Doubles::lanes, product_tile<Doubles>}};
}

}  // namespace vitrum::analysis::kernels
#else
namespace vitrum::analysis::kernels {
ProductKernels avx512_kernels() { return {}; }
}  // namespace vitrum::analysis::kernels
#endif
