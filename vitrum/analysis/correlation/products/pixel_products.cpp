#include "vitrum/analysis/correlation/products/pixel_products.hpp"

#include "vitrum/analysis/correlation/products/dense_products.hpp"
#include "vitrum/analysis/correlation/products/sparse_products.hpp"

namespace vitrum::analysis {

void add_pixel_products(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels, TwoTimeMap& map) {
    add_product_rows(s, pixels, 0, s.frames, map.values.data(), map.frames);
}

void add_product_rows(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels, std::size_t rows_begin,
                      std::size_t rows_end, double* out, std::size_t stride) {
    if (s.sparse())
        add_sparse_products(s, pixels, rows_begin, rows_end, out, stride);
    else
        add_dense_products(s, pixels, rows_begin, rows_end, out, stride);
}

}  // namespace vitrum::analysis
