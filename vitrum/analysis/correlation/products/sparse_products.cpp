#include "vitrum/analysis/correlation/products/sparse_products.hpp"

#include "vitrum/core/interrupt.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

void add_sparse_products(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels, std::size_t rows_begin,
                         std::size_t rows_end, double* out, std::size_t stride, std::size_t bytes) {
    constexpr std::size_t rows = 16;
    for (const auto& block : pixel_blocks(s, pixels, bytes)) {
        const EventLists lists(s, pixels, block, rows_begin);
        for_each_block(rows_end - rows_begin, rows, [&](std::size_t, std::size_t first, std::size_t last) {
            check_interrupt();
            EventLists::Row row;
            for (std::size_t i = rows_begin + first; i < rows_begin + last; ++i)
                lists.add_row(i, row, out + (i - rows_begin) * stride + i);
        });
    }
}

}  // namespace vitrum::analysis
