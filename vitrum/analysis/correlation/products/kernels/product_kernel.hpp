// The inner loop of every dense two-time map: products of two panels of frames, chosen at run time for the processor.
//
// A panel holds `width` frames word by word: word k of frame f stands at [k * width + f]. A word is one float, one
// double, or four counts of 0 .. 127 as bytes. A kernel adds to c[i * stride + j] the sum over words k of
// a_i(k) b_j(k), i, j < width. The sum over one call is made in the type of the kernel, in the order of k, and added to
// c in double: bytes are exact up to 2^31, floats of whole numbers up to 2^24, doubles up to 2^53.
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrum::analysis::kernels {

template <class Word>
struct ProductKernel {
    using Run = void (*)(const Word* a, const Word* b, std::size_t words, double* c, std::size_t stride);
    std::size_t width = 0;
    Run run = nullptr;  // null: this processor has no kernel of the kind
};

struct ProductKernels {
    const char* name = "";               // plain, AVX2, AVX-512 (bytes as AVX2), AVX-512 VNNI
    ProductKernel<std::uint32_t> bytes;  // four counts in a word
    ProductKernel<float> floats;
    ProductKernel<double> doubles;
};

// The fastest set that this processor runs.
[[nodiscard]] const ProductKernels& product_kernels();

// Every set that this processor runs, the plain one first; for tests and benchmarks.
[[nodiscard]] std::size_t product_kernel_sets();
[[nodiscard]] const ProductKernels& product_kernel_set(std::size_t index);

ProductKernels plain_kernels();
ProductKernels avx2_kernels();    // empty where not built
ProductKernels avx512_kernels();  // bytes need VNNI, asked for separately

}  // namespace vitrum::analysis::kernels
