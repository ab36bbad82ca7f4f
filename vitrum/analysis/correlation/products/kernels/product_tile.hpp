// One register block after the other of a product of two panels. Only kernel files include this: each compiles it for
// its own instruction set, so it must not pull in a header with inline functions.
#pragma once

#include <cstddef>

namespace vitrum::analysis::kernels {

// Lanes: Word, Vector, `lanes` words per vector, `rows` per register block, and zero, load, broadcast, multiply_add,
// add_to (c += vector). Three vectors of columns stand beside each other.
template <class Lanes>
void product_tile(const typename Lanes::Word* a, const typename Lanes::Word* b, std::size_t words, double* c,
                  std::size_t stride) {
    constexpr int rows = Lanes::rows;
    constexpr int columns = 3;
    constexpr int lanes = Lanes::lanes;
    constexpr int width = columns * lanes;
    static_assert(width % rows == 0);
    using Vector = typename Lanes::Vector;
    for (int first = 0; first < width; first += rows) {
        Vector sum[rows][columns];
#pragma GCC unroll 8
        for (int i = 0; i < rows; ++i)
#pragma GCC unroll 3
            for (int v = 0; v < columns; ++v) sum[i][v] = Lanes::zero();
        const auto* left = a + first;
        const auto* right = b;
        for (std::size_t k = 0; k < words; ++k, left += width, right += width) {
            const Vector b0 = Lanes::load(right);
            const Vector b1 = Lanes::load(right + lanes);
            const Vector b2 = Lanes::load(right + 2 * lanes);
#pragma GCC unroll 8
            for (int i = 0; i < rows; ++i) {
                const Vector x = Lanes::broadcast(left[i]);
                sum[i][0] = Lanes::multiply_add(x, b0, sum[i][0]);
                sum[i][1] = Lanes::multiply_add(x, b1, sum[i][1]);
                sum[i][2] = Lanes::multiply_add(x, b2, sum[i][2]);
            }
        }
#pragma GCC unroll 8
        for (int i = 0; i < rows; ++i)
#pragma GCC unroll 3
            for (int v = 0; v < columns; ++v)
                Lanes::add_to(c + static_cast<std::size_t>(first + i) * stride + v * lanes, sum[i][v]);
    }
}

}  // namespace vitrum::analysis::kernels
