#include "vitrum/analysis/correlation/products/kernels/product_kernel.hpp"

#include <vector>

#include "vitrum/analysis/correlation/products/kernels/product_tile.hpp"

namespace vitrum::analysis::kernels {

namespace {

// Vectors of 16 bytes, which every compiler makes for every processor.
template <class Number>
struct Plain {
    using Word = Number;
    static constexpr int lanes = 16 / sizeof(Number);
    static constexpr int rows = 2;
    struct Vector {
        Number v[lanes];
    };
    static Vector zero() { return {}; }
    static Vector load(const Number* p) {
        Vector x;
        for (int i = 0; i < lanes; ++i) x.v[i] = p[i];
        return x;
    }
    static Vector broadcast(Number value) {
        Vector x;
        for (Number& v : x.v) v = value;
        return x;
    }
    static Vector multiply_add(const Vector& a, const Vector& b, Vector c) {
        for (int i = 0; i < lanes; ++i) c.v[i] += a.v[i] * b.v[i];
        return c;
    }
    static void add_to(double* c, const Vector& x) {
        for (int i = 0; i < lanes; ++i) c[i] += static_cast<double>(x.v[i]);
    }
};

std::vector<ProductKernels> all_sets() {
    std::vector<ProductKernels> sets{plain_kernels()};
#if defined(__x86_64__)
    if (const auto set = avx2_kernels();
        set.floats.run && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        sets.push_back(set);
    if (auto set = avx512_kernels(); set.floats.run && __builtin_cpu_supports("avx512f")) {
        if (!__builtin_cpu_supports("avx512vnni")) {
            set.name = "AVX-512";
            set.bytes = sets.back().bytes;
        }
        sets.push_back(set);
    }
#endif
    return sets;
}

const std::vector<ProductKernels>& sets() {
    static const std::vector<ProductKernels> all = all_sets();
    return all;
}

}  // namespace

ProductKernels plain_kernels() {
    return {"plain",
            {},
            {3 * Plain<float>::lanes, product_tile<Plain<float>>},
            {3 * Plain<double>::lanes, product_tile<Plain<double>>}};
}

const ProductKernels& product_kernels() { return sets().back(); }
std::size_t product_kernel_sets() { return sets().size(); }
const ProductKernels& product_kernel_set(std::size_t index) { return sets().at(index); }

}  // namespace vitrum::analysis::kernels
